import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { at, problemOf, refused, type Scenario, sa } from '../../support/scenario.ts'
import type { Json, Who } from '../../support/service.ts'
import { kpi as kpiOf, startQuarter } from './quarter.ts'

let s: Scenario
beforeAll(async () => {
  s = await startQuarter()
})
afterAll(() => s.service.close())
const kpi = (query: string, who?: Who, headers?: Record<string, string>) => kpiOf(s, query, who, headers)

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
    expect(problemOf(future)).toEqual(refused(400, 'as_of_in_future', ['query', 'asOf']))
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

describe('the report refuses', () => {
  it.each([
    ['', 'quarter'],
    ['quarter=2026Q5', 'quarter'],
    ['quarter=2026Q1&from=2026-01-01&to=2026-02-01', 'quarter'],
    ['from=2026-01-01', 'quarter'],
    ['from=2026-02-01&to=2026-02-01', 'quarter'],
    ['quarter=2026Q1&tier=se', 'tier'],
    ['quarter=2026Q1&category=A5', 'category'],
    ['quarter=2026Q1&asOf=then', 'asOf'],
  ])('?%s', async (query, name) => {
    for (const path of ['reports/kpi', 'reports/kpi/units'])
      expect(problemOf(await s.get(`${path}?${query}`))).toEqual(
        refused(400, 'invalid_request', ['query', name]),
      )
  })
})
