/** `GET /v1/tickets/{no}/contacts`, `…/responses`, `…/records`, `…/callbacks`: what was done on a ticket, by its kind. */
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { StoredEvent } from '../../domain/eventStore.ts'
import type { TicketEvent, TicketEventType } from '../../domain/ticket/events.ts'
import type { Reader } from '../commands/tickets/personal.ts'
import { listFiles } from '../files/negotiation.ts'
import { asOfOr, asOfQuery } from '../http/asOf.ts'
import type { Deps, Routes } from '../http/deps.ts'
import { type KeysetForm, sendPage } from '../http/lists.ts'
import { pageOf, pageQuery } from '../http/schemas.ts'
import { ticketParams } from './params.ts'
import {
  callbackAnswer,
  contactAnswer,
  type EventOf,
  presentCallback,
  presentContact,
  presentRecord,
  presentResponse,
  recordAnswer,
  responseAnswer,
} from './partAnswers.ts'
import { eventsFor } from './requestContext.ts'

/** One list: the events it is made of and their rows. */
type Part<T extends TicketEventType, S extends z.ZodObject> = {
  name: string
  operationId: string
  summary: string
  type: T
  row: S
  present(event: EventOf<T>, reader: Reader, all: readonly StoredEvent<TicketEvent>[]): z.infer<S>
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
      const own = events.filter((event): event is EventOf<T> => event.type === type)
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
    row: contactAnswer,
    present: presentContact,
  })
  partRoute(deps, app, {
    name: 'responses',
    operationId: 'listResponses',
    summary: 'List the responses to the customer',
    type: 'ResponseRecorded',
    row: responseAnswer,
    present: presentResponse,
  })
  partRoute(deps, app, {
    name: 'records',
    operationId: 'listRecords',
    summary: 'List the work on the ticket',
    type: 'WorkRecorded',
    row: recordAnswer,
    present: presentRecord,
  })
  partRoute(deps, app, {
    name: 'callbacks',
    operationId: 'listTicketCallbacks',
    summary: 'List the attempts to call back',
    type: 'CallbackRecorded',
    row: callbackAnswer,
    present: presentCallback,
  })
}
