/** How each route keeps to the caller’s scope (rulebook §2). */
import type { Json } from '../support/service.ts'

/** How a route keeps to the caller's scope. */
export type Keeping =
  /** What it tells is everybody's: codes, master data. */
  | 'alike'
  /** No dealer and no RBO may call it at all. */
  | 'not for units'
  /** One ticket: outside it is as good as absent. */
  | 'ticket'
  /** One inquiry: outside it is as good as absent. */
  | 'inquiry'
  /** One dealer: outside it is as good as absent. */
  | 'dealer'
  /** For the people of one dealer alone; to others it is as good as absent. */
  | 'own dealer'
  /** Leaves out what is outside; the asking ways are in `asked`. */
  | 'leaves out'
  /** Leaves out what is outside, for as long as it is read: `test/api/live/stream.test.ts`. */
  | 'streams'

/** Every route under `/v1` must stand here. */
export const keeping: Record<string, Keeping> = {
  'GET /v1/codes': 'alike',
  'GET /v1/dealers': 'alike',
  'GET /v1/dealers/:code': 'alike',
  'PUT /v1/dealers/:code': 'not for units',
  'GET /v1/dealers/:code/deliveries/:quarter': 'dealer',
  'PUT /v1/dealers/:code/deliveries/:quarter': 'not for units',
  'GET /v1/rbos': 'alike',
  'GET /v1/rbos/:code': 'alike',
  'PUT /v1/rbos/:code': 'not for units',
  'GET /v1/calendars/:id': 'alike',
  'PUT /v1/calendars/:id': 'not for units',
  'GET /v1/calendars/:id/:year': 'alike',
  'PUT /v1/calendars/:id/:year': 'not for units',
  'GET /v1/policy': 'alike',
  'GET /v1/log/digest': 'not for units',
  'GET /v1/policy/versions': 'alike',
  'GET /v1/calendars/:id/versions': 'alike',
  'PUT /v1/policy': 'not for units',
  'GET /v1/webhooks': 'not for units',
  'POST /v1/webhooks': 'not for units',
  'GET /v1/webhooks/:id': 'not for units',
  'PUT /v1/webhooks/:id': 'not for units',
  'DELETE /v1/webhooks/:id': 'not for units',
  'POST /v1/webhooks/:id/pause': 'not for units',
  'POST /v1/webhooks/:id/resume': 'not for units',
  'POST /v1/webhooks/:id/test': 'not for units',
  'POST /v1/webhooks/:id/rotate-secret': 'not for units',
  'POST /v1/webhooks/:id/replay': 'not for units',
  'GET /v1/webhooks/:id/deliveries': 'not for units',
  'POST /v1/webhooks/:id/deliveries/:deliveryId/retry': 'not for units',
  'GET /v1/tickets/:ticketNo/contacts': 'ticket',
  'GET /v1/tickets/:ticketNo/responses': 'ticket',
  'GET /v1/tickets/:ticketNo/records': 'ticket',
  'GET /v1/tickets/:ticketNo/callbacks': 'ticket',
  'POST /v1/complaints': 'not for units',
  'POST /v1/complaints/candidates': 'not for units',
  'POST /v1/imports': 'not for units',
  'POST /v1/inquiries': 'not for units',
  'GET /v1/inquiries': 'leaves out',
  'GET /v1/inquiries/:inquiryNo': 'inquiry',
  'GET /v1/inquiries/:inquiryNo/timeline': 'inquiry',
  'POST /v1/inquiries/:inquiryNo/forward': 'inquiry',
  'POST /v1/inquiries/:inquiryNo/answer': 'inquiry',
  'POST /v1/inquiries/:inquiryNo/relay': 'inquiry',
  'POST /v1/inquiries/:inquiryNo/withdraw': 'inquiry',
  'POST /v1/inquiries/:inquiryNo/complaint': 'inquiry',
  'GET /v1/dealers/:code/sms-contacts': 'dealer',
  'POST /v1/dealers/:code/sms-contacts': 'own dealer',
  'POST /v1/dealers/:code/sms-contacts/requests/:requestId/accept': 'not for units',
  'POST /v1/dealers/:code/sms-contacts/requests/:requestId/refuse': 'not for units',
  'GET /v1/sms-contact-requests': 'leaves out',
  'GET /v1/objections': 'leaves out',
  'POST /v1/tickets/:ticketNo/objections': 'ticket',
  'POST /v1/tickets/:ticketNo/objections/:objectionId/withdraw': 'ticket',
  'POST /v1/tickets/:ticketNo/objections/:objectionId/decide': 'ticket',
  'GET /v1/feed': 'leaves out',
  'GET /v1/stream': 'streams',
  'GET /v1/privacy/access-log': 'not for units',
  'POST /v1/privacy/subjects/search': 'not for units',
  'POST /v1/privacy/subjects/:subjectId/erase': 'not for units',
  'GET /v1/privacy/subjects/:subjectId/export': 'not for units',
  'POST /v1/privacy/retention': 'not for units',
  'GET /v1/tickets': 'leaves out',
  'POST /v1/tickets/search': 'leaves out',
  'GET /v1/escalations': 'leaves out',
  'GET /v1/callbacks': 'leaves out',
  'GET /v1/consumer-notices': 'leaves out',
  'GET /v1/warnings': 'leaves out',
  'GET /v1/reports/kpi': 'leaves out',
  'GET /v1/reports/kpi/units': 'leaves out',
  'GET /v1/reports/statistics': 'leaves out',
  'GET /v1/reports/monthly': 'leaves out',
  'GET /v1/reports/now': 'leaves out',
  'GET /v1/assessments/:quarter': 'leaves out',
  'GET /v1/assessments/:quarter/revisions': 'leaves out',
  'GET /v1/assessments/:quarter/dealers/:code': 'dealer',
  'POST /v1/assessments/:quarter/freeze': 'not for units',
  'POST /v1/assessments/:quarter/revise': 'not for units',
  'POST /v1/assessments/:quarter/decide-tie': 'not for units',
  'POST /v1/assessments/:quarter/what-if': 'not for units',
  'GET /v1/tickets/:ticketNo': 'ticket',
  'GET /v1/tickets/:ticketNo/timeline': 'ticket',
  'GET /v1/tickets/:ticketNo/sla': 'ticket',
  'POST /v1/tickets/:ticketNo/letters': 'ticket',
  'POST /v1/tickets/:ticketNo/attachments': 'ticket',
  'GET /v1/tickets/:ticketNo/attachments': 'ticket',
  'GET /v1/tickets/:ticketNo/attachments/:attachmentId': 'ticket',
  'POST /v1/tickets/:ticketNo/attachments/:attachmentId/remove': 'ticket',
  'POST /v1/inquiries/:inquiryNo/attachments': 'inquiry',
  'GET /v1/inquiries/:inquiryNo/attachments': 'inquiry',
  'GET /v1/inquiries/:inquiryNo/attachments/:attachmentId': 'inquiry',
  'POST /v1/inquiries/:inquiryNo/attachments/:attachmentId/remove': 'inquiry',
  'GET /v1/tickets/:ticketNo/letters': 'ticket',
  'GET /v1/tickets/:ticketNo/letters/:number': 'ticket',
  'GET /v1/tickets/:ticketNo/letters/:number/print': 'ticket',
  'GET /v1/tickets/:ticketNo/forms/handling': 'ticket',
  'GET /v1/tickets/:ticketNo/forms/warning/:warningId': 'ticket',
  'POST /v1/tickets/:ticketNo/contacts': 'ticket',
  'POST /v1/tickets/:ticketNo/redispatch': 'ticket',
  'POST /v1/tickets/:ticketNo/repeat-link': 'ticket',
  'POST /v1/tickets/:ticketNo/repeat-unlink': 'ticket',
  'POST /v1/tickets/:ticketNo/callbacks': 'ticket',
  'POST /v1/tickets/:ticketNo/reclassify': 'ticket',
  'POST /v1/tickets/:ticketNo/rescind': 'ticket',
  'POST /v1/tickets/:ticketNo/duplicate-of': 'ticket',
  'POST /v1/tickets/:ticketNo/duplicate-undo': 'ticket',
  'POST /v1/tickets/:ticketNo/recalculate': 'ticket',
  'POST /v1/tickets/:ticketNo/responses': 'ticket',
  'POST /v1/tickets/:ticketNo/records': 'ticket',
  'POST /v1/tickets/:ticketNo/close': 'ticket',
  'POST /v1/tickets/:ticketNo/responsible-dealer': 'ticket',
  'POST /v1/tickets/:ticketNo/convert-to-c': 'ticket',
  'POST /v1/tickets/:ticketNo/warnings': 'ticket',
  'POST /v1/tickets/:ticketNo/weight': 'ticket',
  'POST /v1/tickets/:ticketNo/correct': 'ticket',
  'POST /v1/tickets/:ticketNo/claim': 'ticket',
  'POST /v1/tickets/:ticketNo/release': 'ticket',
  'POST /v1/tickets/:ticketNo/warnings/:warningId/acknowledge': 'ticket',
  'POST /v1/tickets/:ticketNo/warnings/:warningId/resolve': 'ticket',
}

