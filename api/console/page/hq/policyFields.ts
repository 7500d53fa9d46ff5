/**
 * The keys of the policy as fields: a text for each, its group, and its value as the text of a field. Both tables are
 * total, so the compiler names the key of the policy that has no field.
 */
import type { Policy } from '../../../../domain/policy.ts'
import type { Words } from '../core/words.ts'

type Code = { code: string; zh: string; en: string }
type Leaf = number | boolean | null | readonly string[] | readonly Code[]

/** Where a value is in the policy, a dot for each step. */
type PlaceOf<T> = {
  [K in keyof T & string]: T[K] extends Leaf ? K : `${K}.${PlaceOf<T[K]>}`
}[keyof T & string]

/** Kinds of care tasks have their labels from the codes. */
const ofCareKinds = 'care.kinds.'
export type Place = Exclude<PlaceOf<Policy>, `${typeof ofCareKinds}${string}`>

export const policyFields: Record<Place, Words> = {
  'responseMinutes.dealer': { en: 'Response, dealers (minutes)', zh: '经销商响应时限（分钟）' },
  'responseMinutes.rbo': { en: 'Response, RBOs (minutes)', zh: '品牌营销大区响应时限（分钟）' },
  'responseMinutes.se': { en: 'Response, SE (minutes)', zh: 'SE 响应时限（分钟）' },
  'responseMinutes.se_media': { en: 'Response, media SE (minutes)', zh: '专职 SE 响应时限（分钟）' },
  'closeWorkingDays.A': { en: 'Close A (working days)', zh: 'A 类封闭时限（工作日）' },
  'closeWorkingDays.B': { en: 'Close B (working days)', zh: 'B 类封闭时限（工作日）' },
  repeatWindowDays: { en: 'Days in which a repeat counts', zh: '升级期限（天）' },
  rootCauses: { en: 'Root causes', zh: '根本原因' },
  'warnCalls.W1': { en: 'W1 from so many calls', zh: 'W1 来电次数' },
  'warnCalls.W2': { en: 'W2 from so many calls', zh: 'W2 来电次数' },
  ackMinutes: { en: 'Acknowledge a warning (minutes)', zh: '预警确认时限（分钟）' },
  'headsUp.responseMinutes': {
    en: 'Announce before a response is due (minutes; empty: not)',
    zh: '响应到期前提醒（分钟，空为不提醒）',
  },
  'headsUp.closeLastDay': {
    en: 'Announce on the last working day to close',
    zh: '封闭期限最后一个工作日提醒',
  },
  'callback.days': { en: 'Callback within (days)', zh: '回访期限（天）' },
  'callback.attempts': { en: 'Callback, attempts', zh: '回访尝试次数' },
  'callback.hoursApart': { en: 'Callback, hours between attempts', zh: '回访间隔（小时）' },
  'inquiry.answerWorkingDays': { en: 'Answer an inquiry (working days)', zh: '咨询答复时限（工作日）' },
  'inquiry.relayMinutes': { en: 'Pass an answer on (minutes)', zh: '回复客户时限（分钟）' },
  'inquiry.topics': { en: 'Topics of inquiries', zh: '咨询主题' },
  'weights.response': { en: 'Weight of response (%)', zh: '及时响应率权重（%）' },
  'weights.close': { en: 'Weight of closing (%)', zh: '及时封闭率权重（%）' },
  'weights.firstTime': { en: 'Weight of first-time resolution (%)', zh: '一次解决率权重（%）' },
  rewardTop: { en: 'Rewarded ranks', zh: '奖励名次' },
  rewardAmount: { en: 'Reward (CNY)', zh: '奖励金额（元）' },
  penaltyBelow: { en: 'Penalty below a score of', zh: '低于该得分处罚' },
  penaltyAmount: { en: 'Penalty (CNY)', zh: '处罚金额（元）' },
  freezeWorkingDays: { en: 'Freeze after (working days)', zh: '冻结等待（工作日）' },
  retentionYears: { en: 'Customers are kept (years)', zh: '客户信息保存（年）' },
  placeholders: { en: 'Words for “no number”, which join nobody', zh: '空号占位词（不作为匹配依据）' },
  'care.enabled': { en: 'The care desk is open', zh: '启用关怀回访' },
  'care.delivery24hHours': { en: 'Call after delivery (hours)', zh: '交车首次回访期限（小时）' },
  'care.delivery3dDays': { en: 'Call after delivery (days)', zh: '交车三日回访期限（天）' },
  'care.afterRepairDays': { en: 'Call after a repair (days)', zh: '维修后回访期限（天）' },
  'care.delivery3m.opensDay': { en: 'Call after three months: opens on day', zh: '三个月回访开始（第几天）' },
  'care.delivery3m.dueMonth': { en: 'Call after three months: due in month', zh: '三个月回访期限（月）' },
  'care.firstService.opensMonth': { en: 'First service: opens in month', zh: '首保提醒开始（月）' },
  'care.firstService.dueMonth': { en: 'First service: due in month', zh: '首保提醒期限（月）' },
  'care.benefits.opensMonth': { en: 'Benefits: opens in month', zh: '权益提醒开始（月）' },
  'care.benefits.dueMonth': { en: 'Benefits: due in month', zh: '权益提醒期限（月）' },
  'care.insurance.opensDaysBefore': { en: 'Insurance: opens so many days before', zh: '续保提醒提前（天）' },
  'care.insurance.months': { en: 'Insurance: months of a policy', zh: '保险期（月）' },
  'care.warranty.opensMonth': { en: 'Warranty: opens in month', zh: '质保提醒开始（月）' },
  'care.warranty.dueMonth': { en: 'Warranty: due in month', zh: '质保提醒期限（月）' },
  'care.returnOffer.opensMonth': { en: 'Invitation: opens in month', zh: '回店邀请开始（月）' },
  'care.returnOffer.noVisitMonths': { en: 'Invitation: months without a visit', zh: '未进店月数（月）' },
  'care.returnOffer.dueDays': { en: 'Invitation: due after (days)', zh: '回店邀请期限（天）' },
  'care.attempts.unreachableDays': {
    en: 'Days unreachable that end a call',
    zh: '未接通多少日后回访失败',
  },
  'care.attempts.declined': { en: 'Refusals that end a call', zh: '拒访几次后回访失败' },
  'care.attempts.perDay': { en: 'Attempts a day', zh: '每日回访次数上限' },
  'care.triageHours': { en: 'Judge a dissatisfied customer (hours)', zh: '不满意客户处理时限（小时）' },
  'voice.enabled': { en: 'The customer-voice desk is open', zh: '启用客户声音' },
  'voice.meetingDays': { en: 'Meeting after sending (days)', zh: '改进会议期限（天）' },
  'voice.returnDays': { en: 'Return after the meeting (days)', zh: '返回改进单期限（天）' },
  'voice.auditDays': { en: 'Audit after the return (days)', zh: '审核期限（天）' },
  'voice.returnAgainDays': { en: 'Return again (days)', zh: '退回后再次返回期限（天）' },
  'voice.planMonths': { en: 'Longest plan (months)', zh: '改进计划最长（月）' },
  'voice.reportDays': { en: 'Report after the last plan (days)', zh: '结果报告期限（天）' },
  'voice.recurrenceMonths': { en: 'Months running that count as recurrence', zh: '连续出现月数（月）' },
  'voice.lateAmount': { en: 'Penalty for a late meeting or return (CNY)', zh: '会议或返回超期扣款（元）' },
  'voice.recurrenceAmount': { en: 'Penalty for recurrence (CNY)', zh: '连续出现扣款（元）' },
  'voice.publishedFrom': { en: 'Published case, from (CNY)', zh: '案例发布奖励下限（元）' },
  'voice.publishedTo': { en: 'Published case, up to (CNY)', zh: '案例发布奖励上限（元）' },
}

