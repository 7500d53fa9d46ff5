/** `GET /v1/callbacks`: whom the call centre has to call back, and how often it has tried (rulebook §11). */
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { callbackOutcomeSchema } from '../../domain/codes.ts'
import { toEpoch } from '../../domain/instant.ts'
import { scopesFor } from '../../domain/scope.ts'
import { attemptsApart } from '../../domain/ticket/callbacks.ts'
import type { TicketView } from '../../projections/tickets/ticketView.ts'
import { listFiles } from '../files/negotiation.ts'
import type { Routes } from '../http/deps.ts'
import { keyset, sendPage } from '../http/lists.ts'
import { pageQuery } from '../http/schemas.ts'
import { presentRow } from './present.ts'
import { readersFor } from './requestContext.ts'
import { ticketRowAnswer } from './responseSchemas.ts'

const callbackQuery = z.strictObject({
  status: z.enum(['due', 'overdue', 'done']).default('due'),
  ...pageQuery,
})

const callbackRow = ticketRowAnswer.extend({
  callback: z.object({
    dueAt: z.iso.datetime().nullable(),
    attempts: z.array(
      z.object({ at: z.iso.datetime(), outcome: callbackOutcomeSchema, score: z.int().nullable() }),
    ),
    unreachable: z
      .int()
      .describe('Attempts in vain that count, each far enough from the one that counted before.'),
  }),
})

const callbackPage = z
  .object({ items: z.array(callbackRow), nextCursor: z.string().nullable() })
  .meta({ id: 'CallbackPage' })

const files = listFiles(callbackRow)

const presentCallback = ({ callbackDueAt, callbacks }: TicketView, hoursApart: number) => ({
  dueAt: callbackDueAt,
  attempts: callbacks as {
    at: string
    outcome: z.infer<typeof callbackOutcomeSchema>
    score: number | null
  }[],
  unreachable: attemptsApart(
    callbacks.filter(({ outcome }) => outcome === 'unreachable').map(({ at }) => toEpoch(at)),
    hoursApart,
  ),
})

export const callbackRoutes: Routes = (deps) => async (plugin) => {
  plugin.withTypeProvider<ZodTypeProvider>().get(
    '/v1/callbacks',
    {
      config: { action: 'read', files, refusals: [] },
      schema: {
        tags: ['tickets'],
        summary: 'List completed tickets by their callback: due, overdue or done',
        querystring: callbackQuery,
        response: { 200: callbackPage },
      },
    },
    (request, reply) => {
      const now = deps.now()
      const { status, limit, cursor } = request.query
      const { attempts, hoursApart } = deps.views.master.at(now).policy.values.callback
      const scope = scopesFor(request.caller, 'read')
      const readerAt = readersFor(deps, request)
      return sendPage(
        deps,
        { request, reply },
        { list: 'callbacks', filters: { status }, asked: { limit, cursor } },
        {
          form: keyset,
          find: (page) => deps.views.tickets.callbacks({ status, scope, now, attempts, hoursApart, ...page }),
          present: (row) => ({
            ...presentRow(row, readerAt(row, row.ticketNo), now),
            callback: presentCallback(row, hoursApart),
          }),
        },
      )
    },
  )
}
