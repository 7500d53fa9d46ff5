import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
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
} from '../../support/scenario.ts'
import type { Json } from '../../support/service.ts'
import { startQuarter } from './quarter.ts'

let s: Scenario

/** Beside the quarter's tickets: two customers who came back, after five days and after fifteen; and D004, in Xinjiang. */
beforeAll(async () => {
  s = await startQuarter()
  const handled = async (dealerCode: string, day: string, phone: string) => {
    s.go(`${day} 10:00`)
    const ticketNo = await s.register({ dealerCode, customer: { phone } })
    s.go(`${day} 10:30`)
    await s.respond(ticketNo, dealer(dealerCode))
    await s.close(ticketNo, dealer(dealerCode))
  }
  await handled('D003', '2026-06-01', '13900000003')
  await handled('D002', '2026-06-01', '13900000002')
  s.go('2026-06-06 10:00')
  expect((await s.take({ dealerCode: 'D003', customer: { phone: '13900000003' } })).outcome).toBe('escalated')
  s.go('2026-06-16 10:00')
  const later = await s.take({ dealerCode: 'D001', category: 'A4a', customer: { phone: '13900000002' } })
  expect([later.outcome, later.relatedTo === null]).toEqual(['registered', false])
  s.go('2026-06-03 18:50')
  const inWest = await s.register({ dealerCode: 'D004' })
  // ten minutes until 19:00, and 110 from 10:00 on
  s.go('2026-06-04 11:50')
  await s.respond(inWest, dealer('D004'))
  await s.close(inWest, dealer('D004'))
  s.go('2026-06-30 00:00')
})
afterAll(() => s.service.close())

const whatIf = async (quarter: string, draft: Json): Promise<Json> => {
  const { status, text, body } = await s.post(sa, `assessments/${quarter}/what-if`, draft)
  expect([status, text]).toEqual([200, text])
  return body
}
const sides = { dealer: 120, rbo: 120, se: 120, se_media: 120 }
const responseMinutes = (minutes: number) => ({ policy: { responseMinutes: { ...sides, dealer: minutes } } })
const rowOf = ({ rbos }: Json, code: string): Json =>
  rbos.flatMap(({ dealers }: Json) => dealers).find((row: Json) => row.dealer === code)
/** Field by field, what it is and what it would be. */
const changeOf = ({ changes }: Json, code: string): Json =>
  Object.fromEntries(
    changes
      .find((each: Json) => each.dealer === code)
      .fields.map(({ field, present, draft }: Json) => [field, [present, draft]]),
  )
/** Dealers with another field than their place among the others. */
const changedOwn = ({ changes }: Json): string[] =>
  changes
    .filter(({ fields }: Json) => fields.some(({ field }: Json) => field !== 'rank'))
    .map((each: Json) => each.dealer)

