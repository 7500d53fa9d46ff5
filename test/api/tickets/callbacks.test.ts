import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import {
  at,
  csr,
  dealer,
  problemOf,
  refused,
  type Scenario,
  sa,
  startScenario,
} from '../../support/scenario.ts'
import type { Json, Who } from '../../support/service.ts'

let s: Scenario
beforeAll(async () => {
  s = await startScenario()
})
afterAll(() => s.service.close())

/** A ticket closed at that time. */
const closedAt = async (wallClock: string, dealerCode = 'D001'): Promise<string> => {
  s.go(wallClock)
  const ticketNo = await s.register({ dealerCode })
  await s.respond(ticketNo, dealer(dealerCode))
  await s.close(ticketNo, dealer(dealerCode))
  return ticketNo
}
const callBack = async (ticketNo: string, outcome: string, wallClock: string): Promise<void> => {
  s.go(wallClock)
  await s.does(ticketNo, 'callbacks', { outcome }, csr)
}
/** Which of the three lists have it. */
const statusOf = async (ticketNo: string, who: Who = sa): Promise<string[]> => {
  const found: string[] = []
  for (const status of ['due', 'overdue', 'done'])
    if ((await s.numbers(`callbacks?status=${status}&limit=200`, who)).includes(ticketNo)) found.push(status)
  return found
}

describe('a callback', () => {
  it('is not asked of a ticket that is open', async () => {
    expect(await statusOf(await s.register())).toEqual([])
  })

  it('is due from the closing for seven days, and overdue from the first instant after', async () => {
    const ticketNo = await closedAt('2026-03-02 10:00')
    expect(await statusOf(ticketNo)).toEqual(['due'])
    s.go('2026-03-09 23:59:59.999')
    expect(await statusOf(ticketNo)).toEqual(['due'])
    s.go('2026-03-10 00:00')
    expect(await statusOf(ticketNo)).toEqual(['overdue'])
  })

  it.each(['satisfied', 'dissatisfied', 'declined'])(
    'that found the customer %s is done',
    async (outcome) => {
      const ticketNo = await closedAt('2026-03-02 10:00')
      await callBack(ticketNo, outcome, '2026-03-03 10:00')
      expect(await statusOf(ticketNo)).toEqual(['done'])
    },
  )

  it('is done by an answer after attempts in vain, also when it is overdue', async () => {
    const ticketNo = await closedAt('2026-03-02 10:00')
    await callBack(ticketNo, 'unreachable', '2026-03-03 10:00')
    expect(await statusOf(ticketNo)).toEqual(['due'])
    await callBack(ticketNo, 'satisfied', '2026-03-20 10:00')
    expect(await statusOf(ticketNo)).toEqual(['done'])
  })

  it('is done after three attempts in vain at least two hours apart', async () => {
    const ticketNo = await closedAt('2026-03-02 10:00')
    await callBack(ticketNo, 'unreachable', '2026-03-03 09:00')
    await callBack(ticketNo, 'unreachable', '2026-03-03 11:00')
    expect(await statusOf(ticketNo)).toEqual(['due'])
    await callBack(ticketNo, 'unreachable', '2026-03-03 13:00')
    expect(await statusOf(ticketNo)).toEqual(['done'])
  })

  it('counts no attempt that came less than two hours after the last that counted', async () => {
    const ticketNo = await closedAt('2026-03-02 10:00')
    for (const time of ['09:00', '10:59:59.999', '11:00', '12:30', '12:59:59.999'])
      await callBack(ticketNo, 'unreachable', `2026-03-03 ${time}`)
    expect(await statusOf(ticketNo)).toEqual(['due'])
    s.go('2026-03-10 00:00')
    expect(await statusOf(ticketNo)).toEqual(['overdue'])
    await callBack(ticketNo, 'unreachable', '2026-03-10 00:01')
    expect(await statusOf(ticketNo)).toEqual(['done'])
  })

  it('is asked no more of a ticket that was rescinded', async () => {
    const ticketNo = await closedAt('2026-03-02 10:00')
    await s.does(ticketNo, 'rescind', { reason: '误登记' }, sa)
    expect(await statusOf(ticketNo)).toEqual([])
  })
})

describe('GET /v1/callbacks', () => {
  it('lists what is due by default, the earliest closing first', async () => {
    const later = await closedAt('2026-04-02 10:00')
    const earlier = await closedAt('2026-04-01 10:00')
    s.go('2026-04-02 12:00')
    expect(await s.numbers('callbacks')).toEqual([earlier, later])
    const first = (await s.get('callbacks?limit=1')).body
    const rest = (await s.get(`callbacks?cursor=${first.nextCursor}`)).body
    expect([first.items[0].ticketNo, rest.items[0].ticketNo, rest.nextCursor]).toEqual([earlier, later, null])
    const other = await s.get(`callbacks?status=done&cursor=${first.nextCursor}`)
    expect(problemOf(other)).toEqual(refused(400, 'cursor_mismatch', ['query', 'cursor']))
  })

  it('says of each when it is due, what was tried, and which attempts in vain count', async () => {
    const ticketNo = await closedAt('2026-04-01 10:00')
    await callBack(ticketNo, 'unreachable', '2026-04-01 11:00')
    await callBack(ticketNo, 'unreachable', '2026-04-01 12:59')
    await callBack(ticketNo, 'unreachable', '2026-04-01 13:00')
    const rowOf = async (status: string) =>
      (await s.get(`callbacks?status=${status}&limit=200`)).body.items.find(
        (item: Json) => item.ticketNo === ticketNo,
      )
    const attempts = ['11:00', '12:59', '13:00'].map((time) => ({
      at: at(`2026-04-01 ${time}`),
      outcome: 'unreachable',
      score: null,
    }))
    expect((await rowOf('due')).callback).toEqual({ dueAt: at('2026-04-09 00:00'), attempts, unreachable: 2 })
    const { repeat } = await s.does(
      ticketNo,
      'callbacks',
      { outcome: 'dissatisfied', sameProblem: true, note: '问题依旧' },
      csr,
    )
    const done = await rowOf('done')
    expect(done.callback.attempts.at(-1)).toMatchObject({ outcome: 'dissatisfied' })
    expect([repeat.outcome, done.escalatedTo]).toEqual(['escalated', repeat.ticketNo])
  })

  it('leaves out what is outside the scope', async () => {
    const ticketNo = await closedAt('2026-04-02 10:00', 'D003')
    expect(await statusOf(ticketNo, dealer('D003'))).toEqual(['due'])
    expect(await statusOf(ticketNo, dealer('D001'))).toEqual([])
  })

  it('knows no other status', async () => {
    expect(problemOf(await s.get('callbacks?status=late'))).toEqual(
      refused(400, 'invalid_request', ['query', 'status']),
    )
  })
})
