/** The reports on satisfaction, notices, causes, warnings and deliveries as callers get them; what they count is in test/projections/complaintReports.test.ts. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { codesOnly, csvText, flat, readCsv } from '../../support/readCsv.ts'
import {
  admin,
  at,
  csr,
  dealer,
  one,
  problemOf,
  rbo,
  refused,
  type Scenario,
  sa,
  startScenario,
} from '../../support/scenario.ts'
import type { Json, Who } from '../../support/service.ts'

let s: Scenario

/** D001: satisfied with 4, dissatisfied with 2, one open. D002: nobody reached. D003 of NORTH: told in time, its warning late. */
beforeAll(async () => {
  s = await startScenario({ now: '2026-03-02 09:00' })
  const closed = async (code: string, more: Json = {}, closing: Json = {}): Promise<string> => {
    const ticketNo = await s.register({ dealerCode: code, ...more })
    await s.respond(ticketNo, dealer(code))
    await s.close(ticketNo, dealer(code), closing)
    return ticketNo
  }
  const first = await closed(
    'D001',
    {},
    { rootCauseCode: 'staff_attitude', goodwill: { kind: 'cash', amount: 500 } },
  )
  const second = await closed('D001', {}, { rootCauseCode: 'staff_attitude' })
  const third = await closed('D002')
  await s.register({ dealerCode: 'D001', flags: ['agitated'] })
  const north = await s.register({ dealerCode: 'D003', flags: ['no_contact'] })
  await s.does(north, 'records', { kind: 'consumer_informed', note: '已告知' }, csr)
  s.go('2026-03-03 15:00')
  await s.does(first, 'callbacks', { outcome: 'satisfied', score: 4 }, csr)
  await s.does(second, 'callbacks', { outcome: 'dissatisfied', score: 2 }, csr)
  await s.does(third, 'callbacks', { outcome: 'unreachable' }, csr)
  const [{ warningId }] = (await s.ticket(north)).warnings
  await s.does(north, `warnings/${warningId}/acknowledge`, {}, rbo('NORTH'))
  for (const [code, count] of [
    ['D001', 150],
    ['D003', 40],
  ])
    await s.service.call(admin, 'PUT', `/v1/dealers/${code}/deliveries/2026Q1`, { body: { count } })
}, 60_000)
afterAll(() => s.service.close())

const report = async (query: string, who: Who = sa, headers: Record<string, string> = {}): Promise<Json> => {
  const { status, text, body } = await s.get(`reports/${query}`, who, headers)
  expect([status, text]).toEqual([200, text])
  return body
}
const quarter = 'quarter=2026Q1'
const rowOf = ({ rows }: Json, key: string | null): Json => rows.find((row: Json) => row.key === key)

describe('the report on satisfaction', () => {
  it('counts what customers said, whom nobody reached, and the mean score', async () => {
    const { rows, totals, ...facts } = await report(`satisfaction?${quarter}`)
    expect(facts).toEqual({
      from: at('2026-01-01 00:00'),
      to: at('2026-04-01 00:00'),
      asOf: s.service.deps.now(),
      by: 'dealer',
    })
    const none = { satisfied: 0, dissatisfied: 0, declined: 0, unreachable: 0, pending: 0, overdue: 0 }
    expect(rows).toEqual([
      {
        key: 'D001',
        name: '上海一店',
        closed: 2,
        outcomes: { ...none, satisfied: 1, dissatisfied: 1 },
        satisfactionRate: 50,
        scores: { count: 2, mean: 3 },
      },
      expect.objectContaining({
        key: 'D002',
        closed: 1,
        outcomes: { ...none, pending: 1 },
        satisfactionRate: null,
      }),
      expect.objectContaining({ key: 'D003', closed: 0, scores: { count: 0, mean: null } }),
    ])
    expect(totals).toEqual({
      closed: 3,
      outcomes: { ...none, satisfied: 1, dissatisfied: 1, pending: 1 },
      satisfactionRate: 50,
      scores: { count: 2, mean: 3 },
    })
  })

  it('agrees with the statistics on the scores', async () => {
    const { rows } = await report('statistics?from=2026-01-01&to=2026-04-01&groupBy=dealer')
    for (const { key, scores } of (await report(`satisfaction?${quarter}`)).rows)
      expect([key, scores]).toEqual([key, rows.find(({ keys }: Json) => keys.dealer === key).scores])
  })

  it('answers as the system knew it then', async () => {
    const then = await report(`satisfaction?${quarter}&asOf=${encodeURIComponent(at('2026-03-03 14:59'))}`)
    expect(then.totals).toMatchObject({ closed: 3, outcomes: { pending: 3 }, satisfactionRate: null })
  })
})