describe('a quarter under a draft', () => {
  it('of nothing is the live one, twice', async () => {
    for (const quarter of ['2026Q1', '2026Q2', '2014Q4']) {
      const { present, draft, changed, changes } = await whatIf(quarter, {})
      const { rates: _, ...assessment } = present
      expect(assessment).toEqual((await s.get(`assessments/${quarter}`)).body)
      expect(draft).toEqual(present)
      expect([changed, changes]).toEqual([[], []])
    }
    const { tickets: _, ...totals } = (await s.get('reports/kpi?quarter=2026Q1')).body.totals
    expect((await whatIf('2026Q1', {})).present.rates).toEqual(totals)
  })

  it('that says what is in force is the live one too', async () => {
    const { version: _, effectiveFrom: __, ...policy } = (await s.get('policy')).body
    const years = await Promise.all(
      [2025, 2026].map(async (year) => {
        const { off, work } = (await s.get(`calendars/CN/${year}`)).body
        return { year, off, work }
      }),
    )
    const calendars = [
      { id: 'CN', opens: '09:00', closes: '18:00', years },
      { id: 'CN-XJ', opens: '10:00', closes: '19:00', years },
    ]
    for (const draft of [{ policy }, { calendars }, { policy, calendars }])
      for (const quarter of ['2026Q1', '2026Q2']) {
        const { present, draft: under, changed } = await whatIf(quarter, draft)
        expect([under, changed]).toEqual([present, []])
      }
  })

  it('with longer to respond meets what was late, and keeps no unit that was taken away in time', async () => {
    const body = await whatIf('2026Q1', responseMinutes(300))
    expect(changedOwn(body)).toEqual(['D001', 'D003'])
    expect(changeOf(body, 'D001').responseRate).toEqual([50, 75])
    expect(changeOf(body, 'D003')).toMatchObject({
      total: [1, 0],
      score: [0, null],
      outcome: ['penalty', 'unranked'],
    })
    expect(body.present.rates.response).toMatchObject({ met: 3, failed: 4 })
    expect(body.draft.rates.response).toMatchObject({ met: 4, failed: 2 })
    // on the very minute the ticket was taken away it was not late yet, a minute earlier it was
    expect(changedOwn(await whatIf('2026Q1', responseMinutes(299)))).toEqual([])
  })

  it('with less time to respond fails only who needed more', async () => {
    expect(changedOwn(await whatIf('2026Q1', responseMinutes(119)))).toEqual(['D002'])
    expect(changedOwn(await whatIf('2026Q1', responseMinutes(60)))).toEqual(['D002'])
    expect(changedOwn(await whatIf('2026Q1', responseMinutes(59)))).toEqual(['D001', 'D002'])
  })

  it('with another holiday gives a day more to whom it fell into the three', async () => {
    const calendars = [{ id: 'CN', years: [{ year: 2026, off: ['2026-03-09'], work: [] }] }]
    const body = await whatIf('2026Q1', { calendars })
    expect(changedOwn(body)).toContain('D002')
    expect(changeOf(body, 'D002').closeRate).toEqual([0, 100])
    expect(rowOf(body.draft, 'D001').closeRate).toBe(rowOf(body.present, 'D001').closeRate)
  })

  it('of a calendar counts for who borrows its days, and of a borrower’s for it alone', async () => {
    const { off, work } = (await s.get('calendars/CN/2026')).body
    const without = (id: string, day: string) => ({
      calendars: [{ id, years: [{ year: 2026, off: [...off, day], work }] }],
    })
    // responded to the minute; with the day before off, ten minutes of it are the next day's
    expect(changedOwn(await whatIf('2026Q2', { calendars: [{ id: 'CN-XJ', opens: '09:00' }] }))).toEqual([
      'D004',
    ])
    expect(changedOwn(await whatIf('2026Q2', { calendars: [{ id: 'CN', opens: '08:00' }] }))).toEqual([])
    const responded = async (draft: Json) =>
      rowOf((await whatIf('2026Q2', { ...draft, ...responseMinutes(119) })).draft, 'D004').responseRate
    expect(await responded({})).toBe(0)
    expect(await responded(without('CN', '2026-06-03'))).toBe(100)
    expect(await responded(without('CN-XJ', '2026-06-03'))).toBe(100)
    expect(await responded(without('CN', '2026-06-02'))).toBe(0)
  })

  it('with fewer days for a repeat has it resolved the first time, and with more not', async () => {
    const days = (repeatWindowDays: number) => whatIf('2026Q2', { policy: { repeatWindowDays } })
    const shorter = await days(4)
    expect(changedOwn(shorter)).toEqual(['D003'])
    expect(changeOf(shorter, 'D003').firstTimeResolutionRate).toEqual([0, 100])
    expect(changedOwn(await days(5))).toEqual([])
    const longer = await days(15)
    expect(changedOwn(longer)).toEqual(['D002'])
    expect(changedOwn(await days(14))).toEqual([])
  })

  it('with other weights and amounts changes scores and what they bring, and no rate', async () => {
    const weights = { response: 100, close: 0, firstTime: 0 }
    const body = await whatIf('2026Q1', { policy: { weights } })
    expect(body.draft.rates).toEqual(body.present.rates)
    expect(changeOf(body, 'D002').score).toEqual([70, 100])
    const amounts = await whatIf('2026Q1', { policy: { rewardTop: 0, penaltyAmount: 1 } })
    for (const { fields } of amounts.changes)
      expect(fields.filter(({ field }: Json) => field !== 'outcome' && field !== 'amount')).toEqual([])
    expect(changeOf(amounts, 'D003')).toEqual({ amount: [-10_000, -1] })
  })

  it('names who changed, with what, of which RBO', async () => {
    const { changed, changes } = await whatIf('2026Q1', responseMinutes(300))
    expect(changes.map((each: Json) => each.dealer)).toEqual(changed)
    expect(changes.find((each: Json) => each.dealer === 'D003')).toMatchObject({
      name: '北京一店',
      rbo: 'NORTH',
    })
  })

  it('records nothing, and changes no answer to anybody', async () => {
    const addresses = [
      'assessments/2026Q1',
      'policy',
      'calendars/CN',
      'calendars/CN/2026',
      'reports/kpi?quarter=2026Q1',
    ]
    const answers = () => Promise.all(addresses.map(async (path) => (await s.get(path)).text))
    const [head, before] = [await s.head(), await answers()]
    const calendars = [
      { id: 'CN', opens: '10:00', closes: '10:30', years: [{ year: 2026, off: [], work: [] }] },
    ]
    const headers = { 'idempotency-key': 'a-draft' }
    for (const body of [{ calendars }, { ...responseMinutes(1) }]) {
      const answer = await s.post(sa, 'assessments/2026Q1/what-if', body, headers)
      expect([answer.status, answer.headers['x-position']]).toEqual([200, undefined])
      expect(answer.body.changed).not.toEqual([])
    }
    expect([await s.head(), await answers()]).toEqual([head, before])
  })
})

