/** Requests of the OpenAPI document that work when they are tried unchanged, on the demo too. */

/**
 * Ticket numbers of the examples, by what must have become of the ticket for the call to work. A service in development
 * mode puts a ticket of its own in their place.
 */
export const exampleTickets = {
  /** A dealer holds it and has not responded. */
  unhandled: 'T260302-7GQ4',
  /** A dealer holds it and has responded. */
  inProgress: 'T260302-K2M9',
  completed: 'T260302-3VTX',
} as const
export type ExampleTicket = keyof typeof exampleTickets

const reason = 'As the customer told the agent.'

type Example = {
  /** The ticket of the path; left out: one that nobody has responded to. */
  ticket?: ExampleTicket
  /** Of the request. */
  body?: unknown
  /** Of the path, where another than the usual one is needed. */
  path?: Readonly<Record<string, string>>
  /** Of the query, where it must have some. */
  query?: Readonly<Record<string, string>>
}

/** By method and path as the document has them. */
export const examples: Readonly<Record<string, Example>> = {
  'PUT /v1/rbos/{code}': { body: { name: '华东大区' } },
  'PUT /v1/dealers/{code}': { body: { name: '上海浦锐汽车销售服务有限公司', rbo: 'EAST' } },
  'PUT /v1/dealers/{code}/deliveries/{quarter}': { body: { count: 320 } },
  // of no unit, and a year that is far off: nobody's deadlines move
  'PUT /v1/calendars/{id}': {
    path: { id: 'CN-TEST' },
    body: { opens: '08:30', closes: '17:00', daysOf: 'CN' },
  },
  'PUT /v1/calendars/{id}/{year}': {
    path: { id: 'CN', year: '2098' },
    body: { off: ['2098-01-01'], work: ['2098-01-04'], source: '国务院办公厅' },
  },
  'POST /v1/complaints': {
    body: {
      channel: 'phone',
      category: 'A4a',
      dealerCode: 'D001',
      customer: { name: '王芳', phone: '13800000000' },
      content: '预约的试驾一直没有人联系。',
    },
  },
  'POST /v1/complaints/candidates': { body: { phone: '13800000000', category: 'A4a' } },
  'POST /v1/tickets/search': { body: { phone: '13800000000', state: 'open' } },
  'POST /v1/tickets/{ticketNo}/contacts': { body: { channel: 'phone', content: '客户再次来电催促。' } },
  'POST /v1/tickets/{ticketNo}/redispatch': { body: { tier: 'rbo', reason } },
  'POST /v1/tickets/{ticketNo}/callbacks': { ticket: 'completed', body: { outcome: 'satisfied', score: 5 } },
  'POST /v1/tickets/{ticketNo}/reclassify': { body: { category: 'A4d', reason } },
  'POST /v1/tickets/{ticketNo}/rescind': { body: { reason } },
  'POST /v1/tickets/{ticketNo}/recalculate': { body: { reason } },
  'POST /v1/tickets/{ticketNo}/responses': {
    body: { method: 'phone', reached: true, note: '已联系客户，周六上午安排试驾。' },
  },
  'POST /v1/tickets/{ticketNo}/records': {
    ticket: 'inProgress',
    body: { kind: 'investigation', note: '已向销售顾问了解情况。' },
  },
  'POST /v1/tickets/{ticketNo}/close': {
    ticket: 'inProgress',
    body: { result: '客户已完成试驾，表示满意。', measures: '销售顾问每日核对预约。' },
  },
  'POST /v1/tickets/{ticketNo}/weight': { body: { severity: 'high', reason } },
  'POST /v1/tickets/{ticketNo}/correct': { body: { customer: { contactPerson: '王芳' }, reason } },
  'POST /v1/tickets/{ticketNo}/claim': { body: {} },
  'POST /v1/tickets/{ticketNo}/release': { body: {} },
  'POST /v1/tickets/{ticketNo}/warnings': { body: { code: 'W4', reason } },
  'POST /v1/inquiries': {
    body: { channel: 'phone', topic: 'product', question: '这款车有几种颜色？', answer: '有六种颜色。' },
  },
  'POST /v1/dealers/{code}/sms-contacts': {
    body: { action: 'add', name: '钱经理', mobile: '13900001234', duty: 'handler' },
  },
  'POST /v1/webhooks': { body: { url: 'https://sms.example.com/hooks' } },
  'POST /v1/privacy/subjects/search': { body: { phone: '13800000000' } },
  'GET /v1/reports/kpi': { query: { quarter: '2026Q1' } },
  'GET /v1/reports/kpi/units': { query: { quarter: '2026Q1' } },
  'GET /v1/reports/statistics': {
    query: { from: '2026-01-01', to: '2026-04-01', groupBy: 'rbo,category' },
  },
  'GET /v1/reports/monthly': { query: { month: '2026-03' } },
  'POST /v1/assessments/{quarter}/what-if': { body: {} },
}

/** Of path parameters, by what comes before them in the path; what is not here has none that always works. */
const pathExamples: Readonly<Record<string, string>> = {
  '/v1/dealers/': 'D001',
  '/v1/rbos/': 'EAST',
  '/v1/calendars/': 'CN',
  '/v1/calendars/{id}/': '2026',
  '/v1/assessments/': '2026Q1',
  '/v1/assessments/{quarter}/dealers/': 'D001',
  '/v1/dealers/{code}/deliveries/': '2026Q1',
  '/problems/': 'ticket_is_over',
}

/** The example of a path parameter, where there is one that always works. */
export const pathExampleOf = (path: string, name: string): string | undefined =>
  pathExamples[path.split(`{${name}}`, 1)[0] ?? '']
