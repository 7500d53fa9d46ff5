/** What the routes of the customer-voice desk answer, as schemas. */
import { z } from 'zod'
import {
  voiceAuditDecisionSchema,
  voiceDropReasonSchema,
  voiceItemStatusSchema,
  voiceLedgerKindSchema,
  voiceSheetStatusSchema,
  voiceStepSchema,
  voiceSurveySchema,
} from '../../domain/voice/codes.ts'

const nullableText = z.string().nullable()
const instant = z.iso.datetime()
const nullableInstant = instant.nullable()

const subjectId = z.string().describe('The data subject: `sa` erases the texts by it.')

const item = {
  itemId: z.string(),
  subjectId,
  externalNo: nullableText,
  month: z.string(),
  dealer: z.string(),
  survey: voiceSurveySchema,
  indicator: z.string(),
  score: z.int().nullable(),
}

/** An item as HQ cleans it. */
export const voiceItemAnswer = z
  .object({
    ...item,
    status: voiceItemStatusSchema,
    dropReason: voiceDropReasonSchema.nullable(),
    enteredAt: instant,
    text: nullableText.describe('As it is now; null: it was erased, or is not for the reader.'),
    enteredText: nullableText.describe('As it was entered; HQ sees it.'),
  })
  .meta({ id: 'VoiceItem' })
export type VoiceItemAnswer = z.infer<typeof voiceItemAnswer>

export const voiceItemsEnteredAnswer = z.union([
  voiceItemAnswer,
  z.object({ items: z.array(voiceItemAnswer) }).meta({ id: 'VoiceItemsEntered' }),
])

export const voiceItemPageAnswer = z
  .object({ items: z.array(voiceItemAnswer), nextCursor: nullableText })
  .meta({ id: 'VoiceItemPage' })

export const voiceSheetRowAnswer = z
  .object({
    sheetId: z.string(),
    subjectId,
    version: z.int(),
    dealer: z.string(),
    rbo: z.string().describe('The dealer’s when the sheet was sent.'),
    month: z.string(),
    status: voiceSheetStatusSchema,
    items: z.int(),
    sentAt: instant,
    step: voiceStepSchema.nullable().describe('The step that is awaited; null: none with a due.'),
    dueAt: nullableInstant.describe('Its due: the first instant that is too late.'),
    metAt: nullableInstant.describe('When the meeting was recorded.'),
    returnedAt: nullableInstant.describe('The last time.'),
    acceptedAt: nullableInstant,
    reportedAt: nullableInstant,
    closedAt: nullableInstant.describe('When the last item was judged.'),
  })
  .meta({ id: 'VoiceSheetRow' })
export type VoiceSheetRowAnswer = z.infer<typeof voiceSheetRowAnswer>

export const voiceSheetPageAnswer = z
  .object({ items: z.array(voiceSheetRowAnswer), nextCursor: nullableText })
  .meta({ id: 'VoiceSheetPage' })

export const voiceEntryAnswer = z
  .object({
    entryId: z.string(),
    kind: voiceLedgerKindSchema,
    dealer: z.string(),
    rbo: z.string(),
    sheetId: z.string(),
    month: z.string(),
    itemId: nullableText,
    indicator: nullableText,
    step: voiceStepSchema.nullable().describe('Of a late step.'),
    amount: z.int().describe('CNY; a penalty is negative.'),
    bookedAt: instant,
    bookedBy: z.string().describe('system: a due that has passed.'),
    reverses: nullableText.describe('Of a reversal: the entry that it takes back.'),
    reason: nullableText.describe('Of a reversal.'),
    reversedAt: nullableInstant,
  })
  .meta({ id: 'VoiceEntry' })
export type VoiceEntryAnswer = z.infer<typeof voiceEntryAnswer>

export const voiceLedgerPageAnswer = z
  .object({ items: z.array(voiceEntryAnswer), nextCursor: nullableText })
  .meta({ id: 'VoiceLedgerPage' })

const stamp = { at: instant, by: z.string() }

const plan = z.object({
  measure: nullableText,
  person: nullableText,
  endsOn: z.iso.date(),
  changes: z.array(z.object({ ...stamp, note: nullableText })).describe('Oldest first.'),
})

const sheetItem = z.object({
  ...item,
  text: nullableText,
  plan: plan.nullable(),
  result: nullableText,
  judgement: z.object({ ...stamp, effective: z.boolean(), note: nullableText }).nullable(),
  published: z.object({ ...stamp, title: nullableText, amount: z.int() }).nullable(),
})

const step = z.object({
  step: voiceStepSchema,
  startedAt: instant.describe('The instant whose day does not count.'),
  dueAt: instant,
  doneAt: nullableInstant,
  late: z.boolean(),
})

const audit = z.object({ ...stamp, decision: voiceAuditDecisionSchema, reason: nullableText })

export const voiceSheetAnswer = voiceSheetRowAnswer
  .omit({ items: true })
  .extend({
    items: z.array(sheetItem),
    steps: z.array(step).describe('Oldest first.'),
    meeting: z.object({ ...stamp, heldAt: instant, attendees: z.array(z.string()) }).nullable(),
    returns: z.array(
      z.object({
        ...stamp,
        signedBy: nullableText,
        attachmentIds: z.array(z.string()),
        audit: audit.nullable(),
      }),
    ),
    followUps: z.array(z.object({ ...stamp, note: nullableText })),
    report: z.object({ ...stamp, summary: nullableText }).nullable(),
    ledger: z.array(voiceEntryAnswer),
  })
  .meta({ id: 'VoiceSheet' })
export type VoiceSheetAnswer = z.infer<typeof voiceSheetAnswer>
