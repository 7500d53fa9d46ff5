/**
 * Tokens with two roles (rulebook §17): every pair of roles against every route that tells of tickets or acts on one.
 * What is expected is worked out one role and one ticket at a time; what there is to see is what the SA is told.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { type Role, roles } from '../../domain/authority.ts'
import { dealer, rbo, type Scenario, sa, se, seMedia, startScenario } from '../support/scenario.ts'
import type { Answer, Json, Who } from '../support/service.ts'

/** What the test knows of a ticket: whose it is, and what nobody else's answer holds. */
type KnownTicket = {
  ticketNo: string
  holder: [string, string]
  dealer: string | null
  rbo: string | null
  responsible: string | null
  phone: string
  secrets: string[]
}

let s: Scenario
const tickets: KnownTicket[] = []
/** Rescinded, so that an act that is allowed changes nothing. */
const over: KnownTicket[] = []

const roleNames = Object.keys(roles) as Role[]
const pairs = roleNames.flatMap((a, index) => roleNames.slice(index).map((b): [Role, Role] => [a, b]))
/** A dealer of EAST, and the RBO of the others. */
const who = (pair: Role[]): Who => ({
  roles: [...new Set(pair)],
  sub: pair.join('+'),
  ...(pair.includes('dealer') && { dealer: 'D001' }),
  ...(pair.includes('rbo') && { rbo: 'NORTH' }),
})

const roleSees = (role: Role, { holder: [tier, unit], ...ticket }: KnownTicket): boolean => {
  if (role === 'dealer')
    return (tier === 'dealer' && unit === 'D001') || [ticket.dealer, ticket.responsible].includes('D001')
  if (role === 'rbo') return (tier === 'rbo' && unit === 'NORTH') || ticket.rbo === 'NORTH'
  return true
}
const sees = (pair: Role[], ticket: KnownTicket): boolean => pair.some((role) => roleSees(role, ticket))
/** Personal data by one role that also has the ticket. */
const seesWhole = (pair: Role[], ticket: KnownTicket): boolean =>
  pair.some((role) => !['hq_sales', 'admin', 'auditor'].includes(role) && roleSees(role, ticket))

let count = 0
const enter = async (into: KnownTicket[], place: Partial<KnownTicket>, body: Json): Promise<KnownTicket> => {
  const number = String(++count).padStart(2, '0')
  const phone = `1350000${number}${number}`
  const [name, content] = [`顾客${number}`, `内容${number}`]
  const customer = { name, phone }
  const ticketNo =
    body.category === 'B4'
      ? await s.registerB({ ...body, customer, content })
      : await s.register({ ...body, customer, content })
  const known: KnownTicket = {
    ticketNo,
    holder: ['dealer', body.dealerCode],
    dealer: body.dealerCode,
    rbo: body.dealerCode === 'D001' ? 'EAST' : 'NORTH',
    responsible: null,
    ...place,
    phone,
    secrets: [name, phone, content],
  }
  into.push(known)
  return known
}

