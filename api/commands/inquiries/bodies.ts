/** The bodies of the writes on inquiries, as `api.md` names them. */
import { z } from 'zod'
import { channelSchema, flagSchema, methodSchema } from '../../../domain/codes.ts'
import { ticketNoSchema } from '../../../domain/ticket/events.ts'
import { categorySchema } from '../../../domain/ticket/routing.ts'
import { unitCodeSchema } from '../../../domain/unitCode.ts'
import { filledText, storableOnly, text } from '../fields.ts'
import { customerBody, externalNoSchema, optional, vehicleBody } from '../tickets/bodies.ts'

const freeText = 10_000
const note = optional(text(freeText))

export const inquiryBody = z
  .strictObject({
    channel: channelSchema,
    topic: storableOnly(z.string().min(1).max(40)).describe('One of the policy’s topics.'),
    question: filledText(freeText),
    customer: optional(customerBody),
    vehicle: optional(vehicleBody),
    dealerCode: optional(unitCodeSchema),
    answer: optional(filledText(freeText)).describe('With it the inquiry is answered at once.'),
    externalNo: optional(externalNoSchema),
  })
  .meta({ id: 'InquiryBody' })
export type InquiryBody = z.infer<typeof inquiryBody>

/** Body of each act on an inquiry that is an act on it alone, by its path. */
export const inquiryActBodies = {
  forward: z
    .strictObject({ note })
    .meta({ id: 'InquiryForwarding', examples: [{ note: '客户想知道新车上市时间。' }] }),
  answer: z
    .strictObject({ answer: filledText(freeText) })
    .meta({ id: 'InquiryAnswering', examples: [{ answer: '新车将于五月上市。' }] }),
  relay: z
    .strictObject({
      method: methodSchema,
      reached: z.boolean().describe('false: an attempt; the answer is still to be passed on.'),
      note,
    })
    .meta({ id: 'InquiryRelay', examples: [{ method: 'phone', reached: true, note: '客户表示感谢。' }] }),
  withdraw: z
    .strictObject({ reason: filledText(2_000) })
    .meta({ id: 'InquiryWithdrawal', examples: [{ reason: '客户打错电话。' }] }),
}
export type InquiryActName = keyof typeof inquiryActBodies
export type InquiryActBody<N extends InquiryActName> = z.infer<(typeof inquiryActBodies)[N]>

/** The rest of the complaint is the inquiry's: customer, vehicle, channel, question, and the dealer where none is named. */
export const becomeComplaintBody = z
  .strictObject({
    category: categorySchema,
    dealerCode: optional(unitCodeSchema),
    flags: z.array(flagSchema).max(4).default([]),
    sameProblemAs: storableOnly(ticketNoSchema)
      .nullable()
      .default('auto')
      .describe('`auto`, a ticket number, or null for a different problem'),
  })
  .meta({ id: 'InquiryComplaint', examples: [{ category: 'A4a', dealerCode: 'D001' }] })
export type BecomeComplaintBody = z.infer<typeof becomeComplaintBody>
