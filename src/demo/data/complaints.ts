/** What customers complain about, by category; `{…}` is filled in. Causes are what CSC takes it for at first. */
import type { Category } from '../../../domain/ticket/routing.ts'

export type ComplaintTopic = {
  contents: readonly string[]
  causes: readonly string[]
  rootCauses: readonly string[]
}

const registered: Record<Exclude<Category, 'B4' | 'C4'>, ComplaintTopic> = {
  A4a: {
    contents: [
      '客户{days}天前在{dealer}看{model}，销售顾问{consultant}态度冷淡，问三句答一句，客户要求道歉。',
      '客户预约试驾{model}，到店后被告知试驾车外借，白跑一趟，无人提前通知。',
      '客户订购{model}，约定上周交车，销售顾问{consultant}一再推迟且不接电话。',
      '客户反映{dealer}交车时强行要求加装{yuan}元装饰，否则不给提车。',
      '客户称交车当天手续办了四个小时，无人介绍车辆功能，钥匙只给了一把。',
      '客户退订{model}，{dealer}拖延退还定金{yuan}元已{days}天，每次都说财务在走流程。',
      '销售顾问{consultant}承诺送三次保养，提车后店内不承认，客户有微信聊天记录。',
      '客户带老人看车，展厅无人接待二十分钟，客户认为不受尊重。',
    ],
    causes: ['销售顾问服务态度', '交车延迟未沟通', '承诺未兑现', '接待流程执行不到位'],
    rootCauses: ['staff_attitude', 'communication', 'broken_promise', 'delivery_delay', 'deposit_contract'],
  },
  A4b: {
    contents: [
      '客户月初订{model}，月底厂家促销政策取消，置换补贴{yuan}元无法享受，客户不认可。',
      '客户称官网公布的金融贴息活动提前结束，{dealer}以总部政策调整为由拒绝办理。',
      '客户提车后第{days}天总部降价{yuan}元，要求退差价。',
      '客户参加总部试驾有礼活动，礼品{days}天未收到，店内称总部名额已满。',
      '客户反映总部老客户推荐奖励规则变更，原承诺{yuan}元改为保养券。',
    ],
    causes: ['总部促销政策调整', '活动提前截止', '政策传达不及时'],
    rootCauses: ['promotion', 'communication'],
  },
  A4c: {
    contents: [
      '客户订{model}{colour}已{days}天，{dealer}一直答复无资源，客户急需用车。',
      '客户得知晚订的人先提到{model}，质疑{dealer}排产顺序，要求说明。',
      '客户指定{model}带天窗版本，被告知工厂停产该配置，要求退订并赔偿。',
      '客户反映{model}到店车辆与订单颜色不符，订{colour}到店为白色，需重新等待。',
      '客户称厂家通知排产，合同交车期已过{days}天，经销商仍无法给出到店日期。',
    ],
    causes: ['资源紧张', '排产延迟', '车辆在途'],
    rootCauses: ['vehicle_supply', 'delivery_delay'],
  },
  A4d: {
    contents: [
      '客户称{dealer}报价{model}优惠{yuan}元，签合同时少了一半，要求按原报价执行。',
      '客户提车后发现同城另一家店便宜{yuan}元，认为被欺骗。',
      '{dealer}收取金融服务费{yuan}元未开发票，客户要求退还。',
      '客户反映保险必须在店内购买，价格高出市场{yuan}元。',
      '客户称发票金额低于实际付款{yuan}元，店内解释为精品款，客户不同意。',
      '客户反映上牌服务费{yuan}元事先未告知，要求退还。',
    ],
    causes: ['报价与成交不符', '收费未明示', '价格波动'],
    rootCauses: ['price', 'communication', 'broken_promise'],
  },
  A4e: {
    contents: [
      '客户提车{days}天，{model}左前门漆面有修补痕迹，怀疑是运损车。',
      '{model}行驶{km}公里仪表报警，销售店推给售后，客户要求换车。',
      '客户反映{model}宣传页标注有无线充电，实车没有，认为虚假宣传。',
      '客户提车发现{model}生产日期早于提车日期八个月，认为是库存车。',
      '{model}天窗异响、后备箱漏水，新车未满一周，客户要求退车。',
      '客户称{model}车机不支持宣传的手机互联，店内无法解决。',
      '{model}交车时轮毂有划痕，{consultant}承诺更换，至今{days}天没有消息。',
    ],
    causes: ['新车质量问题', '配置与宣传不符', '运输损伤'],
    rootCauses: ['product_quality', 'configuration', 'product_knowledge'],
  },
  A4f: {
    contents: [
      '客户提车{days}天，{dealer}未提供合格证，{model}无法上牌，临牌即将到期。',
      '车管所查验发现{model}发动机号拓印与合格证不符，客户无法上牌。',
      '客户反映购车发票信息错误，税务无法缴购置税，影响上牌。',
      '环保信息未及时公布，{model}在当地无法上牌，客户已第二次办临牌。',
      '客户指标即将过期，{dealer}合格证抵押在银行，要求今天给说法。',
    ],
    causes: ['合格证未到店', '单据信息错误', '环保公开信息滞后'],
    rootCauses: ['paperwork_plate'],
  },
  A4g: {
    contents: [
      '客户参加{dealer}车展团购会，现场抽中{yuan}元油卡，{days}天未兑现。',
      '客户反复接到{dealer}促销短信，多次要求退订无效。',
      '客户称{dealer}广告“{model}直降{yuan}元”到店后不是全系车型，属误导。',
      '客户看到直播间承诺置换补贴{yuan}元，到店不认。',
      '客户参加试驾活动留资后，一天接到十几个推销电话。',
    ],
    causes: ['活动礼品未兑现', '广告表述不清', '过度营销'],
    rootCauses: ['promotion', 'broken_promise', 'communication'],
  },
  A4y: {
    contents: [
      '{dealer}来电，反映商品车到店有运损，物流与工厂互相推诿，要求SE协调。',
      '{dealer}来电，系统无法提报{model}订单，影响本月客户交车。',
      '维修站来电，新车PDI发现{model}批量胎压报警，请求技术支持。',
      '{dealer}来电，总部返利{yuan}元核算有误，{days}天未答复。',
    ],
    causes: ['物流运损', '系统故障', '返利核算'],
    rootCauses: ['other', 'product_quality', 'communication'],
  },
  A4z: {
    contents: [
      '客户称收到他人{model}的保养短信，个人信息可能泄露，要求核实。',
      '客户来电咨询购车合同后对答复不满，要求大区领导回电。',
      '客户反映{dealer}展厅外车辆占道停放，影响小区居民出行。',
      '客户称在{dealer}试驾时与他人车辆剐蹭，责任划分有争议。',
      '客户反映{dealer}更换法人后原订单不予承认。',
    ],
    causes: ['其它', '责任界定不清'],
    rootCauses: ['other', 'communication', 'deposit_contract'],
  },
}

export const subjects: Record<Exclude<Category, 'C4'>, ComplaintTopic> = {
  ...registered,
  B4: {
    contents: [
      '消费者协会转来投诉：{name}在{dealer}购{model}，店方未按合同交车，要求{days}日内书面答复。',
      '汽车投诉网站刊登：{model}新车漏油、{dealer}推诿不处理，浏览量已过万。',
      '电视台民生栏目记者就{dealer}加价{yuan}元提车一事要求采访。',
      '市场监督管理局转办单：{name}举报{dealer}捆绑销售保险，限期调解。',
      '12315转办：消费者{name}要求{dealer}退还定金{yuan}元。',
      '总部公关部内部转办：微博用户发布{model}交车纠纷视频，要求尽快联系车主。',
      '论坛发帖：{dealer}销售库存{model}，发帖人称将联合其他车主维权。',
    ],
    causes: ['舆情', '消协转办', '职能部门转办'],
    rootCauses: ['communication', 'broken_promise', 'product_quality', 'deposit_contract', 'price'],
  },
}

export const colours = ['极光蓝', '拉力绿', '石英灰', '魔法黑', '天鹅绒红', '皓月白', '钛金色']
