import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import {
  at,
  csr,
  dealer,
  one,
  problemOf,
  rbo,
  refused,
  type Scenario,
  sa,
  seMedia,
  startScenario,
} from '../../support/scenario.ts'
import type { Json, Who } from '../../support/service.ts'

let s: Scenario

/** Responded and closed by its dealer at those times. */
const worked = async (
  dealerCode: string,
  registered: string,
  more: Json = {},
  times: { responded?: string; closed?: string } = {},
) => {
  s.go(registered)
  const ticketNo = await s.register({ dealerCode, ...more })
  if (times.responded) {
    s.go(times.responded)
    await s.respond(ticketNo, dealer(dealerCode))
  }
  if (times.closed) {
    s.go(times.closed)
    await s.close(ticketNo, dealer(dealerCode))
  }
  return ticketNo
}

beforeAll(async () => {
  s = await startScenario({ now: '2026-02-02 10:00' })
  // D001: in time in all; late response; repeated; open. D002: late close. D003: one that RBO NORTH gets after it
  // failed on response, kept. D004: the responsible dealer of a B ticket.
  await worked('D001', '2026-02-02 10:00', {}, { responded: '2026-02-02 11:00', closed: '2026-02-03 10:00' })
  await worked(
    'D001',
    '2026-02-27 10:00',
    { category: 'A4d' },
    { responded: '2026-02-27 15:00', closed: '2026-02-27 16:00' },
  )
  const first = await worked(
    'D001',
    '2026-03-02 10:00',
    {},
    { responded: '2026-03-02 11:00', closed: '2026-03-02 12:00' },
  )
  s.go('2026-03-03 10:00')
  await s.register({ sameProblemAs: first })
  await worked('D001', '2026-03-31 23:59:59.999')
  await worked('D002', '2026-03-04 10:00', {}, { responded: '2026-03-04 12:00', closed: '2026-03-10 00:00' })
  const moved = await worked('D003', '2026-03-05 10:00')
  s.go('2026-03-05 15:00')
  await s.does(moved, 'redispatch', { tier: 'rbo', reason: '升级' }, csr)
  s.go('2026-03-06 10:00')
  const media = await s.registerB()
  await s.does(media, 'responsible-dealer', { dealerCode: 'D004' }, seMedia)
  const rescinded = await worked('D002', '2026-03-06 10:00')
  await s.does(rescinded, 'rescind', { reason: '误登记' }, sa)
  await worked('D002', '2026-04-01 00:00')
  s.go('2026-06-30 00:00')
})
afterAll(() => s.service.close())

const kpi = async (query: string, who: Who = sa, headers: Record<string, string> = {}): Promise<Json> => {
  const { status, text, body } = await s.get(`reports/kpi?${query}`, who, headers)
  expect([status, text]).toEqual([200, text])
  return body
}
/** A row as `total met/failed/pending rate …`. */
const brief = (row: Json) => [
  row.total,
  ...['response', 'close', 'firstTime'].map((name) => {
    const { met, failed, pending, rate } = row[name]
    return `${met}/${failed}/${pending} ${rate}`
  }),
]
const rows = (body: Json) => Object.fromEntries(body.rows.map((row: Json) => [row.key, brief(row)]))

const byDealer = {
  D001: [4, '2/2/0 50', '3/1/0 75', '2/1/1 50'],
  D002: [1, '1/0/0 100', '0/1/0 0', '1/0/0 100'],
  D003: [1, '0/1/0 0', '0/0/0 null', '0/0/0 null'],
  D004: [1, '0/1/0 0', '0/1/0 0', '0/0/1 0'],
}

