/** Lists of tickets, one ticket, its timeline and its clocks. */
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { actingRole } from '../../domain/authority.ts'
import { toEpoch } from '../../domain/instant.ts'
import { scopesFor } from '../../domain/scope.ts'
import { slaOf } from '../../domain/ticket/sla.ts'
import type { TicketFilters } from '../../projections/tickets/ticketFilters.ts'
import type { WholeTicket } from '../../projections/tickets/ticketView.ts'
import { columnsOf } from '../files/columns.ts'
import { isFile, listFiles } from '../files/negotiation.ts'
import { asOfOr, asOfQuery } from '../http/asOf.ts'
import type { Deps, Http, Routes } from '../http/deps.ts'
import { sendETag } from '../http/etag.ts'
import { isReadOnce, keyset, sendPage } from '../http/lists.ts'
import { limitInBody, pageQuery } from '../http/schemas.ts'
import { hashesOfAll, personKeys, searchHashesOfAll, searchKeys } from './candidates.ts'
import { include, type TicketListQuery, ticketFilters, ticketListQuery, viewFilters } from './filters.ts'
import { ticketParams } from './params.ts'
import { presentRow, presentTicket, presentWhole } from './present.ts'
import { eventsFor, readersFor, ticketAt, ticketFor } from './requestContext.ts'
import { ticketAnswer, ticketPage, ticketRowAnswer } from './responseSchemas.ts'
import { rowBytes } from './rowBytes.ts'
import { slaAnswer } from './slaAnswer.ts'
import { timelineOf } from './timeline.ts'
import { ticketTimelineAnswer } from './timelineSchemas.ts'
import { wordsOf } from './timelineWords.ts'

const files = listFiles(ticketRowAnswer)
// care tasks are named by one ticket, not by a list
const columnsWithTexts = columnsOf(ticketAnswer.omit({ careTasks: true }))

/** Registration is never taken back or moved, so in this order no change while a file is written doubles or skips a row. */
const fileSort = '-registeredAt'

const listTickets = (
  deps: Deps,
  http: Http,
  { limit, cursor, sort: asked, include: texts, ...query }: TicketListQuery,
  more: { list: string; filters: TicketFilters },
) => {
  const now = deps.now()
  const moment = { epoch: toEpoch(now), instant: now }
  const once = isReadOnce(http.request)
  // an answer that is held against its schema is made as a value
  const isInBytes = texts === undefined && !once && !deps.config.checkAnswers
  const sort = asked ?? (isFile(http.request) ? fileSort : 'dueAt')
  const filters = { ...viewFilters(query, http.request.caller), ...more.filters }
  const readerAt = readersFor(deps, http.request)
  const { personHashes, searchHashes, ...plain } = filters
  // who is found by phone must be of a role that may look so, and that has the ticket in its own scope
  const isByPerson = personHashes !== undefined || searchHashes !== undefined
  const scope = scopesFor(http.request.caller, isByPerson ? 'search_by_person' : 'read')
  const hashes = [personHashes, searchHashes].map((each) =>
    each?.map((hash) => Buffer.from(hash).toString('base64url')),
  )
  return sendPage(
    deps,
    http,
    {
      list: more.list,
      filters: { ...plain, hashes, scope, sort, texts },
      asked: { limit, cursor },
      ...(texts !== undefined && { columns: columnsWithTexts }),
    },
    {
      form: keyset,
      find: (page) => deps.views.tickets.page({ filters, scope, sort, now, once, ...page }),
      present: (row) => {
        const reader = readerAt(row, row.ticketNo)
        if (texts === undefined) return presentRow(row, reader, now)
        // tickets are never deleted
        return presentWhole(deps.views.tickets.wholeByNo(row.ticketNo) as WholeTicket, reader, now)
      },
      bytesOf: isInBytes ? (row) => rowBytes(row, readerAt(row, row.ticketNo), moment) : undefined,
    },
  )
}

const searchBody = z.strictObject({
  ...ticketFilters,
  ...personKeys,
  ...searchKeys,
  include,
  limit: limitInBody,
  cursor: pageQuery.cursor,
})

