/** What customers ask the call centre and what they are answered; what dealers ask for; `{…}` is filled in. */
import type { MeasureName } from '../../../domain/ticket/measures.ts'
import type { CareCategory } from './desks.ts'

type Exchange = { question: string; answer: string }

/** By topic of the policy. */
export const exchanges: Readonly<Record<string, readonly Exchange[]>> = {
  product: [
    { question: '{model}有几种外观颜色，金属漆要不要加钱？', answer: '共六种颜色，金属漆不加价。' },
    {
      question: '{model}的后排座椅可以完全放平吗？',
      answer: '可以按四六比例放倒，放倒后与行李厢地板基本平齐。',
    },
    {
      question: '{model}冬天续航会打几折，有没有电池预热功能？',
      answer: '零下10度城市工况约为标称的七成；全系有电池预热，可在手机上预约。',
    },
  ],
  price: [
    {
      question: '{model}高配的厂家指导价是多少？',
      answer: '请以官网公布的厂家指导价为准，已把链接发给客户。',
    },
    {
      question: '加装原厂脚垫和行车记录仪一共要多少钱？',
      answer: '原厂套装{yuan}元，含安装；各店以店内明示价格为准。',
    },
  ],
  promotion: [
    {
      question: '官网的置换补贴月底截止吗，我的旧车能算吗？',
      answer: '活动到本月最后一天，旧车登记满一年即可。',
    },
    {
      question: '老客户推荐购车有什么奖励，怎么领取？',
      answer: '推荐成交后赠送两次保养，由店内在系统中登记。',
    },
    { question: '金融贴息方案和置换补贴可以同时享受吗？', answer: '可以同时享受，以签约当日政策为准。' },
  ],
  order: [
    {
      question: '我{days}天前订的{model}，现在排产了吗？',
      answer: '订单已排产，预计两周内到店，由{consultant}联系客户。',
    },
    {
      question: '订单可以改颜色吗，会不会影响交车时间？',
      answer: '未排产的订单可以改一次，交车时间按新订单计算。',
    },
  ],
  dealer: [
    { question: '离我最近的授权店在哪里，周日营业吗？', answer: '已把最近三家店的地址和营业时间发给客户。' },
    {
      question: '外地买的车，能在本地店上牌和做首保吗？',
      answer: '首保全国授权店均可；上牌请带齐资料，由本地店代办。',
    },
  ],
  service: [
    {
      question: '首次保养里程是多少，超过了影响质保吗？',
      answer: '首保为5000公里或六个月，先到为准，建议不要超过一个月。',
    },
    { question: '道路救援怎么呼叫，质保期内收费吗？', answer: '拨打400热线或在车机上呼叫，质保期内免费。' },
    {
      question: '仪表提示需要升级，必须到店还是可以在线升级？',
      answer: '此版本可在线升级，停车状态下约需四十分钟。',
    },
  ],
  other: [
    { question: '怎样变更车主在App里的手机号？', answer: '在App“我的—账户安全”中变更，需要原手机号验证码。' },
    {
      question: '车辆过户后，质保和权益怎么转给新车主？',
      answer: '整车质保随车，新车主凭过户后的行驶证在店内登记。',
    },
  ],
}

export const otherAnswer = '总部已核实，请按书面说明答复客户。'

/** Why the call centre passes a question on. */
export const forwardNotes = [
  '知识库没有这个问题的答案。',
  '客户要求总部书面答复。',
  '涉及政策，需要总部确认。',
]
export const relayNotes = ['客户表示清楚了。', '已按客户要求同时发送短信。', '客户感谢，没有其它问题。']
export const unreachedNotes = ['无人接听，稍后再拨。', '客户在开会，约定下午再联系。']
export const withdrawals = ['客户表示已从店内得到答复。', '重复来电，已并入前一次咨询。']

/** Questions that turn out to be complaints. */
export const grievances: Readonly<Record<CareCategory, readonly string[]>> = {
  A4a: ['我想问一下，交车推迟了{days}天，销售顾问{consultant}不回电话，这正常吗？'],
  A4d: ['请问提车时店里加收{yuan}元服务费，总部有这个规定吗？'],
  A4e: ['中控屏黑屏{days}天了，店里一直让我等，请问还要等多久？'],
  A4g: ['同一个异响修了两次还没好，请问可以换一家店吗？'],
}

/** Why the call centre refuses a request about an SMS contact. */
export const smsRefusals = [
  '手机号与店内通讯录不一致，请核对后重新申请。',
  '同一职责已有两位联系人，请先删除其一。',
]

/** Why dealers object and what HQ says, by the measure that failed. */
export const objectionWords: Readonly<
  Record<Exclude<MeasureName, 'firstTime'>, Record<'reason' | 'upheld' | 'rejected', readonly string[]>>
> = {
  response: {
    reason: [
      '当日店内通讯线路故障，附运营商报修记录，店长已用私人手机联系客户。',
      '客户留存号码有误，核实正确号码后立即联系，有通话记录。',
      '派单时段全店参加总部培训，已事先报备。',
    ],
    upheld: ['报修记录与派单时间吻合，同意申诉。', '号码错误系登记所致，同意不计入。'],
    rejected: ['所附记录时间晚于响应时限，维持原判定。', '未安排值班人员，维持原判定。'],
  },
  close: {
    reason: [
      '配件由总部仓库缺货，到货后当天完成，属不可控原因。',
      '客户出差，要求回来后再处理，有客户书面确认。',
      '等待第三方检测机构出具报告，检测期间无法封闭。',
    ],
    upheld: ['核实总部缺件属实，同意不计入。', '已见客户书面确认，同意申诉。'],
    rejected: ['未见客户书面确认，维持原判定。', '检测报告出具后又拖延三天，维持原判定。'],
  },
}
