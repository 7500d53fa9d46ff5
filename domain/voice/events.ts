/**
 * The events of the streams `voice-<dealer>` (rulebook §16): items, sheets and the ledger of one dealer. All of a dealer is
 * one stream, so that a booking is decided on everything it depends on, at one version.
 */
import { z } from 'zod'
import { attachmentAdded, attachmentIdSchema, attachmentRemoved } from '../attachments/attachments.ts'
import { daySchema, instantSchema } from '../instant.ts'
import { sealedSchema } from '../sealed.ts'
import { idOfStream } from '../streams.ts'
import {
  voiceAuditDecisionSchema,
  voiceDropReasonSchema,
  voiceLedgerKindSchema,
  voiceStepSchema,
  voiceSurveySchema,
} from './codes.ts'

export const voiceMonthForm = /^[1-9]\d{3}-(0[1-9]|1[0-2])$/

/** `2026-03`: the month of the survey. */
export const voiceMonthSchema = z.string().regex(voiceMonthForm)

const unit = '[A-Za-z0-9_-]{1,20}'
const month = '[1-9]\\d{3}-(0[1-9]|1[0-2])'
/** `<dealer>.<month>`: there is one sheet a dealer and month. */
export const sheetIdSchema = z.string().regex(new RegExp(`^${unit}\\.${month}$`))
/** `<sheetId>.<n>`: the n-th item that was entered for the dealer and month. */
export const itemIdSchema = z.string().regex(new RegExp(`^${unit}\\.${month}\\.[1-9]\\d{0,5}$`))
/** `<sheetId>.late`, `<itemId>.recurrence`, `<itemId>.published`, and `<entryId>.reversal`. */
export const entryIdSchema = z
  .string()
  .regex(new RegExp(`^${unit}\\.${month}\\.(late|[1-9]\\d{0,5}\\.(recurrence|published))(\\.reversal)?$`))

export const sheetIdOf = (dealer: string, month: string): string => `${dealer}.${month}`
/** Of a sheet, an item or an entry. */
export const dealerOfId = (id: string): string => id.slice(0, id.indexOf('.'))
/** The same. */
export const monthOfId = (id: string): string => id.split('.')[1] ?? ''

export const scoreSchema = z.int().min(1).max(10)

/** A due with what it was computed from; it is frozen (rulebook §5). */
const clockSchema = z.strictObject({
  startedAt: instantSchema,
  /** The first instant that is too late. */
  dueAt: instantSchema,
  days: z.int(),
  policyVersion: z.int(),
})
export type VoiceClock = z.infer<typeof clockSchema>

const ofMonth = { month: voiceMonthSchema }
const ofItem = { itemId: itemIdSchema }

/** Texts of an item are sealed with the item's own key, all others with that of its sheet. */
export const voiceEventData = {
  VoiceItemEntered: z.strictObject({
    ...ofItem,
    ...ofMonth,
    externalNo: z.string().nullable(),
    subjectId: z.string(),
    survey: voiceSurveySchema,
    indicator: z.string(),
    score: scoreSchema.nullable(),
    text: sealedSchema,
    /** The call that entered it, and its place among the items of that call: a call repeated enters nothing twice. */
    call: z.strictObject({ commandId: z.string(), index: z.int() }),
  }),
  VoiceItemReworded: z.strictObject({ ...ofItem, text: sealedSchema }),
  VoiceItemDropped: z.strictObject({ ...ofItem, reason: voiceDropReasonSchema }),
  VoiceSheetSent: z.strictObject({
    ...ofMonth,
    subjectId: z.string(),
    /** That of the dealer when it was sent. */
    rbo: z.string(),
    itemIds: z.array(itemIdSchema),
    /** Of the meeting. */
    clock: clockSchema,
  }),
  VoiceMeetingRecorded: z.strictObject({
    ...ofMonth,
    heldAt: instantSchema,
    /** `text`: measure and person. */
    plans: z.array(z.strictObject({ ...ofItem, endsOn: daySchema, text: sealedSchema })),
    /** Attendees. */
    text: sealedSchema,
    /** Of the return. */
    clock: clockSchema,
  }),
  /** `text`: who signed. */
  VoiceSheetReturned: z.strictObject({
    ...ofMonth,
    attachmentIds: z.array(attachmentIdSchema),
    text: sealedSchema,
    /** Of the audit. */
    clock: clockSchema,
  }),
  /** `clock`: of the report, or of returning it again. */
  VoiceSheetAudited: z.strictObject({
    ...ofMonth,
    decision: voiceAuditDecisionSchema,
    text: sealedSchema.nullable(),
    clock: clockSchema,
  }),
  VoiceFollowedUp: z.strictObject({ ...ofMonth, text: sealedSchema }),
  /** `text`: the note, and measure and person where they change. `clock`: of the report, where it moves. */
  VoicePlanChanged: z.strictObject({
    ...ofMonth,
    ...ofItem,
    endsOn: daySchema,
    text: sealedSchema,
    clock: clockSchema.nullable(),
  }),
  /** `text`: results by item, or one `summary`. */
  VoiceResultReported: z.strictObject({ ...ofMonth, text: sealedSchema }),
  VoiceItemJudged: z.strictObject({ ...ofItem, effective: z.boolean(), text: sealedSchema.nullable() }),
  /** `text`: the title. */
  VoiceCasePublished: z.strictObject({ ...ofItem, amount: z.int(), text: sealedSchema }),
  VoiceAttachmentAdded: attachmentAdded.extend(ofMonth),
  VoiceAttachmentRemoved: attachmentRemoved.extend(ofMonth),
  /** A penalty is negative. */
  VoiceEntryBooked: z.strictObject({
    entryId: entryIdSchema,
    ...ofMonth,
    kind: voiceLedgerKindSchema.exclude(['reversal']),
    itemId: itemIdSchema.nullable(),
    indicator: z.string().nullable(),
    /** Of a late step: which, and its due. */
    late: z.strictObject({ step: voiceStepSchema, dueAt: instantSchema }).nullable(),
    amount: z.int(),
    policyVersion: z.int(),
  }),
  /** `entryId`: the entry that is taken back. `text`: the reason. */
  VoiceEntryReversed: z.strictObject({ entryId: entryIdSchema, text: sealedSchema }),
}

type Data = typeof voiceEventData
export type VoiceEventType = keyof Data
export type VoiceDataOf<T extends VoiceEventType> = z.infer<Data[T]>
export type VoiceEvent = { [T in VoiceEventType]: { type: T; data: VoiceDataOf<T> } }[VoiceEventType]

const prefix = 'voice-'
export const voiceStream = (dealer: string): string => prefix + dealer

/** The dealer that a stream is about; `null`: it is about something else. */
export const dealerOfVoiceStream = (stream: string): string | null => idOfStream(prefix, stream)

/** The sheet that an event of a dealer's customer voice is about, sent or not; `null`: it is about something else. */
export const sheetOfEvent = ({ stream, data }: { stream: string; data: unknown }): string | null => {
  const dealer = dealerOfVoiceStream(stream)
  if (dealer === null) return null
  const { month, itemId, entryId } = data as { month?: string; itemId?: string; entryId?: string }
  return sheetIdOf(dealer, month ?? monthOfId(itemId ?? entryId ?? ''))
}
