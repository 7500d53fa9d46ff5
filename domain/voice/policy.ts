/** What policy says of the customer-voice desk (rulebook §16): days, months and amounts. */
import { z } from 'zod'

const days = z.int().min(1).max(365)
const amount = z.int().min(0).max(10_000_000)

/** Every key may be left out: it then has the rulebook's number. Amounts are whole CNY and positive. */
export const voicePolicySchema = z.strictObject({
  /** Whether there is a customer-voice desk at all. */
  enabled: z.boolean().default(true),
  /** Natural days for the meeting after sending, for the return after the meeting, for the audit after the return. */
  meetingDays: days.default(3),
  returnDays: days.default(2),
  auditDays: days.default(3),
  /** Natural days in which a sheet that was sent back is returned again. */
  returnAgainDays: days.default(2),
  /** Months after the meeting by which a plan ends at the latest. */
  planMonths: z.int().min(1).max(24).default(1),
  /** Natural days for the report after the last plan's end. */
  reportDays: days.default(3),
  /** Months running in which an indicator must stand to be booked. */
  recurrenceMonths: z.int().min(2).max(24).default(3),
  /** Penalties for a late meeting or return and for recurrence; what a published case is worth, from and to. */
  lateAmount: amount.default(1_000),
  recurrenceAmount: amount.default(500),
  publishedFrom: amount.default(500),
  publishedTo: amount.default(1_000),
})
export type VoicePolicy = z.infer<typeof voicePolicySchema>

/** The rulebook's values. */
export const defaultVoicePolicy: VoicePolicy = voicePolicySchema.parse({})
