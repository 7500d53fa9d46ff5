import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { at, csr, type Scenario, start, startScenario, system } from '../../support/scenario.ts'
import type { Json } from '../../support/service.ts'

let s: Scenario
beforeAll(async () => {
  s = await startScenario()
})
beforeEach(() => s.go(start))
afterAll(() => s.service.close())

const completed = async (more: Json = {}): Promise<string> => {
  const ticketNo = await s.register(more)
  await s.respond(ticketNo)
  await s.close(ticketNo)
  s.go('2026-03-02 10:01')
  return ticketNo
}
const last = async (ticketNo: string): Promise<Json> =>
  (await s.get(`tickets/${ticketNo}/timeline`)).body.items.at(-1)

describe('what the CSC does answers with the ticket', () => {
  it('contacts: a phone call counts', async () => {
    const ticketNo = await s.register()
    const body = { channel: 'phone', content: '催办' }
    expect(await s.writes(ticketNo, 'contacts', body, csr)).toMatchObject({
      version: 3,
      calls: 1,
      state: 'unhandled',
    })
    expect((await s.writes(ticketNo, 'contacts', { ...body, channel: 'web' }, csr)).calls).toBe(1)
  })

  it('contacts: the second call on an unhandled ticket raises W1, the third on one in progress W2', async () => {
    const ticketNo = await s.register()
    await s.call(ticketNo)
    const { warnings } = await s.call(ticketNo)
    expect(warnings).toEqual([
      {
        warningId: expect.any(String),
        code: 'W1',
        sentTo: { tier: 'rbo', unit: 'EAST' },
        raisedAt: at(start),
        acknowledgedAt: null,
        resolvedAt: null,
      },
    ])
    await s.respond(ticketNo)
    const codes = (await s.call(ticketNo)).warnings.map(({ code }: Json) => code)
    expect(codes).toEqual(['W1', 'W2'])
  })

  it('contacts: occurredAt of the software is shown in the timeline', async () => {
    const ticketNo = await s.register()
    s.go('2026-03-02 11:00')
    const body = { channel: 'phone', content: '催办', occurredAt: '2026-03-02T10:30:00+08:00' }
    await s.writes(ticketNo, 'contacts', body, system)
    expect(await last(ticketNo)).toMatchObject({
      at: at('2026-03-02 11:00'),
      occurredAt: at('2026-03-02 10:30'),
    })
  })

  it('redispatch to another dealer: its clocks, its RBO, the ticket’s dealer', async () => {
    const ticketNo = await s.register()
    await s.respond(ticketNo)
    s.go('2026-03-03 10:00')
    const ticket = await s.writes(ticketNo, 'redispatch', { dealerCode: 'D004', reason: '车主在疆' }, csr)
    expect(ticket).toMatchObject({
      state: 'unhandled',
      holder: { tier: 'dealer', unit: 'D004' },
      dealer: 'D004',
      rbo: 'WEST',
      dispatchedAt: at('2026-03-03 10:00'),
      respondedAt: null,
      responseDueAt: at('2026-03-03 12:00'),
      closeDueAt: at('2026-03-07 00:00'),
      dueAt: at('2026-03-03 12:00'),
    })
  })

  it.each([
    ['rbo', { tier: 'rbo', unit: 'EAST' }],
    ['se', { tier: 'se', unit: 'SE' }],
  ])('redispatch to tier %s', async (tier, holder) => {
    const ticketNo = await s.register()
    const body = { tier, reason: '升级', misrouted: true }
    expect((await s.writes(ticketNo, 'redispatch', body, csr)).holder).toEqual(holder)
  })

  it('redispatch to tier dealer means the ticket’s own', async () => {
    const ticketNo = await s.register({ category: 'A4c', dealerCode: 'D002' })
    const ticket = await s.writes(ticketNo, 'redispatch', { tier: 'dealer', reason: '门店处理' }, csr)
    expect(ticket).toMatchObject({ holder: { tier: 'dealer', unit: 'D002' }, dealer: 'D002' })
  })

  it('repeat-link: the later ticket moves to the tier of its ordinal, the earlier fails its first time', async () => {
    const earlier = await completed()
    const repeat = await s.register()
    const body = { ticketNo: repeat, reason: '同一问题' }
    const ticket = await s.writes(earlier, 'repeat-link', body, csr)
    expect(ticket).toMatchObject({ escalatedTo: repeat, measures: { firstTime: 'failed' } })
    expect(await s.ticket(repeat)).toMatchObject({
      ordinal: 2,
      escalatedFrom: earlier,
      holder: { tier: 'rbo', unit: 'EAST' },
    })
    const unlinked = await s.writes(earlier, 'repeat-unlink', { ...body, reason: '误关联' }, csr)
    expect(unlinked).toMatchObject({ escalatedTo: null, measures: { firstTime: 'pending' } })
    expect(await s.ticket(repeat)).toMatchObject({
      ordinal: 2,
      escalatedFrom: null,
      relatedTo: earlier,
      holder: { tier: 'rbo', unit: 'EAST' },
    })
  })

  it('callbacks: one attempt, and no repeat', async () => {
    const ticketNo = await completed()
    for (const outcome of ['satisfied', 'unreachable', 'declined', 'dissatisfied'])
      expect((await s.writes(ticketNo, 'callbacks', { outcome }, csr)).repeat).toBeNull()
  })

  it('callbacks: dissatisfied on the same problem registers the repeat, its content the note', async () => {
    const ticketNo = await completed({ customer: { name: '赵六' }, vehicle: { vin: 'LSVCB1' } })
    const body = { outcome: 'dissatisfied', sameProblem: true, note: '仍未解决', repeatExternalNo: 'X-CB' }
    const { repeat, escalatedTo } = await s.writes(ticketNo, 'callbacks', body, csr)
    expect(repeat).toEqual({
      outcome: 'escalated',
      ticketNo: escalatedTo,
      version: 2,
      ordinal: 2,
      holder: { tier: 'rbo', unit: 'EAST' },
      responseDueAt: at('2026-03-02 12:01'),
      closeDueAt: at('2026-03-06 00:00'),
      provisional: false,
      escalatedFrom: ticketNo,
      relatedTo: null,
      warnings: [],
    })
    expect(await s.ticket(escalatedTo)).toMatchObject({
      content: '仍未解决',
      channel: 'phone',
      category: 'A4a',
      dealer: 'D001',
      externalNo: 'X-CB',
      customer: { name: '赵六' },
      vehicle: { vin: 'LSVCB1' },
    })
    const again = await s.writes(ticketNo, 'callbacks', { ...body, repeatExternalNo: null }, csr)
    expect(again.repeat).toEqual({
      outcome: 'contact_logged',
      ticketNo: escalatedTo,
      version: 3,
      calls: 1,
      warnings: [],
    })
  })

  it('callbacks: after the seven days the repeat is a new ticket beside it', async () => {
    const ticketNo = await completed()
    s.go('2026-03-10 00:00')
    const body = { outcome: 'dissatisfied', sameProblem: true, note: '仍未解决' }
    const { repeat, escalatedTo } = await s.writes(ticketNo, 'callbacks', body, csr)
    expect(escalatedTo).toBeNull()
    expect(repeat).toMatchObject({ outcome: 'registered', ordinal: 1, relatedTo: ticketNo })
  })
})
