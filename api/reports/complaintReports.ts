/**
 * Reports on the complaints registered in a period, by one dimension: how content customers are, who was told in time,
 * and by what cause they were closed (rulebook §5, §11). What is counted, and in whose scope, is as in the statistics.
 */
import type { FastifyRequest } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import {
  causeCell,
  complaintRows,
  type GroupCounter,
  noticeCell,
  type ReportRows,
  satisfactionCell,
  shareOf,
} from '../../domain/complaintReports.ts'
import { type Instant, toEpoch } from '../../domain/instant.ts'
import { scopesFor } from '../../domain/scope.ts'
import { type CountedBy, type CountedComplaint, countedBy } from '../../domain/statistics.ts'
import { callbackResults } from '../../domain/ticket/callbacks.ts'
import { type ComplaintsQuery, eachComplaint } from '../../projections/statistics/statistics.ts'
import { reportFiles } from '../files/negotiation.ts'
import { rowsReport } from '../files/rowsReport.ts'
import { sendReport } from '../files/send.ts'
import { asOfOr, asOfQuery } from '../http/asOf.ts'
import type { Deps, Routes } from '../http/deps.ts'
import { languageOf } from '../http/problems.ts'
import { keyName } from './keyName.ts'
import { rate } from './kpi.ts'
import { asPeriod, boundsOf, isPeriod, periodQuery } from './period.ts'
import { causeName, givenUnits, sourcesOf, unitFilters } from './statistics.ts'

const query = z
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
type ComplaintReportParams = z.infer<typeof query>

const head = {
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  asOf: z.iso.datetime(),
  by: z.enum(countedBy),
}
const keyed = {
  key: z.string().nullable().meta({ description: 'null: what has none.' }),
  name: z.string(),
}

const satisfaction = {
  closed: z.int().meta({ description: 'Complaints of the period that are closed.' }),
  outcomes: z
    .object(Object.fromEntries(callbackResults.map((result) => [result, z.int()])))
    .meta({ description: 'What the customer said last; pending and overdue: nobody was reached yet.' }),
  satisfactionRate: z.number().nullable().meta({
    description: 'Percent of the satisfied among the satisfied and dissatisfied; null: nobody said.',
  }),
  scores: z.object({
    count: z.int(),
    mean: z.number().nullable().meta({ description: 'Mean score of callbacks; null: none was given.' }),
  }),
}
const satisfactionAnswer = z
  .object({
    ...head,
    rows: z.array(z.object({ ...keyed, ...satisfaction })),
    totals: z.object(satisfaction),
  })
  .meta({ id: 'SatisfactionReport' })

const notices = {
  complaints: z.int(),
  notice: rate.meta({
    description: 'met: told of receipt and handling before consumerNoticeDueAt; failed: later, or not yet.',
  }),
}
const noticesAnswer = z
  .object({ ...head, rows: z.array(z.object({ ...keyed, ...notices })), totals: z.object(notices) })
  .meta({ id: 'ConsumerNoticeReport' })

const causeCounts = {
  complaints: z.int().meta({ description: 'Those closed.' }),
  goodwill: z.int().meta({ description: 'Sum of goodwill of those, whole CNY.' }),
}
const causesAnswer = z
  .object({
    ...head,
    rows: z.array(
      z.object({
        ...keyed,
        rootCauseCode: z.string().nullable().meta({ description: 'null: closed without one.' }),
        rootCause: z.string(),
        ...causeCounts,
        share: z.number().meta({ description: 'Percent of the closed complaints of the same key.' }),
      }),
    ),
    totals: z.object(causeCounts),
  })
  .meta({ id: 'CauseReport' })

/** What is asked for, with its instants. */
const askedOf = (deps: Deps, request: FastifyRequest, asked: ComplaintReportParams): ComplaintsQuery => ({
  ...boundsOf(asked),
  ...givenUnits(asked),
  asOf: asOfOr(deps.now(), asked.asOf),
  scope: scopesFor(request.caller, 'read'),
})

const headOf = ({ from, to, asOf }: ComplaintsQuery, by: CountedBy) => ({ from, to, asOf, by })

const count = async <Counted>(
  deps: Deps,
  { asked, by }: { asked: ComplaintsQuery; by: CountedBy },
  newCell: () => GroupCounter<CountedComplaint, Counted>,
): Promise<ReportRows<Counted>> => {
  const rows = complaintRows(by, newCell)
  await eachComplaint(sourcesOf(deps), asked, rows.add)
  return rows.done()
}

