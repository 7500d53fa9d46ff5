/** Every resource of the API, and the tags of their operations; a new one is entered here. */

import { attachmentRoutes } from '../attachments/routes.ts'
import { careComplaintRoutes } from '../care/complaint.ts'
import { careFormRoutes } from '../care/forms.ts'
import { careReadRoutes } from '../care/reads.ts'
import { careRecordRoutes } from '../care/records.ts'
import { careTaskActRoutes } from '../care/taskActs.ts'
import { careVehicleRoutes } from '../care/vehicles.ts'
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
import { calendarRoutes } from '../masterData/calendars.ts'
import { calendarYearRoutes } from '../masterData/calendarYears.ts'
import { codeRoutes } from '../masterData/codes.ts'
import { dealerRoutes } from '../masterData/dealers.ts'
import { deliveriesRoutes } from '../masterData/deliveries.ts'
import { policyRoutes } from '../masterData/policy.ts'
import { rboRoutes } from '../masterData/rbos.ts'
import { objectionReadRoutes } from '../objections/reads.ts'
import { objectionWriteRoutes } from '../objections/writes.ts'
import { accessLogRoutes } from '../privacy/accessLog.ts'
import { subjectExportRoutes } from '../privacy/export.ts'
import { retentionRoutes } from '../privacy/retention.ts'
import { privacyRoutes } from '../privacy/routes.ts'
import { assessmentRoutes } from '../reports/assessments.ts'
import { careReportRoutes } from '../reports/careCalls.ts'
import { causeReportRoutes } from '../reports/causes.ts'
import { consumerNoticeReportRoutes } from '../reports/consumerNotices.ts'
import { kpiRoutes } from '../reports/kpi.ts'
import { monthlyRoutes } from '../reports/monthly.ts'
import { nowRoutes } from '../reports/now.ts'
import { perDeliveriesRoutes } from '../reports/perDeliveries.ts'
import { rankingRoutes } from '../reports/ranking.ts'
import { satisfactionRoutes } from '../reports/satisfaction.ts'
import { settlementRoutes } from '../reports/settlements.ts'
import { statisticsRoutes } from '../reports/statistics.ts'
import { voiceReportRoutes } from '../reports/voice.ts'
import { warningReportRoutes } from '../reports/warnings.ts'
import { whatIfRoutes } from '../reports/whatIf.ts'
import { smsContactRoutes } from '../sms/contacts.ts'
import { smsRequestRoutes } from '../sms/requests.ts'
import { callbackRoutes } from '../tickets/callbacks.ts'
import { complaintRoutes } from '../tickets/complaints.ts'
import { consumerNoticeRoutes } from '../tickets/consumerNotices.ts'
import { ticketPartRoutes } from '../tickets/parts.ts'
import { ticketReadRoutes } from '../tickets/reads.ts'
import { warningRoutes } from '../tickets/warnings.ts'
import { warningWriteRoutes } from '../tickets/warningWrites.ts'
import { ticketWriteRoutes } from '../tickets/writes.ts'
import { voiceFormRoutes } from '../voice/forms.ts'
import { voiceItemRoutes } from '../voice/items.ts'
import { voiceItemWriteRoutes } from '../voice/itemWrites.ts'
import { voiceLedgerRoutes } from '../voice/ledger.ts'
import { voiceSheetRoutes } from '../voice/sheets.ts'
import { voiceSheetWriteRoutes } from '../voice/sheetWrites.ts'
import { webhookActRoutes } from '../webhooks/acts.ts'
import { webhookDeliveryRoutes } from '../webhooks/deliveries.ts'
import { webhookReadRoutes, webhookSettingsRoutes } from '../webhooks/settings.ts'
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
  satisfactionRoutes,
  consumerNoticeReportRoutes,
  causeReportRoutes,
  warningReportRoutes,
  perDeliveriesRoutes,
  careReportRoutes,
]

export const routes: readonly Routes[] = [
  healthRoutes,
  problemRoutes,
  codeRoutes,
  dealerRoutes,
  deliveriesRoutes,
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
  satisfactionRoutes,
  consumerNoticeReportRoutes,
  causeReportRoutes,
  warningReportRoutes,
  perDeliveriesRoutes,
  careReportRoutes,
  rankingRoutes,
  settlementRoutes,
  whatIfRoutes,
  importRoutes,
  logDigestRoutes,
  inquiryWriteRoutes,
  inquiryComplaintRoutes,
  inquiryReadRoutes,
  smsContactRoutes,
  smsRequestRoutes,
  objectionWriteRoutes,
  objectionReadRoutes,
  voiceReportRoutes,
  voiceItemRoutes,
  voiceItemWriteRoutes,
  voiceSheetWriteRoutes,
  voiceSheetRoutes,
  voiceLedgerRoutes,
  voiceFormRoutes,
  careReadRoutes,
  careVehicleRoutes,
  careFormRoutes,
  careRecordRoutes,
  careTaskActRoutes,
  careComplaintRoutes,
  webhookSettingsRoutes,
  webhookActRoutes,
  webhookReadRoutes,
  webhookDeliveryRoutes,
  feedRoutes,
  streamRoutes,
  privacyRoutes,
  subjectExportRoutes,
  retentionRoutes,
  accessLogRoutes,
  consoleRoutes,
]

/** The tags in the order of the document, with what is found under each. */
export const tagWords: Readonly<Record<string, string>> = {
  complaints: 'The front door: a complaint becomes a ticket, a call on an open one, or an escalation.',
  tickets: 'Lists of tickets, one ticket, and what is done with it.',
  warnings: 'Early warnings and what became of them.',
  inquiries: 'Questions that are no complaints.',
  objections: 'Dealers object to measures of their units, HQ decides.',
  'customer voice': 'What customers said in surveys, and what the dealer makes of it.',
  'SMS contacts': 'Whom a dealer wants told by text message when a ticket comes to it.',
  letters: 'Letters to customers, media and authorities.',
  care: 'Handovers, visits, and the calls that dealers owe their customers.',
  forms: 'Pages to print and sign.',
  reports: 'Rates, statistics, the monthly report and the assessment of a quarter.',
  'master data': 'Dealers, RBOs, calendars and the policy.',
  live: 'What happens, as it happens: stream and feed.',
  webhooks: 'Receivers of events.',
  'personal data': 'Customers: search, erasure and who read what.',
  operation: 'Imports, health and proof.',
  reference: 'Codes, labels and problems.',
}
