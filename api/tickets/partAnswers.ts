/** Contacts, responses, records and callbacks of a ticket to the JSON of the contract. */
import { z } from 'zod'
import {
  callbackOutcomeSchema,
  channelSchema,
  flagSchema,
  methodSchema,
  recordKindSchema,
  remedySchema,
  severitySchema,
  sourceSchema,
} from '../../domain/codes.ts'
import type { StoredEvent } from '../../domain/eventStore.ts'
import type { DataOf, TicketEvent, TicketEventType } from '../../domain/ticket/events.ts'
import type { Reader } from '../commands/tickets/personal.ts'
import { customerAnswer, vehicleAnswer } from './responseSchemas.ts'

const instant = z.iso.datetime()
const nullableText = z.string().nullable()

const common = {
  eventId: z.string(),
  version: z.int().meta({ description: 'Of the ticket after it.' }),
  at: instant.meta({ description: 'When it was recorded.' }),
  occurredAt: instant.nullable().meta({ description: 'When it happened, where the CSC’s software said so.' }),
  actor: z.object({
    id: z.string(),
    role: z.string(),
    sub: nullableText.meta({ description: 'The token’s own subject, where it wrote on behalf of `id`.' }),
  }),
}

const callerAnswer = customerAnswer.omit({ subjectId: true }).meta({ id: 'Caller' })

export const contactAnswer = z
  .object({
    ...common,
    channel: channelSchema,
    flags: z.array(flagSchema),
    externalNo: nullableText,
    source: sourceSchema.nullable(),
    dealer: nullableText,
    receivedAt: instant.nullable(),
    severity: severitySchema.nullable(),
    safety: z.boolean(),
    remedy: remedySchema.nullable(),
    remedyText: nullableText,
    content: nullableText,
    initialCause: nullableText,
    customer: callerAnswer.meta({ description: 'Who called, where the caller said it again.' }),
    vehicle: vehicleAnswer,
  })
  .meta({ id: 'Contact' })

export const responseAnswer = z
  .object({
    ...common,
    unit: z.string().meta({ description: 'Whose response it is.' }),
    countsFor: z
      .enum(['holder', 'responsible_dealer'])
      .nullable()
      .meta({ description: 'Whose clock it stops; null: a further one, which stops none.' }),
    method: methodSchema,
    reached: z.boolean(),
    promisedReplyAt: instant.nullable(),
    note: nullableText,
  })
  .meta({ id: 'Response' })

export const recordAnswer = z
  .object({ ...common, kind: recordKindSchema, note: nullableText })
  .meta({ id: 'WorkRecord' })

export const callbackAnswer = z
  .object({
    ...common,
    outcome: callbackOutcomeSchema,
    score: z.int().nullable(),
    sameProblem: z.boolean(),
    registersRepeat: z.boolean(),
    repeatExternalNo: nullableText,
    withdrawn: z
      .boolean()
      .meta({ description: 'It does not count: the complaint it asked for was refused.' }),
    note: nullableText,
  })
  .meta({ id: 'Callback' })

export type EventOf<T extends TicketEventType> = StoredEvent<TicketEvent> & { type: T; data: DataOf<T> }

const commonOf = ({ id, version, metadata, data }: StoredEvent<TicketEvent>) => ({
  eventId: id,
  version,
  at: metadata.recordedAt,
  occurredAt: ('occurredAt' in data ? data.occurredAt : null) ?? null,
  actor: { id: metadata.actor.id, role: metadata.actor.role, sub: metadata.actor.sub ?? null },
})

export const presentContact = (
  event: EventOf<'ContactLogged'>,
  reader: Reader,
): z.infer<typeof contactAnswer> => {
  const { data } = event
  const { channel, flags, externalNo, source, dealer, receivedAt } = data
  const text = reader.text(data.text)
  const { customer, vehicle } = reader.person(data.customer)
  return {
    ...commonOf(event),
    channel,
    flags,
    externalNo,
    source,
    dealer,
    receivedAt,
    severity: data.severity ?? null,
    safety: data.safety ?? false,
    remedy: data.remedy ?? null,
    remedyText: text.remedyText ?? null,
    content: text.content ?? null,
    initialCause: text.initialCause ?? null,
    customer,
    vehicle,
  }
}

export const presentResponse = (
  event: EventOf<'ResponseRecorded'>,
  reader: Reader,
): z.infer<typeof responseAnswer> => {
  const { unit, countsFor, method, reached, promisedReplyAt, text } = event.data
  const note = reader.text(text).note ?? null
  return { ...commonOf(event), unit, countsFor, method, reached, promisedReplyAt, note }
}

export const presentRecord = (
  event: EventOf<'WorkRecorded'>,
  reader: Reader,
): z.infer<typeof recordAnswer> => ({
  ...commonOf(event),
  kind: event.data.kind,
  note: reader.text(event.data.text).note ?? null,
})

export const presentCallback = (
  event: EventOf<'CallbackRecorded'>,
  reader: Reader,
  all: readonly StoredEvent<TicketEvent>[],
): z.infer<typeof callbackAnswer> => {
  const { outcome, score, sameProblem, registersRepeat, repeatExternalNo, text } = event.data
  const withdrawn = all.some(
    ({ type, data }) =>
      type === 'CallbackWithdrawn' && (data as DataOf<'CallbackWithdrawn'>).at === event.metadata.recordedAt,
  )
  return {
    ...commonOf(event),
    outcome,
    score: score ?? null,
    sameProblem,
    registersRepeat,
    repeatExternalNo,
    withdrawn,
    note: reader.text(text).note ?? null,
  }
}
