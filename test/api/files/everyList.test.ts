/** Every list and report there is, as a file and as JSON: the same rows for the same caller under the same filters. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { RouteOptions } from 'fastify'
import { z } from 'zod'
import { buildApp } from '../../../api/http/app.ts'
import { cellOf, codesOnly, csvRows, csvText, flat, readCsv } from '../../support/readCsv.ts'
import {
  at,
  csr,
  dealer,
  one,
  rbo,
  type Scenario,
  sa,
  se,
  seMedia,
  startScenario,
} from '../../support/scenario.ts'
import type { Json, Who } from '../../support/service.ts'

let s: Scenario
let routes: RouteOptions[]
/** A ticket that every caller here sees. */
let everybodys: string

/** What is asked of each list: filters, each asked by every caller. A list that is not here fails. */
const lists: Record<string, string[]> = {
  'GET /v1/tickets': [
    '',
    'sort=-registeredAt',
    'state=open',
    'state=completed,rescinded',
    'dealer=D001',
    'rbo=EAST,WEST',
    'overdue=response,close',
    'warning=W4',
    'from=2026-03-03&to=2026-03-04',
    'externalNo=L-1',
    'dealer=D999',
  ],
  'POST /v1/tickets/search': ['', 'category=A4d', 'state=open'],
  'GET /v1/escalations': ['', 'state=open&holder=EAST'],
  'GET /v1/callbacks': ['', 'status=overdue', 'status=done'],
  'GET /v1/consumer-notices': ['status=done', 'status=near', 'status=overdue'],
  'GET /v1/inquiries': ['', 'state=answered,forwarded', 'topic=price', 'dealer=D002', 'overdue=answer,relay'],
  'GET /v1/voice/items': [
    '',
    'status=open',
    'status=sent,dropped',
    'dealer=D001',
    'survey=SSI',
    'externalNo=V-1',
  ],
  'GET /v1/voice/sheets': ['', 'status=sent', 'dealer=D002', 'overdue=meeting', 'month=2026-01,2026-02'],
  'GET /v1/voice/ledger': ['', 'quarter=2026Q1', 'kind=late,recurrence', 'dealer=D001'],
  'GET /v1/objections': ['', 'status=open,upheld', 'quarter=2026Q1', 'dealer=D001'],
  'GET /v1/sms-contact-requests': ['', 'status=refused', 'status=open,accepted', 'dealer=D001,D999'],
  'GET /v1/tickets/:ticketNo/contacts': [''],
  'GET /v1/tickets/:ticketNo/responses': [''],
  'GET /v1/tickets/:ticketNo/records': [''],
  'GET /v1/tickets/:ticketNo/callbacks': [''],
  'GET /v1/care/tasks': ['', 'status=open', 'status=overdue,done', 'kind=delivery_24h', 'dealer=D002'],
  'GET /v1/care/triage': ['', 'status=open,dismissed', 'dealer=D001'],
  'GET /v1/warnings': ['', 'status=resolved', 'status=open'],
  'GET /v1/dealers': [''],
  'GET /v1/rbos': [''],
  'GET /v1/reports/kpi/units': [
    'quarter=2026Q1',
    'quarter=2026Q1&tier=rbo',
    'from=1971-01-01&to=2100-01-01',
    'from=2100-01-01&to=2200-01-01',
    'from=2026-03-03&to=2026-03-05&by=dealer&key=D002',
    'quarter=2026Q1&asOf=2026-03-02T03:00:00Z',
  ],
}

const callers: [string, Who][] = [
  ['SA', sa],
  ['an auditor, who sees masked names', one('auditor')],
  ['a dealer', dealer('D001')],
  ['an RBO', rbo('EAST')],
]

