import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import {
  admin,
  at,
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

const put = async (path: string, body: Json): Promise<void> => {
  const { status, text } = await s.service.call(admin, 'PUT', `/v1/${path}`, { body })
  expect([status < 300, text]).toEqual([true, text])
}
/** A ticket handled in time in all three measures, or only registered. */
const ticket = async (dealerCode: string, handled: boolean): Promise<void> => {
  const ticketNo = await s.register({ dealerCode })
  if (!handled) return
  await s.respond(ticketNo, dealer(dealerCode))
  await s.close(ticketNo, dealer(dealerCode))
}

/** EAST: two dealers tied at the top without deliveries of one, D009 without units; NORTH: tied with equal deliveries. */
beforeAll(async () => {
  s = await startScenario({ now: '2026-01-05 10:00' })
  for (const code of ['D011', 'D012', 'D013', 'D014', 'D015', 'D016'])
    await put(`dealers/${code}`, { name: `华东${code}`, rbo: 'EAST' })
  for (const code of ['D003', 'D004']) await ticket(code, true)
  for (const code of ['D001', 'D011', 'D012', 'D013']) await ticket(code, true)
  // half of two met: 50
  for (const code of ['D014', 'D015']) for (const handled of [true, false]) await ticket(code, handled)
  await ticket('D002', false)
  for (const [code, count] of Object.entries({ D001: 90, D011: 80, D012: 80, D013: 0, D002: 500 }))
    await put(`dealers/${code}/deliveries/2026Q1`, { count })
  s.go('2026-05-01 10:00')
})
afterAll(() => s.service.close())

const assessment = async (path: string, who: Who = sa): Promise<Json> => {
  const { status, text, body } = await s.get(`assessments/${path}`, who)
  expect([status, text]).toEqual([200, text])
  return body
}
const brief = ({ dealers }: Json) =>
  dealers.map((row: Json) => [row.dealer, row.score, row.deliveries, row.rank, row.outcome, row.amount])
const ofRbo = (body: Json, code: string): Json => body.rbos.find((each: Json) => each.rbo === code)

describe('the live assessment of a quarter', () => {
  it('ranks an RBO’s dealers by score, then deliveries; ties share a rank; penalty strictly below 40', async () => {
    const body = await assessment('2026Q1')
    expect(brief(ofRbo(body, 'EAST'))).toEqual([
      ['D001', 100, 90, 1, 'reward', 10_000],
      ['D011', 100, 80, 2, 'reward', 10_000],
      ['D012', 100, 80, 2, 'reward', 10_000],
      ['D013', 100, 0, 4, 'reward', 10_000],
      ['D014', 50, null, 5, 'tie_unresolved', 0],
      ['D015', 50, null, 5, 'tie_unresolved', 0],
      ['D002', 0, 500, 7, 'penalty', -10_000],
      ['D009', null, null, null, 'unranked', 0],
      ['D016', null, null, null, 'unranked', 0],
    ])
    expect(brief(ofRbo(body, 'WEST'))).toEqual([['D004', 100, null, 1, 'reward', 10_000]])
  })

  it('says what it is, and each row’s rates', async () => {
    const body = await assessment('2026Q1')
    expect(body).toMatchObject({
      quarter: '2026Q1',
      status: 'live',
      revision: null,
      asOf: at('2026-05-01 10:00'),
    })
    expect(body.rbos.map(({ rbo: code }: Json) => code)).toEqual(['EAST', 'NORTH', 'WEST'])
    expect(ofRbo(body, 'EAST').dealers[4]).toEqual({
      dealer: 'D014',
      name: '华东D014',
      total: 2,
      responseRate: 50,
      closeRate: 50,
      firstTimeResolutionRate: 50,
      score: 50,
      deliveries: null,
      rank: 5,
      outcome: 'tie_unresolved',
      amount: 0,
    })
    expect(ofRbo(body, 'EAST').dealers.at(-1)).toMatchObject({ total: 0, responseRate: null, score: null })
  })

  it('is decided by deliveries once they are there', async () => {
    await put('dealers/D014/deliveries/2026Q1', { count: 10 })
    await put('dealers/D015/deliveries/2026Q1', { count: 11 })
    expect(brief(ofRbo(await assessment('2026Q1'), 'EAST')).slice(4, 6)).toEqual([
      ['D015', 50, 11, 5, 'reward', 10_000],
      ['D014', 50, 10, 6, 'none', 0],
    ])
    await put('dealers/D015/deliveries/2026Q1', { count: 10 })
    expect(brief(ofRbo(await assessment('2026Q1'), 'EAST')).slice(4, 6)).toEqual([
      ['D014', 50, 10, 5, 'tie_unresolved', 0],
      ['D015', 50, 10, 5, 'tie_unresolved', 0],
    ])
  })

  it('agrees with the KPI route', async () => {
    const kpi = (await s.get('reports/kpi?quarter=2026Q1')).body
    const assessed = (await assessment('2026Q1')).rbos.flatMap(({ dealers }: Json) => dealers)
    for (const row of kpi.rows) {
      const { total, responseRate, closeRate, firstTimeResolutionRate } = assessed.find(
        (each: Json) => each.dealer === row.key,
      )
      expect([total, responseRate, closeRate, firstTimeResolutionRate]).toEqual([
        row.total,
        row.response.rate,
        row.close.rate,
        row.firstTime.rate,
      ])
    }
  })

  it('of some RBOs only', async () => {
    const only = async (query: string) =>
      (await assessment(`2026Q1?rbo=${query}`)).rbos.map((each: Json) => each.rbo)
    expect(await only('WEST')).toEqual(['WEST'])
    expect(await only('NORTH,WEST')).toEqual(['NORTH', 'WEST'])
    expect(await only('SOUTH')).toEqual([])
  })
})

describe('who sees what of an assessment', () => {
  it('a dealer sees its own row, with the rank it has among all', async () => {
    const body = await assessment('2026Q1', dealer('D002'))
    expect(body.rbos.map((each: Json) => [each.rbo, brief(each)])).toEqual([
      ['EAST', [['D002', 0, 500, 7, 'penalty', -10_000]]],
    ])
  })

  it('an RBO sees its dealers, and those of no other by asking', async () => {
    expect(
      (await assessment('2026Q1', rbo('NORTH'))).rbos.map((each: Json) => [each.rbo, brief(each)]),
    ).toEqual([['NORTH', [['D003', 100, null, 1, 'reward', 10_000]]]])
    expect((await assessment('2026Q1?rbo=EAST', rbo('NORTH'))).rbos).toEqual([])
  })

  it('everyone else sees all', async () => {
    for (const role of ['csr', 'hq_sales', 'auditor', 'se'] as const)
      expect((await assessment('2026Q1', one(role))).rbos).toHaveLength(3)
  })
})

describe('an assessment as of an instant', () => {
  const asOf = (wallClock: string) => assessment(`2026Q1?rbo=WEST&asOf=${encodeURIComponent(at(wallClock))}`)

  it('goes by the rates known then', async () => {
    const [row] = ofRbo(await asOf('2026-01-05 10:00'), 'WEST').dealers
    expect(row).toMatchObject({ responseRate: 100, closeRate: 100, firstTimeResolutionRate: 0, score: 60 })
  })

  it('goes by the policy known then, and by that of the quarter’s end ever after', async () => {
    const { version: _version, effectiveFrom: _from, ...policy } = (await s.get('policy')).body
    s.go('2026-02-01 10:00')
    await put('policy', { ...policy, rewardAmount: 20_000 })
    s.go('2026-04-01 10:00')
    await put('policy', { ...policy, rewardAmount: 30_000 })
    s.go('2026-05-01 10:00')
    const amount = async (wallClock: string) => ofRbo(await asOf(wallClock), 'WEST').dealers[0].amount
    expect(await amount('2026-01-20 10:00')).toBe(10_000)
    expect(await amount('2026-02-01 10:00')).toBe(20_000)
    expect(await amount('2026-04-02 10:00')).toBe(20_000)
    expect(await amount('2026-05-01 10:00')).toBe(20_000)
  })

  it('puts a dealer in the RBO it had at the quarter’s end, and before in the one it had then', async () => {
    s.go('2026-03-31 23:00')
    await put('dealers/D004', { name: '乌鲁木齐一店', rbo: 'NORTH' })
    s.go('2026-04-01 00:00')
    await put('dealers/D004', { name: '乌鲁木齐一店', rbo: 'EAST' })
    s.go('2026-05-01 10:00')
    const rboOfD004 = async (query: string) =>
      (await assessment(`2026Q1${query}`, dealer('D004'))).rbos.map((each: Json) => each.rbo)
    expect(await rboOfD004('')).toEqual(['NORTH'])
    expect(await rboOfD004(`?asOf=${encodeURIComponent(at('2026-03-31 22:00'))}`)).toEqual(['WEST'])
  })

  it('of the future nobody knows', async () => {
    const answer = await s.get(`assessments/2026Q1?asOf=${encodeURIComponent(at('2026-05-01 10:00:00.001'))}`)
    expect(problemOf(answer)).toEqual(refused(400, 'as_of_in_future', ['query', 'asOf']))
  })
})

describe('an assessment is refused', () => {
  it.each([
    ['2014Q3', 422, 'quarter_not_assessed'],
    ['2026Q3', 422, 'quarter_in_future'],
    [`2026Q2?asOf=${encodeURIComponent(at('2026-03-31 23:59:59.999'))}`, 422, 'quarter_in_future'],
  ])('of %s', async (quarter, status, code) => {
    expect(problemOf(await s.get(`assessments/${quarter}`))).toEqual(
      refused(status, code, ['path', 'quarter']),
    )
  })

  it.each(['2026', '2026Q0', '2026Q5', '26Q1'])('of %s, which is no quarter', async (quarter) => {
    expect(problemOf(await s.get(`assessments/${quarter}`))).toEqual(
      refused(400, 'invalid_request', ['path', 'quarter']),
    )
  })

  it('but not of the first quarter there is, nor of the running one', async () => {
    for (const quarter of ['2014Q4', '2026Q2'])
      expect((await assessment(quarter)).rbos.length).toBeGreaterThan(0)
  })
})
