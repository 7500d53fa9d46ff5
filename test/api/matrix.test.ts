/** Who may call what (rulebook §2), for every route the service has. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { permissions, type Role, roles } from '../../domain/authority.ts'
import {
  dealer,
  one,
  problemOf,
  rbo,
  refused,
  type Scenario,
  sa,
  startScenario,
} from '../support/scenario.ts'
import type { Json, Who } from '../support/service.ts'
import { type Route, routesOf } from './routeTable.ts'

let s: Scenario
let ticketNo: string
let routes: Route[]

beforeAll(async () => {
  s = await startScenario()
  ticketNo = await s.register({ dealerCode: 'D001', flags: ['agitated'] })
  routes = await routesOf(s.service.deps)
})
afterAll(() => s.service.close())

const roleNames = Object.keys(roles) as Role[]
const whoOf = (role: Role): Who =>
  role === 'dealer' ? dealer('D003') : role === 'rbo' ? rbo('NORTH') : one(role)
const api = () => routes.filter(({ url }) => url.startsWith('/v1/'))

/** Bodies that fit, so that an answer is not about their form; of other acts on a ticket, the documented example. */
const bodies: Record<string, Json> = {
  'POST /v1/complaints': {
    channel: 'phone',
    category: 'A4a',
    dealerCode: 'D999',
    customer: { name: '王' },
    content: '投诉',
  },
  'POST /v1/assessments/:quarter/revise': { reason: '理由' },
  'POST /v1/assessments/:quarter/decide-tie': { rbo: 'EAST', rewarded: ['D001'], reason: '理由' },
  erase: { reason: '理由' },
  contacts: { channel: 'phone', content: '催办' },
  redispatch: { tier: 'se', reason: '理由' },
  'repeat-link': { ticketNo: 'T1', reason: '理由' },
  'repeat-unlink': { ticketNo: 'T1', reason: '理由' },
  callbacks: { outcome: 'satisfied' },
  reclassify: { category: 'A4d', reason: '理由' },
  rescind: { reason: '理由' },
  'duplicate-of': { ticketNo: 'T1', reason: '理由' },
  'duplicate-undo': { reason: '理由' },
  recalculate: { reason: '理由' },
  responses: { method: 'phone', reached: true, note: '已联系' },
  records: { kind: 'consumer_informed', note: '已告知' },
  close: { result: '属实', measures: '道歉' },
  'responsible-dealer': { dealerCode: 'D001' },
  'convert-to-c': { reason: '理由' },
  warnings: { code: 'W3' },
  weight: { severity: 'high', reason: '理由' },
  correct: { customer: { phone: '13900000000' }, reason: '理由' },
  claim: {},
  release: {},
  remove: { reason: '误传' },
  letters: { kind: 'customer', addressee: '王先生', subject: '答复', body: '正文' },
  acknowledge: {},
  resolve: { result: '好' },
  'POST /v1/inquiries': { channel: 'phone', topic: 'NONE', question: '咨询' },
  forward: {},
  answer: { answer: '答复' },
  relay: { method: 'phone', reached: true },
  withdraw: { reason: '理由' },
  objections: { measures: ['close'], reason: '理由' },
  'POST /v1/tickets/:ticketNo/objections/:objectionId/withdraw': {},
  decide: { decision: 'upheld', reason: '理由' },
  'POST /v1/dealers/:code/sms-contacts': {
    action: 'add',
    name: '钱',
    mobile: '13800000003',
    duty: 'manager',
  },
  complaint: { category: 'A4a' },
}

const call = (who: Who | null, { method, url, exampleBody }: Route, no = 'T000000-NONE') => {
  const path = url
    .replace(/:(ticket|inquiry)No/, no)
    .replace(':warningId', `${no}-1`)
    .replace(':objectionId', `${no}-O1`)
    .replace(':quarter', '2026Q1')
    .replace(':year', '2026')
    .replace(':number', '1')
    .replace(':attachmentId', '11111111-1111-4111-8111-111111111111')
    .replace(/:\w+/g, 'NONE')
  const body =
    bodies[`${method} ${url}`] ??
    (/:(ticketNo|inquiryNo|subjectId)/.test(url)
      ? (bodies[url.split('/').at(-1) ?? ''] ?? exampleBody)
      : undefined)
  const reads = method === 'GET' || method === 'HEAD' || method === 'OPTIONS'
  return s.service.call(who, method, path, reads ? {} : { body: body ?? {} })
}
const mayBy = (role: Role, { actions }: Route): boolean =>
  actions.some((action) => (permissions[action] as readonly Role[]).includes(role))