const listRoutes = (deps: Deps, plugin: Parameters<ReturnType<Routes>>[0]): void => {
  const app = plugin.withTypeProvider<ZodTypeProvider>()

  app.get(
    '/v1/tickets',
    {
      config: { action: 'read', files, refusals: [] },
      schema: {
        tags: ['tickets'],
        summary: 'List tickets',
        querystring: ticketListQuery,
        response: { 200: ticketPage },
      },
    },
    (request, reply) =>
      listTickets(deps, { request, reply }, request.query, { list: 'tickets', filters: {} }),
  )

  app.post(
    '/v1/tickets/search',
    {
      config: {
        action: 'read',
        files,
        refusals: [],
        operationId: 'searchTickets',
        example: { body: { phone: '13800000000', state: 'open' } },
      },
      schema: {
        tags: ['tickets'],
        summary: 'List tickets, also by phone, VIN, customer number, plate number and name',
        body: searchBody,
        response: { 200: ticketPage },
      },
    },
    (request, reply) => {
      const { phone, vin, customerId, plateNo, customerName, ...query } = request.body
      const asked = [phone, vin, customerId, plateNo, customerName]
      if (asked.every((each) => each === null))
        return listTickets(deps, { request, reply }, query, { list: 'search', filters: {} })
      actingRole(request.caller, 'search_by_person')
      const personHashes = hashesOfAll(deps, { phone, vin, customerId })
      const searchHashes = searchHashesOfAll(deps, { plateNo, customerName })
      const isNobody = personHashes === null || searchHashes === null
      const filters = isNobody ? { personHashes: [] } : { personHashes, searchHashes }
      return listTickets(deps, { request, reply }, query, { list: 'search', filters })
    },
  )

  app.get(
    '/v1/escalations',
    {
      config: { action: 'read', files, refusals: [] },
      schema: {
        tags: ['tickets'],
        summary: 'List second and later complaints on the same problem',
        querystring: ticketListQuery,
        response: { 200: ticketPage },
      },
    },
    (request, reply) =>
      listTickets(deps, { request, reply }, request.query, {
        list: 'escalations',
        filters: { minOrdinal: 2 },
      }),
  )
}

const asOfParams = z.strictObject({ asOf: asOfQuery })

export const ticketReadRoutes: Routes = (deps) => async (plugin) => {
  listRoutes(deps, plugin)
  const app = plugin.withTypeProvider<ZodTypeProvider>()

  app.get(
    '/v1/tickets/:ticketNo',
    {
      config: { action: 'read', refusals: ['ticket_not_found'] },
      schema: {
        tags: ['tickets'],
        summary: 'One ticket, as it is or was known at an instant',
        params: ticketParams,
        querystring: asOfParams,
        response: { 200: ticketAnswer },
      },
    },
    async (request, reply) => {
      const { ticketNo } = request.params
      const { asOf } = request.query
      const now = asOfOr(deps.now(), asOf)
      if (asOf === undefined) {
        const ticket = ticketFor(deps, request, ticketNo)
        sendETag(reply, ticket.version)
        const careTasks = deps.views.care.tasksOfTicket(ticketNo)
        const answer = presentWhole(ticket, readersFor(deps, request)(ticket, ticketNo), now)
        return careTasks.length === 0 ? answer : { ...answer, careTasks }
      }
      const { ticket, reader } = await ticketAt(deps, request, ticketNo, asOf)
      sendETag(reply, ticket.version)
      return presentTicket(ticket, reader, now)
    },
  )

  app.get(
    '/v1/tickets/:ticketNo/timeline',
    {
      config: {
        action: 'read',
        views: ['tickets', 'dues'],
        refusals: ['ticket_not_found'],
        operationId: 'getTimeline',
      },
      schema: {
        tags: ['tickets'],
        summary: 'Everything that happened to the ticket, in words and data',
        params: ticketParams,
        querystring: asOfParams,
        response: { 200: ticketTimelineAnswer },
      },
    },
    async (request) => {
      const { ticketNo } = request.params
      const { asOf } = request.query
      // what is not over yet cannot be asked about
      asOfOr(deps.now(), asOf)
      const happened = await eventsFor(deps, request, ticketNo, asOf)
      const facts = deps.views.dues.factsOf(ticketNo)
      const known = asOf === undefined ? facts : facts.filter(({ recordedAt }) => recordedAt <= asOf)
      return timelineOf(request, deps.store, { ...happened, facts: known, wordsOf }) as never
    },
  )

  app.get(
    '/v1/tickets/:ticketNo/sla',
    {
      config: { action: 'read', refusals: ['ticket_not_found'], operationId: 'getTicketClocks' },
      schema: {
        tags: ['tickets'],
        summary: 'The clocks of the ticket, explained',
        params: ticketParams,
        querystring: asOfParams,
        response: { 200: slaAnswer },
      },
    },
    async (request) => {
      const now = asOfOr(deps.now(), request.query.asOf)
      const { ticket } = await ticketAt(deps, request, request.params.ticketNo, request.query.asOf)
      return {
        clocks: slaOf(ticket, { masterAt: (instant) => deps.views.master.at(instant), now }),
      }
    },
  )
}
