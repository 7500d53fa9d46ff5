/** `GET /v1/consumer-notices`: customers the law wants told of receipt, transfer and handling (rulebook §5). */
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { scopesFor } from '../../domain/scope.ts'
import { consumerNoticeNear } from '../../domain/ticket/clocks.ts'
import { listFiles } from '../files/negotiation.ts'
import type { Routes } from '../http/deps.ts'
import { keyset, sendPage } from '../http/lists.ts'
import { pageQuery } from '../http/schemas.ts'
import { presentRow } from './present.ts'
import { readersFor } from './requestContext.ts'
import { ticketPage, ticketRowAnswer } from './responseSchemas.ts'

const files = listFiles(ticketRowAnswer)

const noticeQuery = z.strictObject({
  status: z
    .enum(['near', 'overdue', 'done'])
    .default('near')
    .meta({ description: 'near: due today or in the next two working days. done: told, late or not.' }),
  ...pageQuery,
})

export const consumerNoticeRoutes: Routes = (deps) => async (plugin) => {
  plugin.withTypeProvider<ZodTypeProvider>().get(
    '/v1/consumer-notices',
    {
      config: { action: 'read', files, refusals: [] },
      schema: {
        tags: ['tickets'],
        summary: 'List tickets by the notice their customer is owed, the earliest due first',
        querystring: noticeQuery,
        response: { 200: ticketPage },
      },
    },
    (request, reply) => {
      const now = deps.now()
      const { status, limit, cursor } = request.query
      const horizon = consumerNoticeNear(deps.views.master.at(now), now)
      const scope = scopesFor(request.caller, 'read')
      const readerAt = readersFor(deps, request)
      return sendPage(
        deps,
        { request, reply },
        { list: 'consumer-notices', filters: { status }, asked: { limit, cursor } },
        {
          form: keyset,
          find: (page) => deps.views.tickets.consumerNotices({ status, scope, now, horizon, ...page }),
          present: (row) => presentRow(row, readerAt(row, row.ticketNo), now),
        },
      )
    },
  )
}
