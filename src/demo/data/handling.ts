/** What CSC, handlers and customers say while a complaint is worked on. */
import type { Flag, RecordKind, WarningCode } from '../../../domain/codes.ts'

export const followUps = [
  '客户再次来电催问处理进度。',
  '客户来电询问何时有人联系。',
  '客户来电补充：{dealer}昨日来电但未给出方案。',
  '客户催促，称明天前必须有答复。',
  '客户来电，表示已等{days}天，不愿再等。',
]

export const flagged: Record<Flag, readonly string[]> = {
  no_contact: ['客户称从投诉到现在没有任何人联系过他。', '客户反映一直无人联系，质疑热线没有登记。'],
  agitated: ['客户情绪激动，要求厂家领导立即回电。', '客户在电话中大声指责，要求厂家现在就给答复。'],
  media: ['客户自称是电视台记者，将曝光此事。', '客户称已联系报社，本人也在媒体工作。'],
  hq_special: ['客户为总部特殊关注案例，请按总部要求处理。', '总部领导转来的客户，需专人跟进。'],
}

/** How often each is said, beside the others. */
export const flagWeights: Record<Flag, number> = { no_contact: 4, agitated: 5, media: 2, hq_special: 1 }

export const responses = {
  reached: [
    '已致电客户，了解情况并致歉，约定明日答复方案。',
    '已联系客户，客户描述与工单一致，店内正在核实。',
    '电话沟通二十分钟，客户情绪平稳，同意给时间处理。',
    '已添加客户微信，说明处理流程并记录诉求。',
    '销售经理亲自致电，客户表示愿意到店面谈。',
  ],
  unreached: [
    '致电两次无人接听，已发短信留下联系方式。',
    '客户电话关机，稍后再联系。',
    '客户称正在开会，约下午再联系。',
  ],
}

export const records: Record<RecordKind, readonly string[]> = {
  investigation: [
    '调取接待记录与监控，核实当日情况。',
    '询问销售顾问{consultant}，与客户所述基本一致。',
    '核对合同、发票与系统订单。',
  ],
  plan_proposed: [
    '提出方案：赠送保养一次并由店总致歉。',
    '提出方案：退还{yuan}元并更换配件。',
    '提出方案：优先安排资源，{days}天内交车。',
  ],
  plan_agreed: ['客户同意方案，已签和解书。', '客户电话确认同意。'],
  plan_declined: ['客户不接受方案，要求现金补偿{yuan}元。', '客户拒绝，坚持退车。'],
  measure: ['已退还费用，转账凭证留存。', '已更换配件并复检合格。', '已与物流确认车辆到店时间并告知客户。'],
  gm_informed: ['已向总经理汇报，总经理要求三天内解决。', '总经理知悉，将参加面谈。'],
  rbo_support_requested: ['客户诉求超出店内权限，申请大区支持。', '资源问题请大区协调。'],
  major_issue_reported: [
    '客户称将联合其他车主到店聚集，已上报大区及总部。',
    '涉及多名客户，按群体投诉上报。',
  ],
  written_report: ['书面报告已提交，附事件经过与处理方案。', '按要求提交书面说明。'],
  consumer_informed: ['已书面告知消费者受理、转办及处理情况。', '已短信告知客户工单已受理并转交处理。'],
  hq_feedback: ['处理结果已反馈总部媒体协调人。'],
  media_feedback: ['已答复媒体，对方表示撤稿。', '已书面答复消协，案件办结。'],
}

export const results = [
  '客户接受解释，同意关闭。',
  '双方达成一致，客户签字确认。',
  '费用已退还，客户认可。',
  '车辆已交付，客户提车满意。',
  '店内道歉并赠送保养，客户表示谅解。',
  '问题已排查并修复，客户确认无异议。',
]
export const measures = [
  '退还相关费用并由销售经理当面致歉。',
  '协调资源，完成交车。',
  '更换配件，延长该部位质保。',
  '对销售顾问{consultant}进行批评教育并扣减绩效。',
  '补齐手续，协助客户上牌。',
  '兑现承诺的赠品与保养。',
]
export const customerFeedbacks = ['满意', '基本满意', '可以接受，希望以后注意', '勉强接受', '感谢厂家跟进']
export const improvements = [
  '晨会通报案例，重申接待标准。',
  '报价单增加费用明细并由客户签字。',
  '交车前一天由交车专员电话确认。',
  '活动礼品由市场经理每周核对。',
  '合格证到店情况纳入日报。',
]
export const departments = ['销售部', '客户关怀部', '市场部', '售后服务部', '财务部', '总经理办公室']

export const callbacks = {
  satisfied: ['客户满意，感谢跟进。', '客户表示问题已解决。', null],
  dissatisfied: ['客户不满意处理速度，但问题已解决。', '客户认为赔偿太少，不再追究。'],
  unreachable: ['无人接听。', '关机。', null],
  declined: ['客户不愿接受回访。', null],
  again: ['客户不满意：同样的问题又出现，承诺的事项未兑现。', '客户称店里答应的事没有做，要求继续处理。'],
}

export const again = ['同一问题再次投诉：', '客户二次来电，问题未解决：', '客户称封闭后问题依旧：']

export const reasons = {
  misrouted: ['客户购车店登记错误，应为{dealer}。', '核实合同后确认责任店为{dealer}。'],
  late: ['超过120分钟未响应，改派处理。', '经销商迟迟未联系客户，改派。'],
  reclassified: ['与客户核实后实为另一类问题。', '原分类有误，按客户主要诉求调整。'],
  toMedia: ['客户已向媒体曝光，转B类处理。', '消协介入，转B类处理。'],
  rescinded: ['客户主动撤诉。', '误登记，非投诉。', '客户确认为恶意来电。'],
  duplicate: ['同一客户同一问题，使用了另一号码来电。', '家属代为投诉，与原工单相同。'],
  linked: ['客户换号来电，核实为同一问题再次投诉。'],
  unlinked: ['经核实与原工单不是同一问题，撤销关联。'],
  converted: ['第7个工作日未能封闭，升级至C类。', '双方诉求差距大，超期未封闭，转C类。'],
}

export const warningNotes: Record<WarningCode, readonly string[]> = {
  W1: ['已督促经销商立即联系客户。', '大区客户经理已致电店总。'],
  W2: ['已与经销商确认方案进度并告知客户。', '要求当日给出最终方案。'],
  W3: ['核实通话记录，已要求立即联系。', '已由大区直接联系客户致歉。'],
  W4: ['已安抚客户，由专人跟进。', '厂家已回电，客户情绪平复。'],
  W5: ['已核实身份并通报媒体协调人。', '已按媒体应对口径回复。'],
  W6: ['按总部要求专人跟进，每日汇报。', '总部已知悉，处理方案获批。'],
}
