import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import {
  csr,
  dealer,
  one,
  problemOf,
  rbo,
  refused,
  type Scenario,
  sa,
  se,
  startScenario,
} from '../../support/scenario.ts'
import type { Json, Who } from '../../support/service.ts'
import { contact, importing, ndjson, register } from '../imports/importing.ts'

let s: Scenario
beforeAll(async () => {
  s = await startScenario()
})
afterAll(() => s.service.close())

const feed = async (who: Who, query = '', after?: string | null): Promise<Json> => {
  const place = after == null ? '' : `&after=${after}`
  const answer = await s.get(`feed?${query}${place}`, who)
  expect([answer.status, answer.text]).toEqual([200, answer.text])
  return answer.body
}
/** All pages from a position on. */
const allOf = async (who: Who, query: string, after: string | null): Promise<Json[]> => {
  const items: Json[] = []
  for (let page = 0, from = after; page < 500; page++) {
    const { items: more, nextAfter, atEnd } = await feed(who, query, from)
    items.push(...more)
    if (atEnd) return items
    from = nextAfter
  }
  throw new Error('the feed does not end')
}
const since = async (who: Who, act: () => Promise<unknown>, query = 'limit=200'): Promise<Json[]> => {
  const before = await s.head()
  await act()
  return allOf(who, query, before)
}
const told = (items: Json[]): [string, string][] => items.map(({ type, ticketNo }) => [type, ticketNo])
const moveTo = (no: string, unit: Json) =>
  s.does(no, 'redispatch', { reason: '理由', misrouted: false, ...unit }, csr)

describe('the feed', () => {
  it('tells each event of a ticket under its name, with the version after it and the row of now', async () => {
    let no = ''
    const items = await since(sa, async () => {
      no = await s.register()
      await s.respond(no)
      await s.close(no)
    })
    const row = (await s.get('tickets?state=completed&limit=200')).body.items.find(
      (each: Json) => each.ticketNo === no,
    )
    expect(items.map(({ type, version, ticket }) => [type, version, ticket])).toEqual([
      ['ticket.registered', 1, row],
      ['ticket.dispatched', 2, row],
      ['ticket.responded', 3, row],
      ['ticket.closed', 4, row],
    ])
  })

  it('has the same items in pages of any size, and a page knows the end', async () => {
    const whole = await allOf(sa, 'limit=200', null)
    expect(whole.length).toBeGreaterThan(3)
    for (const limit of [1, 3]) expect(await allOf(sa, `limit=${limit}`, null)).toEqual(whole)
    const last = await feed(sa, '', await s.head())
    expect(last).toEqual({ items: [], nextAfter: await s.head(), atEnd: true })
  })

  it('has only the topics that are asked for', async () => {
    const act = async () => {
      await s.register({ flags: ['agitated'] })
    }
    expect((await since(sa, act, 'topics=warnings')).map(({ type }) => type)).toEqual(['warning.raised'])
    expect((await since(sa, act, 'topics=tickets')).map(({ type }) => type)).toEqual([
      'ticket.registered',
      'ticket.dispatched',
    ])
    expect(await since(sa, act, 'topics=care,desk')).toEqual([])
  })

  it('masks the customer as the lists do', async () => {
    const act = async () => {
      await s.register({ customer: { name: '欧阳静' } })
    }
    expect((await since(se, act))[0].ticket.customer.name).toBe('欧阳静')
    for (const role of ['hq_sales', 'admin', 'auditor'] as const) {
      const items = await since(one(role), act)
      expect(items[0].ticket.customer.name).toBe('欧')
      expect(JSON.stringify(items)).not.toContain('阳静')
    }
  })

  it('tells nothing of what an import records, and its cursor moves on', async () => {
    const before = await s.head()
    await importing(
      s,
      ndjson([register('2026-02-02 10:00', 'F-1', '13711110000'), contact('2026-02-02 11:00', 'F-1')]),
    )
    expect(await s.head()).not.toBe(before)
    expect(await feed(sa, '', before)).toEqual({ items: [], nextAfter: await s.head(), atEnd: true })
  })

  it('refuses what is no position, one behind the end, and an unknown topic', async () => {
    expect(problemOf(await s.get('feed?after=nowhere'))).toEqual(
      refused(400, 'invalid_request', ['query', 'after']),
    )
    expect(problemOf(await s.get('feed?after=99999999'))).toEqual(refused(409, 'position_unknown'))
    expect(problemOf(await s.get('feed?topics=weather'))).toEqual(
      refused(400, 'invalid_request', ['query', 'topics']),
    )
    expect(problemOf(await s.get('feed?limit=201'))).toEqual(
      refused(400, 'invalid_request', ['query', 'limit']),
    )
  })
})

