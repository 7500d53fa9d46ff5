/** `GET /v1/warnings`: the early warnings a desk has to see to (rulebook §7). */
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { levelSchema, stateSchema, warningCodeSchema } from '../../domain/codes.ts'
import { mayAt, scopesFor } from '../../domain/scope.ts'
import { categorySchema } from '../../domain/ticket/routing.ts'
import type { WarningView } from '../../projections/warnings/warningQueries.ts'
import type { Reader } from '../commands/tickets/personal.ts'
import { listFiles } from '../files/negotiation.ts'
import type { Routes } from '../http/deps.ts'
import { keyset, sendPage } from '../http/lists.ts'
import { commaList, pageOf, pageQuery } from '../http/schemas.ts'
import { readersFor } from './requestContext.ts'
import { unitAnswer } from './responseSchemas.ts'

const nullableInstant = z.iso.datetime().nullable()

const warningAnswer = z
  .strictObject({
    warningId: z.string(),
    code: warningCodeSchema,
    ticketNo: z.string(),
    from: unitAnswer.nullable(),
    sentTo: unitAnswer,
    raisedAt: z.iso.datetime(),
    raisedBy: z.string().nullable(),
    reason: z.string().nullable().meta({ description: 'Given where it was raised by hand.' }),
    content: z.string().nullable().meta({ description: 'What the customer said that gave cause.' }),
    ackDueAt: z.iso.datetime(),
    provisional: z.boolean().meta({ description: 'Of ackDueAt.' }),
    acknowledgedAt: nullableInstant,
    acknowledgedBy: z.string().nullable(),
    resolvedAt: nullableInstant,
    resolvedBy: z.string().nullable(),
    result: z.string().nullable(),
    level: levelSchema.nullable(),
    category: categorySchema.nullable(),
    state: stateSchema.nullable(),
    dealer: z.string().nullable(),
    dueAt: nullableInstant,
  })
  .meta({
    id: 'Warning',
    description:
      'Sent to a unit from whose scope the ticket has gone, it has its code, numbers and instants; the rest is null.',
  })
export type WarningAnswer = z.infer<typeof warningAnswer>

const present = (
  { id: _id, place: _place, reason, content, result, ...warning }: WarningView,
  reader: Reader,
): WarningAnswer => ({
  ...warning,
  reason: reader.text(reason).reason ?? null,
  content: reader.text(content).content ?? null,
  result: reader.text(result).result ?? null,
})

/** As the unit it was sent to sees it where the ticket is not in its scope (rulebook §7). */
const presentBare = (warning: WarningView): WarningAnswer => ({
  warningId: warning.warningId,
  code: warning.code,
  ticketNo: warning.ticketNo,
  from: null,
  sentTo: warning.sentTo,
  raisedAt: warning.raisedAt,
  raisedBy: null,
  reason: null,
  content: null,
  ackDueAt: warning.ackDueAt,
  provisional: warning.provisional,
  acknowledgedAt: warning.acknowledgedAt,
  acknowledgedBy: null,
  resolvedAt: warning.resolvedAt,
  resolvedBy: null,
  result: null,
  level: null,
  category: null,
  state: null,
  dealer: null,
  dueAt: null,
})

const query = z.strictObject({
  status: commaList(z.enum(['open', 'acknowledged', 'resolved']))
    .default(['open', 'acknowledged'])
    .meta({ description: 'Comma list; open and acknowledged by default.' }),
  ...pageQuery,
})

export const warningRoutes: Routes = (deps) => async (app) => {
  app.withTypeProvider<ZodTypeProvider>().get(
    '/v1/warnings',
    {
      config: {
        action: 'read',
        views: ['warnings', 'tickets'],
        files: listFiles(warningAnswer),
        refusals: [],
      },
      schema: {
        tags: ['warnings'],
        summary: 'List early warnings, the earliest to acknowledge first',
        querystring: query,
        response: { 200: pageOf(warningAnswer) },
      },
    },
    (request, reply) => {
      const { status, limit, cursor } = request.query
      const scope = scopesFor(request.caller, 'read')
      const readerAt = readersFor(deps, request)
      return sendPage(
        deps,
        { request, reply },
        { list: 'warnings', filters: { status }, asked: { limit, cursor } },
        {
          form: keyset,
          find: (page) => deps.views.warnings.page({ status, scope, ...page }),
          present: (warning) =>
            mayAt(request.caller, 'read', warning.place)
              ? present(warning, readerAt(warning.place, warning.ticketNo))
              : presentBare(warning),
        },
      )
    },
  )
}
