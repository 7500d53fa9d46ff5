/** `GET /v1/reports/consumer-notices`: whose customers were told in time (rulebook §5, §11). */
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { noticeCounter } from '../../domain/complaintReports.ts'
import { toEpoch } from '../../domain/instant.ts'
import { rowsReport } from '../files/rowsReport.ts'
import { sendReport } from '../files/send.ts'
import type { Routes } from '../http/deps.ts'
import {
  complaintReportAnswer,
  complaintReportConfig,
  complaintReportQuery,
  countComplaints,
} from './complaintReport.ts'
import { rate } from './kpi.ts'

const notices = {
  complaints: z.int(),
  notice: rate.meta({
    description: 'met: told of receipt and handling before consumerNoticeDueAt; failed: later, or not yet.',
  }),
}
const noticesAnswer = complaintReportAnswer('ConsumerNoticeReport', notices, notices)

const file = rowsReport(noticesAnswer, {
  name: 'consumer-notices',
  title: { en: 'Consumer notices in time', zh: '消费者告知及时率' },
})

export const consumerNoticeReportRoutes: Routes = (deps) => async (plugin) => {
  plugin.withTypeProvider<ZodTypeProvider>().get(
    '/v1/reports/consumer-notices',
    {
      config: { ...complaintReportConfig, operationId: 'getConsumerNoticesInTime' },
      schema: {
        tags: ['reports'],
        summary: 'Whose customers were told of receipt and handling in time',
        description: 'Of the complaints registered in the period, as in the statistics.',
        querystring: complaintReportQuery,
        response: { 200: noticesAnswer },
      },
    },
    async (request, reply) => {
      const answer = await countComplaints(deps, request, request.query, (asOf) =>
        noticeCounter(toEpoch(asOf)),
      )
      return sendReport(deps, { request, reply }, answer, file)
    },
  )
}