/** More than a page of tickets, with all that a text can do to a file. */
beforeAll(async () => {
  s = await startScenario({ now: '2026-03-02 09:00' })
  const name = '=HYPERLINK("http://x","王")'
  const repeated = await s.register({ externalNo: 'L-1', customer: { name, phone: '+8613811112222' } })
  await s.respond(repeated)
  await s.close(repeated)
  s.go('2026-03-02 10:00:00.007')
  await s.register({ sameProblemAs: repeated, customer: { address: '上海,\r\n"静安"😀', email: null } })
  const media = await s.registerB({ source: 'website', customer: { name: '@王\t', contactPerson: '-x' } })
  await s.does(media, 'records', { kind: 'consumer_informed', note: '=已告知' }, seMedia)
  await s.does(media, 'responsible-dealer', { dealerCode: 'D003' }, seMedia)
  s.go('2026-03-03 10:00')
  const warned = await s.register({ category: 'A4d', dealerCode: 'D002', flags: ['agitated', 'media'] })
  const [{ warningId }] = (await s.ticket(warned)).warnings
  await s.does(warned, `warnings/${warningId}/resolve`, { result: '=已处理' }, rbo('EAST'))
  await s.does(warned, 'warnings', { code: 'W3', reason: '+理由' }, se)
  const west = await s.register({
    category: 'A4c',
    dealerCode: 'D004',
    vehicle: { mileageKm: 12, model: '-A' },
  })
  await s.respond(west, rbo('WEST'))
  const rescinded = await s.register({ dealerCode: 'D001' })
  await s.does(rescinded, 'rescind', { reason: '误登记' }, se)
  for (let n = 0; n < 60; n++) {
    const code = n % 2 === 0 ? 'D001' : 'D002'
    const ticketNo = await s.register({ dealerCode: code })
    if (n >= 40) continue
    const objection = { measures: n % 3 === 0 ? ['close'] : ['response', 'firstTime'], reason: '=改期' }
    const { objectionId } = (await s.post(dealer(code), `tickets/${ticketNo}/objections`, objection)).body
    if (n < 9)
      await s.post(one('hq_sales'), `tickets/${ticketNo}/objections/${objectionId}/decide`, {
        decision: n % 2 === 0 ? 'upheld' : 'rejected',
        reason: '@属实',
      })
  }
  for (const result of ['satisfied', 'unreachable']) {
    const ticketNo = await s.register()
    await s.respond(ticketNo)
    await s.close(ticketNo)
    await s.does(ticketNo, 'callbacks', { outcome: result }, csr)
  }
  for (let n = 0; n < 60; n++) {
    const customer = { name, phone: `1350000${1000 + n}` }
    const asked = { channel: 'phone', topic: n < 9 ? 'price' : 'order', question: '=1+1', customer }
    const dealerCode = n % 2 === 0 ? 'D001' : 'D002'
    const { body } = await s.post(csr, 'inquiries', { ...asked, dealerCode, answer: n < 30 ? '有' : null })
    if (n >= 40) await s.post(csr, `inquiries/${body.inquiryNo}/forward`, {})
  }
  for (let n = 0; n < 60; n++) {
    const dealerCode = n % 2 === 0 ? 'D001' : 'D002'
    const customer = { name, phone: `1360000${1000 + n}` }
    const handedOverAt = '2026-03-02T10:00:00+08:00'
    const handed = { dealerCode, customer, vin: `LSVAA4187E2${String(n).padStart(6, '0')}`, handedOverAt }
    const { handoverId } = (await s.post(dealer(dealerCode), 'handovers', handed)).body
    const called = { result: 'reached', outcome: 'dissatisfied', product: '=1+1' }
    if (n < 30) await s.post(dealer(dealerCode), `care/tasks/${handoverId}.delivery_24h/attempts`, called)
  }
  for (let n = 0; n < 60; n++) {
    const code = n % 2 === 0 ? 'D001' : 'D002'
    const wanted = { action: 'add', name: `=${n}`, mobile: `+86 138 0000 ${1000 + n}`, duty: 'handler' }
    const { requestId } = (await s.post(dealer(code), `dealers/${code}/sms-contacts`, wanted)).body
    const decided = `dealers/${code}/sms-contacts/requests/${requestId}`
    if (n < 9) await s.post(csr, `${decided}/accept`, {})
    else if (n < 20) await s.post(csr, `${decided}/refuse`, { reason: '=号码有误' })
  }
  const hq = one('hq_sales')
  for (let n = 0; n < 30; n++)
    for (const dealerCode of ['D001', 'D002']) {
      const month = `20${24 + Math.floor(n / 12)}-${String((n % 12) + 1).padStart(2, '0')}`
      const said = { month: n > 25 ? '2026-02' : month, dealerCode, survey: n % 2 === 0 ? 'SSI' : 'CSI' }
      const item = { ...said, indicator: '=价格', score: n % 3 === 0 ? null : 7, text: '@等了, "两"小时' }
      const externalNo = dealerCode === 'D001' ? `V-${n}` : null
      const { itemId } = (await s.post(hq, 'voice/items', { ...item, externalNo })).body
      if (n === 20) await s.post(hq, `voice/items/${itemId}/drop`, { reason: 'false_report' })
      if (n < 20 || (n > 20 && n < 25)) await s.post(hq, 'voice/sheets', { dealerCode, month })
    }
  everybodys = await s.register({ dealerCode: 'D001', customer: { name, phone: '13400001111' } })
  for (let n = 0; n < 30; n++)
    await s.does(everybodys, 'contacts', { channel: 'phone', content: `=催办${n}` }, csr)
  await s.respond(everybodys)
  await s.does(everybodys, 'records', { kind: 'investigation', note: '@已查' }, dealer('D001'))
  await s.close(everybodys)
  await s.does(everybodys, 'callbacks', { outcome: 'satisfied', note: '+好', score: 4 }, csr)
  s.go('2026-03-06 00:00')
  routes = []
  const app = buildApp(s.service.deps)
  app.addHook('onRoute', (route) => void routes.push(route))
  await app.ready()
  await app.close()
}, 60_000)
afterAll(() => s.service.close())

