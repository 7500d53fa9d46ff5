/**
 * What a caller sees of other units (rulebook §2), route by route: a route that does not say in `scopeTable.ts` how it keeps to the
 * caller's scope fails the build.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { permissions, type Role } from '../../domain/authority.ts'
import { operationsOf } from '../fuzz/operations.ts'
import {
  csr,
  dealer,
  media,
  problemOf,
  rbo,
  refused,
  type Scenario,
  sa,
  seMedia,
  startScenario,
} from '../support/scenario.ts'
import type { Answer, Json, Who } from '../support/service.ts'
import { type Route, routesOf } from './routeTable.ts'
import { asked, declared, keepingOf, phone, type ScopeRule } from './scopeTable.ts'

let s: Scenario
let routes: Route[]
let keeping: Record<string, ScopeRule | undefined>
/** Numbers of tickets, of an inquiry and of a request of D001, which is of EAST. */
const foreign: string[] = []
/** A contact of D003's. */
const own = { action: 'add', name: '钱', mobile: '13800000003', duty: 'manager' }
/** The first of D001, the second of D003. */
const inquiries: string[] = []
const hq: Who = { roles: ['hq_sales'], sub: 'hq' }
/** Of D001. */
const sheetId = 'D001.2026-02'

beforeAll(async () => {
  s = await startScenario()
  routes = (await routesOf(s.service.deps)).filter(
    ({ method, url }) => url.startsWith('/v1/') && method !== 'HEAD',
  )
  keeping = Object.fromEntries(routes.map((route) => [name(route), keepingOf(route)]))
  const customer = { name: '赵外人', phone }
  for (const more of [{ externalNo: 'EXT-1' }, { flags: ['agitated'] }]) {
    const first = await s.register({ dealerCode: 'D001', sameProblemAs: null, customer, ...more })
    await s.respond(first)
    await s.close(first)
    s.go(`2026-03-02 1${foreign.length}:30`)
    const second = await s.register({ dealerCode: 'D001', customer, sameProblemAs: first, flags: ['media'] })
    foreign.push(first, second)
  }
  foreign.push(
    await s.register({ dealerCode: 'D001' }),
    await s.register({ dealerCode: 'D001', flags: ['media'] }),
  )
  for (const told of foreign.slice(-2))
    await s.does(told, 'records', { kind: 'consumer_informed', note: '已告知' }, csr)
  const b = await s.registerB()
  await s.does(b, 'responsible-dealer', { dealerCode: 'D001' }, seMedia)
  foreign.push(b)
  const asking = { channel: 'phone', topic: 'price', question: '上海一店有优惠吗', customer }
  for (const more of [
    { dealerCode: 'D001', externalNo: 'INQ-1' },
    { dealerCode: 'D003', customer: null },
  ])
    inquiries.push((await s.post(csr, 'inquiries', { ...asking, ...more })).body.inquiryNo)
  foreign.push(inquiries[0]!)
  const objection = { measures: ['response'], reason: '赵外人改期' }
  const asked = await s.post(dealer('D001'), `tickets/${foreign[0]}/objections`, objection)
  expect([asked.status, asked.text]).toEqual([201, asked.text])
  for (const code of ['D001', 'D003']) {
    const contact = { action: 'add', name: '赵外人', mobile: phone, duty: 'handler' }
    const asked = await s.post(dealer(code), `dealers/${code}/sms-contacts`, code === 'D001' ? contact : own)
    expect([asked.status, asked.text]).toEqual([201, asked.text])
    if (code === 'D001') foreign.push(asked.body.requestId)
  }
  for (const code of ['D001', 'D003']) {
    for (const month of ['2025-12', '2026-01', '2026-02']) {
      const said = { month, dealerCode: code, survey: 'SSI', indicator: '交车过程', text: '赵外人等了两小时' }
      const text = code === 'D001' ? said.text : '等了两小时'
      await s.post(hq, 'voice/items', { ...said, text })
      const { status, text: answer } = await s.post(hq, 'voice/sheets', { dealerCode: code, month })
      expect([status, answer]).toEqual([201, answer])
    }
  }
  foreign.push(sheetId)
  const ofD003 = await s.register({ dealerCode: 'D003', flags: ['agitated'] })
  await s.post(dealer('D003'), `tickets/${ofD003}/objections`, { ...objection, reason: '改期' })
  for (const code of ['D001', 'D003']) {
    const person = code === 'D001' ? { name: '赵外人', phone } : { name: '孙外人', phone: '13700000099' }
    const handed = { dealerCode: code, handedOverAt: '2026-03-02T02:00:00.000Z', customer: person }
    const { status, text, body } = await s.post(dealer(code), 'handovers', handed)
    expect([status, text]).toEqual([201, text])
    const called = { result: 'reached', outcome: 'dissatisfied', service: '等了很久' }
    await s.post(dealer(code), `care/tasks/${body.handoverId}.delivery_24h/attempts`, called)
    if (code === 'D001') foreign.push(body.handoverId)
  }
  await s.service.call({ roles: ['admin'], sub: 'admin' }, 'PUT', '/v1/dealers/D003/deliveries/2026Q1', {
    body: { count: 7 },
  })
  await s.service.call({ roles: ['admin'], sub: 'admin' }, 'PUT', '/v1/dealers/D001/deliveries/2026Q1', {
    body: { count: 12 },
  })
})
afterAll(() => s.service.close())

