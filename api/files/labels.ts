/**
 * The columns that files have, by JSON path: the Chinese heading, and how values are shown in a sheet. A list whose
 * columns no other has gives their labels to `listFiles`.
 */
import { decisions, remedies, severities } from '../../domain/codes.ts'
import type { NameKind } from './names.ts'

/** What the value's own type does not say: `kind`, and what a text is the code of. */
export type Label = { zh: string; kind?: 'money' | 'link' | 'name'; named?: NameKind }

/** The rulebook's words of the rates: 及时响应率, 及时封闭率, 一次解决率. */
const rateOf = (zh: string): string => zh.replace(/(响应|封闭|确认|告知)$/, '及时$1')

const measure = (path: string, zh: string): Record<string, Label> => ({
  [`${path}.met`]: { zh: `${zh}达标` },
  [`${path}.failed`]: { zh: `${zh}未达标` },
  [`${path}.pending`]: { zh: `${zh}待定` },
  [`${path}.rate`]: { zh: `${rateOf(zh)}率（%）` },
  [`${path}.verdict`]: { zh: `${zh}判定` },
  [`${path}.dueAt`]: { zh: `${zh}期限` },
  [`${path}.doneAt`]: { zh: `${zh}时间` },
  [`${path}.lateMinutes`]: { zh: `${zh}超时（分钟）` },
})

const explained = (path: string, zh: string): Record<string, Label> => ({
  [`${path}.met`]: { zh: `${zh}达标数` },
  [`${path}.failed`]: { zh: `${zh}未达标数` },
  [`${path}.pending`]: { zh: `${zh}待定数` },
  [`${path}.rate`]: { zh: `${zh}比率（%）` },
  [`${path}.weight`]: { zh: `${zh}权重（%）` },
  [`${path}.pointsPerUnit`]: { zh: `${zh}每单分值` },
})

const unit = (path: string, zh: string): Record<string, Label> => ({
  [`${path}.tier`]: { zh: `${zh}层级` },
  [`${path}.unit`]: { zh: `${zh}单位`, named: 'unit' },
})

const times = (path: string, zh: string): Record<string, Label> => ({
  [`${path}.count`]: { zh: `${zh}件数` },
  [`${path}.medianMinutes`]: { zh: `${zh}用时中位数（分钟）` },
  [`${path}.p90Minutes`]: { zh: `${zh}用时九成以内（分钟）` },
})

const counted = (path: string, zh: string, table: Record<string, { zh: string }>): Record<string, Label> =>
  Object.fromEntries(
    Object.entries(table).map(([code, words]) => [`${path}.${code}`, { zh: `${zh}：${words.zh}` }]),
  )

const weights = (path: string, zh: string): Record<string, Label> => ({
  ...counted(`${path}severities`, `${zh}严重程度`, severities),
  [`${path}safety`]: { zh: `${zh}涉及人身安全` },
  ...counted(`${path}remedies`, `${zh}诉求`, remedies),
  ...counted(`${path}decisions`, `${zh}处理决定`, decisions),
  [`${path}goodwill`]: { zh: `${zh}善意补偿（元）`, kind: 'money' },
  [`${path}scores.count`]: { zh: `${zh}回访评分数` },
  [`${path}scores.mean`]: { zh: `${zh}回访平均分` },
})

const figures = (path: string, zh: string): Record<string, Label> => ({
  [`${path}complaints`]: { zh: `${zh}投诉量` },
  [`${path}rates.total`]: { zh: `${zh}考核件数` },
  ...measure(`${path}rates.response`, `${zh}响应`),
  ...measure(`${path}rates.close`, `${zh}封闭`),
  ...measure(`${path}rates.firstTime`, `${zh}一次解决`),
  ...times(`${path}timeToRespond`, `${zh}响应`),
  ...times(`${path}timeToClose`, `${zh}封闭`),
  ...weights(path, zh),
})

const inquiryFigures = (path: string, zh: string): Record<string, Label> => ({
  [`${path}inquiries`]: { zh: `${zh}咨询量` },
  [`${path}answeredAtOnce`]: { zh: `${zh}直接答复数` },
  [`${path}becameComplaints`]: { zh: `${zh}转投诉数` },
  ...times(`${path}timeToAnswer`, `${zh}答复`),
  ...times(`${path}timeToRelay`, `${zh}回复客户`),
})