describe('a ticket that moves', () => {
  const units: { unit: Json; people: Who }[] = [
    { unit: { dealerCode: 'D001' }, people: dealer('D001') },
    { unit: { dealerCode: 'D002' }, people: dealer('D002') },
    { unit: { dealerCode: 'D003' }, people: dealer('D003') },
    { unit: { dealerCode: 'D004' }, people: dealer('D004') },
  ]
  const everybody = [...units.map(({ people }) => people), rbo('EAST'), rbo('NORTH'), rbo('WEST'), sa]
  const pairs = units.flatMap((from) =>
    units
      .filter((to) => to !== from)
      .map((to) => [from.unit.dealerCode as string, to.unit.dealerCode as string] as const),
  )

  it.each(pairs)(
    'from %s to %s is removed where it was seen and is not, and nowhere else',
    async (from, to) => {
      const no = await s.register({ dealerCode: from })
      const seenBefore = new Map<Who, boolean>()
      for (const who of everybody) seenBefore.set(who, (await s.get(`tickets/${no}`, who)).status === 200)
      const before = await s.head()
      await moveTo(no, { dealerCode: to })
      for (const who of everybody) {
        const seesNow = (await s.get(`tickets/${no}`, who)).status === 200
        const items = await allOf(who, 'limit=200', before)
        const expected = seesNow ? 'ticket.dispatched' : seenBefore.get(who) ? 'ticket.removed' : null
        expect([who.sub, told(items)]).toEqual([who.sub, expected === null ? [] : [[expected, no]]])
        if (expected !== 'ticket.removed') continue
        const [{ position, at, ...rest }] = items as [Json]
        expect(rest).toEqual({ type: 'ticket.removed', ticketNo: no, version: null, ticket: null })
        expect([typeof position, typeof at]).toEqual(['string', 'string'])
        expect(await allOf(who, 'topics=warnings', before)).toEqual([])
      }
    },
  )

  it('is told of by the scope of now, also for what happened before', async () => {
    const before = await s.head()
    const no = await s.register()
    await s.respond(no)
    await moveTo(no, { dealerCode: 'D003' })
    expect(told(await allOf(dealer('D001'), 'limit=200', before))).toEqual([['ticket.removed', no]])
    expect((await allOf(dealer('D003'), 'limit=200', before)).map(({ type }) => type)).toEqual([
      'ticket.registered',
      'ticket.dispatched',
      'ticket.responded',
      'ticket.dispatched',
    ])
  })
})

describe('a warning that was sent to a unit from whose scope the ticket went', () => {
  it('is told to the unit without ticket and words, and to no other', async () => {
    const no = await s.register({ flags: ['agitated'] })
    const [{ warningId }] = (await s.get('warnings', rbo('EAST'))).body.items.filter(
      (each: Json) => each.ticketNo === no,
    )
    await moveTo(no, { dealerCode: 'D003' })
    const before = await s.head()
    await s.does(no, `warnings/${warningId}/acknowledge`, { note: '机密' }, sa)
    const items = await allOf(rbo('EAST'), 'limit=200', before)
    expect(items).toEqual([
      {
        position: await s.head(),
        at: expect.any(String),
        type: 'warning.acknowledged',
        ticketNo: no,
        version: null,
        ticket: null,
        warning: {
          warningId,
          code: 'W4',
          sentTo: { tier: 'rbo', unit: 'EAST' },
          raisedAt: expect.any(String),
          ackDueAt: expect.any(String),
          acknowledgedAt: expect.any(String),
          resolvedAt: null,
        },
      },
    ])
    expect(await allOf(rbo('WEST'), 'limit=200', before)).toEqual([])
    expect(await allOf(dealer('D001'), 'limit=200', before)).toEqual([])
    expect(JSON.stringify(await allOf(rbo('NORTH'), 'limit=200', before))).toContain('"ticket":{')
  })
})

describe('dues', () => {
  it('are told with the clock and the ticket’s version of now', async () => {
    const no = await s.register()
    const { version } = await s.ticket(no)
    await s.service.lookForDues()
    const before = await s.head()
    s.go('2026-03-02 16:00')
    await s.service.lookForDues()
    const items = (await allOf(sa, 'limit=200', before)).filter(
      ({ ticketNo, type }) => ticketNo === no && type === 'ticket.overdue',
    )
    expect(items.map(({ due, ...item }) => [due.clock, due.unit, item.version])).toEqual([
      ['response', 'D001', version],
    ])
  })
})