const name = ({ method, url }: Pick<Route, 'method' | 'url'>): string => `${method} ${url}`
const keptBy = (kept: ScopeRule): Route[] => routes.filter((route) => keeping[name(route)] === kept)
const mayBy = (role: Role, { actions }: Route): boolean =>
  actions.some((action) => (permissions[action] as readonly Role[]).includes(role))

/** Calls a route with a query or a body; the path speaks of D001 and the first quarter. */
const ask = (
  who: Who,
  { method, url }: Pick<Route, 'method' | 'url'>,
  way: string | Json = '',
): Promise<Answer> => {
  const path = url
    .replace(':ticketNo', foreign[0]!)
    .replace(':inquiryNo', inquiries[0]!)
    .replace(':quarter', '2026Q1')
    .replace(':year', '2026')
    .replace(':code', url.includes('rbos') ? 'EAST' : 'D001')
    .replace(':id', url.includes('voice/items') ? `${sheetId}.1` : url.includes('voice') ? sheetId : 'CN')
    .replace(':itemId', `${sheetId}.1`)
    .replace(':entryId', `${sheetId}.1.recurrence`)
    .replace(/:\w+/g, 'x')
  return typeof way === 'string'
    ? s.service.call(who, method, path + way, method === 'GET' ? {} : { body: {} })
    : s.service.call(who, method, path, { body: way })
}
const foreignIn = ({ text }: Answer): string[] => foreign.filter((ticketNo) => text.includes(ticketNo))

const strangers: [string, Who][] = [
  ['a dealer', dealer('D003')],
  ['an RBO', rbo('NORTH')],
]
const insiders: [string, Who][] = [
  ['the dealer', dealer('D001')],
  ['its RBO', rbo('EAST')],
  ['headquarters', sa],
]

describe('every route under /v1', () => {
  it('says how it keeps to the caller’s scope', () => {
    expect(routes.filter((route) => keepingOf(route) === undefined).map(name)).toEqual([])
    expect(routes.map(name)).toEqual(expect.arrayContaining(Object.keys(declared)))
    expect(keptBy('leaves out').map(name).sort()).toEqual(Object.keys(asked).sort())
  })

  it('about one ticket is known by its path', () => {
    expect(keptBy('ticket')).toEqual(routes.filter(({ url }) => url.includes(':ticketNo')))
  })

  it('about one inquiry is known by its path', () => {
    expect(keptBy('inquiry')).toEqual(routes.filter(({ url }) => url.includes(':inquiryNo')))
  })
})

describe('what is everybody’s', () => {
  it('is told to a unit as to headquarters', async () => {
    for (const route of keptBy('alike')) {
      const { status, text } = await ask(sa, route)
      expect([name(route), status]).toEqual([name(route), 200])
      for (const [, who] of strangers) expect((await ask(who, route)).text).toBe(text)
    }
  })
})

describe('what is not for units', () => {
  it('is refused to every dealer and RBO', async () => {
    for (const route of keptBy('not for units'))
      for (const [, who] of [...strangers, ...insiders.slice(0, 2)])
        expect([name(route), problemOf(await ask(who, route))]).toEqual([
          name(route),
          refused(403, 'role_not_allowed'),
        ])
  })
})