describe('every route under /v1', () => {
  it('declares what it does', () => {
    expect(api().length).toBeGreaterThan(40)
    expect(api().filter(({ actions }) => actions.length === 0)).toEqual([])
  })

  it.each(roleNames)('is for %s exactly where the table of permissions says so', async (role) => {
    const head = await s.head()
    const wrong: string[] = []
    for (const route of api()) {
      const { status, headers, body } = await call(whoOf(role), route)
      const isRefused = status === 403 && (route.method === 'HEAD' || body.code === 'role_not_allowed')
      if (isRefused === mayBy(role, route))
        wrong.push(`${route.method} ${route.url}: ${status} ${body?.code}`)
      if (isRefused) expect(headers['cache-control']).toBe('no-store')
    }
    expect(wrong).toEqual([])
    expect(await s.head()).toBe(head)
  })

  it('takes no caller without a token, nor with one of nobody', async () => {
    const wrong: string[] = []
    for (const route of api()) {
      const { status, headers } = await call(null, route)
      if (status !== 401 || headers['www-authenticate'] !== 'Bearer')
        wrong.push(`${route.method} ${route.url}: ${status}`)
    }
    expect(wrong).toEqual([])
    const headers = { authorization: 'Bearer a.b.c' }
    expect(problemOf(await s.service.call(null, 'GET', '/v1/codes', { headers }))).toEqual(
      refused(401, 'unauthenticated', ['header', 'Authorization']),
    )
  })
})

describe('without a token', () => {
  it.each(['/', '/livez', '/readyz', '/docs', '/openapi.json', '/problems/not_the_holder'])(
    '%s is open',
    async (url) => {
      expect((await s.service.call(null, 'GET', url)).status).toBeLessThan(400)
    },
  )

  it('nothing else is', () => {
    const open = routes.map(({ url }) => url).filter((url) => !url.startsWith('/v1/'))
    const stated = /^\/(|livez|readyz|openapi\.json|problems(\/:code)?|docs(\/.*)?|console(\/.*)?)$/
    expect(open.filter((url) => !stated.test(url))).toEqual([])
  })
})

