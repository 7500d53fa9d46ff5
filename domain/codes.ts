/** The closed lists of rulebook §1–§7, each with the labels users read. */

import { z } from 'zod'
import { attemptResults, careOutcomes, careStatuses, triageStatuses, visitKinds } from './care/codes.ts'
import { careKinds } from './care/policy.ts'
import { codesOf } from './codeList.ts'
import type { Words } from './refusal.ts'
import {
  voiceAuditDecisions,
  voiceDropReasons,
  voiceItemStatuses,
  voiceLedgerKinds,
  voiceSheetStatuses,
  voiceSteps,
  voiceSurveys,
} from './voice/codes.ts'

/** rulebook §3 */
export const levels = {
  A: { en: 'A: complaint', zh: 'A类：客户投诉' },
  B: { en: 'B: media, associations, authorities', zh: 'B类：媒体、消协及职能部门' },
  C: { en: 'C: B that could not be closed in time', zh: 'C类：B类未能按期封闭' },
} as const satisfies Record<string, Words>
export const levelSchema = z.enum(codesOf(levels))
export type Level = z.infer<typeof levelSchema>

/** Units that hold tickets, and the SA, to whom warnings go too (rulebook §1, §7). */
export const tiers = {
  dealer: { en: 'dealer', zh: '经销商' },
  rbo: { en: 'regional business office', zh: '品牌营销大区' },
  se: { en: 'support engineer', zh: '售前投诉处理支持工程师' },
  se_media: { en: 'support engineer for media and associations', zh: '消协/媒体投诉处理专职SE' },
  sa: { en: 'head of complaint handling', zh: '投诉处理部门主管' },
} as const satisfies Record<string, Words>
export const tierSchema = z.enum(codesOf(tiers))
export type Tier = z.infer<typeof tierSchema>
export const holderTierSchema = tierSchema.exclude(['sa'])
export type HolderTier = z.infer<typeof holderTierSchema>

/** rulebook §4 */
export const states = {
  unhandled: { en: 'unhandled', zh: '未处理' },
  in_progress: { en: 'in progress', zh: '处理中' },
  completed: { en: 'completed', zh: '处理完成' },
  rescinded: { en: 'rescinded', zh: '已撤销' },
  duplicate: { en: 'duplicate', zh: '重复工单' },
} as const satisfies Record<string, Words>
export const stateSchema = z.enum(codesOf(states))
export type State = z.infer<typeof stateSchema>

/** `open`: someone holds the ticket and works on it. `over`: it counts nowhere and nothing happens to it any more. */
const stages: Record<State, 'open' | 'completed' | 'over'> = {
  unhandled: 'open',
  in_progress: 'open',
  completed: 'completed',
  rescinded: 'over',
  duplicate: 'over',
}
const statesOf = (stage: (typeof stages)[State]): readonly State[] =>
  stateSchema.options.filter((state) => stages[state] === stage)

/** The states of open tickets (rulebook §4). */
export const openStates = statesOf('open')
/** The states of tickets that left the counts (rulebook §8). */
export const overStates = statesOf('over')

export const isOpenState = (state: State): boolean => stages[state] === 'open'
export const isOverState = (state: State): boolean => stages[state] === 'over'

/** rulebook §3, channels in */
export const channels = {
  phone: { en: 'phone', zh: '电话' },
  letter: { en: 'letter', zh: '信函' },
  fax: { en: 'fax', zh: '传真' },
  email: { en: 'e-mail', zh: '电子邮件' },
  visit: { en: 'visit', zh: '来访' },
  web: { en: 'web', zh: '网络' },
} as const satisfies Record<string, Words>
export const channelSchema = z.enum(codesOf(channels))
export type Channel = z.infer<typeof channelSchema>

/** rulebook §3, B sources */
export const sources = {
  website: { en: 'website', zh: '网站' },
  consumer_association: { en: 'consumer association', zh: '消协' },
  media: { en: 'media', zh: '媒体' },
  authority: { en: 'authority', zh: '职能部门' },
  internal_transfer: { en: 'internal transfer', zh: '内部转' },
} as const satisfies Record<string, Words>
export const sourceSchema = z.enum(codesOf(sources))
export type Source = z.infer<typeof sourceSchema>

/** What a customer says on the phone that raises a warning by itself (rulebook §7). */
export const flags = {
  no_contact: { en: 'says nobody ever made contact', zh: '客户称无人联系' },
  agitated: {
    en: 'agitated, demands an answer from the manufacturer now',
    zh: '客户情绪激动，要求厂家立即答复',
  },
  media: { en: 'claims to be from the media', zh: '自称媒体' },
  hq_special: { en: 'special case reserved for HQ', zh: '总部特殊案例' },
} as const satisfies Record<string, Words>
export const flagSchema = z.enum(codesOf(flags))
export type Flag = z.infer<typeof flagSchema>

