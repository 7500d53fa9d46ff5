/** `GET /v1/reports/per-100-deliveries`: complaints of a quarter against the cars handed over in it (rulebook §1, §11). */
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { Actor } from '../../domain/authority.ts'
import { type Instant, quarterBounds, quarterSchema } from '../../domain/instant.ts'
import { type DealerDeliveries, perDeliveries } from '../../domain/perDeliveries.ts'
import { scopesFor, seesDealer } from '../../domain/scope.ts'
import { eachComplaint } from '../../projections/statistics/statistics.ts'
import { countingAt } from '../commands/settlement/revisionSelector.ts'
import { reportFiles } from '../files/negotiation.ts'
import { rowsReport } from '../files/rowsReport.ts'
import { sendReport } from '../files/send.ts'
import { asOfOr, asOfQuery } from '../http/asOf.ts'
import type { Deps, Routes } from '../http/deps.ts'
import { languageOf } from '../http/problems.ts'
import { keyName } from './keyName.ts'
import { givenUnits, sourcesOf, unitFilters } from './statistics.ts'

const dimensions = ['dealer', 'rbo'] as const

const counts = {
  complaints: z.int().meta({ description: 'Registered in the quarter, as in the statistics.' }),
  deliveries: z.int().nullable().meta({ description: 'Cars handed over in the quarter; null: not entered.' }),
  complaintsPer100: z.number().nullable().meta({
    description:
      'Complaints per 100 deliveries, of the dealers whose deliveries are entered; null where there are none.',
  }),
}

const answerSchema = z
  .object({
    quarter: z.string(),
    from: z.iso.datetime(),
    to: z.iso.datetime(),
    asOf: z.iso.datetime(),
    by: z.enum(dimensions),
    rows: z.array(
      z.object({
        key: z.string().nullable().meta({ description: 'null: complaints about no dealer.' }),
        name: z.string(),
        ...counts,
      }),
    ),
    totals: z.object(counts),
  })
  .meta({ id: 'ComplaintsPer100Deliveries' })

/** The dealers a caller may know the deliveries of, each with the RBO it had at the end of the quarter. */
const dealersOf = (
  { views: { master, care } }: Deps,
  caller: Actor,
  { quarter, asOf }: { quarter: string; asOf: Instant },
): DealerDeliveries[] => {
  const handovers = care.deliveries(quarter, { at: asOf })
  return master.dealers({ limit: Number.MAX_SAFE_INTEGER }).flatMap(({ code }) => {
    const rbo = master.rboOfDealer(code, countingAt(quarter, asOf)) as string
    if (!seesDealer(caller, { dealer: code, rbo })) return []
    const deliveries = master.deliveries(code, quarter, asOf)?.count ?? handovers.get(code) ?? null
    return [{ dealer: code, rbo, deliveries }]
  })
}

export const perDeliveriesRoutes: Routes = (deps) => async (plugin) => {
  const file = rowsReport(answerSchema, {
    name: 'per-100-deliveries',
    title: { en: 'Complaints per 100 deliveries', zh: '百台交车投诉率' },
  })
  plugin.withTypeProvider<ZodTypeProvider>().get(
    '/v1/reports/per-100-deliveries',
    {
      config: {
        action: 'read',
        views: ['tickets', 'master', 'care'],
        files: reportFiles,
        isHeavy: true,
        refusals: [],
        operationId: 'getComplaintsPerDelivery',
        example: { query: { quarter: '2026Q1' } },
      },
      schema: {
        tags: ['reports'],
        summary: 'Complaints per 100 cars handed over in a quarter',
        querystring: z.strictObject({
          quarter: quarterSchema,
          by: z.enum(dimensions).default('dealer').meta({
            description: 'An RBO’s are those of the dealers it had at the end of the quarter.',
          }),
          ...unitFilters,
          asOf: asOfQuery,
        }),
        response: { 200: answerSchema },
      },
    },
    async (request, reply) => {
      const { quarter, by } = request.query
      const bounds = quarterBounds(quarter)
      const asOf = asOfOr(deps.now(), request.query.asOf)
      const language = languageOf(request.headers['accept-language'])
      const units = givenUnits(request.query)
      const dealers = dealersOf(deps, request.caller, { quarter, asOf })
      const counted = perDeliveries(by, dealers, units)
      const scope = scopesFor(request.caller, 'read')
      await eachComplaint(sourcesOf(deps), { ...bounds, asOf, scope }, ({ dealer }) => counted.add(dealer))
      const { rows, totals } = counted.done()
      const answer = {
        quarter,
        ...bounds,
        asOf,
        by,
        rows: rows.map(({ key, ...row }) => ({ key, name: keyName(deps, by, key, language), ...row })),
        totals,
      }
      return sendReport(deps, { request, reply }, answer, file)
    },
  )
}
