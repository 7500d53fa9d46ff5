/** `GET /v1/reports/kpi`: the three rates of a period, and the units behind every row (rulebook §8). */
import type { FastifyRequest } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { stateSchema, verdictSchema } from '../../domain/codes.ts'
import { DAY } from '../../domain/instant.ts'
import { scopesFor } from '../../domain/scope.ts'
import { countedBy } from '../../domain/statistics.ts'
import { type Counts, rateOf } from '../../domain/ticket/measures.ts'
import { categorySchema } from '../../domain/ticket/routing.ts'
import { unitCodeSchema } from '../../domain/unitCode.ts'
import type { KpiCounts, KpiQuery, UnitKeyset } from '../../projections/kpi/query.ts'
import { isFile, listFiles, reportFiles } from '../files/negotiation.ts'
import { rowsReport } from '../files/rowsReport.ts'
import { sendReport } from '../files/send.ts'
import { asOfOr, asOfQuery } from '../http/asOf.ts'
import type { Deps, Routes } from '../http/deps.ts'
import { type KeysetForm, sendPage } from '../http/lists.ts'
import { languageOf } from '../http/problems.ts'
import { commaList, pageOf, pageQuery } from '../http/schemas.ts'
import { keyName } from './keyName.ts'
import { unitsByDay } from './kpiUnits.ts'
import { asPeriod, boundsOf, isPeriod, periodQuery } from './period.ts'

const parameters = {
  ...periodQuery,
  by: z.enum(countedBy).default('dealer').meta({
    description:
      'Periods are those of the dispatch, in Shanghai: month, ISO week (2026-W10), weekday (1 is Monday), hour (00 to 23).',
  }),
  tier: z.enum(['dealer', 'rbo']).default('dealer').meta({ description: 'Whose units.' }),
  dealer: commaList(unitCodeSchema).optional(),
  rbo: commaList(unitCodeSchema).optional(),
  category: commaList(categorySchema).optional(),
  asOf: asOfQuery,
}

const kpiQuery = z.strictObject(parameters).refine(isPeriod, asPeriod)
const unitsQuery = z
  .strictObject({ ...parameters, key: z.string().max(40).optional(), ...pageQuery })
  .refine(isPeriod, asPeriod)
type KpiParams = z.infer<typeof kpiQuery>

/** Met, failed and pending, and the percentage of met. */
export const rate = z
  .strictObject({
    met: z.int(),
    failed: z.int(),
    pending: z.int(),
    rate: z.number().nullable().meta({ description: 'Percent, at most two decimals; null of none.' }),
  })
  .meta({ id: 'Rate' })
export const counts = { total: z.int(), response: rate, close: rate, firstTime: rate }
const key = z
  .string()
  .meta({ description: 'Empty for units that have none, as those of A tickets have no source.' })
const tickets = z.string().meta({ description: 'Where the units behind these numbers are.' })

export const kpiAnswer = z
  .strictObject({
    from: z.iso.datetime(),
    to: z.iso.datetime(),
    asOf: z.iso.datetime(),
    by: z.enum(countedBy),
    rows: z.array(z.strictObject({ key, name: z.string(), ...counts, tickets })),
    totals: z.strictObject({ ...counts, tickets }),
  })
  .meta({ id: 'Kpi' })

export type KpiAnswer = z.infer<typeof kpiAnswer>

const kpiFile = rowsReport(kpiAnswer, { name: 'kpi', title: { en: 'Complaint rates', zh: '投诉指标' } })

const unitMeasure = z
  .strictObject({
    verdict: verdictSchema.nullable().meta({ description: 'null: the unit does not count in this measure.' }),
    dueAt: z.iso.datetime().nullable(),
    doneAt: z.iso.datetime().nullable(),
    lateMinutes: z.int().nullable().meta({
      description:
        'By how many whole minutes it is late, of any hour and day; null where it is not failed by its time.',
    }),
  })
  .meta({ id: 'UnitMeasure' })

const unitAnswer = z
  .strictObject({
    ticketNo: z.string(),
    tier: z.enum(['dealer', 'rbo']),
    unit: z.string(),
    category: categorySchema,
    state: stateSchema
      .extract(['unhandled', 'in_progress', 'completed'])
      .nullable()
      .meta({ description: 'Of the unit at asOf; null: taken away, and failed on response only.' }),
    dispatchedAt: z.iso.datetime(),
    response: unitMeasure,
    close: unitMeasure,
    firstTime: unitMeasure,
  })
  .meta({ id: 'KpiUnit' })
export type KpiUnitAnswer = z.infer<typeof unitAnswer>