beforeAll(async () => {
  s = await startScenario()
  for (const code of ['D001', 'D003']) {
    await enter(tickets, {}, { dealerCode: code, flags: ['agitated'] })
    const done = await enter(tickets, {}, { dealerCode: code })
    await s.respond(done.ticketNo, dealer(code))
    await s.does(done.ticketNo, 'records', { kind: 'consumer_informed', note: '已告知' }, dealer(code))
    await s.close(done.ticketNo, dealer(code))
    const unit = code === 'D001' ? 'EAST' : 'NORTH'
    await enter(tickets, { holder: ['rbo', unit] }, { dealerCode: code, category: 'A4z', flags: ['media'] })
    await enter(tickets, { holder: ['se', 'SE'] }, { dealerCode: code, category: 'A4y' })
  }
  const b = await enter(
    tickets,
    { holder: ['se_media', 'SE_MEDIA'], dealer: null, rbo: 'EAST', responsible: 'D001' },
    { category: 'B4', dealerCode: null },
  )
  await s.does(b.ticketNo, 'responsible-dealer', { dealerCode: 'D001' }, seMedia)
  // a repeat, so that there is an escalation of each
  for (const { ticketNo, dealer: code, rbo: unit } of tickets.filter((_, index) => index % 4 === 1)) {
    s.go('2026-03-02 12:00')
    await enter(
      tickets,
      { holder: ['rbo', unit as string], dealer: code, rbo: unit },
      { dealerCode: code, sameProblemAs: ticketNo },
    )
  }
  await enter(over, {}, { dealerCode: 'D001' })
  await enter(over, {}, { dealerCode: 'D003' })
  await enter(over, { holder: ['rbo', 'NORTH'] }, { dealerCode: 'D003', category: 'A4z' })
  await enter(over, { holder: ['se', 'SE'] }, { dealerCode: 'D001', category: 'A4y' })
  for (const { ticketNo } of over) await s.does(ticketNo, 'rescind', { reason: '误录' }, sa)
}, 60_000)
afterAll(() => s.service.close())

const ask = (caller: Who, [method, path, body]: [string, string, Json?]): Promise<Answer> =>
  s.service.call(caller, method, `/v1/${path}`, body === undefined ? {} : { body })

/** Which tickets' secrets an answer holds, by ticket, with the last of them where the text is there too. */
const told = ({ text }: Answer, of: KnownTicket[]): [string, number][] =>
  of.map(({ ticketNo, secrets }) => [ticketNo, secrets.filter((secret) => text.includes(secret)).length])

const csv = '&format=csv'
const lists: [string, string, Json?][] = [
  ['GET', 'tickets?limit=100'],
  ['GET', 'tickets?format=csv'],
  ['POST', 'tickets/search', {}],
  ['GET', 'escalations?limit=100'],
  ['GET', 'callbacks?status=due'],
  ['GET', `callbacks?status=due${csv}`],
  ['GET', 'consumer-notices?status=done'],
  ['GET', 'warnings?status=open,acknowledged,resolved'],
  ['GET', `warnings?status=open,acknowledged,resolved${csv}`],
]

describe.each(lists)('%s %s', (...route) => {
  it('tells every pair of roles what one of them sees, as that one sees it', async () => {
    const all = await ask(sa, route)
    const there = [...tickets, ...over].filter(({ ticketNo }) => all.text.includes(ticketNo))
    expect(there.length).toBeGreaterThan(1)
    const isFile = route[1].includes('csv')
    const numbers = (answer: Answer) => answer.body.items.map((item: Json) => item.ticketNo).sort()
    for (const pair of pairs) {
      const answer = await ask(who(pair), route)
      expect([pair, answer.status]).toEqual([pair, 200])
      if (!isFile)
        expect([pair, numbers(answer)]).toEqual([
          pair,
          numbers(all).filter((no: string) =>
            sees(pair, there.find(({ ticketNo }) => ticketNo === no) as KnownTicket),
          ),
        ])
      expect([pair, told(answer, there)]).toEqual([
        pair,
        told(all, there).map(([no, secrets], index) => [
          no,
          seesWhole(pair, there[index] as KnownTicket) ? secrets : 0,
        ]),
      ])
    }
  }, 60_000)
})

const single = ['', '/timeline', '/sla', '/forms/handling', '?asOf=now', '/timeline?asOf=now']

describe.each(single)('GET /v1/tickets/{ticketNo}%s', (rest) => {
  it('is told to a pair of roles as one of them sees it', async () => {
    const more = rest.replace('now', encodeURIComponent(s.service.deps.now()))
    for (const ticket of tickets) {
      const route: [string, string] = ['GET', `tickets/${ticket.ticketNo}${more}`]
      const all = await ask(sa, route)
      for (const pair of pairs) {
        const answer = await ask(who(pair), route)
        expect([pair, ticket.ticketNo, answer.status]).toEqual([
          pair,
          ticket.ticketNo,
          sees(pair, ticket) ? 200 : 404,
        ])
        const [[, secrets]] = told(answer, [ticket]) as [[string, number]]
        const wanted = seesWhole(pair, ticket) ? told(all, [ticket])[0]![1] : 0
        expect([pair, ticket.ticketNo, secrets]).toEqual([pair, ticket.ticketNo, wanted])
      }
    }
  }, 60_000)
})

