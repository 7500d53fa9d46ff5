import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { at, dealer, problemOf, rbo, refused, type Scenario, sa } from '../../support/scenario.ts'
import type { Json, Who } from '../../support/service.ts'
import { startQuarter } from './quarter.ts'
import { does } from './settling.ts'

let s: Scenario
beforeAll(async () => {
  s = await startQuarter()
})
afterAll(() => s.service.close())

const explanation = async (code: string, query = '', who: Who = sa): Promise<Json> => {
  const { status, text, body } = await s.get(`assessments/2026Q1/dealers/${code}${query}`, who)
  expect([status, text]).toEqual([200, text])
  return body
}
const verdicts = ({ units }: Json): Json =>
  units.map(({ response, close, firstTime, pointsLost }: Json) => [
    response.verdict,
    close.verdict,
    firstTime.verdict,
    pointsLost,
  ])

describe('what a dealer’s score comes from', () => {
  it('are its rates with their weights, and what one unit is worth', async () => {
    expect(await explanation('D001')).toMatchObject({
      quarter: '2026Q1',
      status: 'live',
      revision: null,
      asOf: at('2026-06-30 00:00'),
      rbo: 'EAST',
      dealer: 'D001',
      name: '上海一店',
      total: 4,
      score: 57.5,
      rank: 2,
      outcome: 'reward',
      amount: 10_000,
      measures: {
        response: { met: 2, failed: 2, pending: 0, rate: 50, weight: 30, pointsPerUnit: 7.5 },
        close: { met: 3, failed: 1, pending: 0, rate: 75, weight: 30, pointsPerUnit: 7.5 },
        firstTime: { met: 2, failed: 1, pending: 1, rate: 50, weight: 40, pointsPerUnit: 10 },
      },
      notCounted: [],
    })
  })

  it('is every unit in order of dispatch, with what it cost', async () => {
    const body = await explanation('D001')
    expect(verdicts(body)).toEqual([
      ['met', 'met', 'met', 0],
      ['failed', 'met', 'met', 7.5],
      ['met', 'met', 'failed', 10],
      ['failed', 'failed', 'pending', 25],
    ])
    const lost = body.units.reduce((sum: number, unit: Json) => sum + unit.pointsLost, 0)
    expect(body.score).toBe(100 - lost)
    expect(body.units[1]).toMatchObject({
      dispatchedAt: at('2026-02-27 10:00'),
      response: {
        verdict: 'failed',
        dueAt: at('2026-02-27 12:00'),
        doneAt: at('2026-02-27 15:00'),
        pointsLost: 7.5,
      },
      close: { verdict: 'met', dueAt: at('2026-03-04 00:00'), doneAt: at('2026-02-27 16:00'), pointsLost: 0 },
      firstTime: {
        verdict: 'met',
        dueAt: at('2026-03-07 00:00'),
        doneAt: at('2026-02-27 16:00'),
        pointsLost: 0,
      },
    })
  })

  it('agrees with the units of the KPI', async () => {
    for (const code of ['D001', 'D002', 'D003', 'D004']) {
      const { items } = (await s.get(`reports/kpi/units?quarter=2026Q1&key=${code}`)).body
      const { units } = await explanation(code)
      const bare = units.map(({ pointsLost: _, response, close, firstTime, ...unit }: Json) => {
        const measures = Object.entries({ response, close, firstTime }).map(([name, measure]) => {
          const { pointsLost: _lost, ...rest } = measure as Json
          return [name, rest]
        })
        return { ...unit, unit: code, ...Object.fromEntries(measures) }
      })
      // the list says of each unit whose it is and how late, which an explanation of one dealer leaves out
      const alike = items.map(
        ({ tier: _tier, category: _category, state: _state, response, close, firstTime, ...unit }: Json) => ({
          ...unit,
          ...Object.fromEntries(
            Object.entries({ response, close, firstTime }).map(([name, measure]) => {
              const { lateMinutes: _late, ...rest } = measure as Json
              return [name, rest]
            }),
          ),
        }),
      )
      expect(bare).toEqual(alike)
    }
  })

  it('names what does not count, and why', async () => {
    const { units, notCounted } = await explanation('D002')
    expect(units).toHaveLength(1)
    expect(notCounted).toEqual([
      { ticketNo: expect.any(String), dispatchedAt: at('2026-03-06 10:00'), reason: 'rescinded' },
    ])
    expect((await s.ticket(notCounted[0].ticketNo)).state).toBe('rescinded')
    const { notCountedReasons } = (await s.get('codes')).body
    expect(notCountedReasons).toContainEqual({
      code: 'rescinded',
      label: { en: 'The ticket was rescinded.', 'zh-CN': '工单已撤销。' },
    })
  })

  it('of a unit that was kept is its response alone; a rate without units costs its whole weight', async () => {
    const body = await explanation('D003')
    expect(verdicts(body)).toEqual([['failed', null, null, 30]])
    expect(body.measures.close).toEqual({
      met: 0,
      failed: 0,
      pending: 0,
      rate: null,
      weight: 30,
      pointsPerUnit: null,
    })
    expect([body.score, body.units[0].close]).toEqual([
      0,
      { verdict: null, dueAt: null, doneAt: null, pointsLost: 0 },
    ])
  })

  it('is nothing where a dealer has no units', async () => {
    expect(await explanation('D009')).toMatchObject({
      total: 0,
      score: null,
      outcome: 'unranked',
      units: [],
      notCounted: [],
    })
  })

  it('is told as of an instant', async () => {
    const body = await explanation('D001', `?asOf=${encodeURIComponent(at('2026-02-27 14:00'))}`)
    expect(verdicts(body)).toEqual([
      ['met', 'met', 'met', 0],
      ['failed', 'pending', 'pending', 50],
    ])
    expect(body.units[1].response).toMatchObject({ doneAt: null })
    const later = await explanation('D002', `?asOf=${encodeURIComponent(at('2026-03-06 09:59'))}`)
    expect([later.units.length, later.notCounted]).toEqual([1, []])
  })
})

