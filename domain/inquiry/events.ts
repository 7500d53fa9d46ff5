/** What happens to an inquiry (rulebook §12): the events of the streams `inquiry-<no>`. */
import { z } from 'zod'
import { attachmentAdded, attachmentRemoved } from '../attachments/attachments.ts'
import { channelSchema, flagSchema, methodSchema } from '../codes.ts'
import { instantSchema } from '../instant.ts'
import { refusedSchema } from '../recordedRefusal.ts'
import { sealedSchema } from '../sealed.ts'
import { idOfStream } from '../streams.ts'
import { categorySchema } from '../ticket/routing.ts'

export const inquiryNoSchema = z.string().min(1).max(40)
export type InquiryNo = z.infer<typeof inquiryNoSchema>

/** A due with all that it was computed from: it is frozen (rulebook §5). Either number says how long the clock runs. */
const clockSchema = z.strictObject({
  dueAt: instantSchema,
  /** The due needed a day of a year whose schedule was not known. */
  provisional: z.boolean(),
  calendar: z.string(),
  calendarVersion: z.int(),
  policyVersion: z.int(),
  workingDays: z.int().optional(),
  minutes: z.int().optional(),
})
export type InquiryClock = z.infer<typeof clockSchema>

/** Texts are sealed with the key of the inquiry's data subject. */
export const inquiryEventData = {
  InquiryRegistered: z.strictObject({
    inquiryNo: inquiryNoSchema,
    externalNo: z.string().nullable(),
    subjectId: z.string(),
    channel: channelSchema,
    topic: z.string(),
    dealer: z.string().nullable(),
    /** That of the dealer, when the inquiry was registered. */
    rbo: z.string().nullable(),
    /** Customer and vehicle; `null`: nothing was given of either. */
    customer: sealedSchema.nullable(),
    text: sealedSchema,
  }),
  InquiryForwarded: z.strictObject({ clock: clockSchema, text: sealedSchema.nullable() }),
  /** `by`: the CSC answered at once, or the SE what was forwarded. `clock`: of passing it on. */
  InquiryAnswered: z.strictObject({ by: z.enum(['csc', 'se']), clock: clockSchema, text: sealedSchema }),
  /** `reached` false: an attempt; the answer is still to be passed on. */
  InquiryRelayed: z.strictObject({
    method: methodSchema,
    reached: z.boolean(),
    text: sealedSchema.nullable(),
  }),
  InquiryWithdrawn: z.strictObject({ text: sealedSchema }),
  /** First half of an act on two streams: the complaint it turned out to be is taken in next, as these fields say. */
  InquiryBecameComplaint: z.strictObject({
    category: categorySchema,
    dealer: z.string().nullable(),
    flags: z.array(flagSchema),
    sameProblemAs: z.string().nullable(),
  }),
  /** Its end: the ticket that the complaint was registered as, or logged on. */
  InquiryTicketNamed: z.strictObject({
    ticketNo: z.string(),
    outcome: z.enum(['registered', 'escalated', 'contact_logged']),
  }),
  /** As those of a ticket; types are unique in the log, so these have names of their own. */
  InquiryAttachmentAdded: attachmentAdded,
  InquiryAttachmentRemoved: attachmentRemoved,
  /** The complaint was refused: the inquiry is as it was before. */
  InquiryReopened: z.strictObject({
    refused: refusedSchema,
  }),
}

type Data = typeof inquiryEventData
export type InquiryEventType = keyof Data
export type InquiryDataOf<T extends InquiryEventType> = z.infer<Data[T]>
export type InquiryEvent = { [T in InquiryEventType]: { type: T; data: InquiryDataOf<T> } }[InquiryEventType]

const prefix = 'inquiry-'
export const inquiryStream = (inquiryNo: InquiryNo): string => prefix + inquiryNo

/** The number of the inquiry that a stream is about; `null`: it is about something else. */
export const inquiryOfStream = (stream: string): InquiryNo | null => idOfStream(prefix, stream)