const ask = (who: Who, route: string, query: string, page: Json) => {
  const [method = '', pattern = ''] = route.split(' ')
  const path = pattern.replace(':ticketNo', everybodys)
  const inBody = method === 'POST'
  const params = inBody ? page : { ...Object.fromEntries(new URLSearchParams(query)), ...page }
  const { format, ...body } = { ...Object.fromEntries(new URLSearchParams(query)), ...page }
  const url = inBody
    ? `${path}${format === undefined ? '' : `?format=${format}`}`
    : `${path}?${new URLSearchParams(params)}`
  return s.service.call(who, method, url, inBody ? { body } : {})
}

/** All pages, as JSON gives them. */
const wholeList = async (who: Who, route: string, query: string): Promise<Json[]> => {
  const rows: Json[] = []
  let cursor: string | null = null
  do {
    const page = { limit: route.startsWith('POST') ? 23 : '23', ...(cursor !== null && { cursor }) }
    const { status, text, body } = await ask(who, route, query, page)
    expect([status, text]).toEqual([200, text])
    rows.push(...body.items)
    cursor = body.nextCursor
  } while (cursor !== null)
  return rows
}

const isList = (route: RouteOptions): boolean => {
  const answer = (route.schema?.response as Record<number, z.ZodType> | undefined)?.[200]
  return answer instanceof z.ZodObject && 'items' in answer.shape && 'nextCursor' in answer.shape
}
const nameOf = ({ method, url }: RouteOptions): string => `${method} ${url}`
const isRead = ({ method, url }: RouteOptions): boolean => url.startsWith('/v1/') && method !== 'HEAD'

/** Lists for those who run the service, as JSON only: settings, and a log of three years that is read by filters. */
const ofOperators = new Set([
  'GET /v1/privacy/access-log',
  'GET /v1/webhooks',
  'GET /v1/webhooks/:id/deliveries',
])

describe('files', () => {
  it('are given of every list of the business', () => {
    const found = routes
      .filter((route) => isRead(route) && isList(route))
      .filter((route) => !ofOperators.has(nameOf(route)))
    expect(found.map(nameOf).sort()).toEqual(Object.keys(lists).sort())
    for (const { config } of found) expect(config?.files?.formats).toEqual(['csv'])
  })

  it('are given of every report, XLSX too but of ad-hoc statistics', () => {
    const reports = /^\/v1\/(reports\/[^/]+|assessments\/:quarter)$/
    const found = routes.filter((route) => isRead(route) && reports.test(route.url))
    expect(Object.fromEntries(found.map(({ url, config }) => [url, config?.files?.formats]))).toEqual({
      '/v1/reports/kpi': ['csv', 'xlsx'],
      '/v1/reports/monthly': ['csv', 'xlsx'],
      '/v1/reports/now': ['csv', 'xlsx'],
      '/v1/reports/satisfaction': ['csv', 'xlsx'],
      '/v1/reports/consumer-notices': ['csv', 'xlsx'],
      '/v1/reports/causes': ['csv', 'xlsx'],
      '/v1/reports/warnings': ['csv', 'xlsx'],
      '/v1/reports/per-100-deliveries': ['csv', 'xlsx'],
      '/v1/reports/ranking': ['csv', 'xlsx'],
      '/v1/reports/care': ['csv', 'xlsx'],
      '/v1/reports/voice': ['csv', 'xlsx'],
      '/v1/reports/statistics': ['csv'],
      '/v1/assessments/:quarter': ['csv', 'xlsx'],
    })
  })

  it('have no two columns of one heading, and Chinese ones in Chinese', () => {
    for (const route of routes) {
      const { columns = [] } = route.config?.files ?? {}
      expect(new Set(columns.map(({ path }) => path)).size).toBe(columns.length)
      expect(new Set(columns.map(({ zh }) => zh)).size).toBe(columns.length)
      for (const { zh, path } of columns)
        expect([path, zh]).toEqual([path, expect.stringMatching(/[\u4E00-\u9FFF]/)])
    }
  })
})

