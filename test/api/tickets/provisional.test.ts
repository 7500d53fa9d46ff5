import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { admin, at, type Scenario, sa, startScenario } from '../../support/scenario.ts'
import type { Json } from '../../support/service.ts'

let s: Scenario
beforeAll(async () => {
  s = await startScenario({ now: '2026-12-23 10:00' })
})
afterAll(() => s.service.close())

const put = (path: string, body: Json) => s.service.call(admin, 'PUT', `/v1/${path}`, { body })
const clockOf = async (ticketNo: string, name: string): Promise<Json> =>
  (await s.get(`tickets/${ticketNo}/sla`)).body.clocks.find(({ clock }: Json) => clock === name)
const warningOf = async (ticketNo: string): Promise<Json> =>
  (await s.get('warnings')).body.items.find((each: Json) => each.ticketNo === ticketNo)

describe('dues over a year whose schedule is not known (rulebook §5)', () => {
  it('are marked each for itself, in the ticket, its clocks, the lists and the warnings', async () => {
    const ticketNo = await s.register()
    expect(await s.ticket(ticketNo)).toMatchObject({
      consumerNoticeDueAt: at('2027-01-02 00:00'),
      consumerNoticeProvisional: true,
      provisional: false,
    })
    expect(await clockOf(ticketNo, 'consumer_notice')).toMatchObject({ provisional: true })
    expect(await clockOf(ticketNo, 'close')).toMatchObject({ provisional: false })
    s.go('2026-12-31 17:00')
    const late = await s.register({ flags: ['agitated'] })
    expect(await s.ticket(late)).toMatchObject({ provisional: true, consumerNoticeProvisional: true })
    expect(await warningOf(late)).toMatchObject({ ackDueAt: at('2027-01-01 10:00'), provisional: true })
    const [row] = (await s.get('consumer-notices?status=near')).body.items.filter(
      (each: Json) => each.ticketNo === ticketNo,
    )
    expect(row).toMatchObject({ consumerNoticeProvisional: true, provisional: false })
  })

  it('move with a recalculation once the year is entered, and not before', async () => {
    s.go('2026-12-31 17:00')
    const ticketNo = await s.register({ flags: ['agitated'] })
    const off = ['2027-01-01', '2027-01-04', '2027-01-05']
    s.go('2026-12-31 17:30')
    expect((await put('calendars/CN/2027', { off, work: [], source: '国办发' })).status).toBe(201)
    const kept = { ackDueAt: at('2027-01-01 10:00'), provisional: true }
    expect(await warningOf(ticketNo)).toMatchObject(kept)
    s.go('2026-12-31 17:45')
    await s.does(ticketNo, 'recalculate', { reason: '2027 年安排已公布' }, sa)
    const moved = { consumerNoticeDueAt: at('2027-01-15 00:00'), consumerNoticeProvisional: false }
    expect(await s.ticket(ticketNo)).toMatchObject({
      ...moved,
      provisional: false,
      closeDueAt: at('2027-01-09 00:00'),
    })
    expect(await warningOf(ticketNo)).toMatchObject({ ackDueAt: at('2027-01-06 10:00'), provisional: false })
    expect(await clockOf(ticketNo, 'consumer_notice')).toMatchObject({
      dueAt: at('2027-01-15 00:00'),
      provisional: false,
    })
    const asKnown = (await s.get(`tickets/${ticketNo}?asOf=${at('2026-12-31 17:30')}`)).body
    expect(asKnown).toMatchObject({ consumerNoticeProvisional: true, provisional: true })
  })
})

describe('a calendar that borrows its days', () => {
  it('shows the lender’s version too, which changes when the lender’s days do', async () => {
    await put('rbos/FAR', { name: '新疆', calendar: 'CN-XJ' })
    await put('dealers/DXJ', { name: '喀什一店', rbo: 'FAR' })
    const first = await s.register({ dealerCode: 'DXJ' })
    const before = await clockOf(first, 'response')
    expect(before).toMatchObject({ calendar: 'CN-XJ', calendarVersion: 1 })
    await put('calendars/CN/2028', { off: ['2028-01-03'], work: [] })
    const lender = (await s.get('calendars/CN')).body.version
    const second = await s.register({ dealerCode: 'DXJ' })
    const now = await clockOf(second, 'response')
    expect(now).toMatchObject({ calendar: 'CN-XJ', calendarVersion: 1, daysOfVersion: lender })
    expect(now.daysOfVersion).toBeGreaterThan(before.daysOfVersion)
    expect(await clockOf(first, 'response')).toMatchObject({ daysOfVersion: before.daysOfVersion })
  })
})