describe('the other reports', () => {
  it('say who was told of receipt and handling in time', async () => {
    const { rows, totals } = await report(`consumer-notices?${quarter}&by=rbo`)
    expect(rows.map(({ key, name, notice }: Json) => [key, name, notice])).toEqual([
      ['EAST', '华东大区', { met: 0, failed: 0, pending: 4, rate: 0 }],
      ['NORTH', '华北大区', { met: 1, failed: 0, pending: 0, rate: 100 }],
    ])
    expect(totals.complaints).toBe(5)
  })

  it('say by what causes each dealer’s complaints were closed', async () => {
    const { rows, totals } = await report(`causes?${quarter}`, sa, { 'accept-language': 'zh-CN' })
    expect(rows).toEqual([
      {
        key: 'D001',
        name: '上海一店',
        rootCauseCode: 'staff_attitude',
        rootCause: expect.stringMatching(/[\u4E00-\u9FFF]/),
        complaints: 2,
        goodwill: 500,
        share: 100,
      },
      expect.objectContaining({ key: 'D002', rootCauseCode: null, rootCause: '未填写', share: 100 }),
    ])
    expect(totals).toEqual({ complaints: 3, goodwill: 500 })
  })

  it('count warnings by code, and by who must acknowledge them', async () => {
    const { rows, totals } = await report(`warnings?${quarter}`)
    expect(rows).toEqual([
      {
        key: 'W3',
        name: 'customer says nobody made contact',
        raised: 1,
        acknowledged: { met: 0, failed: 1, pending: 0, rate: 0 },
        resolved: 0,
        unresolved: 1,
      },
      expect.objectContaining({ key: 'W4', raised: 1 }),
    ])
    expect(totals.raised).toBe(2)
    const zh = await report(`warnings?${quarter}&by=sentTo`, sa, { 'accept-language': 'zh-CN' })
    expect(zh.rows.map(({ key, name }: Json) => [key, name])).toEqual([
      ['EAST', '华东大区'],
      ['NORTH', '华北大区'],
    ])
  })

  it('compare complaints with deliveries', async () => {
    const { rows, totals } = await report(`per-100-deliveries?${quarter}`)
    expect(rows).toEqual([
      { key: 'D001', name: '上海一店', complaints: 3, deliveries: 150, complaintsPer100: 2 },
      expect.objectContaining({ key: 'D002', complaints: 1, deliveries: null, complaintsPer100: null }),
      expect.objectContaining({ key: 'D003', complaints: 1, deliveries: 40, complaintsPer100: 2.5 }),
    ])
    expect(totals).toEqual({ complaints: 5, deliveries: 190, complaintsPer100: 2.11 })
    expect((await report(`per-100-deliveries?${quarter}&rbo=NORTH`)).totals.complaints).toBe(1)
  })

  it('rank the dealers of the brand, and in their RBO', async () => {
    const { rows, status, revision } = await report(`ranking?${quarter}`)
    expect([status, revision]).toEqual(['live', null])
    expect(
      rows.map(({ dealer: code, rank, rankInRbo, rbo: of }: Json) => [code, rank, rankInRbo, of]),
    ).toEqual([
      ['D002', 1, 1, 'EAST'],
      ['D001', 2, 2, 'EAST'],
      ['D003', 3, 1, 'NORTH'],
      ['D004', null, null, 'WEST'],
      ['D009', null, null, 'EAST'],
    ])
    const { rbos } = await report(`../assessments/2026Q1`)
    const scores = rbos.flatMap(({ dealers }: Json) => dealers.map((row: Json) => [row.dealer, row.score]))
    expect(new Map(rows.map((row: Json) => [row.dealer, row.score]))).toEqual(new Map(scores))
    expect((await report(`ranking?${quarter}&rbo=NORTH`)).rows.map(({ rank }: Json) => rank)).toEqual([3])
  })

  it('give a dealer its own row alone, with its rank in the brand', async () => {
    const who = dealer('D003')
    expect((await report(`ranking?${quarter}`, who)).rows).toEqual([
      expect.objectContaining({ dealer: 'D003', rank: 3, rankInRbo: 1 }),
    ])
    expect((await report(`per-100-deliveries?${quarter}`, who)).rows.map(({ key }: Json) => key)).toEqual([
      'D003',
    ])
    expect((await report(`warnings?${quarter}&by=dealer`, who)).totals.raised).toBe(1)
    expect(rowOf(await report(`satisfaction?${quarter}`, rbo('NORTH')), 'D001')).toBeUndefined()
  })
})

