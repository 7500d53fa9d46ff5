/** `GET /v1/reports/monthly`: a month's statistics beside the month before and the same of last year (rulebook §11). */
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { monthBounds, monthForm, monthOf, monthsAfter } from '../../domain/instant.ts'
import { byKeys, dimensions, type GroupBy, nameOfKeys } from '../../domain/statistics.ts'
import { noRow, type Statistics, type StatisticsRow } from '../../projections/statistics/statistics.ts'
import { reportFiles } from '../files/negotiation.ts'
import { sendReport } from '../files/send.ts'
import { asOfOr, asOfQuery } from '../http/asOf.ts'
import type { Routes } from '../http/deps.ts'
import { languageOf, Problem } from '../http/problems.ts'
import { keyName } from './keyName.ts'
import { presentCounts } from './kpi.ts'
import { inquiriesOf } from './monthlyInquiries.ts'
import { causeName, givenUnits, presentFigures, statisticsFor, unitFilters } from './statistics.ts'
import { monthlyFile } from './statisticsFiles.ts'
import { monthlyAnswer } from './statisticsSchemas.ts'

const month = z
  .string()
  .regex(monthForm)
  .meta({ examples: ['2026-03'] })

const groupings: readonly GroupBy[] = dimensions.map((dimension) => [dimension])

/** Each key of any of the periods once, with its row in each of them. */
const sideBySide = (periods: readonly Statistics[], index: number): StatisticsRow[][] => {
  const byName = periods.map(({ rows }) => new Map(rows[index]?.map((row) => [nameOfKeys(row.keys), row])))
  const all = new Map(
    byName.flatMap((rows) => [...rows].map(([name, { keys }]) => [name, { keys }] as const)),
  )
  return [...all]
    .sort(([, a], [, b]) => byKeys(a, b))
    .map(([name, { keys }]) => byName.map((rows) => rows.get(name) ?? noRow(keys)))
}

const threeOf = <T>([month, monthBefore, yearBefore]: readonly T[]) =>
  ({ month, monthBefore, yearBefore }) as { month: T; monthBefore: T; yearBefore: T }

export const monthlyRoutes: Routes = (deps) => async (plugin) => {
  const file = monthlyFile(monthlyAnswer)
  plugin.withTypeProvider<ZodTypeProvider>().get(
    '/v1/reports/monthly',
    {
      config: {
        refusals: ['month_in_future'],
        operationId: 'getMonthlyReport',
        example: { query: { month: '2026-03' } },
        action: 'read',
        views: ['tickets', 'kpi', 'master', 'inquiries'],
        files: reportFiles,
        isHeavy: true,
      },
      schema: {
        tags: ['reports'],
        summary: 'The month’s report: counts, rates, times and causes, beside two months before',
        querystring: z.strictObject({ month, ...unitFilters, asOf: asOfQuery }),
        response: { 200: monthlyAnswer },
      },
    },
    async (request, reply) => {
      const asOf = asOfOr(deps.now(), request.query.asOf)
      const months = [0, -1, -12].map((count) => monthsAfter(request.query.month, count))
      if (request.query.month > monthOf(asOf)) throw new Problem('month_in_future')
      const language = languageOf(request.headers['accept-language'])
      const units = givenUnits(request.query)
      const periods: Statistics[] = []
      for (const each of months)
        periods.push(await statisticsFor(deps, request, { ...units, ...monthBounds(each), asOf, groupings }))
      const causeOf = ({ causes }: Statistics, code: string | null) =>
        causes.find((each) => each.code === code)
      const answer = {
        ...threeOf(months),
        asOf,
        totals: threeOf(periods.map(({ totals }) => presentFigures(totals))),
        rboRates: threeOf(periods.map(({ rboRates }) => presentCounts(rboRates))),
        rows: dimensions.flatMap((dimension, index) =>
          sideBySide(periods, index).map((rows) => {
            const key = rows[0]?.keys[0] ?? null
            const name = keyName(deps, dimension, key, language)
            return { dimension, key, name, figures: threeOf(rows.map(presentFigures)) }
          }),
        ),
        causes: causesOf(periods).map((code) => ({
          code,
          name: causeName(deps, code, asOf, language),
          complaints: threeOf(periods.map((each) => causeOf(each, code)?.tickets ?? 0)),
          goodwill: threeOf(periods.map((each) => causeOf(each, code)?.goodwill ?? 0)),
        })),
        inquiries: inquiriesOf(deps, request, { months, units, asOf, language }, threeOf),
      }
      return sendReport(deps, { request, reply }, answer, file)
    },
  )
}

/** The month's causes first, in their order, then those only the others have. */
const causesOf = (periods: readonly Statistics[]): (string | null)[] => [
  ...new Set(periods.flatMap(({ causes }) => causes.map(({ code }) => code))),
]
