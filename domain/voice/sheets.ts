/** The acts on a sheet, from the meeting to the judgement (rulebook §16): what each needs, and what comes of it. */
import { findAttachment, requireRoomFor } from '../attachments/attachments.ts'
import type { Context } from '../context.ts'
import type { Day } from '../instant.ts'
import { Refusal } from '../refusal.ts'
import { clockFrom, reportClock } from './clocks.ts'
import { type VoiceSheetStatus, voiceSheetStatusSchema } from './codes.ts'
import type { VoiceCommandOf, VoiceCommandType } from './commands.ts'
import { dayOfInstant, latestPlanEnd } from './dates.ts'
import type { VoiceClock, VoiceEvent } from './events.ts'
import { lateEntries, publishedEntry } from './ledger.ts'
import { itemOf, sheetOf, type Voice, type VoiceItem, type VoicePlan, type VoiceSheet } from './state.ts'

export type DecideVoice<T extends VoiceCommandType> = (
  voice: Voice | null,
  command: VoiceCommandOf<T>,
  context: Context,
) => VoiceEvent[]

/** @throws Refusal `voice_sheet_not_found`, `voice_wrong_status` */
const inStatus = (
  voice: Voice | null,
  { month }: { month: string },
  ...allowed: VoiceSheetStatus[]
): VoiceSheet => {
  const sheet = sheetOf(voice, month)
  if (sheet === null) throw new Refusal('voice_sheet_not_found', { sheetId: month })
  if (!allowed.includes(sheet.status))
    throw new Refusal('voice_wrong_status', {
      voiceStatus: sheet.status,
      voiceAllowed: allowed.join(', '),
    })
  return sheet
}

/** @throws Refusal `voice_item_not_on_sheet` */
const itemOnSheet = (voice: Voice | null, sheet: VoiceSheet, itemId: string, pointer: string): VoiceItem => {
  const item = sheet.itemIds.includes(itemId) ? itemOf(voice, itemId) : null
  if (item === null) throw new Refusal('voice_item_not_on_sheet', { itemId, sheetId: sheet.sheetId }, pointer)
  return item
}

/** @throws Refusal `voice_plan_end_too_late`, `voice_plan_end_too_early` */
const requireEnd = (
  { endsOn, heldAt, earliest }: { endsOn: Day; heldAt: string; earliest: Day },
  { master }: Context,
  pointer: string,
): void => {
  const latest = latestPlanEnd(heldAt, master.policy.values.voice.planMonths)
  if (endsOn > latest) throw new Refusal('voice_plan_end_too_late', { latest }, pointer)
  if (endsOn < earliest) throw new Refusal('voice_plan_end_too_early', { earliest }, pointer)
}

/** One plan for each item of the sheet. @throws Refusal `voice_item_not_on_sheet`, `voice_plan_twice`, `voice_plan_missing` */
const requireEachPlanned = (
  voice: Voice | null,
  sheet: VoiceSheet,
  plans: VoiceCommandOf<'RecordMeeting'>['plans'],
): void => {
  const planned = new Set<string>()
  for (const [index, { itemId }] of plans.entries()) {
    itemOnSheet(voice, sheet, itemId, `#/plans/${index}/itemId`)
    if (planned.has(itemId)) throw new Refusal('voice_plan_twice', { itemId }, `#/plans/${index}/itemId`)
    planned.add(itemId)
  }
  const missing = sheet.itemIds.find((itemId) => !planned.has(itemId))
  if (missing !== undefined) throw new Refusal('voice_plan_missing', { itemId: missing }, '#/plans')
}

const recordMeeting: DecideVoice<'RecordMeeting'> = (voice, { type: _, ...data }, context) => {
  const sheet = inStatus(voice, data, 'sent')
  const { heldAt, plans } = data
  if (heldAt > context.now) throw new Refusal('future_instant', {}, '#/heldAt')
  if (heldAt < sheet.sent.at)
    throw new Refusal('voice_meeting_before_sheet', { sentAt: sheet.sent.at }, '#/heldAt')
  requireEachPlanned(voice, sheet, plans)
  for (const [index, { endsOn }] of plans.entries())
    requireEnd({ endsOn, heldAt, earliest: dayOfInstant(heldAt) }, context, `#/plans/${index}/endsOn`)
  const clock = clockFrom(context, heldAt, 'returnDays')
  return [
    { type: 'VoiceMeetingRecorded', data: { ...data, plans: [...plans], clock } },
    ...lateEntries(sheet, context),
  ]
}

const returnSheet: DecideVoice<'ReturnSheet'> = (voice, { type: _, ...data }, context) => {
  const sheet = inStatus(voice, data, 'met', 'sent_back')
  for (const [index, attachmentId] of data.attachmentIds.entries())
    if (!sheet.attachments.some((each) => each.attachmentId === attachmentId))
      throw new Refusal('voice_unknown_attachment', { attachment: attachmentId }, `#/attachmentIds/${index}`)
  const clock = clockFrom(context, context.now, 'auditDays')
  return [
    { type: 'VoiceSheetReturned', data: { ...data, attachmentIds: [...data.attachmentIds], clock } },
    ...lateEntries(sheet, context),
  ]
}