export const policyGroups = {
  handling: { en: 'Handling', zh: '处理时限' },
  warnings: { en: 'Warnings and reminders', zh: '预警与提醒' },
  callCentre: { en: 'Callbacks and inquiries', zh: '回访与咨询' },
  assessment: { en: 'Assessment', zh: '季度考核' },
  customers: { en: 'Customers', zh: '客户信息' },
  care: { en: 'Care calls', zh: '关怀回访' },
  voice: { en: 'Customer voice', zh: '客户声音' },
} as const satisfies Record<string, Words>
export type PolicyGroup = keyof typeof policyGroups

const groups: Record<keyof Policy, PolicyGroup> = {
  responseMinutes: 'handling',
  closeWorkingDays: 'handling',
  repeatWindowDays: 'handling',
  rootCauses: 'handling',
  warnCalls: 'warnings',
  ackMinutes: 'warnings',
  headsUp: 'warnings',
  callback: 'callCentre',
  inquiry: 'callCentre',
  weights: 'assessment',
  rewardTop: 'assessment',
  rewardAmount: 'assessment',
  penaltyBelow: 'assessment',
  penaltyAmount: 'assessment',
  freezeWorkingDays: 'assessment',
  retentionYears: 'customers',
  placeholders: 'customers',
  care: 'care',
  voice: 'voice',
}

