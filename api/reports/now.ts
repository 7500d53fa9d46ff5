/** `GET /v1/reports/now`: what there is to do now, by holder, RBO and category (rulebook §4, §5, §7). */
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { type Tier, tierSchema, tiers } from '../../domain/codes.ts'
import { MINUTE } from '../../domain/instant.ts'
import { scopesFor } from '../../domain/scope.ts'
import { type NowRow, nowDimensions } from '../../projections/tickets/countsOfNow.ts'
import { reportFiles } from '../files/negotiation.ts'
import { rowsReport } from '../files/rowsReport.ts'
import { sendReport } from '../files/send.ts'
import type { Deps, Routes } from '../http/deps.ts'
import { type Language, languageOf } from '../http/problems.ts'
import { keyName } from './keyName.ts'

const dueSoonMinutes = 120

const counts = {
  unhandled: z.int(),
  inProgress: z.int(),
  overdue: z.int().meta({ description: 'Open, and its response or its closing is past the due.' }),
  dueSoon: z.int().meta({ description: 'Open, not overdue, and due within `dueSoonMinutes`.' }),
  openWarnings: z.int().meta({ description: 'Early warnings that are not resolved.' }),
}

const nowAnswer = z
  .object({
    asOf: z.iso.datetime(),
    dueSoonMinutes: z.int(),
    rows: z.array(
      z.object({
        dimension: z.enum(nowDimensions),
        tier: tierSchema.nullable().meta({ description: 'Of a holder; null of the others.' }),
        key: z.string().nullable().meta({ description: 'null: what has none.' }),
        name: z.string(),
        ...counts,
      }),
    ),
    totals: z.object(counts),
  })
  .meta({ id: 'CountsOfNow' })

const file = rowsReport(nowAnswer, { name: 'now', title: { en: 'Complaints now', zh: '当前投诉' } })

const nameOf = (deps: Deps, { dimension, tier, key }: NowRow, language: Language): string => {
  if (dimension !== 'holder') return keyName(deps, dimension, key, language)
  if (tier === 'dealer' || tier === 'rbo') return keyName(deps, tier, key, language)
  return tiers[tier as Tier][language]
}

export const nowRoutes: Routes = (deps) => async (plugin) => {
  plugin.withTypeProvider<ZodTypeProvider>().get(
    '/v1/reports/now',
    {
      config: {
        action: 'read',
        views: ['tickets', 'master'],
        files: reportFiles,
        refusals: [],
        operationId: 'getCountsOfNow',
      },
      schema: {
        tags: ['reports'],
        summary: 'What there is to do now',
        description:
          'Unhandled, in progress, overdue, due soon and open warnings of the tickets in scope: by who holds them, by RBO and by category.',
        querystring: z.strictObject({}),
        response: { 200: nowAnswer },
      },
    },
    (request, reply) => {
      const now = deps.now()
      const language = languageOf(request.headers['accept-language'])
      const { rows, totals } = deps.views.tickets.countsOfNow({
        now,
        dueSoonMs: dueSoonMinutes * MINUTE,
        scope: scopesFor(request.caller, 'read'),
      })
      const answer = {
        asOf: now,
        dueSoonMinutes,
        rows: rows.map(({ dimension, tier, key, ...counted }) => ({
          dimension,
          tier: tier as Tier | null,
          key,
          name: nameOf(deps, { dimension, tier, key, ...counted }, language),
          ...counted,
        })),
        totals,
      }
      return sendReport(deps, { request, reply }, answer, file)
    },
  )
}
