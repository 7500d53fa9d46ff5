/** `GET /v1/reports/causes`: by what causes complaints were closed (rulebook §5, §11). */
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { causeCounter, shareOf } from '../../domain/complaintReports.ts'
import { rowsReport } from '../files/rowsReport.ts'
import { sendReport } from '../files/send.ts'
import type { Routes } from '../http/deps.ts'
import { languageOf } from '../http/problems.ts'
import {
  complaintReportAnswer,
  complaintReportConfig,
  complaintReportQuery,
  countComplaints,
} from './complaintReport.ts'
import { causeName } from './statistics.ts'

const causeCounts = {
  complaints: z.int().meta({ description: 'Those closed.' }),
  goodwill: z.int().meta({ description: 'Sum of goodwill of those, whole CNY.' }),
}
const ofCause = {
  rootCauseCode: z.string().nullable().meta({ description: 'null: closed without one.' }),
  rootCause: z.string(),
  ...causeCounts,
  share: z.number().meta({ description: 'Percent of the closed complaints of the same key.' }),
}
const causesAnswer = complaintReportAnswer('CauseReport', ofCause, causeCounts)

const file = rowsReport(causesAnswer, {
  name: 'causes',
  title: { en: 'Root causes', zh: '根本原因分析' },
})

export const causeReportRoutes: Routes = (deps) => async (plugin) => {
  plugin.withTypeProvider<ZodTypeProvider>().get(
    '/v1/reports/causes',
    {
      config: { ...complaintReportConfig, operationId: 'getCauses' },
      schema: {
        tags: ['reports'],
        summary: 'By what causes complaints were closed, dealer by dealer',
        description:
          'Of the complaints registered in the period and closed by asOf; a row for each key and cause, the most frequent cause first.',
        querystring: complaintReportQuery,
        response: { 200: causesAnswer },
      },
    },
    async (request, reply) => {
      const { rows, totals, ...head } = await countComplaints(
        deps,
        request,
        request.query,
        () => causeCounter,
      )
      const language = languageOf(request.headers['accept-language'])
      const answer = {
        ...head,
        rows: rows.flatMap(({ key, name, closed, causes }) =>
          causes.map(({ code, complaints, goodwill }) => ({
            key,
            name,
            rootCauseCode: code,
            rootCause: causeName(deps, code, head.asOf, language),
            complaints,
            goodwill,
            share: shareOf(complaints, closed) ?? 0,
          })),
        ),
        totals: { complaints: totals.closed, goodwill: totals.goodwill },
      }
      return sendReport(deps, { request, reply }, answer, file)
    },
  )
}