const everyCase = Object.entries(lists).flatMap(([route, queries]) =>
  callers.map(([name, who]): [string, string, Who, string[]] => [route, name, who, queries]),
)

/** A file of tickets is in the order of registration where no order was asked for. */
const inFileOrder = (route: string, query: string, rows: Json[]): Json[] =>
  /tickets(\/search)?$|escalations/.test(route) && !query.includes('sort')
    ? rows.toSorted((a, b) => (order(a) < order(b) ? 1 : -1))
    : rows
let place: Map<string, number>
const order = ({ ticketNo }: Json): number => place.get(ticketNo) as number

describe('as CSV', () => {
  beforeAll(async () => {
    const newestFirst = await wholeList(sa, 'GET /v1/tickets', 'sort=-registeredAt')
    place = new Map(newestFirst.map(({ ticketNo }, i) => [ticketNo, -i]))
  })

  it.each(everyCase)('%s is the JSON, row by row, for %s', async (route, _, who, queries) => {
    for (const query of queries) {
      const rows = inFileOrder(route, query, await wholeList(who, route, query))
      const { status, bytes } = await ask(who, route, query, { format: 'csv' })
      expect([query, status]).toEqual([query, 200])
      const file = codesOnly(readCsv(bytes))
      expect(file.rows).toEqual(csvRows(rows))
      if (rows.length > 0) expect(file.headings).toEqual(flat(rows[0]).map(([path]) => path))
    }
  })

  it('the lists have something to compare, more than a page of it', async () => {
    for (const [route, [query = '']] of Object.entries(lists))
      expect([route, (await wholeList(sa, route, query)).length > 0]).toEqual([route, true])
    expect((await wholeList(sa, 'GET /v1/tickets', '')).length).toBeGreaterThan(60)
  })

  it('a search by phone is whole, and as much a matter of role', async () => {
    const body = { phone: '+8613811112222' }
    const { items } = (await s.post(csr, 'tickets/search', body)).body
    const { rows } = codesOnly(readCsv((await s.post(csr, 'tickets/search?format=csv', body)).bytes))
    expect(rows).toEqual(csvRows(items))
    expect(items.length).toBeGreaterThan(0)
    expect((await s.post(one('auditor'), 'tickets/search?format=csv', body)).status).toBe(403)
  })

  const textsOf = async (who: Who) => {
    const rows = inFileOrder('GET /v1/tickets', '', await wholeList(who, 'GET /v1/tickets', 'include=texts'))
    const { bytes } = await ask(who, 'GET /v1/tickets', 'include=texts', { format: 'csv' })
    return { rows, file: codesOnly(readCsv(bytes)) }
  }

  it.each(callers)(
    'a file of tickets with their texts is the JSON with them, by the rights of %s',
    async (_, who) => {
      const { rows, file } = await textsOf(who)
      const cell = (row: Json, path: string) =>
        csvText(cellOf(path.split('.').reduce((value, name) => value?.[name], row) ?? null))
      expect(file.rows).toEqual(rows.map((row) => file.headings.map((path) => cell(row, path))))
      expect(file.headings).toEqual(
        expect.arrayContaining(['content', 'closing.result', 'closing.measures', 'closing.rootCause']),
      )
    },
  )

  it('a file with texts has those that the caller may read, and a line in the access log', async () => {
    const contentOf = ({ rows }: { rows: Json[] }) => rows.find(({ externalNo }) => externalNo === 'L-1')
    const found = contentOf(await textsOf(sa))
    expect([found.content, found.closing.result]).toEqual([expect.any(String), expect.any(String)])
    const masked = contentOf(await textsOf(one('auditor')))
    expect([masked.content, masked.closing.result]).toEqual([null, null])
    const { items } = (await s.get('privacy/access-log?limit=200', sa)).body
    expect(JSON.stringify(items)).toContain('"include":"texts"')
  })

  it('a file neutralises what customers wrote, and JSON has it as it was', async () => {
    const [item] = (await s.get('tickets?externalNo=L-1')).body.items
    expect(item.customer.name).toBe('=HYPERLINK("http://x","王")')
    const { headings, rows } = readCsv((await s.get('tickets?externalNo=L-1&format=csv')).bytes)
    expect(rows[0]?.[headings.indexOf('customer.name')]).toBe('\'=HYPERLINK("http://x","王")')
    expect(rows[0]?.[headings.indexOf('customer.phone')]).toBe("'+8613811112222")
    expect(rows[0]?.[headings.indexOf('registeredAt')]).toBe('2026-03-02 09:00:00')
    expect(item.registeredAt).toBe(at('2026-03-02 09:00'))
  })
})