/** rulebook §7 */
export const warningCodes = {
  W1: { en: 'unhandled and called again', zh: '未处理且客户多次来电' },
  W2: { en: 'in progress and called again and again', zh: '处理中且客户多次来电' },
  W3: { en: 'customer says nobody made contact', zh: '客户反映无人联系' },
  W4: { en: 'customer agitated', zh: '客户情绪激动' },
  W5: { en: 'customer claims to be from the media', zh: '客户自称媒体' },
  W6: { en: 'special case reserved for HQ', zh: '总部特殊案例' },
} as const satisfies Record<string, Words>
export const warningCodeSchema = z.enum(codesOf(warningCodes))
export type WarningCode = z.infer<typeof warningCodeSchema>

/** How a handler met the customer. */
export const methods = {
  phone: { en: 'phone', zh: '电话' },
  visit: { en: 'visit', zh: '拜访' },
  message: { en: 'message', zh: '短信/微信' },
  email: { en: 'e-mail', zh: '电子邮件' },
} as const satisfies Record<string, Words>
export const methodSchema = z.enum(codesOf(methods))

/** Work on a ticket (rulebook §4, §11). */
export const recordKinds = {
  investigation: { en: 'investigation', zh: '调查核实' },
  plan_proposed: { en: 'plan proposed', zh: '提出方案' },
  plan_agreed: { en: 'plan agreed', zh: '客户同意方案' },
  plan_declined: { en: 'plan declined', zh: '客户拒绝方案' },
  measure: { en: 'measure taken', zh: '采取措施' },
  gm_informed: { en: 'dealer general manager informed', zh: '已告知经销商总经理' },
  rbo_support_requested: { en: 'support of the RBO requested', zh: '申请品牌营销大区支持' },
  major_issue_reported: {
    en: 'grave or mass complaint reported to RBO and HQ',
    zh: '重大/群体投诉上报品牌营销大区及总部',
  },
  written_report: { en: 'written report filed', zh: '提交书面报告' },
  consumer_informed: { en: 'consumer told of receipt and handling', zh: '已告知消费者受理及处理情况' },
  hq_feedback: { en: 'result fed back to HQ media coordinator', zh: '结果反馈总部媒体协调人' },
  media_feedback: { en: 'medium answered', zh: '答复媒体' },
} as const satisfies Record<string, Words>
export const recordKindSchema = z.enum(codesOf(recordKinds))
export type RecordKind = z.infer<typeof recordKindSchema>

/** What a callback found (rulebook §11). */
export const callbackOutcomes = {
  satisfied: { en: 'satisfied', zh: '满意' },
  dissatisfied: { en: 'dissatisfied', zh: '不满意' },
  unreachable: { en: 'unreachable', zh: '无法联系' },
  declined: { en: 'declined to answer', zh: '拒绝回访' },
} as const satisfies Record<string, Words>
export const callbackOutcomeSchema = z.enum(codesOf(callbackOutcomes))

/** rulebook §12 */
export const inquiryStates = {
  open: { en: 'open', zh: '待答复' },
  forwarded: { en: 'forwarded to the SE', zh: '已转SE' },
  answered: { en: 'answered', zh: '已答复' },
  closed: { en: 'closed', zh: '已封闭' },
  withdrawn: { en: 'withdrawn', zh: '已撤回' },
} as const satisfies Record<string, Words>
export const inquiryStateSchema = z.enum(codesOf(inquiryStates))
export type InquiryState = z.infer<typeof inquiryStateSchema>

/** What a dealer asks for (rulebook §13). */
export const smsActions = {
  add: { en: 'add', zh: '新增' },
  change: { en: 'change', zh: '变更' },
  delete: { en: 'delete', zh: '删除' },
} as const satisfies Record<string, Words>
export const smsActionSchema = z.enum(codesOf(smsActions))
export type SmsAction = z.infer<typeof smsActionSchema>

/** rulebook §13 */
export const smsDuties = {
  handler: { en: 'handles the ticket', zh: '处理人' },
  manager: { en: 'manager', zh: '主管' },
} as const satisfies Record<string, Words>
export const smsDutySchema = z.enum(codesOf(smsDuties))
export type SmsDuty = z.infer<typeof smsDutySchema>

/** rulebook §13 */
export const smsRequestStatuses = {
  open: { en: 'open', zh: '待审核' },
  accepted: { en: 'accepted', zh: '已接受' },
  refused: { en: 'refused', zh: '已拒绝' },
} as const satisfies Record<string, Words>
export const smsRequestStatusSchema = z.enum(codesOf(smsRequestStatuses))
export type SmsRequestStatus = z.infer<typeof smsRequestStatusSchema>

/** What HQ says of an objection (rulebook §14). */
export const objectionDecisions = {
  upheld: { en: 'upheld', zh: '申诉成立' },
  rejected: { en: 'rejected', zh: '申诉不成立' },
} as const satisfies Record<string, Words>
export const objectionDecisionSchema = z.enum(codesOf(objectionDecisions))
export type ObjectionDecision = z.infer<typeof objectionDecisionSchema>