describe('who sees it', () => {
  it('is the dealer itself, its RBO and everyone of headquarters; to others there is no such dealer', async () => {
    for (const who of [dealer('D001'), rbo('EAST'), sa])
      expect((await explanation('D001', '', who)).dealer).toBe('D001')
    for (const who of [dealer('D002'), rbo('NORTH')]) {
      const answer = await s.get('assessments/2026Q1/dealers/D001', who)
      expect(problemOf(answer)).toEqual(refused(404, 'dealer_not_found'))
    }
    expect(problemOf(await s.get('assessments/2026Q1/dealers/NONE'))).toEqual(
      refused(404, 'dealer_not_found'),
    )
  })

  it.each([
    ['2014Q3/dealers/D001', refused(422, 'quarter_not_assessed', ['path', 'quarter'])],
    ['2026Q3/dealers/D001', refused(422, 'quarter_in_future', ['path', 'quarter'])],
    ['2026Q1/dealers/D001?revision=9', refused(404, 'revision_not_found')],
    ['2026Q1/dealers/D001?asOf=2027-01-01', refused(400, 'as_of_in_future', ['query', 'asOf'])],
    ['2026Q1/dealers/D001?rbo=EAST', refused(400, 'unknown_field', ['query', 'rbo'])],
  ])('%s is refused', async (path, problem) => {
    expect(problemOf(await s.get(`assessments/${path}`))).toEqual(problem)
  })
})

describe('of a revision', () => {
  it('is told as it was frozen: pending is failed, and nothing that came later shows', async () => {
    await does(s, 'freeze')
    const frozen = await explanation('D001')
    expect(frozen).toMatchObject({ status: 'frozen', revision: 1, score: 57.5 })
    expect(verdicts(frozen)[3]).toEqual(['failed', 'failed', 'failed', 25])
    expect(frozen.measures.firstTime).toMatchObject({ met: 2, failed: 2, pending: 0 })

    const late = frozen.units[1].ticketNo
    await s.does(late, 'rescind', { reason: '误登记' }, sa)
    expect(await explanation('D001')).toEqual(frozen)
    const live = await explanation('D001', '?revision=live')
    expect([live.total, live.notCounted]).toEqual([
      3,
      [{ ticketNo: late, dispatchedAt: at('2026-02-27 10:00'), reason: 'rescinded' }],
    ])
    await does(s, 'revise', { reason: '更正' })
    expect((await explanation('D001')).notCounted).toEqual(live.notCounted)
    expect(await explanation('D001', '?revision=1')).toEqual(frozen)
  })
})
