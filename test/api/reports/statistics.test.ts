import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { at, dealer, problemOf, rbo, refused, type Scenario, sa } from '../../support/scenario.ts'
import type { Json, Who } from '../../support/service.ts'
import { kpi, startQuarter } from './quarter.ts'

let s: Scenario
beforeAll(async () => {
  s = await startQuarter()
})
afterAll(() => s.service.close())

const statistics = async (
  query: string,
  who: Who = sa,
  headers: Record<string, string> = {},
): Promise<Json> => {
  const { status, text, body } = await s.get(`reports/statistics?${query}`, who, headers)
  expect([status, text]).toEqual([200, text])
  return body
}
const quarter = 'from=2026-01-01&to=2026-04-01'
const brief = ({ rows }: Json) =>
  rows.map(({ keys, complaints, rates }: Json) => [keys, complaints, rates.total])

describe('statistics', () => {
  it('count the complaints registered in the period, rescinded ones left out, beside the KPI of its units', async () => {
    const body = await statistics(quarter)
    expect(body).toMatchObject({
      from: at('2026-01-01 00:00'),
      to: at('2026-04-01 00:00'),
      rows: [],
      groupBy: [],
    })
    // of D001 five with the repeat that its RBO got, one each of D002 and D003, and the B ticket
    expect(body.totals.complaints).toBe(8)
    const { tickets: _, ...totals } = (await kpi(s, 'quarter=2026Q1')).totals
    const { tickets: __, ...ofRbos } = (await kpi(s, 'quarter=2026Q1&tier=rbo')).totals
    expect(body.totals.rates).toEqual(totals)
    expect(body.rboRates).toEqual(ofRbos)
  })

  it('take times by the holder’s service minutes', async () => {
    const body = await statistics(`${quarter}&groupBy=dealer,tier`)
    const row = (dealerCode: string) =>
      body.rows.find(({ keys }: Json) => keys.dealer === dealerCode && keys.tier === 'dealer')
    // responded after 60, 300 and 60 minutes, closed after 540, 360 and 120
    expect(row('D001').timeToRespond).toEqual({ count: 3, medianMinutes: 60, p90Minutes: 300 })
    expect(row('D001').timeToClose).toEqual({ count: 3, medianMinutes: 360, p90Minutes: 540 })
    expect(row('D002').timeToRespond).toEqual({ count: 1, medianMinutes: 120, p90Minutes: 120 })
  })

  it.each([
    ['dealer', [['D001'], ['D002'], ['D003'], ['D004']]],
    ['rbo', [['EAST'], ['NORTH'], ['WEST']]],
    ['level', [['A'], ['B']]],
    ['category', [['A4a'], ['A4d'], ['B4']]],
    ['channel', [['phone']]],
    ['source', [['media'], [null]]],
    ['tier', [['dealer'], ['rbo'], ['se_media']]],
  ])('are counted by %s', async (dimension, keys) => {
    const body = await statistics(`${quarter}&groupBy=${dimension}`)
    expect(body.rows.map((row: Json) => [row.keys[dimension]])).toEqual(keys)
    const sum = (of: (row: Json) => number) => body.rows.reduce((all: number, row: Json) => all + of(row), 0)
    expect(sum(({ complaints }) => complaints)).toBe(body.totals.complaints)
    if (dimension !== 'tier') expect(sum(({ rates }) => rates.total)).toBe(body.totals.rates.total)
  })

  it.each(['dealer', 'rbo', 'category', 'level'])('have by %s the rates of the KPI report', async (by) => {
    const rates = (await statistics(`${quarter}&groupBy=${by}`)).rows
      .filter((row: Json) => row.rates.total > 0)
      .map((row: Json) => [row.keys[by], row.rates])
    const rows = (await kpi(s, `quarter=2026Q1&by=${by}`)).rows
    expect(rates).toEqual(
      rows.map(({ key, total, response, close, firstTime }: Json) => [
        key,
        { total, response, close, firstTime },
      ]),
    )
  })

  it('count by two dimensions at a time, and by tier the rates of RBOs too', async () => {
    expect(brief(await statistics(`${quarter}&groupBy=tier,level`))).toEqual([
      [{ tier: 'dealer', level: 'A' }, 5, 6],
      [{ tier: 'dealer', level: 'B' }, 0, 1],
      [{ tier: 'rbo', level: 'A' }, 2, 2],
      [{ tier: 'se_media', level: 'B' }, 1, 0],
    ])
  })

  it('name their keys and causes in the caller’s language', async () => {
    const zh = await statistics(`${quarter}&groupBy=source,tier`, sa, { 'accept-language': 'zh-CN' })
    expect(zh.rows[0].names).toEqual({ source: '媒体', tier: '经销商' })
    expect(zh.rows.at(-1).names).toEqual({ source: '无', tier: '品牌营销大区' })
    expect(zh.causes).toEqual([{ code: null, name: '未填写', complaints: 4, goodwill: 0 }])
    const en = await statistics(`${quarter}&groupBy=dealer,category`)
    expect(en.rows[0].names).toEqual({ dealer: '上海一店', category: "dealer's sales service" })
  })

  it('answer as the system knew it then', async () => {
    const asOf = (wallClock: string) => statistics(`${quarter}&asOf=${encodeURIComponent(at(wallClock))}`)
    expect((await asOf('2026-02-02 09:59')).totals).toMatchObject({
      complaints: 0,
      timeToRespond: { count: 0 },
    })
    expect((await asOf('2026-02-02 10:00')).totals).toMatchObject({
      complaints: 1,
      timeToRespond: { count: 0 },
    })
    const responded = (await asOf('2026-02-02 11:00')).totals
    expect(responded).toMatchObject({
      timeToRespond: { count: 1, medianMinutes: 60 },
      timeToClose: { count: 0 },
    })
    // the one that was rescinded at once was there at no later instant
    expect((await asOf('2026-03-31 23:00')).totals.complaints).toBe(7)
  })

  it('are a unit’s own where a unit asks', async () => {
    expect(brief(await statistics(`${quarter}&groupBy=dealer`, dealer('D002')))).toEqual([
      [{ dealer: 'D002' }, 1, 1],
    ])
    expect(brief(await statistics(`${quarter}&groupBy=rbo`, rbo('NORTH')))).toEqual([
      [{ rbo: 'NORTH' }, 1, 1],
    ])
  })

  it.each([
    ['no period', 'groupBy=level', 'from', 'to'],
    ['no end', 'from=2026-01-01', 'to'],
    ['an end that is no instant', 'from=2026-01-01&to=soon', 'to'],
    ['from after to', 'from=2026-04-01&to=2026-01-01', 'to'],
    ['a period of nothing', 'from=2026-01-01&to=2026-01-01', 'to'],
    ['a dimension nobody knows', `${quarter}&groupBy=moon`, 'groupBy'],
    ['three dimensions', `${quarter}&groupBy=level,tier,rbo`, 'groupBy'],
    ['a dimension twice', `${quarter}&groupBy=level,level`, 'groupBy'],
    ['no dimension where one is announced', `${quarter}&groupBy=`, 'groupBy'],
  ])('refuse %s', async (_, query, ...fields) => {
    expect(problemOf(await s.get(`reports/statistics?${query}`))).toEqual(
      refused(400, 'invalid_request', ...fields.map((field): [string, string] => ['query', field])),
    )
  })

  it('are counted by Shanghai month and ISO week, alone and with another dimension', async () => {
    const months = await statistics(`${quarter}&groupBy=month`)
    const weeks = await statistics(`${quarter}&groupBy=week`)
    const sum = ({ rows }: Json) => rows.reduce((all: number, { complaints }: Json) => all + complaints, 0)
    expect([sum(months), sum(weeks)]).toEqual([8, 8])
    for (const { keys, names } of months.rows) {
      expect(keys.month).toMatch(/^2026-0[1-3]$/)
      expect(names.month).toBe(keys.month)
    }
    for (const { keys } of weeks.rows) expect(keys.week).toMatch(/^2026-W(0[1-9]|1[0-4])$/)
    const both = await statistics(`${quarter}&groupBy=week,dealer`)
    expect(sum(both)).toBe(8)
    expect(both.rows[0].keys).toEqual({ week: weeks.rows[0].keys.week, dealer: expect.any(String) })
    const { rows, totals } = await kpi(s, 'quarter=2026Q1&by=week')
    expect(rows.map(({ key }: Json) => key)).toEqual([...rows.map(({ key }: Json) => key)].sort())
    expect(rows.reduce((all: number, { total }: Json) => all + total, 0)).toBe(totals.total)
    const units = await s.get(rows[0].tickets.replace('/v1/', ''), sa)
    expect(units.body.items).toHaveLength(rows[0].total)
    const csv = await s.get(`reports/statistics?${quarter}&groupBy=week&format=csv`, sa)
    expect(csv.text.split('\r\n')[0]).toContain('keys.week')
    const xlsx = await s.get('reports/kpi?quarter=2026Q1&by=week&format=xlsx', sa)
    expect(xlsx.status).toBe(200)
  })

  it('are counted by hour and day of the week, in Shanghai', async () => {
    const { rows, totals } = await statistics(`${quarter}&groupBy=weekday,hour`)
    expect(rows.reduce((all: number, { complaints }: Json) => all + complaints, 0)).toBe(totals.complaints)
    const { items } = (await s.get('tickets?limit=200', sa)).body
    const told = items
      .filter(({ state }: Json) => state !== 'rescinded' && state !== 'duplicate')
      .map(({ registeredAt }: Json) => new Date(Date.parse(registeredAt) + 8 * 3_600_000))
      .map((day: Date) => `${day.getUTCDay() || 7} ${day.toISOString().slice(11, 13)}`)
    for (const { keys, complaints } of rows)
      expect([keys, told.filter((key: string) => key === `${keys.weekday} ${keys.hour}`).length]).toEqual([
        keys,
        complaints,
      ])
    expect(rows.map(({ names }: Json) => names.weekday)).toContain('Monday')
  })

  it('count only the RBOs and dealers that are asked for, as their rows do', async () => {
    const byDealer = await statistics(`${quarter}&groupBy=dealer`)
    for (const { keys, names: _, ...figures } of byDealer.rows) {
      const { totals } = await statistics(`${quarter}&dealer=${keys.dealer}`)
      expect(totals).toEqual(figures)
    }
    const byRbo = await statistics(`${quarter}&groupBy=rbo`)
    const east = byRbo.rows.find(({ keys }: Json) => keys.rbo === 'EAST')
    expect((await statistics(`${quarter}&rbo=EAST`)).totals.complaints).toBe(east.complaints)
    expect((await statistics(`${quarter}&rbo=EAST,NORTH`)).totals.complaints).toBeGreaterThan(east.complaints)
    expect((await statistics(`${quarter}&rbo=EAST&dealer=D999`)).totals.complaints).toBe(0)
    expect(brief(await statistics(`${quarter}&groupBy=dealer&dealer=D002`, dealer('D001')))).toEqual([])
  })

  it('refuse an instant nobody knows yet, and a filter they do not have', async () => {
    const future = `reports/statistics?${quarter}&asOf=${encodeURIComponent(at('2026-07-01 00:00'))}`
    expect(problemOf(await s.get(future))).toEqual(refused(400, 'as_of_in_future', ['query', 'asOf']))
    expect(problemOf(await s.get(`reports/statistics?${quarter}&by=level`))).toEqual(
      refused(400, 'unknown_field', ['query', 'by']),
    )
  })
})

