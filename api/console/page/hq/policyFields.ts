/** The numbers of the policy that have a field each, by the place of each in the policy; and its root causes as a text. */
import type { Words } from '../core/words.ts'

export const policyFields = [
  ['responseMinutes.dealer', { en: 'Response, dealers (minutes)', zh: '经销商响应时限（分钟）' }],
  ['responseMinutes.rbo', { en: 'Response, RBOs (minutes)', zh: '品牌营销大区响应时限（分钟）' }],
  ['responseMinutes.se', { en: 'Response, SE (minutes)', zh: 'SE 响应时限（分钟）' }],
  ['responseMinutes.se_media', { en: 'Response, media SE (minutes)', zh: '专职 SE 响应时限（分钟）' }],
  ['closeWorkingDays.A', { en: 'Close A (working days)', zh: 'A 类封闭时限（工作日）' }],
  ['closeWorkingDays.B', { en: 'Close B (working days)', zh: 'B 类封闭时限（工作日）' }],
  ['repeatWindowDays', { en: 'Days in which a repeat counts', zh: '升级期限（天）' }],
  ['warnCalls.W1', { en: 'W1 from so many calls', zh: 'W1 来电次数' }],
  ['warnCalls.W2', { en: 'W2 from so many calls', zh: 'W2 来电次数' }],
  ['ackMinutes', { en: 'Acknowledge a warning (minutes)', zh: '预警确认时限（分钟）' }],
  ['callback.days', { en: 'Callback within (days)', zh: '回访期限（天）' }],
  ['callback.attempts', { en: 'Callback, attempts', zh: '回访尝试次数' }],
  ['callback.hoursApart', { en: 'Callback, hours between attempts', zh: '回访间隔（小时）' }],
  ['weights.response', { en: 'Weight of response (%)', zh: '及时响应率权重（%）' }],
  ['weights.close', { en: 'Weight of closing (%)', zh: '及时封闭率权重（%）' }],
  ['weights.firstTime', { en: 'Weight of first-time resolution (%)', zh: '一次解决率权重（%）' }],
  ['rewardTop', { en: 'Rewarded ranks', zh: '奖励名次' }],
  ['rewardAmount', { en: 'Reward (CNY)', zh: '奖励金额（元）' }],
  ['penaltyBelow', { en: 'Penalty below a score of', zh: '低于该得分处罚' }],
  ['penaltyAmount', { en: 'Penalty (CNY)', zh: '处罚金额（元）' }],
  ['freezeWorkingDays', { en: 'Freeze after (working days)', zh: '冻结等待（工作日）' }],
  [
    'headsUp.responseMinutes',
    { en: 'Heads-up before a response is due (minutes)', zh: '响应到期前提醒（分钟）' },
  ],
  ['inquiry.answerWorkingDays', { en: 'Answer an inquiry (working days)', zh: '咨询答复时限（工作日）' }],
  ['inquiry.relayMinutes', { en: 'Pass an answer on (minutes)', zh: '答复转告时限（分钟）' }],
  ['retentionYears', { en: 'Customers are kept (years)', zh: '客户信息保存（年）' }],
] as const satisfies readonly (readonly [string, Words])[]

/** Of these an empty field says that there is none. */
export const mayBeEmpty: ReadonlySet<string> = new Set(['headsUp.responseMinutes'])

type Values = { [name: string]: unknown }

export const atPlace = (policy: Values, place: string): unknown =>
  place.split('.').reduce((found: unknown, key) => (found as Values)[key], policy)

/** The policy with another value at that place. */
export const withValue = (policy: Values, place: string, value: number | null): Values => {
  const [first, second] = place.split('.') as [string, string | undefined]
  return {
    ...policy,
    [first]: second === undefined ? value : { ...(policy[first] as Values), [second]: value },
  }
}

type Cause = { code: string; zh: string; en: string }

const linesOf = (text: string): string[][] =>
  text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => line.split(/[|｜]/).map((part) => part.trim()))

export const textOfCauses = (policy: Values): string =>
  (policy.rootCauses as Cause[]).map(({ code, zh, en }) => `${code} | ${zh} | ${en}`).join('\n')

/** Whether a line has not exactly three parts. */
export const notCauses = (text: string): boolean =>
  linesOf(text).some((parts) => parts.length !== 3 || parts.includes(''))

export const causesOf = (text: string): Cause[] =>
  linesOf(text).map(([code = '', zh = '', en = '']) => ({ code, zh, en }))