describe('the form of a warning', () => {
  it('is told to a pair of roles as one of them sees its ticket', async () => {
    for (const ticket of [tickets[0], tickets[4]] as KnownTicket[])
      for (const pair of pairs) {
        const answer = await ask(who(pair), [
          'GET',
          `tickets/${ticket.ticketNo}/forms/warning/${ticket.ticketNo}-1`,
        ])
        expect([pair, answer.status]).toEqual([pair, sees(pair, ticket) ? 200 : 404])
        expect([pair, told(answer, [ticket])[0]![1]]).toEqual([pair, seesWhole(pair, ticket) ? 3 : 0])
      }
  })
})

describe('a search by phone', () => {
  it('finds only tickets of a role that may search so', async () => {
    for (const ticket of tickets)
      for (const pair of pairs) {
        const answer = await ask(who(pair), ['POST', 'tickets/search', { phone: ticket.phone }])
        const maySearch = pair.some((role) => !['hq_sales', 'admin', 'auditor'].includes(role))
        expect([pair, answer.status]).toEqual([pair, maySearch ? 200 : 403])
        if (maySearch)
          expect([pair, answer.body.items.map((item: Json) => item.ticketNo)]).toEqual([
            pair,
            seesWhole(pair, ticket) ? [ticket.ticketNo] : [],
          ])
      }
  }, 60_000)
})

describe('reports', () => {
  const period = 'from=2026-01-01&to=2026-04-01'
  it('count for a pair of roles what one of them sees', async () => {
    const path = `reports/statistics?${period}`
    for (const pair of pairs) {
      const { body } = await ask(who(pair), ['GET', path])
      expect([pair, body.totals.complaints]).toEqual([
        pair,
        tickets.filter((ticket) => sees(pair, ticket)).length,
      ])
      const monthly = (await ask(who(pair), ['GET', 'reports/monthly?month=2026-03'])).body
      expect([pair, monthly.totals.month.complaints]).toEqual([pair, body.totals.complaints])
    }
  }, 60_000)

  it('list the units of a dealer or an RBO to those of it, and all to who is of no unit', async () => {
    const path = `reports/kpi/units?${period}&limit=200`
    const { items } = (await ask(sa, ['GET', path])).body
    expect(items.length).toBeGreaterThan(3)
    for (const pair of pairs) {
      const seen = (unit: string) =>
        pair.some((role) => (role === 'dealer' ? unit === 'D001' : role === 'rbo' ? unit === 'D003' : true))
      const answer = await ask(who(pair), ['GET', path])
      expect([pair, answer.body.items]).toEqual([pair, items.filter(({ unit }: Json) => seen(unit))])
      const rows = (await ask(who(pair), ['GET', 'assessments/2026Q1'])).body.rbos.flatMap(
        ({ dealers }: Json) => dealers.map((each: Json) => each.dealer),
      )
      for (const code of ['D001', 'D003']) {
        expect([pair, code, rows.includes(code)]).toEqual([pair, code, seen(code)])
        for (const about of [`assessments/2026Q1/dealers/${code}`, `dealers/${code}/deliveries/2026Q1`])
          expect([pair, about, (await ask(who(pair), ['GET', about])).status]).toEqual([
            pair,
            about,
            seen(code) ? 200 : 404,
          ])
      }
    }
  }, 60_000)
})

