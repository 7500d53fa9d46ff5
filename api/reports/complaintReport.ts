/**
 * What the reports on the complaints registered in a period share: parameters, dimension, rows with names, totals. What
 * is counted, and in whose scope, is as in the statistics (rulebook §11).
 */
import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { complaintRows, type GroupCounter } from '../../domain/complaintReports.ts'
import type { Instant } from '../../domain/instant.ts'
import { scopesFor } from '../../domain/scope.ts'
import { type CountedComplaint, countedBy } from '../../domain/statistics.ts'
import { eachComplaint } from '../../projections/statistics/statistics.ts'
import { reportFiles } from '../files/negotiation.ts'
import { asOfOr, asOfQuery } from '../http/asOf.ts'
import type { Deps } from '../http/deps.ts'
import { languageOf } from '../http/problems.ts'
import { keyName } from './keyName.ts'
import { asPeriod, boundsOf, isPeriod, periodQuery } from './period.ts'
import { givenUnits, sourcesOf, unitFilters } from './statistics.ts'

export const complaintReportQuery = z
  .strictObject({
    ...periodQuery,
    by: z
      .enum(countedBy)
      .default('dealer')
      .meta({ description: 'month and week are those of the registration, in Shanghai.' }),
    ...unitFilters,
    asOf: asOfQuery,
  })
  .refine(isPeriod, asPeriod)
type ComplaintReportParams = z.infer<typeof complaintReportQuery>

/**
 * The schema of an answer: what it is about, a row for each key, and totals.
 * @param row the figures of a row
 */
export const complaintReportAnswer = <Row extends z.ZodRawShape, Totals extends z.ZodRawShape>(
  id: string,
  row: Row,
  totals: Totals,
) =>
  z
    .object({
      from: z.iso.datetime(),
      to: z.iso.datetime(),
      asOf: z.iso.datetime(),
      by: z.enum(countedBy),
      rows: z.array(
        z.object({
          key: z.string().nullable().meta({ description: 'null: what has none.' }),
          name: z.string(),
          ...row,
        }),
      ),
      totals: z.object(totals),
    })
    .meta({ id })

/** `config` of the routes, without their `operationId`. */
export const complaintReportConfig = {
  action: 'read',
  views: ['tickets', 'master'],
  files: reportFiles,
  isHeavy: true,
  refusals: [],
  example: { query: { quarter: '2026Q1' } },
} as const

/** Counts complaints with a counter for each key: the answer, with the names of the keys. */
export const countComplaints = async <Counted>(
  deps: Deps,
  request: FastifyRequest,
  params: ComplaintReportParams,
  counterAt: (asOf: Instant) => () => GroupCounter<CountedComplaint, Counted>,
) => {
  const { by } = params
  const { from, to } = boundsOf(params)
  const asOf = asOfOr(deps.now(), params.asOf)
  const scope = scopesFor(request.caller, 'read')
  const counted = complaintRows(by, counterAt(asOf))
  await eachComplaint(sourcesOf(deps), { ...givenUnits(params), from, to, asOf, scope }, counted.add)
  const { rows, totals } = counted.done()
  const language = languageOf(request.headers['accept-language'])
  return {
    ...{ from, to, asOf, by },
    rows: rows.map(({ key, ...figures }) => ({ key, name: keyName(deps, by, key, language), ...figures })),
    totals,
  }
}
