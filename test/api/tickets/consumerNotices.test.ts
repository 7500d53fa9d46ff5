import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import {
  admin,
  at,
  csr,
  dealer,
  problemOf,
  refused,
  type Scenario,
  sa,
  start,
  startScenario,
} from '../../support/scenario.ts'
import type { Who } from '../../support/service.ts'

let s: Scenario
beforeAll(async () => {
  s = await startScenario()
})
afterAll(() => s.service.close())

/** Which of the three lists have it. */
const statusOf = async (ticketNo: string, who: Who = sa): Promise<string[]> => {
  const found: string[] = []
  for (const status of ['near', 'overdue', 'done'])
    if ((await s.numbers(`consumer-notices?status=${status}&limit=200`, who)).includes(ticketNo))
      found.push(status)
  return found
}
const registeredAt = (wallClock: string, more = {}): Promise<string> => {
  s.go(wallClock)
  return s.register(more)
}
const inform = (ticketNo: string, who: Who = csr) =>
  s.does(ticketNo, 'records', { kind: 'consumer_informed', note: '已告知' }, who)

describe('the notice a consumer is owed', () => {
  // Monday 2 March: the seventh working day after it is Wednesday 11 March
  it('is near from two working days before its last day on, and overdue from its due instant', async () => {
    const ticketNo = await registeredAt('2026-03-02 10:00')
    expect((await s.ticket(ticketNo)).consumerNoticeDueAt).toBe(at('2026-03-12 00:00'))
    s.go('2026-03-08 23:59:59.999')
    expect(await statusOf(ticketNo)).toEqual([])
    s.go('2026-03-09 00:00')
    expect(await statusOf(ticketNo)).toEqual(['near'])
    s.go('2026-03-11 23:59:59.999')
    expect(await statusOf(ticketNo)).toEqual(['near'])
    s.go('2026-03-12 00:00')
    expect(await statusOf(ticketNo)).toEqual(['overdue'])
  })

  it('counts working days only', async () => {
    const ticketNo = await registeredAt('2026-03-05 10:00')
    // due after Monday 16 March; from Thursday on, two working days reach over the weekend
    s.go('2026-03-11 23:59:59.999')
    expect(await statusOf(ticketNo)).toEqual([])
    s.go('2026-03-12 00:00')
    expect(await statusOf(ticketNo)).toEqual(['near'])
    s.go('2026-03-15 12:00')
    expect(await statusOf(ticketNo)).toEqual(['near'])
  })

  it('is done once it is recorded, in time or late, and the first record counts', async () => {
    const inTime = await registeredAt('2026-03-02 10:00')
    const late = await registeredAt('2026-03-02 10:00')
    s.go('2026-03-03 10:00')
    await inform(inTime)
    s.go('2026-03-20 10:00')
    await inform(late)
    await inform(inTime)
    expect([await statusOf(inTime), await statusOf(late)]).toEqual([['done'], ['done']])
    expect((await s.ticket(inTime)).consumerInformedAt).toBe(at('2026-03-03 10:00'))
  })

  it('is still owed on a completed ticket, and no more on one that was rescinded or is a duplicate', async () => {
    const closed = await registeredAt('2026-03-02 10:00')
    await s.respond(closed)
    await s.close(closed)
    const rescinded = await registeredAt('2026-03-02 10:00')
    await s.does(rescinded, 'rescind', { reason: '误登记' }, sa)
    const duplicate = await registeredAt('2026-03-02 10:00')
    await inform(duplicate)
    await s.does(duplicate, 'duplicate-of', { ticketNo: closed, reason: '同一投诉' }, sa)
    s.go('2026-03-12 00:00')
    expect(await statusOf(closed)).toEqual(['overdue'])
    expect(await statusOf(rescinded)).toEqual([])
    expect(await statusOf(duplicate)).toEqual([])
  })
})

describe('GET /v1/consumer-notices', () => {
  it('lists what is near by default, the earliest due first, page by page', async () => {
    const later = await registeredAt('2026-05-12 10:00')
    const earlier = await registeredAt('2026-05-11 10:00')
    s.go('2026-05-20 10:00')
    expect(await s.numbers('consumer-notices')).toEqual([earlier, later])
    const first = (await s.get('consumer-notices?limit=1')).body
    const rest = (await s.get(`consumer-notices?limit=1&cursor=${first.nextCursor}`)).body
    expect([first.items[0].ticketNo, rest.items[0].ticketNo, rest.nextCursor]).toEqual([earlier, later, null])
    expect(first.items[0]).toMatchObject({
      consumerInformedAt: null,
      consumerNoticeDueAt: at('2026-05-21 00:00'),
    })
    const other = await s.get(`consumer-notices?status=done&cursor=${first.nextCursor}`)
    expect(problemOf(other)).toEqual(refused(400, 'cursor_mismatch', ['query', 'cursor']))
  })

  it('leaves out what is outside the scope, and masks what the reader may not see', async () => {
    const ticketNo = await registeredAt(start, { dealerCode: 'D003', customer: { name: '欧阳晓明' } })
    s.go('2026-03-12 00:00')
    expect(await statusOf(ticketNo, dealer('D003'))).toEqual(['overdue'])
    expect(await statusOf(ticketNo, dealer('D001'))).toEqual([])
    const { items } = (await s.get('consumer-notices?status=overdue&limit=200', admin)).body
    const item = items.find((each: { ticketNo: string }) => each.ticketNo === ticketNo)
    expect(item.customer.name).toBe('欧')
  })

  it('knows no other status and no other filter', async () => {
    expect(problemOf(await s.get('consumer-notices?status=late'))).toEqual(
      refused(400, 'invalid_request', ['query', 'status']),
    )
    expect(problemOf(await s.get('consumer-notices?phone=138'))).toEqual(
      refused(400, 'unknown_field', ['query', 'phone']),
    )
  })
})