export const groupOf = (place: string): PolicyGroup => groups[place.split('.', 1)[0] as keyof Policy]

/** The place of the switch of a kind of care tasks. */
export const placeOfCareKind = (kind: string): string => `${ofCareKinds}${kind}`

/** Of these an empty field says that there is none. */
export const mayBeEmpty: ReadonlySet<string> = new Set<Place>(['headsUp.responseMinutes', 'placeholders'])

export type PolicyValues = { [name: string]: unknown }

export const atPlace = (policy: PolicyValues, place: string): Leaf =>
  place.split('.').reduce((found: unknown, key) => (found as PolicyValues)[key], policy) as Leaf

/** The policy with another value at that place. */
export const withValue = (policy: PolicyValues, place: string, value: Leaf): PolicyValues => {
  const [first, ...rest] = place.split('.') as [string, ...string[]]
  if (rest.length === 0) return { ...policy, [first]: value }
  return { ...policy, [first]: withValue(policy[first] as PolicyValues, rest.join('.'), value) }
}

export type ValueKind = 'number' | 'switch' | 'words' | 'codes'

/** These lists have labels; the others are of words. */
const codeLists: ReadonlySet<string> = new Set<Place>(['rootCauses', 'inquiry.topics'])

/** What is at a place; what is `null` there would be a number. */
export const kindOf = (place: string, value: Leaf): ValueKind => {
  if (typeof value === 'boolean') return 'switch'
  if (!Array.isArray(value)) return 'number'
  return codeLists.has(place) ? 'codes' : 'words'
}

/** A code, a Chinese and an English name a line. */
const codeLinesOf = (text: string): string[][] =>
  linesOf(text).map((line) => line.split(/[|｜]/).map((part) => part.trim()))

const linesOf = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')

/** Whether a line has not exactly three parts. */
export const areNoCodes = (text: string): boolean =>
  codeLinesOf(text).some((parts) => parts.length !== 3 || parts.includes(''))

/** A value as the text of its field. */
export const textOf = (place: string, value: Leaf): string => {
  const kind = kindOf(place, value)
  if (kind === 'switch') return value === true ? 'yes' : ''
  if (kind === 'codes')
    return (value as readonly Code[]).map(({ code, zh, en }) => `${code} | ${zh} | ${en}`).join('\n')
  return kind === 'words' ? (value as readonly string[]).join('\n') : String(value ?? '')
}

/** The value that the text of a field means. */
export const valueIn = (kind: ValueKind, text: string): Leaf => {
  if (kind === 'switch') return text === 'yes'
  if (kind === 'codes') return codeLinesOf(text).map(([code = '', zh = '', en = '']) => ({ code, zh, en }))
  if (kind === 'words') return linesOf(text)
  return text.trim() === '' ? null : Number(text)
}