const auditSheet: DecideVoice<'AuditSheet'> = (voice, { type: _, ...data }, context) => {
  const sheet = inStatus(voice, data, 'returned')
  if (data.decision === 'sent_back' && data.text === null)
    throw new Refusal('voice_reason_required', {}, '#/reason')
  const ends = sheet.plans.map(({ endsOn }) => endsOn)
  const clock =
    data.decision === 'accepted'
      ? reportClock(context, ends, context.now)
      : clockFrom(context, context.now, 'returnAgainDays')
  return [{ type: 'VoiceSheetAudited', data: { ...data, clock } }]
}

/** A plan may be moved while the last one of the sheet has not ended: what is over stays. @throws Refusal `voice_plans_ended` */
const movedPlan = (sheet: VoiceSheet, plan: VoicePlan, endsOn: Day, context: Context): VoiceClock => {
  const today = dayOfInstant(context.now)
  if (sheet.plans.every((each) => each.endsOn < today)) throw new Refusal('voice_plans_ended', {}, '#/endsOn')
  const heldAt = sheet.meeting?.heldAt ?? sheet.sent.at
  requireEnd({ endsOn, heldAt, earliest: today }, context, '#/endsOn')
  const acceptedAt = sheet.returns.at(-1)?.audit?.at ?? context.now
  const ends = sheet.plans.map((each) => (each.itemId === plan.itemId ? endsOn : each.endsOn))
  return reportClock(context, ends, acceptedAt)
}

const changePlan: DecideVoice<'ChangePlan'> = (voice, { type: _, month, itemId, endsOn, text }, context) => {
  const sheet = inStatus(voice, { month }, 'running')
  const plan = sheet.plans.find((each) => each.itemId === itemId)
  if (plan === undefined) throw new Refusal('voice_item_not_found', { itemId })
  const isMoved = endsOn !== null && endsOn !== plan.endsOn
  const clock = isMoved ? movedPlan(sheet, plan, endsOn, context) : null
  return [{ type: 'VoicePlanChanged', data: { month, itemId, endsOn: endsOn ?? plan.endsOn, text, clock } }]
}

const reportResult: DecideVoice<'ReportResult'> = (voice, { month, itemIds, text }) => {
  const sheet = inStatus(voice, { month }, 'running')
  if (itemIds !== null) {
    for (const [index, itemId] of itemIds.entries()) {
      itemOnSheet(voice, sheet, itemId, `#/results/${index}/itemId`)
      if (itemIds.indexOf(itemId) < index)
        throw new Refusal('voice_result_twice', { itemId }, `#/results/${index}/itemId`)
    }
    const missing = sheet.itemIds.find((itemId) => !itemIds.includes(itemId))
    if (missing !== undefined) throw new Refusal('voice_result_missing', { itemId: missing }, '#/results')
  }
  return [{ type: 'VoiceResultReported', data: { month, text } }]
}

const judgeItem: DecideVoice<'JudgeItem'> = (voice, { type: _, month, ...data }) => {
  const sheet = inStatus(voice, { month }, 'reported', 'closed')
  const item = itemOnSheet(voice, sheet, data.itemId, '#/itemId')
  if (item.judged !== null) throw new Refusal('voice_already_judged', { itemId: item.itemId })
  return [{ type: 'VoiceItemJudged', data }]
}

const publishCase: DecideVoice<'PublishCase'> = (voice, { type: _, month, ...data }, context) => {
  const sheet = inStatus(voice, { month }, 'reported', 'closed')
  const item = itemOnSheet(voice, sheet, data.itemId, '#/itemId')
  if (item.published !== null) throw new Refusal('voice_already_published', { itemId: item.itemId })
  if (item.judged?.effective !== true) throw new Refusal('voice_not_effective', { itemId: item.itemId })
  return [{ type: 'VoiceCasePublished', data }, publishedEntry(item, data.amount, context)]
}

/** While a dealer has something to return or to report. */
export const takingAttachments: readonly VoiceSheetStatus[] = voiceSheetStatusSchema.exclude([
  'closed',
]).options

export const sheetDeciders = {
  RecordMeeting: recordMeeting,
  ReturnSheet: returnSheet,
  AuditSheet: auditSheet,
  FollowUp: (voice: Voice | null, { month, text }: VoiceCommandOf<'FollowUp'>): VoiceEvent[] => {
    inStatus(voice, { month }, 'running')
    return [{ type: 'VoiceFollowedUp', data: { month, text } }]
  },
  ChangePlan: changePlan,
  ReportResult: reportResult,
  JudgeItem: judgeItem,
  PublishCase: publishCase,
  AddAttachment: (
    voice: Voice | null,
    { type: _, ...data }: VoiceCommandOf<'AddAttachment'>,
  ): VoiceEvent[] => {
    requireRoomFor(inStatus(voice, data, ...takingAttachments).attachments)
    return [{ type: 'VoiceAttachmentAdded', data }]
  },
  RemoveAttachment: (
    voice: Voice | null,
    { type: _, ...data }: VoiceCommandOf<'RemoveAttachment'>,
  ): VoiceEvent[] => {
    findAttachment(inStatus(voice, data, ...takingAttachments, 'closed').attachments, data.attachmentId)
    return [{ type: 'VoiceAttachmentRemoved', data }]
  },
}