const paths = ['satisfaction', 'consumer-notices', 'causes', 'warnings', 'per-100-deliveries', 'ranking']

describe('each of them', () => {
  it.each(paths)(
    '%s is a file with the same numbers, its totals last, and with Chinese headings',
    async (path) => {
      const pinned = `${path}?${quarter}&asOf=${encodeURIComponent(s.service.deps.now())}`
      for (const who of [sa, one('auditor'), dealer('D001')]) {
        const { rows, totals, ...facts } = await report(pinned, who)
        const file = codesOnly(readCsv((await s.get(`reports/${pinned}&format=csv`, who)).bytes))
        expect(file.rows.slice(0, -1)).toEqual(
          rows.map((row: Json) => flat({ ...facts, ...row }).map(([, cell]) => csvText(cell))),
        )
        const last = file.rows.at(-1) as string[]
        for (const [name, cell] of flat(totals))
          expect([name, last[file.headings.indexOf(name)]]).toEqual([name, csvText(cell)])
      }
      const zh = await s.get(`reports/${pinned}&format=csv`, sa, { 'accept-language': 'zh-CN' })
      for (const heading of readCsv(zh.bytes).headings) expect(heading).toMatch(/[\u4E00-\u9FFF]/)
      const workbook = await s.get(`reports/${pinned}&format=xlsx`, sa, { 'accept-language': 'zh-CN' })
      expect([workbook.status, workbook.bytes.subarray(0, 2).toString()]).toEqual([200, 'PK'])
      expect(decodeURIComponent(workbook.headers['content-disposition'] as string)).toMatch(
        /2026Q1 [\u4E00-\u9FFF]/,
      )
    },
  )

  it.each(paths)('%s refuses what nobody can mean', async (path) => {
    const refusal = async (query: string) => problemOf(await s.get(`reports/${path}?${query}`))
    const future = encodeURIComponent(at('2026-07-01 00:00'))
    expect(await refusal(`${quarter}&asOf=${future}`)).toMatchObject(
      path === 'ranking' ? { status: 400 } : refused(400, 'as_of_in_future', ['query', 'asOf']),
    )
    expect(await refusal('')).toEqual(refused(400, 'invalid_request', ['query', 'quarter']))
    expect(await refusal(`${quarter}&by=moon`)).toMatchObject({ status: 400 })
    expect(await refusal(`${quarter}&colour=red`)).toMatchObject({ status: 400 })
  })
})
