/** The closed lists of the customer-voice desk (rulebook §16), each with the labels users read. */
import { z } from 'zod'
import { codesOf } from '../codeList.ts'
import type { Words } from '../refusal.ts'

/** The surveys that items come from. */
export const voiceSurveys = {
  SSI: { en: 'SSI: sales satisfaction', zh: 'SSI 销售满意度' },
  CSI: { en: 'CSI: service satisfaction', zh: 'CSI 服务满意度' },
} as const satisfies Record<string, Words>
export const voiceSurveySchema = z.enum(codesOf(voiceSurveys))
export type VoiceSurvey = z.infer<typeof voiceSurveySchema>

/** Why HQ drops an item before it sends the sheet. */
export const voiceDropReasons = {
  not_dealer: { en: 'not the dealer’s doing', zh: '非经销商责任' },
  false_report: { en: 'not true', zh: '反馈不实' },
  wrong_data: { en: 'wrong data', zh: '数据错误' },
} as const satisfies Record<string, Words>
export const voiceDropReasonSchema = z.enum(codesOf(voiceDropReasons))
export type VoiceDropReason = z.infer<typeof voiceDropReasonSchema>

/** `open`: entered, and on no sheet yet. */
export const voiceItemStatuses = {
  open: { en: 'not sent yet', zh: '待下发' },
  dropped: { en: 'dropped', zh: '已剔除' },
  sent: { en: 'on a sheet', zh: '已下发' },
} as const satisfies Record<string, Words>
export const voiceItemStatusSchema = z.enum(codesOf(voiceItemStatuses))
export type VoiceItemStatus = z.infer<typeof voiceItemStatusSchema>

/** Where a sheet is: each status but the last says what is awaited. */
export const voiceSheetStatuses = {
  sent: { en: 'meeting awaited', zh: '待开会' },
  met: { en: 'return awaited', zh: '待返回' },
  returned: { en: 'audit awaited', zh: '待审核' },
  sent_back: { en: 'sent back', zh: '已退回' },
  running: { en: 'improvement under way', zh: '改进中' },
  reported: { en: 'judgement awaited', zh: '待评价' },
  closed: { en: 'all items judged', zh: '已评价' },
} as const satisfies Record<string, Words>
export const voiceSheetStatusSchema = z.enum(codesOf(voiceSheetStatuses))
export type VoiceSheetStatus = z.infer<typeof voiceSheetStatusSchema>

/** The steps of a sheet that have a due. */
export const voiceSteps = {
  meeting: { en: 'improvement meeting', zh: '改进会议' },
  return: { en: 'return of the sheet', zh: '返回改进单' },
  audit: { en: 'audit', zh: '审核' },
  report: { en: 'report of the result', zh: '结果报告' },
} as const satisfies Record<string, Words>
export const voiceStepSchema = z.enum(codesOf(voiceSteps))
export type VoiceStep = z.infer<typeof voiceStepSchema>

export const voiceAuditDecisions = {
  accepted: { en: 'accepted', zh: '通过' },
  sent_back: { en: 'sent back', zh: '退回' },
} as const satisfies Record<string, Words>
export const voiceAuditDecisionSchema = z.enum(codesOf(voiceAuditDecisions))
export type VoiceAuditDecision = z.infer<typeof voiceAuditDecisionSchema>

/** Entries of the ledger; a reversal takes another entry back. */
export const voiceLedgerKinds = {
  late: { en: 'meeting or return not in time', zh: '会议或返回超期' },
  recurrence: { en: 'indicator three months running', zh: '同一指标连续出现' },
  published: { en: 'published case', zh: '案例发布' },
  reversal: { en: 'reversal', zh: '冲销' },
} as const satisfies Record<string, Words>
export const voiceLedgerKindSchema = z.enum(codesOf(voiceLedgerKinds))
export type VoiceLedgerKind = z.infer<typeof voiceLedgerKindSchema>
