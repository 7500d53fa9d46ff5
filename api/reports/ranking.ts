/** `GET /v1/reports/ranking`: the dealers of the whole brand by score, as the assessment ranks those of an RBO (rulebook §9). */
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { assess } from '../../domain/assessment.ts'
import type { Actor } from '../../domain/authority.ts'
import { quarterSchema } from '../../domain/instant.ts'
import { seesDealer } from '../../domain/scope.ts'
import { unitCodeSchema } from '../../domain/unitCode.ts'
import { assessedByRbo, basisOf } from '../commands/settlement/assessQuarter.ts'
import { assessmentViews } from '../commands/settlement/revisionSelector.ts'
import { reportFiles } from '../files/negotiation.ts'
import { rowsReport } from '../files/rowsReport.ts'
import { sendReport } from '../files/send.ts'
import type { Deps, Routes } from '../http/deps.ts'
import { ofRevision } from '../http/operationCodes.ts'
import { commaList } from '../http/schemas.ts'
import {
  type AskedAssessment,
  assessmentHead,
  dealerRow,
  presentHead,
  presentRow,
} from './assessmentAnswer.ts'
import { askedStanding, standingQuery } from './assessments.ts'

const { outcome: _, amount: __, ...figures } = dealerRow

const rankingAnswer = z
  .object({
    ...assessmentHead,
    rows: z.array(
      z.object({
        ...figures,
        rank: z.int().nullable().meta({ description: 'Among all dealers of the brand; null: unranked.' }),
        rbo: z.string(),
        rankInRbo: z.int().nullable(),
      }),
    ),
    totals: z.object({ total: z.int(), deliveries: z.int() }),
  })
  .meta({ id: 'Ranking' })
export type RankingAnswer = z.infer<typeof rankingAnswer>

/** Every dealer with its rank in the brand and in its RBO, of those whose row the caller may see. */
export const rankingOf = (
  deps: Deps,
  caller: Actor,
  { quarter, selected, rbos }: AskedAssessment,
): RankingAnswer => {
  const basis = basisOf(deps, quarter, selected)
  const inRbo = new Map(
    assessedByRbo(basis, selected).flatMap(([, dealers]) =>
      dealers.map(({ dealer, rank }) => [dealer, rank]),
    ),
  )
  const rows = assess([...basis.dealers.values()].flat(), basis.policy.values)
    .filter((row) => (rbos?.includes(row.rbo) ?? true) && seesDealer(caller, row))
    .map((row) => {
      const { outcome: _outcome, amount: _amount, ...shown } = presentRow(row)
      return { ...shown, rbo: row.rbo, rankInRbo: inRbo.get(row.dealer) ?? null }
    })
  return {
    ...presentHead(quarter, selected, basis.policy.version),
    rows,
    totals: {
      total: rows.reduce((sum, { total }) => sum + total, 0),
      deliveries: rows.reduce((sum, { deliveries }) => sum + (deliveries ?? 0), 0),
    },
  }
}

export const rankingRoutes: Routes = (deps) => async (plugin) => {
  const file = rowsReport(rankingAnswer, {
    name: 'ranking',
    title: { en: 'Dealer ranking', zh: '全品牌经销商排名' },
  })
  plugin.withTypeProvider<ZodTypeProvider>().get(
    '/v1/reports/ranking',
    {
      config: {
        action: 'read',
        views: assessmentViews,
        files: reportFiles,
        refusals: ofRevision,
        operationId: 'getRanking',
        example: { query: { quarter: '2026Q1' } },
      },
      schema: {
        tags: ['reports'],
        summary: 'The dealers of the whole brand by score',
        description:
          'As /v1/assessments/{quarter} has them, ranked over all RBOs. Rewards and penalties go by the rank in the RBO.',
        querystring: z.strictObject({
          quarter: quarterSchema,
          rbo: commaList(unitCodeSchema).optional().meta({ description: 'The dealers of these RBOs only.' }),
          ...standingQuery,
        }),
        response: { 200: rankingAnswer },
      },
    },
    (request, reply) => {
      const { quarter, rbo: rbos, ...asked } = request.query
      const selected = askedStanding(deps, quarter, asked)
      const answer = rankingOf(deps, request.caller, { quarter, selected, rbos })
      return sendReport(deps, { request, reply }, answer, file)
    },
  )
}