/** rulebook §14 */
export const objectionStatuses = {
  open: { en: 'open', zh: '待裁定' },
  ...objectionDecisions,
  withdrawn: { en: 'withdrawn', zh: '已撤回' },
} as const satisfies Record<string, Words>
export const objectionStatusSchema = z.enum(codesOf(objectionStatuses))
export type ObjectionStatus = z.infer<typeof objectionStatusSchema>

/** The three measures of a unit (rulebook §8). */
export const measures = {
  response: { en: 'response in time', zh: '及时响应' },
  close: { en: 'closed in time', zh: '及时封闭' },
  firstTime: { en: 'resolved the first time', zh: '一次解决' },
} as const satisfies Record<string, Words>
export const measureSchema = z.enum(codesOf(measures))

/** Where a dealer's deliveries of a quarter come from (rulebook §15). */
export const deliverySources = {
  entered: { en: 'entered by HQ', zh: '总部录入' },
  handovers: { en: 'recorded handovers', zh: '交车记录' },
} as const satisfies Record<string, Words>
export const deliverySourceSchema = z.enum(codesOf(deliverySources))
export type DeliverySource = z.infer<typeof deliverySourceSchema>

/** How grave a complaint is (rulebook §14). */
export const severities = {
  low: { en: 'low', zh: '低' },
  medium: { en: 'medium', zh: '中' },
  high: { en: 'high', zh: '高' },
  critical: { en: 'critical', zh: '严重' },
} as const satisfies Record<string, Words>
export const severitySchema = z.enum(codesOf(severities))
export type Severity = z.infer<typeof severitySchema>

/** What the customer asks for (rulebook §14). */
export const remedies = {
  apology: { en: 'apology', zh: '道歉' },
  explanation: { en: 'explanation', zh: '解释说明' },
  repair: { en: 'repair', zh: '维修' },
  replacement: { en: 'replacement', zh: '更换' },
  refund: { en: 'refund', zh: '退款' },
  compensation: { en: 'compensation', zh: '赔偿' },
  other: { en: 'other', zh: '其他' },
} as const satisfies Record<string, Words>
export const remedySchema = z.enum(codesOf(remedies))
export type Remedy = z.infer<typeof remedySchema>

/** What became of that at closing (rulebook §14). */
export const decisions = {
  accepted: { en: 'accepted', zh: '接受诉求' },
  partly: { en: 'partly accepted', zh: '部分接受' },
  rejected: { en: 'rejected', zh: '未接受' },
} as const satisfies Record<string, Words>
export const decisionSchema = z.enum(codesOf(decisions))
export type Decision = z.infer<typeof decisionSchema>

/** What was given as goodwill (rulebook §14). */
export const goodwillKinds = {
  cash: { en: 'cash', zh: '现金' },
  voucher: { en: 'voucher', zh: '代金券' },
  service: { en: 'service', zh: '服务' },
  accessory: { en: 'accessory', zh: '精品附件' },
  other: { en: 'other', zh: '其他' },
} as const satisfies Record<string, Words>
export const goodwillKindSchema = z.enum(codesOf(goodwillKinds))
export type GoodwillKind = z.infer<typeof goodwillKindSchema>

/** To whom a letter goes (rulebook §14). */
export const letterKinds = {
  customer: { en: 'letter to the customer', zh: '用户回函' },
  media: { en: 'letter to a medium', zh: '媒体说明函' },
  authority: { en: 'letter to an authority', zh: '职能部门回函' },
} as const satisfies Record<string, Words>
export const letterKindSchema = z.enum(codesOf(letterKinds))
export type LetterKind = z.infer<typeof letterKindSchema>

/** What a measure of a unit is (rulebook §8). */
export const verdicts = {
  met: { en: 'met', zh: '达标' },
  failed: { en: 'failed', zh: '未达标' },
  pending: { en: 'pending', zh: '待定' },
} as const satisfies Record<string, Words>
export const verdictSchema = z.enum(codesOf(verdicts))
export type Verdict = z.infer<typeof verdictSchema>

/** All of them, by the names that `GET /v1/codes` has for them; a new list is entered here, and files know its words too. */
export const codeLists = {
  levels,
  states,
  tiers,
  kinds: recordKinds,
  channels,
  sources,
  flags,
  warningCodes,
  methods,
  callbackOutcomes,
  severities,
  remedies,
  decisions,
  goodwillKinds,
  letterKinds,
  verdicts,
  inquiryStates,
  measures,
  objectionStatuses,
  objectionDecisions,
  smsActions,
  smsDuties,
  smsRequestStatuses,
  voiceSurveys,
  voiceDropReasons,
  voiceItemStatuses,
  voiceSheetStatuses,
  voiceSteps,
  voiceAuditDecisions,
  voiceLedgerKinds,
  careKinds,
  careStatuses,
  careResults: attemptResults,
  careOutcomes,
  visitKinds,
  triageStatuses,
  deliverySources,
} as const satisfies Record<string, Record<string, Words>>
