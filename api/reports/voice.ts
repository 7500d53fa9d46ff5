/** `GET /v1/reports/voice`: what customers said, how dealers kept their steps, and the ledger (rulebook §16). */
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { shareOf } from '../../domain/complaintReports.ts'
import { scopesFor } from '../../domain/scope.ts'
import { rateOf } from '../../domain/ticket/measures.ts'
import { meanOf } from '../../domain/weightTally.ts'
import { type VoiceSums, voiceDimensions } from '../../projections/voice/voiceReport.ts'
import { reportFiles } from '../files/negotiation.ts'
import { rowsReport } from '../files/rowsReport.ts'
import { sendReport } from '../files/send.ts'
import { asOfOr, asOfQuery } from '../http/asOf.ts'
import type { Routes } from '../http/deps.ts'
import { type Language, languageOf } from '../http/problems.ts'
import { keyName } from './keyName.ts'
import { rate } from './kpi.ts'
import { asPeriod, boundsOf, isPeriod, periodQuery } from './period.ts'
import { givenUnits, unitFilters } from './statistics.ts'

const query = z
  .strictObject({
    ...periodQuery,
    by: z.enum(voiceDimensions).default('dealer').meta({
      description: 'month: of the survey, and for the ledger that of the booking.',
    }),
    ...unitFilters,
    asOf: asOfQuery,
  })
  .refine(isPeriod, asPeriod)

const figures = {
  items: z.int().meta({ description: 'On sheets of the months that the period touches.' }),
  scored: z.int(),
  meanScore: z.number().nullable(),
  promoters: z.int().meta({ description: 'Scores 9 and 10.' }),
  detractors: z.int().meta({ description: 'Scores 1 to 6.' }),
  netPromoters: z
    .number()
    .nullable()
    .meta({ description: 'Share of promoters less that of detractors, of those with a score, in percent.' }),
  effective: z.int(),
  ineffective: z.int(),
  steps: rate.meta({
    description:
      'Meetings, returns, audits and reports: in time, late, awaited; by indicator those of its sheets.',
  }),
  ledger: z
    .object({
      late: z.int(),
      recurrence: z.int(),
      published: z.int(),
      reversal: z.int(),
      sum: z.int(),
    })
    .meta({ description: 'CNY booked in the period.' }),
}

const voiceReportAnswer = z
  .object({
    from: z.iso.datetime(),
    to: z.iso.datetime(),
    asOf: z.iso.datetime(),
    by: z.enum(voiceDimensions),
    topIndicators: z
      .array(z.object({ indicator: z.string(), items: z.int() }))
      .meta({ description: 'The ten named most.' }),
    rows: z.array(
      z.object({
        key: z.string().nullable().meta({ description: 'null: entries of no indicator.' }),
        name: z.string(),
        ...figures,
      }),
    ),
    totals: z.object(figures),
  })
  .meta({ id: 'VoiceReport' })

const present = (sums: VoiceSums) => {
  const { items, scored, scoreSum, promoters, detractors, effective, ineffective } = sums
  const { met, failed, pending, late, recurrence, published, reversal } = sums
  return {
    ...{ items, scored, meanScore: meanOf(scoreSum, scored), promoters, detractors },
    netPromoters: shareOf(promoters - detractors, scored),
    ...{ effective, ineffective },
    steps: { met, failed, pending, rate: rateOf({ met, failed, pending }) },
    ledger: { late, recurrence, published, reversal, sum: late + recurrence + published + reversal },
  }
}

const noIndicator: Record<Language, string> = { en: 'no indicator', zh: '无指标' }

/** In the order of their keys; what has none comes last. */
const inOrder = ([a]: [string | null, unknown], [b]: [string | null, unknown]): number => {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1
  return a < b ? -1 : 1
}

export const voiceReportRoutes: Routes = (deps) => async (plugin) => {
  const file = rowsReport(voiceReportAnswer, {
    name: 'customer-voice',
    title: { en: 'Customer voice', zh: '客户声音统计' },
  })
  plugin.withTypeProvider<ZodTypeProvider>().get(
    '/v1/reports/voice',
    {
      config: {
        desk: 'voice',
        action: 'read',
        views: ['voice', 'master'],
        files: reportFiles,
        refusals: [],
        operationId: 'getVoiceReport',
        example: { query: { quarter: '2026Q1', by: 'indicator' } },
      },
      schema: {
        tags: ['reports'],
        summary: 'Customer voice of a period by dealer, indicator or month',
        querystring: query,
        response: { 200: voiceReportAnswer },
      },
    },
    async (request, reply) => {
      const { by } = request.query
      const { from, to } = boundsOf(request.query)
      const asOf = asOfOr(deps.now(), request.query.asOf)
      const language = languageOf(request.headers['accept-language'])
      const scope = scopesFor(request.caller, 'read')
      const found = deps.views.voice.figures({ ...givenUnits(request.query), by, from, to, asOf, scope })
      const nameOf = (key: string | null): string => {
        if (key === null) return noIndicator[language]
        return by === 'dealer' ? keyName(deps, 'dealer', key, language) : key
      }
      const answer = {
        ...{ from, to, asOf, by, topIndicators: found.indicators },
        rows: [...found.rows]
          .sort(inOrder)
          .map(([key, sums]) => ({ key, name: nameOf(key), ...present(sums) })),
        totals: present(found.totals),
      }
      return sendReport(deps, { request, reply }, answer, file)
    },
  )
}