/** What each of the words names, once as codes and once as names. */
const dimension = (name: string, zh: string): Record<string, Label> => ({
  [`keys.${name}`]: { zh: `${zh}代码` },
  [`names.${name}`]: { zh: `${zh}名称`, kind: 'name' },
})

/** By JSON path. */
export type Labels = Readonly<Record<string, Label>>

const labels: Labels = {
  // tickets
  ticketNo: { zh: '工单号' },
  externalNo: { zh: '外部编号' },
  version: { zh: '版本' },
  level: { zh: '投诉等级' },
  category: { zh: '细分类代码' },
  state: { zh: '状态' },
  ordinal: { zh: '第几次投诉' },
  channel: { zh: '渠道' },
  source: { zh: '来源' },
  severity: { zh: '严重程度' },
  safety: { zh: '涉及人身安全' },
  remedy: { zh: '诉求' },
  receivedAt: { zh: '受理时间' },
  registeredAt: { zh: '登记时间' },
  updatedAt: { zh: '更新时间' },
  dispatchedAt: { zh: '分配时间' },
  respondedAt: { zh: '响应时间' },
  closedAt: { zh: '封闭时间' },
  convertedAt: { zh: '转 C 类时间' },
  consumerInformedAt: { zh: '告知消费者时间' },
  dueAt: { zh: '当前期限' },
  ...unit('holder', '处理'),
  dealer: { zh: '经销商', named: 'dealer' },
  rbo: { zh: '品牌营销大区', named: 'rbo' },
  responsibleDealer: { zh: '责任经销商', named: 'dealer' },
  assignee: { zh: '领单人' },
  responseDueAt: { zh: '响应期限' },
  closeDueAt: { zh: '封闭期限' },
  consumerNoticeDueAt: { zh: '告知消费者期限' },
  consumerNoticeProvisional: { zh: '告知期限暂定' },
  provisional: { zh: '期限暂定' },
  calls: { zh: '来电次数' },
  'customer.customerId': { zh: '客户编号' },
  'customer.name': { zh: '客户姓名' },
  'customer.phone': { zh: '客户电话' },
  'customer.email': { zh: '客户邮箱' },
  'customer.address': { zh: '客户地址' },
  'customer.postcode': { zh: '邮政编码' },
  'customer.fax': { zh: '传真' },
  'customer.contactPerson': { zh: '联系人' },
  'customer.subjectId': { zh: '数据主体编号' },
  'vehicle.vin': { zh: '底盘号' },
  'vehicle.plateNo': { zh: '车牌号' },
  'vehicle.engineNo': { zh: '发动机号' },
  'vehicle.model': { zh: '车型' },
  'vehicle.mileageKm': { zh: '里程（公里）' },
  'vehicle.purchasedOn': { zh: '购车日期' },
  'vehicle.salesConsultant': { zh: '销售顾问' },
  escalatedFrom: { zh: '升级自' },
  escalatedTo: { zh: '升级为' },
  relatedTo: { zh: '关联工单' },
  duplicateOf: { zh: '重复于' },
  warnings: { zh: '预警' },
  'measures.response': { zh: '响应判定' },
  'measures.close': { zh: '封闭判定' },
  'measures.firstTime': { zh: '一次解决判定' },
  'callback.dueAt': { zh: '回访期限' },
  'callback.attempts': { zh: '回访记录' },
  'callback.unreachable': { zh: '联系不上次数' },
  'closing.result': { zh: '调查结果' },
  'closing.measures': { zh: '处理措施' },
  'closing.measuresDoneAt': { zh: '措施完成时间' },
  'closing.rootCauseCode': { zh: '根本原因代码', named: 'cause' },
  'closing.rootCause': { zh: '根本原因说明' },
  'closing.customerFeedback': { zh: '客户反馈' },
  'closing.improvement': { zh: '经销商改进措施' },
  'closing.improvementDepartment': { zh: '改进部门' },
  'closing.decision': { zh: '处理决定' },
  'closing.goodwill.kind': { zh: '善意补偿类型' },
  'closing.goodwill.amount': { zh: '善意补偿金额（元）', kind: 'money' },
  // warnings
  warningId: { zh: '预警编号' },
  ...unit('from', '发出'),
  ...unit('sentTo', '接收'),
  raisedAt: { zh: '提出时间' },
  raisedBy: { zh: '提出人' },
  reason: { zh: '原因' },
  content: { zh: '内容' },
  ackDueAt: { zh: '确认期限' },
  acknowledgedAt: { zh: '确认时间' },
  acknowledgedBy: { zh: '确认人' },
  resolvedAt: { zh: '解决时间' },
  resolvedBy: { zh: '解决人' },
  result: { zh: '处理结果' },
  eventId: { zh: '事件号' },
  occurredAt: { zh: '发生时间' },
  flags: { zh: '标记' },
  remedyText: { zh: '诉求说明' },
  initialCause: { zh: '初步原因' },
  countsFor: { zh: '计入' },
  method: { zh: '响应方式' },
  reached: { zh: '已联系到客户' },
  promisedReplyAt: { zh: '承诺回复时间' },
  note: { zh: '备注' },
  sameProblem: { zh: '同一问题' },
  registersRepeat: { zh: '登记重复投诉' },
  repeatExternalNo: { zh: '重复投诉外部编号' },
  withdrawn: { zh: '不计' },
  decidedAt: { zh: '决定时间' },
  decidedBy: { zh: '决定人' },
  topic: { zh: '咨询主题', named: 'topic' },
  // master data
  code: { zh: '代码' },
  name: { zh: '名称', kind: 'name' },
  calendar: { zh: '日历' },
  active: { zh: '启用' },
  // rates
  from: { zh: '起' },
  to: { zh: '止' },
  asOf: { zh: '截至' },
  by: { zh: '分组' },
  key: { zh: '组别' },
  total: { zh: '总数' },
  ...measure('response', '响应'),
  ...measure('close', '封闭'),
  ...measure('firstTime', '一次解决'),
  tickets: { zh: '明细地址', kind: 'link' },
  unit: { zh: '单位', named: 'unit' },
  // statistics
  groupBy: { zh: '分组维度' },
  part: { zh: '部分' },
  ...dimension('month', '月份'),
  ...dimension('week', '周'),
  ...dimension('weekday', '星期'),
  ...dimension('hour', '时段'),
  ...dimension('level', '投诉等级'),
  ...dimension('category', '细分类'),
  ...dimension('tier', '层级'),
  ...dimension('rbo', '品牌营销大区'),
  ...dimension('dealer', '经销商'),
  ...dimension('channel', '渠道'),
  ...dimension('source', '来源'),
  ...figures('', ''),
  month: { zh: '月份' },
  monthBefore: { zh: '上月' },
  yearBefore: { zh: '去年同月' },
  dimension: { zh: '维度' },
  period: { zh: '期间' },
  ...figures('figures.month.', '本月'),
  ...figures('figures.monthBefore.', '上月'),
  ...figures('figures.yearBefore.', '去年同月'),
  ...inquiryFigures('', ''),
  ...inquiryFigures('inquiries.month.', '本月'),
  ...inquiryFigures('inquiries.monthBefore.', '上月'),
  ...inquiryFigures('inquiries.yearBefore.', '去年同月'),
  'goodwill.month': { zh: '本月善意补偿（元）', kind: 'money' },
  'goodwill.monthBefore': { zh: '上月善意补偿（元）', kind: 'money' },
  'goodwill.yearBefore': { zh: '去年同月善意补偿（元）', kind: 'money' },
  'complaints.month': { zh: '本月投诉量' },
  'complaints.monthBefore': { zh: '上月投诉量' },
  'complaints.yearBefore': { zh: '去年同月投诉量' },
  // now
  tier: { zh: '层级' },
  dueSoonMinutes: { zh: '即将到期范围（分钟）' },
  unhandled: { zh: '未处理' },
  inProgress: { zh: '处理中' },
  overdue: { zh: '超时未处理' },
  dueSoon: { zh: '即将到期' },
  openWarnings: { zh: '未解决预警' },
  // satisfaction, notices, warnings, causes, deliveries
  closed: { zh: '已封闭投诉量' },
  ...counted('outcomes', '回访', {
    satisfied: { zh: '满意' },
    dissatisfied: { zh: '不满意' },
    declined: { zh: '拒绝回访' },
    unreachable: { zh: '无法联系' },
    pending: { zh: '待回访' },
    overdue: { zh: '超期未回访' },
  }),
  satisfactionRate: { zh: '满意率（%）' },
  ...measure('notice', '告知'),
  raised: { zh: '预警数' },
  ...measure('acknowledged', '确认'),
  resolved: { zh: '已解决' },
  unresolved: { zh: '未解决' },
  rootCauseCode: { zh: '根本原因代码' },
  rootCause: { zh: '根本原因', kind: 'name' },
  share: { zh: '占比（%）' },
  due: { zh: '到期任务' },
  doneInTime: { zh: '按时完成' },
  doneLate: { zh: '逾期完成' },
  failedCalls: { zh: '回访失败' },
  overdueCalls: { zh: '超期未完成' },
  openCalls: { zh: '待回访' },
  notNeeded: { zh: '无需回访' },
  reachedCustomers: { zh: '接通客户' },
  satisfied: { zh: '满意客户' },
  complaintsPer100: { zh: '每百台交车投诉数' },
  rankInRbo: { zh: '品牌营销大区内排名' },
  // customer voice
  topIndicators: { zh: '提及最多的指标' },
  items: { zh: '条目数' },
  scored: { zh: '有评分条目数' },
  meanScore: { zh: '平均分' },
  promoters: { zh: '9–10分条目数' },
  detractors: { zh: '1–6分条目数' },
  netPromoters: { zh: '净推荐值（%）' },
  effective: { zh: '评价有效数' },
  ineffective: { zh: '评价无效数' },
  'steps.met': { zh: '环节按期数' },
  'steps.failed': { zh: '环节超期数' },
  'steps.pending': { zh: '环节待办数' },
  'steps.rate': { zh: '环节按期率（%）' },
  'ledger.late': { zh: '超期（元）', kind: 'money' },
  'ledger.recurrence': { zh: '重复出现（元）', kind: 'money' },
  'ledger.published': { zh: '案例发布（元）', kind: 'money' },
  'ledger.reversal': { zh: '冲销（元）', kind: 'money' },
  'ledger.sum': { zh: '合计（元）', kind: 'money' },
  // assessments
  quarter: { zh: '季度' },
  status: { zh: '状态' },
  revision: { zh: '修订号' },
  policyVersion: { zh: '政策版本' },
  responseRate: { zh: '及时响应率（%）' },
  closeRate: { zh: '及时封闭率（%）' },
  firstTimeResolutionRate: { zh: '一次解决率（%）' },
  score: { zh: '得分' },
  deliveries: { zh: '季度交车数' },
  deliveriesFrom: { zh: '交车数来源' },
  handovers: { zh: '交车记录数' },
  rank: { zh: '排名' },
  outcome: { zh: '结果' },
  amount: { zh: '金额（元）', kind: 'money' },
  // how a score is computed
  ...explained('measures.response', '响应'),
  ...explained('measures.close', '封闭'),
  ...explained('measures.firstTime', '一次解决'),
  'response.pointsLost': { zh: '响应扣分' },
  'close.pointsLost': { zh: '封闭扣分' },
  'firstTime.pointsLost': { zh: '一次解决扣分' },
  pointsLost: { zh: '扣分合计' },
  // revisions
  kind: { zh: '类型' },
  at: { zh: '时间' },
  'actor.id': { zh: '操作人' },
  'actor.role': { zh: '操作人角色' },
  'actor.sub': { zh: '代填账号' },
  position: { zh: '日志位置' },
  'logDigest.position': { zh: '日志摘要位置' },
  'logDigest.events': { zh: '日志事件数' },
  'logDigest.digest': { zh: '日志摘要' },
  countedRevision: { zh: '统计修订号' },
  'decision.rbo': { zh: '裁定品牌营销大区', named: 'rbo' },
  'decision.tied': { zh: '并列经销商', named: 'dealer' },
  'decision.rewarded': { zh: '获奖经销商', named: 'dealer' },
}

/**
 * The label of a path; `own`: those of the list alone.
 * @throws Error where there is none: a column without a label is a mistake in the definition of the list or report.
 */
export const labelOfPath = (path: string, own: Labels = {}): Label => {
  const label = own[path] ?? labels[path]
  if (label === undefined)
    throw new Error(
      `no label for the column ${path}: give one to listFiles, or enter it in api/files/labels.ts`,
    )
  return label
}

/** The heading of the names beside codes: that of the codes with 名称 for 代码. */
export const nameLabelOf = (path: string, own: Labels = {}): string =>
  `${labelOfPath(path, own).zh.replace(/(代码|编号)$/, '')}名称`