/** The rows with the names of their keys. */
const named = <Counted>(
  deps: Deps,
  request: FastifyRequest,
  { rows, totals, by }: ReportRows<Counted> & { by: CountedBy },
) => {
  const language = languageOf(request.headers['accept-language'])
  return {
    rows: rows.map(({ key, ...counted }) => ({ key, name: keyName(deps, by, key, language), ...counted })),
    totals,
  }
}

export const complaintReportRoutes: Routes = (deps) => async (plugin) => {
  const app = plugin.withTypeProvider<ZodTypeProvider>()
  const config = {
    action: 'read',
    views: ['tickets', 'master'],
    files: reportFiles,
    isHeavy: true,
    refusals: [],
    example: { query: { quarter: '2026Q1' } },
  } as const
  const tags = ['reports']
  const ruleAt = (asOf: Instant) => deps.views.master.policy(asOf).values.callback

  const satisfactionFile = rowsReport(satisfactionAnswer, {
    name: 'satisfaction',
    title: { en: 'Callback satisfaction', zh: '回访满意度' },
  })
  app.get(
    '/v1/reports/satisfaction',
    {
      config: { ...config, operationId: 'getSatisfaction' },
      schema: {
        tags,
        summary: 'How content customers are, as callbacks found',
        description: 'Of the complaints registered in the period and closed by asOf, as in the statistics.',
        querystring: query,
        response: { 200: satisfactionAnswer },
      },
    },
    async (request, reply) => {
      const { by } = request.query
      const asked = askedOf(deps, request, request.query)
      const cell = satisfactionCell(ruleAt(asked.asOf), toEpoch(asked.asOf))
      const counted = await count(deps, { asked, by }, cell)
      const answer = { ...headOf(asked, by), ...named(deps, request, { ...counted, by }) }
      return sendReport(deps, { request, reply }, answer, satisfactionFile)
    },
  )

  const noticesFile = rowsReport(noticesAnswer, {
    name: 'consumer-notices',
    title: { en: 'Consumer notices in time', zh: '消费者告知及时率' },
  })
  app.get(
    '/v1/reports/consumer-notices',
    {
      config: { ...config, operationId: 'getConsumerNoticesInTime' },
      schema: {
        tags,
        summary: 'Whose customers were told of receipt and handling in time',
        description: 'Of the complaints registered in the period, as in the statistics.',
        querystring: query,
        response: { 200: noticesAnswer },
      },
    },
    async (request, reply) => {
      const { by } = request.query
      const asked = askedOf(deps, request, request.query)
      const counted = await count(deps, { asked, by }, noticeCell(toEpoch(asked.asOf)))
      const answer = { ...headOf(asked, by), ...named(deps, request, { ...counted, by }) }
      return sendReport(deps, { request, reply }, answer, noticesFile)
    },
  )

  const causesFile = rowsReport(causesAnswer, {
    name: 'causes',
    title: { en: 'Root causes', zh: '根本原因分析' },
  })
  app.get(
    '/v1/reports/causes',
    {
      config: { ...config, operationId: 'getCauses' },
      schema: {
        tags,
        summary: 'By what causes complaints were closed, dealer by dealer',
        description:
          'Of the complaints registered in the period and closed by asOf; a row for each key and cause, the most frequent cause first.',
        querystring: query,
        response: { 200: causesAnswer },
      },
    },
    async (request, reply) => {
      const { by } = request.query
      const asked = askedOf(deps, request, request.query)
      const language = languageOf(request.headers['accept-language'])
      const { rows, totals } = named(deps, request, { ...(await count(deps, { asked, by }, causeCell)), by })
      const answer = {
        ...headOf(asked, by),
        rows: rows.flatMap(({ key, name, closed, causes }) =>
          causes.map(({ code, complaints, goodwill }) => ({
            key,
            name,
            rootCauseCode: code,
            rootCause: causeName(deps, code, asked.asOf, language),
            complaints,
            goodwill,
            share: shareOf(complaints, closed) ?? 0,
          })),
        ),
        totals: { complaints: totals.closed, goodwill: totals.goodwill },
      }
      return sendReport(deps, { request, reply }, answer, causesFile)
    },
  )
}
