/** `GET /v1/tickets/{no}/contacts`, `…/responses`, `…/records`, `…/callbacks`: what was done on a ticket, by its kind. */
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
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
import { listFiles } from '../files/negotiation.ts'
import { asOfOr, asOfQuery } from '../http/asOf.ts'
import type { Deps, Routes } from '../http/deps.ts'
import { type KeysetForm, sendPage } from '../http/lists.ts'
import { pageOf, pageQuery } from '../http/schemas.ts'
import { ticketParams } from './params.ts'
import { eventsFor } from './requestContext.ts'
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

const contact = z
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

const response = z
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

const record = z.object({ ...common, kind: recordKindSchema, note: nullableText }).meta({ id: 'WorkRecord' })

const callback = z
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

type Event<T extends TicketEventType> = StoredEvent<TicketEvent> & { type: T; data: DataOf<T> }

const commonOf = ({ id, version, metadata, data }: StoredEvent<TicketEvent>) => ({
  eventId: id,
  version,
  at: metadata.recordedAt,
  occurredAt: ('occurredAt' in data ? data.occurredAt : null) ?? null,
  actor: { id: metadata.actor.id, role: metadata.actor.role, sub: metadata.actor.sub ?? null },
})

const presentContact = (event: Event<'ContactLogged'>, reader: Reader): z.infer<typeof contact> => {
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

const presentResponse = (event: Event<'ResponseRecorded'>, reader: Reader): z.infer<typeof response> => {
  const { unit, countsFor, method, reached, promisedReplyAt, text } = event.data
  const note = reader.text(text).note ?? null
  return { ...commonOf(event), unit, countsFor, method, reached, promisedReplyAt, note }
}

const presentRecord = (event: Event<'WorkRecorded'>, reader: Reader): z.infer<typeof record> => ({
  ...commonOf(event),
  kind: event.data.kind,
  note: reader.text(event.data.text).note ?? null,
})

const presentCallback = (
  event: Event<'CallbackRecorded'>,
  reader: Reader,
  all: readonly StoredEvent<TicketEvent>[],
): z.infer<typeof callback> => {
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

/** One list: the events it is made of and their rows. */
type Part<T extends TicketEventType, S extends z.ZodObject> = {
  name: string
  operationId: string
  summary: string
  type: T
  row: S
  present(event: Event<T>, reader: Reader, all: readonly StoredEvent<TicketEvent>[]): z.infer<S>
}

/** The place of an event in its ticket's stream. */
const byVersion: KeysetForm<number> = { pack: (version) => [version], unpack: ([version]) => Number(version) }

const query = z.strictObject({ asOf: asOfQuery, ...pageQuery })

const partRoute = <T extends TicketEventType, S extends z.ZodObject>(
  deps: Deps,
  app: Parameters<ReturnType<Routes>>[0],
  { name, operationId, summary, type, row, present }: Part<T, S>,
): void => {
  app.withTypeProvider<ZodTypeProvider>().get(
    `/v1/tickets/:ticketNo/${name}`,
    {
      config: { action: 'read', files: listFiles(row), refusals: ['ticket_not_found'], operationId },
      schema: {
        tags: ['tickets'],
        summary,
        params: ticketParams,
        querystring: query,
        response: { 200: pageOf(row) },
      },
    },
    async (request, reply) => {
      const { ticketNo } = request.params
      const { asOf, limit, cursor } = request.query
      // what is not over yet cannot be asked about
      asOfOr(deps.now(), asOf)
      const { events, reader } = await eventsFor(deps, request, ticketNo, asOf)
      const own = events.filter((event): event is Event<T> => event.type === type)
      return sendPage(
        deps,
        { request, reply },
        { list: `ticket ${name}`, filters: { ticketNo, asOf }, asked: { limit, cursor } },
        {
          form: byVersion,
          find: ({ after, limit }) => {
            const left = after === null ? own : own.filter(({ version }) => version > after)
            const items = left.slice(0, limit)
            return { items, next: left.length > limit ? (items.at(-1)?.version ?? null) : null }
          },
          present: (event) => present(event, reader, events),
        },
      ) as never
    },
  )
}

export const ticketPartRoutes: Routes = (deps) => async (app) => {
  partRoute(deps, app, {
    name: 'contacts',
    operationId: 'listContacts',
    summary: 'List the further contacts of the customer',
    type: 'ContactLogged',
    row: contact,
    present: presentContact,
  })
  partRoute(deps, app, {
    name: 'responses',
    operationId: 'listResponses',
    summary: 'List the responses to the customer',
    type: 'ResponseRecorded',
    row: response,
    present: presentResponse,
  })
  partRoute(deps, app, {
    name: 'records',
    operationId: 'listRecords',
    summary: 'List the work on the ticket',
    type: 'WorkRecorded',
    row: record,
    present: presentRecord,
  })
  partRoute(deps, app, {
    name: 'callbacks',
    operationId: 'listTicketCallbacks',
    summary: 'List the attempts to call back',
    type: 'CallbackRecorded',
    row: callback,
    present: presentCallback,
  })
}
