/** `GET /v1/reports/satisfaction`: how content customers are, as callbacks found (rulebook §5, §11). */
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { satisfactionCounter } from '../../domain/complaintReports.ts'
import { toEpoch } from '../../domain/instant.ts'
import { callbackResults } from '../../domain/ticket/callbacks.ts'
import { rowsReport } from '../files/rowsReport.ts'
import { sendReport } from '../files/send.ts'
import type { Routes } from '../http/deps.ts'
import {
  complaintReportAnswer,
  complaintReportConfig,
  complaintReportQuery,
  countComplaints,
} from './complaintReport.ts'

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
const satisfactionAnswer = complaintReportAnswer('SatisfactionReport', satisfaction, satisfaction)

const file = rowsReport(satisfactionAnswer, {
  name: 'satisfaction',
  title: { en: 'Callback satisfaction', zh: '回访满意度' },
})

export const satisfactionRoutes: Routes = (deps) => async (plugin) => {
  plugin.withTypeProvider<ZodTypeProvider>().get(
    '/v1/reports/satisfaction',
    {
      config: { ...complaintReportConfig, operationId: 'getSatisfaction' },
      schema: {
        tags: ['reports'],
        summary: 'How content customers are, as callbacks found',
        description: 'Of the complaints registered in the period and closed by asOf, as in the statistics.',
        querystring: complaintReportQuery,
        response: { 200: satisfactionAnswer },
      },
    },
    async (request, reply) => {
      const answer = await countComplaints(deps, request, request.query, (asOf) =>
        satisfactionCounter(deps.views.master.policy(asOf).values.callback, toEpoch(asOf)),
      )
      return sendReport(deps, { request, reply }, answer, file)
    },
  )
}
