import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { at, csr, rbo, type Scenario, sa, seMedia, start, startScenario } from '../../support/scenario.ts'
import type { Json } from '../../support/service.ts'

let s: Scenario
beforeAll(async () => {
  s = await startScenario()
})
beforeEach(() => s.go(start))
afterAll(() => s.service.close())

describe('the sla', () => {
  const clocksOf = async (ticketNo: string): Promise<Json[]> =>
    (await s.get(`tickets/${ticketNo}/sla`)).body.clocks
  const brief = ({ clock, unit, dueAt, doneAt, verdict }: Json) => [clock, unit, dueAt, doneAt, verdict]

  it('explains the response clock: what counted, what did not, what is left', async () => {
    s.go('2026-03-06 17:30')
    const ticketNo = await s.register()
    s.go('2026-03-09 09:30')
    const [, response] = await clocksOf(ticketNo)
    expect(response).toEqual({
      clock: 'response',
      unit: 'D001',
      startedAt: at('2026-03-06 17:30'),
      dueAt: at('2026-03-09 10:30'),
      doneAt: null,
      endedAt: null,
      verdict: 'pending',
      provisional: false,
      calendar: 'CN',
      calendarVersion: expect.any(Number),
      daysOfVersion: null,
      policyVersion: 1,
      targetMinutes: 120,
      targetWorkingDays: null,
      elapsedMinutes: 60,
      remainingMinutes: 60,
      intervals: [
        { from: at('2026-03-06 17:30'), to: at('2026-03-06 18:00'), counted: true, reason: 'open' },
        { from: at('2026-03-06 18:00'), to: at('2026-03-07 00:00'), counted: false, reason: 'closed_hours' },
        { from: at('2026-03-07 00:00'), to: at('2026-03-09 00:00'), counted: false, reason: 'weekend' },
        { from: at('2026-03-09 00:00'), to: at('2026-03-09 09:00'), counted: false, reason: 'closed_hours' },
        { from: at('2026-03-09 09:00'), to: at('2026-03-09 09:30'), counted: true, reason: 'open' },
      ],
    })
  })

  it('has every clock of a B ticket, the responsible dealer’s and the warning’s too', async () => {
    const ticketNo = await s.registerB({ receivedAt: at('2026-03-02 09:00'), flags: ['media'] })
    s.go('2026-03-02 10:30')
    await s.does(ticketNo, 'responsible-dealer', { dealerCode: 'D001' }, seMedia)
    s.go('2026-03-02 11:00')
    const { warnings } = await s.ticket(ticketNo)
    await s.does(ticketNo, `warnings/${warnings[0].warningId}/acknowledge`, {}, sa)
    await s.does(ticketNo, 'records', { kind: 'consumer_informed', note: '已告知' }, csr)
    s.go('2026-03-02 12:31')
    expect((await clocksOf(ticketNo)).map(brief)).toEqual([
      ['registration', null, at('2026-03-02 10:00'), at(start), 'met'],
      ['consumer_notice', null, at('2026-03-12 00:00'), at('2026-03-02 11:00'), 'met'],
      ['response', 'SE_MEDIA', at('2026-03-02 12:00'), null, 'failed'],
      ['close', 'SE_MEDIA', at('2026-03-12 00:00'), null, 'pending'],
      ['acknowledge', 'SA', at('2026-03-02 12:00'), at('2026-03-02 11:00'), 'met'],
      ['response', 'D001', at('2026-03-02 12:30'), null, 'failed'],
      ['close', 'D001', at('2026-03-12 00:00'), null, 'pending'],
    ])
  })

  it('keeps the clocks of former holders, by the calendar of each', async () => {
    s.go('2026-03-02 09:00')
    const ticketNo = await s.register({ dealerCode: 'D004' })
    s.go('2026-03-02 10:30')
    await s.does(ticketNo, 'redispatch', { tier: 'rbo', reason: '升级' }, csr)
    await s.respond(ticketNo, rbo('WEST'))
    await s.close(ticketNo, rbo('WEST'))
    const clocks = await clocksOf(ticketNo)
    expect(clocks.map(({ clock, unit, calendar, endedAt }) => [clock, unit, calendar, endedAt])).toEqual([
      ['consumer_notice', null, 'CN', null],
      ['response', 'D004', 'CN-XJ', at('2026-03-02 10:30')],
      ['close', 'D004', 'CN-XJ', at('2026-03-02 10:30')],
      ['response', 'WEST', 'CN-XJ', null],
      ['close', 'WEST', 'CN-XJ', null],
    ])
    expect(clocks.at(-1)).toMatchObject({
      doneAt: at('2026-03-02 10:30'),
      verdict: 'met',
      targetWorkingDays: 3,
    })
  })
})