describe('an act', () => {
  const csc: Role[] = ['csr', 'csr_media', 'csc_system']
  const handlers: Role[] = ['dealer', 'rbo', 'se', 'se_media']
  /** `holder`: besides, only of the unit that holds it. */
  const acts: [string, Json, Role[], 'holder' | 'anyone'][] = [
    ['contacts', { channel: 'phone', content: '催办' }, csc, 'anyone'],
    ['redispatch', { tier: 'se', reason: '理由' }, csc, 'anyone'],
    ['callbacks', { outcome: 'satisfied' }, csc, 'anyone'],
    ['reclassify', { category: 'A4d', reason: '理由' }, ['csr', 'se', 'sa'], 'anyone'],
    ['rescind', { reason: '理由' }, ['csc_supervisor', 'se', 'sa'], 'anyone'],
    ['recalculate', { reason: '理由' }, ['sa'], 'anyone'],
    ['responses', { method: 'phone', reached: true, note: '已联系' }, handlers, 'holder'],
    ['records', { kind: 'measure', note: '已处理' }, handlers, 'holder'],
    ['close', { result: '属实', measures: '道歉' }, handlers, 'holder'],
    ['responsible-dealer', { dealerCode: 'D001' }, ['se_media'], 'anyone'],
    ['convert-to-c', { reason: '理由' }, ['sa'], 'anyone'],
    ['warnings', { code: 'W3' }, ['csr', 'se'], 'anyone'],
  ]

  it.each(acts)(
    '%s takes one role that may and that has the ticket',
    async (path, body, allowed, bound): Promise<void> => {
      const head = await s.head()
      for (const ticket of over)
        for (const pair of pairs) {
          const { status } = await s.act(ticket.ticketNo, path, body, who(pair))
          const [tier, unit] = ticket.holder
          const mayHere = pair.some(
            (role) =>
              allowed.includes(role) &&
              roleSees(role, ticket) &&
              (bound === 'anyone' || (role === tier && (role === 'se' || ['D001', 'NORTH'].includes(unit)))),
          )
          const mayAnywhere = pair.some((role) => allowed.includes(role))
          // the records of the call centre come by the same route, and are told apart by their kind
          const isRouted = mayAnywhere || (path === 'records' && pair.some((role) => csc.includes(role)))
          const wanted = !isRouted ? 403 : !sees(pair, ticket) ? 404 : mayHere ? 409 : 403
          expect([path, ticket.holder, pair, status]).toEqual([path, ticket.holder, pair, wanted])
        }
      expect(await s.head()).toBe(head)
    },
    60_000,
  )
})

describe('a warning', () => {
  it('is settled by a pair of roles of which one was sent it', async () => {
    const [{ ticketNo: east }, , { ticketNo: held }] = tickets as [KnownTicket, KnownTicket, KnownTicket]
    // the customer's words went to EAST and to the SE; neither a pair with NORTH nor with a dealer was sent them
    for (const [no, settlers] of [
      [east, ['sa']],
      [held, ['se', 'sa']],
    ] as const)
      for (const pair of pairs.filter(
        (each) => !each.some((role) => (settlers as readonly Role[]).includes(role)),
      )) {
        const { status } = await s.act(no, `warnings/${no}-1/acknowledge`, {}, who(pair))
        const routed = pair.some((role) => ['rbo', 'se', 'sa'].includes(role))
        const visible = sees(pair, tickets.find(({ ticketNo }) => ticketNo === no) as KnownTicket)
        expect([no, pair, status]).toEqual([no, pair, !routed ? 403 : visible ? 403 : 404])
      }
    const both: Who = { roles: ['auditor', 'rbo'], rbo: 'EAST', sub: 'both' }
    const { status, text } = await s.act(east, `warnings/${east}-1/acknowledge`, {}, both)
    expect([status, text.includes('顾客01')]).toEqual([200, true])
    expect((await s.act(held, `warnings/${held}-1/acknowledge`, {}, se)).status).toBe(200)
    expect((await s.get(`tickets/${east}`, rbo('EAST'))).status).toBe(200)
  })
})
