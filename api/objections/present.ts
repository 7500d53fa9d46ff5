/** Objections to the JSON of the contract. */
import { z } from 'zod'
import { measureSchema, objectionStatusSchema } from '../../domain/codes.ts'
import type { TicketNo } from '../../domain/ticket/events.ts'
import type { Objection } from '../../domain/ticket/state.ts'
import type { Reader } from '../commands/tickets/personal.ts'

const nullableText = z.string().nullable()
const instant = z.iso.datetime()

/** What of an objection holds no text of a person. */
export const objectionFact = {
  objectionId: z.string(),
  dealer: z.string(),
  rbo: nullableText.describe('Of the unit.'),
  quarter: z.string().describe('In which the unit counts.'),
  dispatchedAt: instant.describe('When the unit began.'),
  measures: z.array(measureSchema),
  attachmentIds: z
    .array(z.string())
    .describe('Attachments of the ticket the reason refers to; one may have been removed since.'),
  status: objectionStatusSchema,
  raisedAt: instant,
  raisedBy: z.string(),
  decidedAt: instant.nullable(),
  decidedBy: nullableText,
}

export const objectionAnswer = z
  .object({
    ticketNo: z.string(),
    ...objectionFact,
    reason: nullableText.describe('The dealer’s.'),
    decisionReason: nullableText,
  })
  .meta({ id: 'Objection' })

export type ObjectionAnswer = z.infer<typeof objectionAnswer>

export const presentFact = (objection: Objection) => {
  const { objectionId, dealer, rbo, quarter, dispatchedAt, measures, attachmentIds, status } = objection
  const { raisedAt, raisedBy, decidedAt, decidedBy } = objection
  return {
    ...{ objectionId, dealer, rbo, quarter, dispatchedAt, measures: [...measures], status },
    attachmentIds: [...attachmentIds],
    ...{ raisedAt, raisedBy, decidedAt, decidedBy },
  }
}

export const presentObjection = (
  ticketNo: TicketNo,
  objection: Objection,
  reader: Reader,
): ObjectionAnswer => ({
  ticketNo,
  ...presentFact(objection),
  reason: reader.text(objection.text).reason ?? null,
  decisionReason: reader.text(objection.decisionText).reason ?? null,
})
