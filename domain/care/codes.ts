/** The closed lists of the care desk (rulebook §15). */
import { z } from 'zod'
import { codesOf } from '../codeList.ts'
import type { Words } from '../refusal.ts'

export const careStatuses = {
  open: { en: 'open', zh: '待回访' },
  overdue: { en: 'overdue', zh: '已超期' },
  done: { en: 'done in time', zh: '按时完成' },
  late: { en: 'done late', zh: '逾期完成' },
  failed: { en: 'failed', zh: '回访失败' },
  not_needed: { en: 'not needed', zh: '无需回访' },
} as const satisfies Record<string, Words>
export const careStatusSchema = z.enum(codesOf(careStatuses))
export type CareStatus = z.infer<typeof careStatusSchema>

export const attemptResults = {
  reached: { en: 'reached', zh: '已接通' },
  unreachable: { en: 'not reached', zh: '未接通' },
  declined: { en: 'declined', zh: '拒绝回访' },
} as const satisfies Record<string, Words>
export const attemptResultSchema = z.enum(codesOf(attemptResults))
export type AttemptResult = z.infer<typeof attemptResultSchema>

export const careOutcomes = {
  satisfied: { en: 'satisfied', zh: '满意' },
  neutral: { en: 'neutral', zh: '一般' },
  dissatisfied: { en: 'dissatisfied', zh: '不满意' },
} as const satisfies Record<string, Words>
export const careOutcomeSchema = z.enum(codesOf(careOutcomes))
export type CareOutcome = z.infer<typeof careOutcomeSchema>

export const visitKinds = {
  first_service: { en: 'first service', zh: '首保' },
  service: { en: 'service', zh: '保养' },
  repair: { en: 'repair', zh: '维修' },
  other: { en: 'other', zh: '其他' },
} as const satisfies Record<string, Words>
export const visitKindSchema = z.enum(codesOf(visitKinds))
export type VisitKind = z.infer<typeof visitKindSchema>

export const triageStatuses = {
  open: { en: 'to be judged', zh: '待处理' },
  registered: { en: 'registered as a complaint', zh: '已登记投诉' },
  dismissed: { en: 'dismissed', zh: '已驳回' },
} as const satisfies Record<string, Words>
export const triageStatusSchema = z.enum(codesOf(triageStatuses))
export type TriageStatus = z.infer<typeof triageStatusSchema>
