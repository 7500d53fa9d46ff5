import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { csr, dealer, rbo, type Scenario, startScenario } from '../../support/scenario.ts'
import type { Json } from '../../support/service.ts'

let s: Scenario
beforeAll(async () => {
  s = await startScenario()
})
afterAll(() => s.service.close())

/** A closed ticket's repeat, half an hour later. */
const repeatOf = async (ticketNo: string, customer: Json): Promise<Json> => {
  await s.respond(ticketNo)
  await s.close(ticketNo)
  s.go('2026-03-02 11:30')
  return s.take({ customer })
}

describe('a clock that was set back a little', () => {
  it('hides no open ticket of the customer: the call is logged on it', async () => {
    s.go('2026-03-02 11:00')
    const customer = { phone: '13870000001' }
    const ticketNo = await s.register({ customer })
    s.go('2026-03-02 10:56')
    expect(await s.take({ customer })).toMatchObject({ outcome: 'contact_logged', ticketNo })
  })

  it.each([[undefined], ['by name']])(
    'hides no closing: the complaint after it is a repeat (%s)',
    async (name) => {
      s.go('2026-03-02 11:00')
      const customer = { phone: `1387000010${name === undefined ? 1 : 2}` }
      const ticketNo = await s.register({ customer })
      await s.respond(ticketNo)
      await s.close(ticketNo)
      s.go('2026-03-02 10:56')
      const asked = name === undefined ? { customer } : { sameProblemAs: ticketNo }
      const taken = await s.take(asked)
      expect(taken).toMatchObject({ outcome: 'escalated', escalatedFrom: ticketNo })
      const { receivedAt } = await s.ticket(taken.ticketNo)
      expect([receivedAt, (await s.ticket(ticketNo)).closedAt]).toEqual([
        '2026-03-02T03:00:00.001Z',
        '2026-03-02T03:00:00.000Z',
      ])
    },
  )

  it.each([['auto'], ['by name'], ['by the name of a ticket it repeats']])(
    'or that stands still: a complaint in the millisecond of the closing is received after it (%s)',
    async (how) => {
      s.go('2026-03-02 11:00')
      const customer = { phone: `138700020${how.length.toString().padStart(2, '0')}` }
      const first = await s.register({ customer })
      const latest = how.startsWith('by the name') ? (await repeatOf(first, customer)).ticketNo : first
      await s.respond(latest, latest === first ? dealer() : rbo())
      await s.close(latest, latest === first ? dealer() : rbo())
      const taken = await s.take(how === 'auto' ? { customer } : { sameProblemAs: first })
      expect(taken).toMatchObject({ outcome: 'escalated', escalatedFrom: latest })
      const [{ closedAt }, { receivedAt }] = [await s.ticket(latest), await s.ticket(taken.ticketNo)]
      expect(Date.parse(receivedAt) - Date.parse(closedAt)).toBe(1)
    },
  )

  it('does not make the first answer another than its repeats', async () => {
    s.go('2026-03-02 11:00')
    const ticketNo = await s.register()
    s.go('2026-03-02 10:56')
    const body = { method: 'phone', reached: true, note: '已联系客户' }
    const headers = { 'idempotency-key': 'behind' }
    const [first, again] = [
      await s.act(ticketNo, 'responses', body, dealer(), headers),
      await s.act(ticketNo, 'responses', body, dealer(), headers),
    ]
    expect(first.body.measures.response).toBe('met')
    expect([again.body, again.headers['idempotent-replayed']]).toEqual([first.body, 'true'])
    const complaint = s.complaint()
    const key = { 'idempotency-key': 'behind too' }
    const taken = await s.post(csr, 'complaints', complaint, key)
    expect((await s.post(csr, 'complaints', complaint, key)).body).toEqual(taken.body)
  })
})