describe('the rates of a quarter', () => {
  it('by dealer: every unit dispatched in it, and the sum of all', async () => {
    const body = await kpi('quarter=2026Q1')
    expect(rows(body)).toEqual(byDealer)
    expect(brief(body.totals)).toEqual([7, '3/4/0 42.86', '3/3/0 50', '3/1/2 50'])
    expect([body.from, body.to, body.asOf, body.by]).toEqual([
      at('2026-01-01 00:00'),
      at('2026-04-01 00:00'),
      at('2026-06-30 00:00'),
      'dealer',
    ])
  })

  it.each([
    ['rbo', { EAST: [5, '3/2/0 60', '3/2/0 60', '3/1/1 60'], NORTH: byDealer.D003, WEST: byDealer.D004 }],
    [
      'category',
      {
        A4a: [5, '3/2/0 60', '2/2/0 50', '2/1/1 50'],
        A4d: [1, '0/1/0 0', '1/0/0 100', '1/0/0 100'],
        B4: byDealer.D004,
      },
    ],
    ['level', { A: [6, '3/3/0 50', '3/2/0 60', '3/1/1 60'], B: byDealer.D004 }],
    [
      'month',
      {
        '2026-02': [2, '1/1/0 50', '2/0/0 100', '2/0/0 100'],
        '2026-03': [5, '2/3/0 40', '1/3/0 25', '1/1/2 25'],
      },
    ],
  ])('by %s', async (by, expected) => {
    expect(rows(await kpi(`quarter=2026Q1&by=${by}`))).toEqual(expected)
  })

  it('of RBOs are by the RBOs’ own clocks', async () => {
    expect(rows(await kpi('quarter=2026Q1&tier=rbo&by=rbo'))).toEqual({
      EAST: [1, '0/1/0 0', '0/1/0 0', '0/0/1 0'],
      NORTH: [1, '0/1/0 0', '0/1/0 0', '0/0/1 0'],
    })
  })

  it('and its months are cut in Shanghai, the last instant in, the first after it out', async () => {
    expect((await kpi('quarter=2026Q2')).totals.total).toBe(1)
    const march = `from=2026-03-31&to=${encodeURIComponent('2026-03-31T23:59:59.999+08:00')}`
    expect((await kpi(march)).totals.total).toBe(0)
    expect((await kpi('from=2026-03-31&to=2026-04-01')).totals.total).toBe(1)
  })

  it('without units are null, never 0 or 100', async () => {
    const { rows: none, totals } = await kpi('quarter=2025Q4')
    expect(none).toEqual([])
    expect(brief(totals)).toEqual([0, '0/0/0 null', '0/0/0 null', '0/0/0 null'])
  })
})

describe('the filters of the rates', () => {
  it.each([
    ['dealer=D001', ['D001']],
    ['dealer=D001,D004', ['D001', 'D004']],
    ['rbo=EAST', ['D001', 'D002']],
    ['rbo=NORTH,WEST', ['D003', 'D004']],
    ['category=A4d', ['D001']],
    ['category=B4&rbo=EAST', []],
    ['dealer=D999', []],
  ])('%s', async (filter, keys) => {
    expect((await kpi(`quarter=2026Q1&${filter}`)).rows.map(({ key }: Json) => key)).toEqual(keys)
  })
})

describe('asOf', () => {
  const then = (wallClock: string) => kpi(`quarter=2026Q1&asOf=${encodeURIComponent(at(wallClock))}`)

  it('answers by what was known then, and the clock then', async () => {
    expect(rows(await then('2026-03-02 11:30'))).toEqual({
      D001: [3, '2/1/0 66.67', '2/0/1 66.67', '1/0/2 33.33'],
    })
    expect(rows(await then('2026-03-02 12:30')).D001).toEqual([3, '2/1/0 66.67', '3/0/0 100', '1/0/2 33.33'])
    expect(rows(await then('2026-03-03 10:00')).D001).toEqual([3, '2/1/0 66.67', '3/0/0 100', '1/1/1 33.33'])
  })

  it('counts a ticket until it is rescinded', async () => {
    const one = { ...byDealer }
    expect((await then('2026-03-06 09:59')).rows.map(({ key }: Json) => key)).toEqual([
      'D001',
      'D002',
      'D003',
    ])
    expect(rows(await then('2026-06-30 00:00'))).toEqual(one)
  })

  it('of now is the plain answer, of the future nobody knows', async () => {
    expect(await then('2026-06-30 00:00')).toEqual(await kpi('quarter=2026Q1'))
    const future = await s.get(
      `reports/kpi?quarter=2026Q1&asOf=${encodeURIComponent(at('2026-06-30 00:00:00.001'))}`,
    )
    expect(problemOf(future)).toEqual(refused(400, 'as_of_in_future'))
  })
})

describe('names', () => {
  const names = async (by: string, language: string) =>
    (await kpi(`quarter=2026Q1&by=${by}`, sa, { 'accept-language': language })).rows.map(
      ({ name }: Json) => name,
    )
  it('are those of dealers and RBOs, of categories and levels in the caller’s language', async () => {
    expect(await names('dealer', 'en')).toEqual(['上海一店', '上海二店', '北京一店', '乌鲁木齐一店'])
    expect(await names('rbo', 'en')).toEqual(['华东大区', '华北大区', '西部大区'])
    expect(await names('category', 'zh')).toEqual([
      '经销商销售服务',
      '价格',
      '网站、消协、媒体、职能部门、内部转',
    ])
    expect((await names('category', 'en'))[1]).toBe('price')
    expect(await names('level', 'zh-CN')).toEqual(['A类：客户投诉', 'B类：媒体、消协及职能部门'])
    expect(await names('month', 'zh')).toEqual(['2026-02', '2026-03'])
  })
})

