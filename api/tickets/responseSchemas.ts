/** What ticket routes answer, as schemas: for the document, and for the serialiser. */
import { z } from 'zod'
import {
  channelSchema,
  decisionSchema,
  holderTierSchema,
  levelSchema,
  remedySchema,
  severitySchema,
  sourceSchema,
  stateSchema,
  tierSchema,
  verdictSchema,
  warningCodeSchema,
} from '../../domain/codes.ts'
import { goodwillSchema } from '../../domain/ticket/events.ts'
import { customerFields, vehicleFields } from '../../domain/ticket/person.ts'
import { categorySchema } from '../../domain/ticket/routing.ts'
import { recordedActorOutput } from '../http/schemas.ts'

const nullableText = z.string().nullable()
const instant = z.iso.datetime()
const nullableInstant = instant.nullable()

export const unitAnswer = z.object({ tier: tierSchema, unit: z.string() }).meta({ id: 'Unit' })
const holder = z.object({ tier: holderTierSchema, unit: z.string() }).meta({ id: 'Holder' })

/** The fields of a person as they are answered: whatever was given, without the limits of the input. */
const answered = <F extends Record<string, { schema: z.ZodType }>>(fields: F) =>
  Object.fromEntries(
    Object.entries(fields).map(([name, { schema }]) => [
      name,
      schema instanceof z.ZodNumber ? z.int().nullable() : nullableText,
    ]),
  ) as unknown as { [N in keyof F]: z.ZodNullable<F[N]['schema']> }

export const customerAnswer = z
  .object({ ...answered(customerFields), subjectId: z.string() })
  .meta({ id: 'Customer' })

export const vehicleAnswer = z.object(answered(vehicleFields)).meta({ id: 'Vehicle' })

export const ticketWarning = z
  .object({
    warningId: z.string(),
    code: warningCodeSchema,
    sentTo: unitAnswer,
    raisedAt: instant,
    acknowledgedAt: nullableInstant,
    resolvedAt: nullableInstant,
  })
  .meta({ id: 'TicketWarning' })

const verdict = verdictSchema.nullable()

/** A ticket in a list: all but free text. */
export const ticketRowAnswer = z
  .object({
    ticketNo: z.string(),
    externalNo: nullableText,
    version: z.int(),
    level: levelSchema,
    category: categorySchema,
    state: stateSchema,
    ordinal: z.int(),
    channel: channelSchema,
    source: sourceSchema.nullable(),
    severity: severitySchema.nullable(),
    safety: z.boolean().describe('A danger to people is claimed.'),
    remedy: remedySchema.nullable().describe('What the customer asks for.'),
    receivedAt: instant,
    registeredAt: instant,
    updatedAt: instant.describe('When something last happened to the ticket.'),
    dispatchedAt: instant,
    respondedAt: nullableInstant,
    closedAt: nullableInstant,
    convertedAt: nullableInstant,
    consumerInformedAt: nullableInstant,
    dueAt: nullableInstant,
    holder,
    dealer: nullableText,
    rbo: nullableText,
    responsibleDealer: nullableText,
    assignee: nullableText.describe('Who of the holding unit claimed the ticket.'),
    responseDueAt: instant,
    closeDueAt: nullableInstant,
    consumerNoticeDueAt: instant,
    consumerNoticeProvisional: z.boolean(),
    provisional: z.boolean(),
    calls: z.int(),
    customer: customerAnswer,
    vehicle: vehicleAnswer,
    escalatedFrom: nullableText,
    escalatedTo: nullableText,
    relatedTo: nullableText,
    duplicateOf: nullableText,
    warnings: z.array(ticketWarning),
    measures: z.object({ response: verdict, close: verdict, firstTime: verdict }).meta({ id: 'Measures' }),
  })
  .meta({ id: 'TicketRow' })

export type TicketRowAnswer = z.infer<typeof ticketRowAnswer>

const closing = z
  .object({
    result: nullableText,
    measures: nullableText,
    measuresDoneAt: nullableInstant,
    rootCauseCode: nullableText,
    rootCause: nullableText,
    customerFeedback: nullableText,
    improvement: nullableText,
    improvementDepartment: nullableText,
    decision: decisionSchema.nullable(),
    goodwill: goodwillSchema.nullable().describe('Whole CNY.'),
  })
  .meta({ id: 'Closing' })

export const ticketAnswer = ticketRowAnswer
  .extend({
    content: nullableText,
    initialCause: nullableText,
    remedyText: nullableText,
    closing: closing.nullable(),
    careTasks: z
      .array(z.string())
      .optional()
      .describe('Care tasks whose complaint this is; on GET of one ticket, where there are any.'),
  })
  .meta({ id: 'Ticket' })

export type TicketAnswer = z.infer<typeof ticketAnswer>

const clocksAnswer = {
  responseDueAt: instant,
  closeDueAt: nullableInstant,
  provisional: z.boolean(),
}

const version = z.int().meta({ description: 'Of the ticket, as its ETag has it.' })

const registered = z
  .object({
    outcome: z.enum(['registered', 'escalated']),
    ticketNo: z.string(),
    version,
    ordinal: z.int(),
    holder,
    ...clocksAnswer,
    escalatedFrom: nullableText,
    relatedTo: nullableText,
    warnings: z.array(warningCodeSchema),
  })
  .meta({ id: 'ComplaintRegistered' })

const contactLogged = z
  .object({
    outcome: z.literal('contact_logged'),
    ticketNo: z.string(),
    version,
    calls: z.int(),
    warnings: z.array(warningCodeSchema),
  })
  .meta({ id: 'ContactLogged' })

export const complaintAnswers = { 200: contactLogged, 201: registered }
export const repeatAnswer = z.union([registered, contactLogged]).nullable()

const proposal = z.enum(['contact', 'escalate', 'new'])
export const candidatesAnswer = z
  .object({
    proposal,
    ticketNo: nullableText.describe('the ticket the proposal speaks of'),
    items: z.array(
      ticketAnswer.extend({
        proposal: proposal.describe('what naming this ticket would make of the complaint'),
      }),
    ),
  })
  .meta({ id: 'Candidates' })

const onlyWithTexts = 'Only with include=texts.'
/** A row of the lists; its texts where they were asked for. */
const listedTicket = ticketRowAnswer.extend({
  content: nullableText.optional().describe(onlyWithTexts),
  initialCause: nullableText.optional().describe(onlyWithTexts),
  remedyText: nullableText.optional().describe(onlyWithTexts),
  closing: closing.nullable().optional().describe(onlyWithTexts),
})

export const ticketPage = z
  .object({ items: z.array(listedTicket), nextCursor: nullableText })
  .meta({ id: 'TicketPage' })

export const timelineItem = z.object({
  eventId: z.string(),
  version: z
    .int()
    .nullable()
    .describe('Of the ticket; null: a due that passed or came near, which moves no ticket.'),
  position: z.string(),
  at: instant,
  occurredAt: nullableInstant,
  type: z.string(),
  actor: recordedActorOutput,
  imported: z
    .object({ importedBy: nullableText, importedAt: nullableInstant, digest: nullableText })
    .nullable()
    .describe('Who imported the line, when that really was, and its keyed digest; null: recorded live.'),
  text: z.string(),
  data: z.record(z.string(), z.unknown()),
})

export const timelineAnswer = z.object({ items: z.array(timelineItem) }).meta({ id: 'Timeline' })

export type TimelineAnswer = z.infer<typeof timelineAnswer>