describe.each(strangers)('a ticket, an inquiry or a sheet of another unit, to %s', (_, who) => {
  it('is absent where it might ask for one, and refused elsewhere', async () => {
    for (const route of [...keptBy('ticket'), ...keptBy('inquiry'), ...keptBy('sheet')]) {
      const { status, body } = await ask(who, route)
      // what is wrong with a body is told first, without a look at the ticket
      const told = body.code === 'invalid_request' ? 404 : status
      expect([name(route), told]).toEqual([name(route), mayBy(who.roles[0] as Role, route) ? 404 : 403])
    }
  })
})

describe('what is about one dealer', () => {
  it('is there for the dealer, its RBO and headquarters, and absent to other units', async () => {
    for (const route of keptBy('dealer')) {
      for (const [, who] of insiders) {
        const answer = await ask(who, route)
        expect([name(route), answer.status]).toEqual([name(route), 200])
        if (/assessments|sms-contacts/.test(route.url)) expect(foreignIn(answer)).not.toEqual([])
        else expect(answer.body).toMatchObject({ dealer: 'D001', count: 12 })
      }
      for (const [, who] of strangers)
        expect([name(route), (await ask(who, route)).status]).toEqual([name(route), 404])
    }
  })
})

describe('what is for the people of one dealer alone', () => {
  it('is absent to other units, and refused to everybody else', async () => {
    for (const route of keptBy('own dealer')) {
      expect([name(route), (await ask(dealer('D003'), route, own)).status]).toEqual([name(route), 404])
      for (const who of [rbo('EAST'), rbo('NORTH'), sa, csr])
        expect((await ask(who, route, own)).body.code).toBe('role_not_allowed')
      const both: Who = { roles: ['csr', 'dealer'], sub: 'both', dealer: 'D003' }
      expect((await ask(both, route, own)).body.code).toBe('not_this_dealer')
    }
  })
})

describe('what leaves out', () => {
  it.each(insiders)('shows %s what is its own', async (_, who) => {
    for (const route of keptBy('leaves out').filter(
      ({ url }) => !/kpi$|reports\/[^/]+$|assessments/.test(url),
    )) {
      const seen = await Promise.all(asked[name(route)]!.map((way) => ask(who, route, way)))
      expect([name(route), seen.some((answer) => foreignIn(answer).length > 0)]).toEqual([name(route), true])
    }
  })

  it.each(strangers)('shows %s nothing of another unit’s, however it asks', async (_, who) => {
    for (const route of keptBy('leaves out'))
      for (const way of asked[name(route)]!) {
        const answer = await ask(who, route, way)
        expect([name(route), way, answer.status, foreignIn(answer)]).toEqual([name(route), way, 200, []])
        for (const text of ['赵外人', '上海一店', phone]) expect(answer.text).not.toContain(text)
      }
  })

  it('counts nothing of another unit’s in rows and totals', async () => {
    for (const [, who] of strangers)
      for (const way of asked['GET /v1/reports/kpi']!) {
        const { rows, totals } = (await ask(who, { method: 'GET', url: '/v1/reports/kpi' }, way)).body
        const isForeign = way.includes('=D001') || way.includes('=EAST')
        const own = isForeign || way.includes('tier=rbo') ? 0 : 1
        expect([way, totals.total, rows.length]).toEqual([way, own, own])
        expect(JSON.stringify(rows)).not.toMatch(/"key":"(D001|EAST)"/)
      }
  })

  it('counts nothing of another unit’s in statistics', async () => {
    for (const [, who] of strangers)
      for (const way of asked['GET /v1/reports/statistics']!) {
        const { rows, totals } = (await ask(who, { method: 'GET', url: '/v1/reports/statistics' }, way)).body
        expect([way, totals.complaints, totals.rates.total]).toEqual([way, 1, 1])
        expect(rows.length).toBe(way.includes('groupBy') ? 1 : 0)
        expect(JSON.stringify(rows)).not.toMatch(/D001|EAST/)
      }
  })

  it('leads nobody to another unit’s by a link that was given to somebody else', async () => {
    const kpi = { method: 'GET', url: '/v1/reports/kpi' }
    const { rows, totals } = (await ask(sa, kpi, '?quarter=2026Q1')).body
    expect(rows.length).toBeGreaterThan(1)
    for (const { tickets } of [...rows, totals]) {
      expect((await s.service.call(sa, 'GET', tickets)).body.items).not.toEqual([])
      for (const [, who] of strangers) {
        const answer = await s.service.call(who, 'GET', tickets)
        expect([answer.status, foreignIn(answer)]).toEqual([200, []])
      }
    }
  })

  it('gives of an assessment the caller’s own row, with its rank', async () => {
    const rowsOf = async (who: Who, way = '') =>
      (await ask(who, { method: 'GET', url: '/v1/assessments/:quarter' }, way)).body.rbos.map(
        ({ rbo: code, dealers }: Json) => [code, dealers.map((each: Json) => each.dealer)],
      )
    expect(await rowsOf(dealer('D003'))).toEqual([['NORTH', ['D003']]])
    expect(await rowsOf(rbo('NORTH'))).toEqual([['NORTH', ['D003']]])
    expect(await rowsOf(dealer('D002'))).toEqual([['EAST', ['D002']]])
    expect(await rowsOf(dealer('D003'), '?rbo=EAST')).toEqual([])
  })
})