describe('a draft is refused', () => {
  const ask = (body: Json, who = sa, headers = {}) => s.post(who, 'assessments/2026Q1/what-if', body, headers)
  const year = { year: 2026, off: [], work: [] }

  it.each<[string, Json, number, string, string]>([
    [
      'weights that are not 100',
      { policy: { weights: { response: 30, close: 30, firstTime: 41 } } },
      422,
      'weights_not_100',
      '#/policy/weights',
    ],
    [
      'a cause named twice',
      { policy: { rootCauses: [1, 2].map(() => ({ code: 'a', zh: '甲', en: 'A' })) } },
      422,
      'duplicate_root_cause',
      '#/policy/rootCauses/1/code',
    ],
    [
      'a calendar nobody keeps',
      { calendars: [{ id: 'CN' }, { id: 'US' }] },
      422,
      'unknown_calendar',
      '#/calendars/1/id',
    ],
    [
      'a calendar that never opens',
      { calendars: [{ id: 'CN', opens: '18:00' }] },
      422,
      'calendar_without_working_time',
      '#/calendars/0/closes',
    ],
    [
      'a day in both lists',
      { calendars: [{ id: 'CN', years: [year, { year: 2025, off: ['2025-01-01'], work: ['2025-01-01'] }] }] },
      422,
      'day_in_both_lists',
      '#/calendars/0/years/1/work',
    ],
    [
      'a day of another year',
      { calendars: [{ id: 'CN', years: [{ ...year, off: ['2025-01-01'] }] }] },
      422,
      'day_outside_year',
      '#/calendars/0/years/0/off',
    ],
    ['a calendar twice', { calendars: [{ id: 'CN' }, { id: 'CN' }] }, 400, 'invalid_request', '#/calendars'],
    [
      'a year twice',
      { calendars: [{ id: 'CN', years: [year, year] }] },
      400,
      'invalid_request',
      '#/calendars/0/years',
    ],
    [
      'a number out of its range',
      { policy: { rewardTop: -1 } },
      400,
      'invalid_request',
      '#/policy/rewardTop',
    ],
    [
      'a part that is not whole',
      { policy: { responseMinutes: { dealer: 60 } } },
      400,
      'invalid_request',
      '#/policy/responseMinutes/rbo',
    ],
    [
      'a field nobody knows',
      { policy: { effectiveFrom: '2026-01-01' } },
      400,
      'unknown_field',
      '#/policy/effectiveFrom',
    ],
  ])('for %s', async (_, body, status, code, pointer) => {
    const answer = await ask(body)
    expect(problemOf(answer).fields[0]).toEqual(['body', pointer])
    expect([answer.status, answer.body.code]).toEqual([status, code])
  })

  it('in the caller’s language', async () => {
    const { body } = await ask({ policy: { weights: { response: 0, close: 0, firstTime: 0 } } }, sa, {
      'accept-language': 'zh-CN',
    })
    expect(body.errors[0].detail).toBe('权重之和为 0，应为 100。')
  })

  it.each([
    ['2014Q3', 422, 'quarter_not_assessed'],
    ['2026Q3', 422, 'quarter_in_future'],
    ['2026Q5', 400, 'invalid_request'],
  ])('for the quarter %s', async (quarter, status, code) => {
    const answer = await s.post(sa, `assessments/${quarter}/what-if`, {})
    expect(problemOf(answer)).toEqual(refused(status, code, ['path', 'quarter']))
  })

  it('to all but HQ sales and SA', async () => {
    for (const who of [csr, admin, dealer(), rbo(), one('se'), one('auditor')])
      expect(problemOf(await ask({}, who))).toEqual(refused(403, 'role_not_allowed'))
    expect((await ask({}, one('hq_sales'))).status).toBe(200)
  })

  it('not for a quarter that is in flight', async () => {
    expect((await whatIf('2026Q2', {})).present.asOf).toBe(at('2026-06-30 00:00'))
  })
})
