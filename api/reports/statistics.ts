/** `GET /v1/reports/statistics`: complaints counted by up to two dimensions, and how long they took (rulebook §11). */
import type { FastifyRequest } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { Instant } from '../../domain/instant.ts'
import { scopesFor } from '../../domain/scope.ts'
import { type Cause, type CountedBy, countedBy, type GroupBy, type Keys } from '../../domain/statistics.ts'
import { unitCodeSchema } from '../../domain/unitCode.ts'
import {
  type Statistics,
  type StatisticsQuery,
  type StatisticsRow,
  statisticsOf,
} from '../../projections/statistics/statistics.ts'
import { instantInQuery, saying } from '../commands/fields.ts'
import { readTicket } from '../commands/tickets/execute.ts'
import { tableFiles } from '../files/negotiation.ts'
import { sendReport } from '../files/send.ts'
import { asOfOr, asOfQuery } from '../http/asOf.ts'
import type { Deps, Routes } from '../http/deps.ts'
import { type Language, languageOf } from '../http/problems.ts'
import { commaList } from '../http/schemas.ts'
import { keyName } from './keyName.ts'
import { presentCounts } from './kpi.ts'
import { statisticsFile } from './statisticsFiles.ts'
import { statisticsAnswer } from './statisticsSchemas.ts'

const mostDimensions = 2

const groupBy = commaList(z.enum(countedBy))
  .refine(
    (list) => list.length <= mostDimensions && new Set(list).size === list.length,
    saying(
      `takes at most ${mostDimensions} dimensions, each once.`,
      `最多 ${mostDimensions} 个维度，且不得重复。`,
    ),
  )
  .optional()
  .meta({
    description:
      'Up to two dimensions; without one, totals only. Periods are of Shanghai: month, ISO week (2026-W10), weekday (1 is Monday), hour (00 to 23).',
    examples: ['rbo,category'],
  })

/** Whose complaints and units are counted. */
export const unitFilters = {
  rbo: commaList(unitCodeSchema).optional().meta({ description: 'Of these RBOs only.' }),
  dealer: commaList(unitCodeSchema).optional().meta({ description: 'Of these dealers only.' }),
}
type UnitFilters = { rbo?: string[] | undefined; dealer?: string[] | undefined }

/** The filters that were given. */
export const givenUnits = ({ rbo, dealer }: UnitFilters) => ({
  ...(rbo && { rbo }),
  ...(dealer && { dealer }),
})

const query = z
  .strictObject({ from: instantInQuery, to: instantInQuery, groupBy, ...unitFilters, asOf: asOfQuery })
  .refine(({ from, to }) => from < to, {
    ...saying('must lie after from.', '必须晚于 from。'),
    path: ['to'],
  })

/** A cause as users read it, by the policy as it was at `asOf`; one it no longer has keeps its code. */
export const causeName = (deps: Deps, code: Cause['code'], asOf: Instant, language: Language): string => {
  if (code === null) return { en: 'none given', zh: '未填写' }[language]
  const known = deps.views.master.policy(asOf).values.rootCauses.find((each) => each.code === code)
  return known?.[language] ?? code
}

export const presentFigures = ({ tickets, rates, timeToRespond, timeToClose, weights }: StatisticsRow) => ({
  complaints: tickets,
  rates: presentCounts(rates),
  timeToRespond,
  timeToClose,
  ...weights,
})

/** The views, and tickets as they were. */
export const sourcesOf = (deps: Deps) => ({
  ...deps.views,
  ticketAsOf: (ticketNo: string, asOf: Instant) => readTicket(deps, ticketNo, asOf),
})

/** What a caller may know of a period. */
export const statisticsFor = (
  deps: Deps,
  request: FastifyRequest,
  asked: Omit<StatisticsQuery, 'scope'>,
): Promise<Statistics> =>
  statisticsOf(sourcesOf(deps), { ...asked, scope: scopesFor(request.caller, 'read') })

const byDimension = <T>(grouping: GroupBy, keys: Keys, of: (dimension: CountedBy, key: Keys[0]) => T) =>
  Object.fromEntries(grouping.map((dimension, index) => [dimension, of(dimension, keys[index] as Keys[0])]))

export const statisticsRoutes: Routes = (deps) => async (plugin) => {
  const file = statisticsFile(statisticsAnswer)
  plugin.withTypeProvider<ZodTypeProvider>().get(
    '/v1/reports/statistics',
    {
      config: {
        action: 'read',
        views: ['tickets', 'kpi', 'master'],
        files: tableFiles,
        isHeavy: true,
        refusals: [],
        operationId: 'getStatistics',
        example: { query: { from: '2026-01-01', to: '2026-04-01', groupBy: 'rbo,category' } },
      },
      schema: {
        tags: ['reports'],
        summary: 'Complaints of a period, counted by up to two dimensions',
        querystring: query,
        response: { 200: statisticsAnswer },
      },
    },
    async (request, reply) => {
      const { from, to, groupBy: grouping = [] } = request.query
      const asOf = asOfOr(deps.now(), request.query.asOf)
      const language = languageOf(request.headers['accept-language'])
      const found = await statisticsFor(deps, request, {
        ...givenUnits(request.query),
        from,
        to,
        asOf,
        groupings: [grouping],
      })
      const [rows = []] = found.rows
      const answer = {
        from,
        to,
        asOf,
        groupBy: grouping,
        rows: (grouping.length === 0 ? [] : rows).map((row) => ({
          keys: byDimension(grouping, row.keys, (_, key) => key),
          names: byDimension(grouping, row.keys, (dimension, key) => keyName(deps, dimension, key, language)),
          ...presentFigures(row),
        })),
        totals: presentFigures(found.totals),
        rboRates: presentCounts(found.rboRates),
        causes: found.causes.map(({ code, tickets, goodwill }) => ({
          code,
          name: causeName(deps, code, asOf, language),
          complaints: tickets,
          goodwill,
        })),
      }
      return sendReport(deps, { request, reply }, answer, file)
    },
  )
}