describe('a cursor made by another caller', () => {
  /** Every list of the document that units may ask for. */
  const listsOf = () =>
    operationsOf(s.service.app.swagger()).filter(
      ({ method, path, parameters, body }) =>
        // lists of one ticket are the ticket's, and as absent as it is
        !path.includes('{ticketNo}') &&
        keeping[`${method} ${path.replace(/\{(\w+)\}/g, ':$1')}`] !== 'not for units' &&
        (parameters.some((each) => each.name === 'cursor') || body?.schema.properties?.cursor !== undefined),
    )
  const page = (who: Who, { method, path }: { method: string; path: string }, cursor?: string) => {
    const more = path.endsWith('/units')
      ? { quarter: '2026Q1' }
      : path === '/v1/callbacks'
        ? { status: 'due' }
        : path === '/v1/consumer-notices'
          ? { status: 'done' }
          : {}
    const query = { ...more, limit: 1, ...(cursor !== undefined && { cursor }) }
    if (method === 'POST') return s.service.call(who, method, path, { body: query })
    const text = new URLSearchParams(
      Object.entries(query).map(([key, value]): [string, string] => [key, String(value)]),
    )
    return s.service.call(who, method, `${path}?${text}`)
  }

  it('leads on whoever sees the same, and nobody else to anything of another unit’s', async () => {
    expect(listsOf().length).toBeGreaterThan(7)
    for (const operation of listsOf()) {
      const { nextCursor } = (await page(sa, operation)).body
      expect([operation.path, typeof nextCursor]).toEqual([operation.path, 'string'])
      expect((await page({ ...csr, sub: 'another' }, operation, nextCursor)).status).toBe(200)
      const isAlike = keeping[`${operation.method} ${operation.path}`] === 'alike'
      for (const who of [dealer('D003'), dealer('D002'), rbo('NORTH'), rbo('EAST')]) {
        const answer = await page(who, operation, nextCursor)
        if (isAlike) expect(answer.status).toBe(200)
        else
          expect([operation.path, answer.status, answer.body.code]).toEqual([
            operation.path,
            400,
            'cursor_mismatch',
          ])
      }
    }
  })

  it('of a unit is of no use to another unit, nor to headquarters', async () => {
    for (const operation of listsOf()) {
      const { nextCursor } = (await page(dealer('D001'), operation)).body
      if (nextCursor === null || keeping[`${operation.method} ${operation.path}`] === 'alike') continue
      for (const who of [dealer('D003'), rbo('EAST'), sa])
        expect((await page(who, operation, nextCursor)).body.code).toBe('cursor_mismatch')
    }
  })
})

describe('a complaint of a unit’s customer', () => {
  it('tells the call centre alone of the customer’s other tickets', async () => {
    const body = { phone, category: 'A4a' }
    const found = await s.post(csr, 'complaints/candidates', body)
    expect(foreignIn(found)).not.toEqual([])
    for (const who of [dealer('D003'), dealer('D001'), rbo('EAST'), sa])
      expect((await s.post(who, 'complaints/candidates', body)).status).toBe(403)
    expect((await s.post(media, 'complaints/candidates', body)).status).toBe(200)
  })
})
