/** Every resource of the API; a new one is added here. */

import { attachmentRoutes } from '../attachments/routes.ts'
import { consoleRoutes } from '../console/routes.ts'
import { formRoutes } from '../forms/routes.ts'
import { importRoutes } from '../imports/routes.ts'
import { inquiryComplaintRoutes } from '../inquiries/complaint.ts'
import { inquiryReadRoutes } from '../inquiries/reads.ts'
import { inquiryWriteRoutes } from '../inquiries/writes.ts'
import { letterRoutes } from '../letters/routes.ts'
import { feedRoutes } from '../live/feed.ts'
import { streamRoutes } from '../live/stream.ts'
import { logDigestRoutes } from '../log/digest.ts'
import { calendarRoutes, calendarYearRoutes } from '../masterData/calendars.ts'
import { codeRoutes } from '../masterData/codes.ts'
import { dealerRoutes } from '../masterData/dealers.ts'
import { policyRoutes } from '../masterData/policy.ts'
import { rboRoutes } from '../masterData/rbos.ts'
import { objectionRoutes } from '../objections/routes.ts'
import { accessLogRoutes } from '../privacy/accessLog.ts'
import { subjectExportRoutes } from '../privacy/export.ts'
import { retentionRoutes } from '../privacy/retention.ts'
import { privacyRoutes } from '../privacy/routes.ts'
import { assessmentRoutes } from '../reports/assessments.ts'
import { kpiRoutes } from '../reports/kpi.ts'
import { monthlyRoutes } from '../reports/monthly.ts'
import { nowRoutes } from '../reports/now.ts'
import { settlementRoutes } from '../reports/settlements.ts'
import { statisticsRoutes } from '../reports/statistics.ts'
import { whatIfRoutes } from '../reports/whatIf.ts'
import { smsContactRoutes } from '../sms/routes.ts'
import { callbackRoutes } from '../tickets/callbacks.ts'
import { complaintRoutes } from '../tickets/complaints.ts'
import { consumerNoticeRoutes } from '../tickets/consumerNotices.ts'
import { ticketPartRoutes } from '../tickets/parts.ts'
import { ticketReadRoutes } from '../tickets/reads.ts'
import { warningRoutes } from '../tickets/warnings.ts'
import { warningWriteRoutes } from '../tickets/warningWrites.ts'
import { ticketWriteRoutes } from '../tickets/writes.ts'
import { webhookRoutes } from '../webhooks/routes.ts'
import type { Routes } from './deps.ts'
import { healthRoutes } from './health.ts'
import { problemRoutes } from './problemPages.ts'

/** The resources that have heavy reads: those a read thread has. */
export const heavyResources: readonly Routes[] = [
  kpiRoutes,
  statisticsRoutes,
  monthlyRoutes,
  assessmentRoutes,
  whatIfRoutes,
]

export const routes: readonly Routes[] = [
  healthRoutes,
  problemRoutes,
  codeRoutes,
  dealerRoutes,
  rboRoutes,
  calendarRoutes,
  calendarYearRoutes,
  policyRoutes,
  complaintRoutes,
  ticketReadRoutes,
  ticketPartRoutes,
  callbackRoutes,
  consumerNoticeRoutes,
  formRoutes,
  ticketWriteRoutes,
  letterRoutes,
  attachmentRoutes,
  warningWriteRoutes,
  warningRoutes,
  kpiRoutes,
  statisticsRoutes,
  monthlyRoutes,
  assessmentRoutes,
  nowRoutes,
  settlementRoutes,
  whatIfRoutes,
  importRoutes,
  logDigestRoutes,
  inquiryWriteRoutes,
  inquiryComplaintRoutes,
  inquiryReadRoutes,
  smsContactRoutes,
  objectionRoutes,
  webhookRoutes,
  feedRoutes,
  streamRoutes,
  privacyRoutes,
  subjectExportRoutes,
  retentionRoutes,
  accessLogRoutes,
  consoleRoutes,
]
