/** `GET /v1/assessments/{quarter}`: score, ranks, rewards and penalties, live (rulebook §9). */
import type { FastifyRequest } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { type Assessed, assess, type DealerQuarter, firstQuarter } from '../../domain/assessment.ts'
import {
  type Instant,
  quarterBounds,
  quarterOf,
  quarterSchema,
  toEpoch,
  toInstant,
} from '../../domain/instant.ts'
import { Refusal } from '../../domain/refusal.ts'
import { type Counts, rateOf } from '../../domain/ticket/measures.ts'
import { unitCodeSchema } from '../../domain/unitCode.ts'
import type { KpiCounts } from '../../projections/kpi/kpiQueries.ts'
import { asOfOr, asOfQuery } from '../asOf.ts'
import { scopeOf } from '../auth.ts'
import type { Deps, Routes } from '../deps.ts'
import { commaList } from '../schemas.ts'

const rate = z.number().nullable()

export const assessmentAnswer = z
  .strictObject({
    quarter: z.string(),
    status: z.enum(['live']),
    revision: z.int().nullable(),
    asOf: z.iso.datetime(),
    rbos: z.array(
      z.strictObject({
        rbo: z.string(),
        dealers: z.array(
          z.strictObject({
            dealer: z.string(),
            name: z.string(),
            total: z.int(),
            responseRate: rate,
            closeRate: rate,
            firstTimeResolutionRate: rate,
            score: rate,
            deliveries: z.int().nullable(),
            rank: z.int().nullable(),
            outcome: z.enum(['reward', 'penalty', 'none', 'unranked', 'tie_unresolved']),
            amount: z.int().meta({ description: 'Whole CNY, a penalty negative.' }),
          }),
        ),
      }),
    ),
  })
  .meta({ id: 'Assessment' })

/** The instant whose policy and RBOs count: the quarter's last, or `asOf` where that comes first. */
export const countingAt = (quarter: string, asOf: Instant): Instant => {
  const last = toInstant(toEpoch(quarterBounds(quarter).to) - 1)
  return asOf < last ? asOf : last
}

/** @throws Refusal `quarter_not_assessed`, `quarter_in_future` */
export const requireAssessable = (quarter: string, asOf: Instant): void => {
  if (quarter < firstQuarter) throw new Refusal('quarter_not_assessed', { first: firstQuarter }, 'quarter')
  if (quarter > quarterOf(asOf)) throw new Refusal('quarter_in_future', {}, 'quarter')
}

type Named = DealerQuarter & { name: string }

const none: Counts = { met: 0, failed: 0, pending: 0 }

/** The quarter's units by dealer, as recorded. */
const unitsByDealer = ({ views }: Deps, quarter: string, asOf: Instant): Map<string, KpiCounts> => {
  const query = { ...quarterBounds(quarter), by: 'dealer', tier: 'dealer', asOf } as const
  const { rows } = views.kpi.rates({ ...query, scope: [{ kind: 'all' }] })
  return new Map(rows.map((row) => [row.key, row]))
}

/** Every dealer's quarter, made of its units, by the RBO it belonged to at the quarter's end. */
export const dealersByRbo = (
  { views: { master } }: Deps,
  { quarter, asOf }: { quarter: string; asOf: Instant },
  counted: ReadonlyMap<string, KpiCounts>,
): Map<string, Named[]> => {
  const at = countingAt(quarter, asOf)
  const dealers = master.dealers({ limit: Number.MAX_SAFE_INTEGER }).map(({ code, name }) => {
    const { total = 0, response = none, close = none, firstTime = none } = counted.get(code) ?? {}
    const deliveries = master.deliveries(code, quarter, asOf)?.count ?? null
    const rbo = master.rboOfDealer(code, at) as string
    return { rbo, dealer: code, name, total, counts: { response, close, firstTime }, deliveries }
  })
  return Map.groupBy(dealers, ({ rbo }) => rbo)
}

export const present = ({
  dealer,
  name,
  total,
  counts,
  score,
  deliveries,
  rank,
  outcome,
  amount,
}: Assessed<Named>) => ({
  dealer,
  name,
  total,
  responseRate: rateOf(counts.response),
  closeRate: rateOf(counts.close),
  firstTimeResolutionRate: rateOf(counts.firstTime),
  score,
  deliveries,
  rank,
  outcome,
  amount,
})

/** A dealer sees its own row and rank, an RBO its own dealers. */
const isVisible = (request: FastifyRequest, rbo: string, dealer: string): boolean =>
  scopeOf(request.caller).some(
    (scope) => scope.kind === 'all' || scope.code === (scope.kind === 'rbo' ? rbo : dealer),
  )

const query = z.strictObject({ rbo: commaList(unitCodeSchema).optional(), asOf: asOfQuery })

export const assessmentRoutes: Routes = (deps) => async (plugin) => {
  plugin.withTypeProvider<ZodTypeProvider>().get(
    '/v1/assessments/:quarter',
    {
      config: { action: 'read', views: ['kpi', 'master'] },
      schema: {
        tags: ['reports'],
        summary: "A quarter's assessment per RBO",
        params: z.strictObject({ quarter: quarterSchema }),
        querystring: query,
        response: { 200: assessmentAnswer },
      },
    },
    (request) => {
      const { quarter } = request.params
      const asOf = asOfOr(deps.now(), request.query.asOf)
      requireAssessable(quarter, asOf)
      const policy = deps.views.master.policy(countingAt(quarter, asOf)).values
      const units = unitsByDealer(deps, quarter, asOf)
      const rbos = [...dealersByRbo(deps, { quarter, asOf }, units)]
        .filter(([rbo]) => request.query.rbo?.includes(rbo) ?? true)
        .map(([rbo, dealers]) => ({
          rbo,
          dealers: assess(dealers, policy)
            .filter(({ dealer }) => isVisible(request, rbo, dealer))
            .map(present),
        }))
        .filter(({ dealers }) => dealers.length > 0)
        .sort((a, b) => (a.rbo < b.rbo ? -1 : 1))
      return { quarter, status: 'live' as const, revision: null, asOf, rbos }
    },
  )
}
