/** What customers, dealers and HQ say at the care desk and the customer-voice desk. */
import type { Category } from '../../../domain/ticket/routing.ts'
import type { VoiceSurvey } from '../../../domain/voice/codes.ts'

/** Feedback of customers who were content, more or less. */
export const careRemarks = {
  product: [
    '车辆使用正常。',
    '空调制冷满意，隔音比预期好。',
    '车机偶尔反应慢，可以接受。',
    '油耗略高，再观察。',
  ],
  service: ['交车讲解很细致。', '销售顾问{consultant}服务周到。', '等待时间略长。', '手续办理顺利。'],
  other: ['希望有更多车主活动。', '建议增加周末保养时段。'],
}

/** What annoys a customer who is called, and the category it is registered under. */
export const careGrievances: Record<
  'A4a' | 'A4d' | 'A4e' | 'A4g',
  { field: 'product' | 'service' | 'other'; texts: readonly string[] }
> = {
  A4a: {
    field: 'service',
    texts: [
      '交车当天等了三个小时，无人介绍车辆功能。',
      '销售顾问{consultant}承诺的脚垫和行车记录仪一直没有给。',
      '上牌资料拖了{days}天还没给齐，打电话没人接。',
    ],
  },
  A4d: {
    field: 'other',
    texts: ['提车时被加收{yuan}元服务费，合同里没有写。', '答应的保养券至今没有兑现。'],
  },
  A4e: {
    field: 'product',
    texts: ['提车第{days}天中控屏黑屏，店里让再等等。', '车漆有明显划痕，怀疑是库存车。'],
  },
  A4g: {
    field: 'service',
    texts: ['维修后异响仍在，已经跑了两趟。', '保养时未经同意更换了配件，多收{yuan}元。'],
  },
}

export const careDismissals = [
  '客户已另行致电400热线登记投诉，不重复登记。',
  '与客户核实，店内当天已解决，客户不投诉。',
  '客户仅提建议，不要求处理。',
]

/** What the surveys ask about, and what customers say of it. */
export const indicators: Record<VoiceSurvey, Readonly<Record<string, readonly string[]>>> = {
  SSI: {
    展厅接待: ['进店十分钟没有人接待。', '接待人员忙着聊天，问什么答什么。'],
    试乘试驾: ['试驾只开了一圈，没有讲解。', '预约的试驾车临时被别人开走。'],
    价格透明度: ['最后结算多了一笔服务费，事先没有说明。', '报价单与合同对不上。'],
    交车时间: ['约好上午交车，等到下午四点。', '交车日期改了三次。'],
    交车讲解: ['交车时只讲了五分钟，很多功能不会用。', '没有演示车机和驾驶辅助。'],
    交车后关怀: ['提车以后没有人打过电话。', '回访电话像在念稿子。'],
  },
  CSI: {
    预约便利性: ['电话打了四次才约上。', '约好的时间到了还要排队。'],
    等待时间: ['小保养等了三个半小时。', '洗车等了一小时。'],
    维修质量: ['同一个异响修了两次没修好。', '取车发现机油盖没有拧紧。'],
    费用说明: ['结算单看不懂，没有人解释。', '多换了一个滤芯没有提前告知。'],
    服务顾问态度: ['服务顾问全程看手机。', '问质保政策时很不耐烦。'],
  },
}

export const voiceMeasures = [
  '修订流程并在晨会宣导，店长每日抽查。',
  '增设专岗，高峰时段双人值守。',
  '制作明细确认单，由客户签字留存。',
  '组织话术与礼仪培训，考核合格后上岗。',
  '每周抽取十位客户电话核实。',
]
export const voicePeople = ['王经理', '陈经理', '刘主管', '赵主管', '孙经理', '周主管']
export const voiceGeneralManagers = ['马总', '高总', '林总', '许总', '韩总']
export const voiceAttendees = ['总经理', '销售经理', '售后经理', '客户关怀经理', '市场经理', '内训师']
export const voiceSendBacks = ['措施过于笼统，请写明责任人与检查方式。', '未附会议纪要签字页，请补齐。']
export const voiceFollowUps = [
  '到店检查，措施已张贴并执行。',
  '抽查五位客户，三位表示已改善。',
  '店内培训已完成，记录齐全。',
]
export const voicePlanNotes = ['供应商到货推迟，完成日期顺延。', '责任人调岗，由新负责人接手并顺延。']
export const voiceResults = [
  '连续两周抽查无同类反馈。',
  '当月同指标评分由6分升至8.5分。',
  '新流程已执行，客户签字率100%。',
]
export const voiceJudgements = {
  true: ['抽查客户反馈良好。', '数据改善明显。'],
  false: ['后续调查仍有同类反馈。'],
}
export const voiceCases = ['交车讲解清单化', '透明报价确认单', '保养等待时间看板', '预约分时到店']
export const voiceReversals = ['暴雪封路，会议按大区同意推迟，不计超期。']

/** Of a category of `careGrievances`. */
export type CareCategory = keyof typeof careGrievances & Category