describe('the monthly report', () => {
  const monthly = async (query: string, who: Who = sa, headers = {}): Promise<Json> => {
    const { status, text, body } = await s.get(`reports/monthly?${query}`, who, headers)
    expect([status, text]).toEqual([200, text])
    return body
  }

  it('is of the RBOs and dealers that are asked for', async () => {
    const all = await monthly('month=2026-03')
    const own = await monthly('month=2026-03&dealer=D001')
    const row = all.rows.find(({ dimension, key }: Json) => dimension === 'dealer' && key === 'D001')
    expect(own.totals).toEqual(row.figures)
    expect(own.rows.filter(({ dimension }: Json) => dimension === 'dealer')).toHaveLength(1)
    expect((await monthly('month=2026-03&rbo=NOWHERE')).totals.month.complaints).toBe(0)
  })

  it('sets a month beside the one before and the same of last year, each as statistics have it', async () => {
    const body = await monthly('month=2026-03')
    expect([body.month, body.monthBefore, body.yearBefore]).toEqual(['2026-03', '2026-02', '2025-03'])
    const periods = {
      month: 'from=2026-03-01&to=2026-04-01',
      monthBefore: 'from=2026-02-01&to=2026-03-01',
      yearBefore: 'from=2025-03-01&to=2025-04-01',
    }
    for (const [name, period] of Object.entries(periods)) {
      const whole = await statistics(period)
      expect(body.totals[name]).toEqual(whole.totals)
      expect(body.rboRates[name]).toEqual(whole.rboRates)
      for (const dimension of ['level', 'category', 'tier', 'rbo', 'dealer', 'channel', 'source']) {
        const { rows } = await statistics(`${period}&groupBy=${dimension}`)
        const own = body.rows
          .filter((row: Json) => row.dimension === dimension)
          .map((row: Json) => [row.key, row.name, row.figures[name]])
          .filter(([, , { complaints, rates }]: Json) => complaints > 0 || rates.total > 0)
        expect(own).toEqual(
          rows.map(({ keys, names, ...figures }: Json) => [keys[dimension], names[dimension], figures]),
        )
      }
    }
    expect([
      body.totals.month.complaints,
      body.totals.monthBefore.complaints,
      body.totals.yearBefore.complaints,
    ]).toEqual([6, 2, 0])
    expect(body.causes).toEqual([
      {
        code: null,
        name: 'none given',
        complaints: { month: 2, monthBefore: 2, yearBefore: 0 },
        goodwill: { month: 0, monthBefore: 0, yearBefore: 0 },
      },
    ])
  })

  it('is of the running month too, and as it was known then', async () => {
    expect((await monthly('month=2026-06')).totals.month.complaints).toBe(0)
    const then = `month=2026-03&asOf=${encodeURIComponent(at('2026-03-04 23:00'))}`
    expect((await monthly(then)).totals.month.complaints).toBe(3)
  })

  it('is a unit’s own where a unit asks', async () => {
    const body = await monthly('month=2026-03', dealer('D003'))
    expect(body.totals.month.complaints).toBe(1)
    expect(body.rows.map(({ dimension, key }: Json) => [dimension, key])).not.toContainEqual([
      'dealer',
      'D001',
    ])
  })

  it.each([
    ['without a month', '', 400, 'invalid_request'],
    ['of what is no month', 'month=2026-13', 400, 'invalid_request'],
    ['of a month that has not begun', 'month=2026-07', 422, 'month_in_future'],
    [
      'of a month that had not begun then',
      `month=2026-04&asOf=${encodeURIComponent('2026-03-31T15:59:59.999Z')}`,
      422,
      'month_in_future',
    ],
  ])('is refused %s', async (_, query, status, code) => {
    expect(problemOf(await s.get(`reports/monthly?${query}`))).toEqual(
      refused(status, code, ['query', 'month']),
    )
  })
})