describe('scope', () => {
  it.each<[string, Who, string[]]>([
    ['a dealer sees its own row', dealer('D001'), ['D001']],
    ['a former holder keeps the unit it kept', dealer('D003'), ['D003']],
    ['the responsible dealer sees its unit', dealer('D004'), ['D004']],
    ['a dealer without units sees none', dealer('D009'), []],
    ['an RBO sees its dealers', rbo('EAST'), ['D001', 'D002']],
    ['an auditor sees all', one('auditor'), ['D001', 'D002', 'D003', 'D004']],
  ])('%s', async (_, who, keys) => {
    const body = await kpi('quarter=2026Q1', who)
    expect(body.rows.map(({ key }: Json) => key)).toEqual(keys)
    expect(body.totals.total).toBe(body.rows.reduce((sum: number, row: Json) => sum + row.total, 0))
  })

  it('a filter naming a unit outside matches nothing, and a dealer sees no RBO’s units', async () => {
    expect((await kpi('quarter=2026Q1&dealer=D001', dealer('D002'))).totals.total).toBe(0)
    expect((await kpi('quarter=2026Q1&rbo=NORTH', rbo('EAST'))).totals.total).toBe(0)
    expect((await kpi('quarter=2026Q1&tier=rbo&by=rbo', dealer('D001'))).totals.total).toBe(0)
    expect(rows(await kpi('quarter=2026Q1&tier=rbo&by=rbo', rbo('NORTH')))).toHaveProperty('NORTH')
  })
})

describe('the units behind every row', () => {
  const units = async (link: string, who: Who = sa): Promise<Json[]> => {
    const found: Json[] = []
    let cursor: string | null = ''
    while (cursor !== null) {
      const { body }: Json = await s.service.call(
        who,
        'GET',
        `${link}&limit=2${cursor && `&cursor=${cursor}`}`,
      )
      found.push(...body.items)
      cursor = body.nextCursor
    }
    return found
  }
  const count = (items: Json[], name: string, verdict: string) =>
    items.filter((item) => item[name].verdict === verdict).length

  it.each<[string, Who]>([
    ...['dealer', 'rbo', 'category', 'level', 'month'].map((by): [string, Who] => [
      `quarter=2026Q1&by=${by}`,
      sa,
    ]),
    ['quarter=2026Q1&tier=rbo&by=rbo', sa],
    ['quarter=2026Q1&category=A4a,B4&dealer=D001,D004&by=month', sa],
    ['from=2026-03-01&to=2026-03-05&by=category&asOf=2026-03-05T00:00:00%2B08:00', sa],
    ['quarter=2026Q1&by=category', dealer('D001')],
    ['quarter=2026Q1', rbo('EAST')],
  ])('of %s add up to it', async (query, who) => {
    const body = await kpi(query, who)
    expect(body.rows.length).toBeGreaterThan(0)
    for (const row of [...body.rows, body.totals]) {
      const items = await units(row.tickets, who)
      expect(items).toHaveLength(row.total)
      for (const name of ['response', 'close', 'firstTime'])
        for (const verdict of ['met', 'failed', 'pending'])
          expect([row.key, name, verdict, count(items, name, verdict)]).toEqual([
            row.key,
            name,
            verdict,
            row[name][verdict],
          ])
    }
  })

  it('tell when each was due and done; of a unit kept only the response', async () => {
    const [kept] = await units((await kpi('quarter=2026Q1&dealer=D003')).rows[0].tickets)
    expect(kept).toMatchObject({
      unit: 'D003',
      dispatchedAt: at('2026-03-05 10:00'),
      response: { verdict: 'failed', dueAt: at('2026-03-05 12:00'), doneAt: null },
      close: { verdict: null, dueAt: null, doneAt: null },
      firstTime: { verdict: null, dueAt: null, doneAt: null },
    })
    const [late] = await units((await kpi('quarter=2026Q1&dealer=D002')).rows[0].tickets)
    expect(late).toMatchObject({
      response: { verdict: 'met', dueAt: at('2026-03-04 12:00'), doneAt: at('2026-03-04 12:00') },
      close: { verdict: 'failed', dueAt: at('2026-03-10 00:00'), doneAt: at('2026-03-10 00:00') },
      firstTime: { verdict: 'met', dueAt: at('2026-03-18 00:00'), doneAt: at('2026-03-10 00:00') },
    })
  })
})

describe('the report refuses', () => {
  it.each([
    ['', 'quarter'],
    ['quarter=2026Q5', 'quarter'],
    ['quarter=2026Q1&from=2026-01-01&to=2026-02-01', 'quarter'],
    ['from=2026-01-01', 'quarter'],
    ['from=2026-02-01&to=2026-02-01', 'quarter'],
    ['quarter=2026Q1&by=week', 'by'],
    ['quarter=2026Q1&tier=se', 'tier'],
    ['quarter=2026Q1&category=A5', 'category.0'],
    ['quarter=2026Q1&asOf=then', 'asOf'],
  ])('?%s', async (query, name) => {
    for (const path of ['reports/kpi', 'reports/kpi/units'])
      expect(problemOf(await s.get(`${path}?${query}`))).toEqual(
        refused(400, 'invalid_request', ['query', name]),
      )
  })
})