/** Of a customer of D001’s. */
export const phone = '13912345678'
const lists = ['', '?dealer=D001', '?rbo=EAST', '?holder=D001', '?externalNo=EXT-1', '?dealer=D001,D003']

/** The ways to ask what leaves out: queries, or bodies. */
export const asked: Record<string, (string | Json)[]> = {
  'GET /v1/inquiries': ['', '?dealer=D001', '?rbo=EAST', '?topic=price', '?externalNo=INQ-1'],
  'GET /v1/objections': ['', '?quarter=2026Q1', '?status=open', '?dealer=D001,D003'],
  'GET /v1/sms-contact-requests': ['', '?status=open', '?dealer=D001,D003'],
  'GET /v1/feed': ['', '?limit=200', '?topics=warnings', '?topics=tickets,care&limit=200'],
  'GET /v1/tickets': lists,
  'GET /v1/escalations': lists.slice(0, 4),
  'GET /v1/callbacks': ['', '?status=overdue', '?status=done'],
  'GET /v1/consumer-notices': ['', '?status=overdue', '?status=done'],
  'GET /v1/warnings': ['', '?status=open,acknowledged,resolved'],
  'POST /v1/tickets/search': [{}, { phone }, { dealer: 'D001' }, { externalNo: 'EXT-1' }],
  'GET /v1/reports/kpi': ['dealer', 'rbo', 'category', 'level', 'month'].flatMap((by) =>
    ['', '&dealer=D001', '&rbo=EAST', '&tier=rbo'].map((more) => `?quarter=2026Q1&by=${by}${more}`),
  ),
  'GET /v1/reports/kpi/units': [
    '',
    '&dealer=D001',
    '&key=D001',
    '&rbo=EAST',
    '&tier=rbo',
    '&by=rbo&key=EAST',
  ].map((more) => `?quarter=2026Q1${more}`),
  'GET /v1/reports/statistics': [
    '',
    '&groupBy=dealer',
    '&groupBy=rbo,dealer',
    '&groupBy=channel,source',
    '&groupBy=tier,category',
  ].map((more) => `?from=2026-01-01&to=2026-04-01${more}`),
  'GET /v1/reports/monthly': ['?month=2026-03', '?month=2026-02'],
  'GET /v1/reports/now': [''],
  'GET /v1/assessments/:quarter': ['', '?rbo=EAST'],
  'GET /v1/assessments/:quarter/revisions': [''],
}
