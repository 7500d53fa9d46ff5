/** What the routes of inquiries answer, as schemas. */
import { z } from 'zod'
import { channelSchema, inquiryStateSchema, methodSchema } from '../../domain/codes.ts'
import { customerAnswer, vehicleAnswer } from '../tickets/responseSchemas.ts'

const nullableText = z.string().nullable()
const instant = z.iso.datetime()
const nullableInstant = instant.nullable()

/** An inquiry in a list: all but free text. */
export const inquiryRowAnswer = z
  .object({
    inquiryNo: z.string(),
    externalNo: nullableText,
    version: z.int(),
    state: inquiryStateSchema,
    channel: channelSchema,
    topic: z.string(),
    dealer: nullableText,
    rbo: nullableText,
    registeredAt: instant,
    forwardedAt: nullableInstant,
    answerDueAt: nullableInstant.describe('The SE’s; the first instant that is too late.'),
    answeredAt: nullableInstant,
    answeredBy: z.enum(['csc', 'se']).nullable().describe('csc: answered at once.'),
    relayDueAt: nullableInstant.describe('Passed on at it is on time.'),
    relayedAt: nullableInstant.describe('When the customer was reached.'),
    withdrawnAt: nullableInstant,
    closedAt: nullableInstant,
    provisional: z.boolean().describe('A due needed a year whose schedule was not known.'),
    ticketNo: nullableText.describe('The ticket of the complaint it turned out to be.'),
    customer: customerAnswer,
    vehicle: vehicleAnswer,
  })
  .meta({ id: 'InquiryRow' })

export type InquiryRowAnswer = z.infer<typeof inquiryRowAnswer>

export const inquiryAnswer = inquiryRowAnswer
  .extend({
    question: nullableText,
    forwardNote: nullableText,
    answer: nullableText,
    relays: z
      .array(z.object({ at: instant, method: methodSchema, reached: z.boolean(), note: nullableText }))
      .describe('Attempts to pass the answer on, the oldest first.'),
    withdrawReason: nullableText,
  })
  .meta({ id: 'Inquiry' })

export type InquiryAnswer = z.infer<typeof inquiryAnswer>

export const inquiryPageAnswer = z
  .object({ items: z.array(inquiryRowAnswer), nextCursor: nullableText })
  .meta({ id: 'InquiryPage' })