describe('the table of permissions', () => {
  const csc = ['csc_system', 'csr', 'csr_media']
  const handlers = ['dealer', 'rbo', 'se', 'se_media']
  const everyone = [...roleNames].sort()
  const seesPeople = everyone.filter((role) => !['hq_sales', 'admin', 'auditor'].includes(role))
  it.each<[string, string[]]>([
    ['POST /v1/complaints', csc],
    ['POST /v1/complaints/candidates', csc],
    ['POST /v1/tickets/:ticketNo/contacts', csc],
    ['POST /v1/tickets/:ticketNo/redispatch', csc],
    ['POST /v1/tickets/:ticketNo/repeat-link', csc],
    ['POST /v1/tickets/:ticketNo/repeat-unlink', csc],
    ['POST /v1/tickets/:ticketNo/callbacks', csc],
    ['POST /v1/tickets/:ticketNo/reclassify', ['csr', 'sa', 'se']],
    ['POST /v1/tickets/:ticketNo/rescind', ['csc_supervisor', 'sa', 'se']],
    ['POST /v1/tickets/:ticketNo/duplicate-of', ['csc_supervisor', 'sa', 'se']],
    ['POST /v1/tickets/:ticketNo/duplicate-undo', ['sa']],
    ['POST /v1/tickets/:ticketNo/recalculate', ['sa']],
    ['POST /v1/tickets/:ticketNo/responses', handlers],
    ['POST /v1/tickets/:ticketNo/records', [...csc, ...handlers]],
    ['POST /v1/tickets/:ticketNo/close', handlers],
    ['POST /v1/tickets/:ticketNo/responsible-dealer', ['se_media']],
    ['POST /v1/tickets/:ticketNo/convert-to-c', ['sa']],
    ['POST /v1/tickets/:ticketNo/letters', [...handlers, 'sa']],
    ['GET /v1/tickets/:ticketNo/letters', everyone],
    ['POST /v1/tickets/:ticketNo/attachments', seesPeople],
    ['GET /v1/tickets/:ticketNo/attachments/:attachmentId', seesPeople],
    ['POST /v1/tickets/:ticketNo/attachments/:attachmentId/remove', ['csc_supervisor', 'sa']],
    ['GET /v1/inquiries/:inquiryNo/attachments', seesPeople],
    ['POST /v1/tickets/:ticketNo/warnings', ['csr', 'se']],
    ['POST /v1/tickets/:ticketNo/warnings/:warningId/acknowledge', ['rbo', 'sa', 'se']],
    ['POST /v1/tickets/:ticketNo/warnings/:warningId/resolve', ['rbo', 'sa', 'se']],
    ['POST /v1/tickets/search', everyone],
    ['POST /v1/imports', ['admin']],
    ['PUT /v1/dealers/:code', ['admin', 'hq_sales']],
    ['PUT /v1/dealers/:code/deliveries/:quarter', ['admin', 'hq_sales']],
    ['PUT /v1/rbos/:code', ['admin', 'hq_sales']],
    ['PUT /v1/calendars/:id', ['admin', 'hq_sales']],
    ['PUT /v1/calendars/:id/:year', ['admin', 'hq_sales']],
    ['PUT /v1/policy', ['admin', 'hq_sales']],
    ['GET /v1/tickets', everyone],
    ['GET /v1/tickets/:ticketNo', everyone],
    ['GET /v1/warnings', everyone],
    ['GET /v1/reports/kpi', everyone],
    ['GET /v1/reports/statistics', everyone],
    ['GET /v1/reports/monthly', everyone],
    ['GET /v1/reports/satisfaction', everyone],
    ['GET /v1/reports/consumer-notices', everyone],
    ['GET /v1/reports/causes', everyone],
    ['GET /v1/reports/warnings', everyone],
    ['GET /v1/reports/per-100-deliveries', everyone],
    ['GET /v1/reports/ranking', everyone],
    ['GET /v1/reports/care', everyone],
    ['GET /v1/assessments/:quarter', everyone],
    ['GET /v1/assessments/:quarter/dealers/:code', everyone],
    ['GET /v1/assessments/:quarter/revisions', everyone],
    ['POST /v1/assessments/:quarter/freeze', ['admin', 'hq_sales']],
    ['POST /v1/assessments/:quarter/revise', ['admin', 'hq_sales']],
    ['POST /v1/assessments/:quarter/decide-tie', ['hq_sales']],
    ['POST /v1/assessments/:quarter/what-if', ['hq_sales', 'sa']],
    ['POST /v1/inquiries', ['csr', 'csc_system']],
    ['POST /v1/inquiries/:inquiryNo/forward', ['csr', 'csc_system']],
    ['POST /v1/inquiries/:inquiryNo/answer', ['csr', 'csc_system', 'se']],
    ['POST /v1/inquiries/:inquiryNo/relay', ['csr', 'csc_system']],
    ['POST /v1/inquiries/:inquiryNo/complaint', ['csr', 'csc_system']],
    ['POST /v1/inquiries/:inquiryNo/withdraw', ['csr', 'csc_supervisor']],
    ['GET /v1/inquiries/:inquiryNo', everyone],
    ['POST /v1/dealers/:code/sms-contacts', ['dealer']],
    ['POST /v1/dealers/:code/sms-contacts/requests/:requestId/accept', ['csc_system', 'csr']],
    ['POST /v1/dealers/:code/sms-contacts/requests/:requestId/refuse', ['csc_system', 'csr']],
    ['GET /v1/sms-contact-requests', everyone],
    ['POST /v1/tickets/:ticketNo/objections', ['dealer']],
    ['POST /v1/tickets/:ticketNo/objections/:objectionId/withdraw', ['dealer']],
    ['POST /v1/tickets/:ticketNo/objections/:objectionId/decide', ['hq_sales']],
    ['GET /v1/objections', everyone],
    ['GET /v1/log/digest', ['sa', 'hq_sales', 'auditor']],
  ])('gives %s to the roles of the rulebook', (name, expected) => {
    const route = routes.find(({ method, url }) => `${method} ${url}` === name) as Route
    expect(roleNames.filter((role) => mayBy(role, route)).sort()).toEqual([...expected].sort())
  })
})

describe('a ticket of another unit', () => {
  it.each<[string, Who]>([
    ['a dealer', dealer('D003')],
    ['an RBO', rbo('NORTH')],
    ['a dealer of the same RBO', dealer('D002')],
  ])('is as good as absent to %s, on every route', async (_, who) => {
    const head = await s.head()
    const ofTicket = api().filter(
      (route) => route.url.includes(':ticketNo') && mayBy(who.roles[0] as Role, route),
    )
    expect(ofTicket.length).toBeGreaterThan(5)
    for (const route of ofTicket) {
      const there = await call(who, route, ticketNo)
      const absent = await call(who, route)
      expect([route.url, there.status]).toEqual([route.url, 404])
      // not to be told apart from a number that nobody has
      expect(there.text.replaceAll(ticketNo, 'T000000-NONE')).toBe(absent.text)
    }
    expect(await s.head()).toBe(head)
  })

  it('is there for those it concerns, and for everyone else', async () => {
    for (const who of [dealer('D001'), rbo('EAST'), sa, one('auditor')])
      expect((await s.get(`tickets/${ticketNo}`, who)).status).toBe(200)
  })
})