const withRate = (measured: Counts) => ({ ...measured, rate: rateOf(measured) })
/** Counts of units as reports answer them, with their rates. */
export const presentCounts = ({ total, response, close, firstTime }: KpiCounts) => ({
  total,
  response: withRate(response),
  close: withRate(close),
  firstTime: withRate(firstTime),
})

/** What the view is asked; instants resolved, lists as given. */
const queryOf = (deps: Deps, request: FastifyRequest, asked: KpiParams): KpiQuery => {
  const { quarter, from, to, asOf, by, tier, ...filters } = asked
  const given = Object.fromEntries(Object.entries(filters).filter(([, value]) => value !== undefined))
  return {
    ...boundsOf({ quarter, from, to }),
    by,
    tier,
    ...given,
    asOf: asOfOr(deps.now(), asOf),
    scope: scopesFor(request.caller, 'read'),
  }
}

/** The address of the units behind a row; `asOf` is pinned, so that they add up to it. */
const unitsLink = ({ from, to, by, tier, dealer, rbo, category, asOf }: KpiQuery): string => {
  const params = new URLSearchParams({ from, to, by, tier, asOf })
  for (const [name, list] of Object.entries({ dealer, rbo, category }))
    if (list) params.set(name, list.join(','))
  return `/v1/reports/kpi/units?${params}`
}

const unitKeyset: KeysetForm<UnitKeyset> = {
  pack: ({ dispatchedAt, ticketNo, unit }) => [dispatchedAt, ticketNo, unit],
  unpack: ([dispatchedAt, ticketNo, unit]) => ({
    dispatchedAt: String(dispatchedAt),
    ticketNo: String(ticketNo),
    unit: String(unit),
  }),
}

/** Whether a request is about more than a quarter. What is no instant is refused by the thread as by the route itself. */
const isLong = ({ query }: FastifyRequest): boolean => {
  const { from, to } = query as { from?: string; to?: string }
  return Date.parse(to ?? '') - Date.parse(from ?? '') > 92 * DAY
}

export const kpiRoutes: Routes = (deps) => async (plugin) => {
  const app = plugin.withTypeProvider<ZodTypeProvider>()

  app.get(
    '/v1/reports/kpi',
    {
      config: {
        action: 'read',
        views: ['kpi', 'master'],
        files: reportFiles,
        isHeavy: isLong,
        refusals: [],
        operationId: 'getRates',
        example: { query: { quarter: '2026Q1' } },
      },
      schema: {
        tags: ['reports'],
        summary: 'The three rates',
        querystring: kpiQuery,
        response: { 200: kpiAnswer },
      },
    },
    (request, reply) => {
      const query = queryOf(deps, request, request.query)
      const language = languageOf(request.headers['accept-language'])
      const { rows, totals } = deps.views.kpi.rates(query)
      const { from, to, asOf, by } = query
      const allUnits = unitsLink(query)
      const answer = {
        from,
        to,
        asOf,
        by,
        rows: rows.map(({ key, ...row }) => ({
          key,
          name: keyName(deps, by, key === '' ? null : key, language),
          ...presentCounts(row),
          tickets: `${allUnits}&key=${encodeURIComponent(key)}`,
        })),
        totals: { ...presentCounts(totals), tickets: allUnits },
      }
      return sendReport(deps, { request, reply }, answer, kpiFile)
    },
  )

  app.get(
    '/v1/reports/kpi/units',
    {
      config: {
        action: 'read',
        views: ['kpi', 'master'],
        files: listFiles(unitAnswer),
        isHeavy: isLong,
        refusals: [],
        operationId: 'listRateUnits',
        example: { query: { quarter: '2026Q1' } },
      },
      schema: {
        tags: ['reports'],
        summary: 'The units behind a row of the rates',
        querystring: unitsQuery,
        response: { 200: pageOf(unitAnswer) },
      },
    },
    (request, reply) => {
      const { key, limit, cursor, ...asked } = request.query
      const query = { ...queryOf(deps, request, asked), ...(key !== undefined && { key }) }
      // without asOf every page is of its own instant, so the instant cannot be part of what a cursor is bound to
      const filters = { ...asked, key }
      return sendPage(
        deps,
        { request, reply },
        { list: 'kpi units', filters, asked: { limit, cursor } },
        {
          form: unitKeyset,
          find: isFile(request)
            ? unitsByDay(deps.views.kpi, query)
            : (page) => deps.views.kpi.units({ ...query, ...page }),
          present: (unit) => unit,
        },
      )
    },
  )
}
