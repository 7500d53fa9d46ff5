import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { csr, one, problemOf, refused, type Scenario, sa, startScenario } from '../../support/scenario.ts'

let s: Scenario
beforeAll(async () => {
  s = await startScenario()
})
afterAll(() => s.service.close())

const completed = async (phone: string): Promise<string> => {
  const ticketNo = await s.register({ customer: { phone } })
  await s.respond(ticketNo)
  await s.close(ticketNo)
  return ticketNo
}

describe('two repeats after one close', () => {
  it('are one escalation, the others contacts on it, also where several people name the ticket at once', async () => {
    s.go('2026-03-02 10:00')
    const earlier = await completed('13870000001')
    s.go('2026-03-03 10:00')
    const calls = ['13870000001', '13870000002', '13870000003'].map((phone) =>
      s.take({ customer: { phone }, sameProblemAs: earlier }),
    )
    const answers = await Promise.all(calls)
    expect(answers.map(({ outcome }) => outcome).sort()).toEqual([
      'contact_logged',
      'contact_logged',
      'escalated',
    ])
    const repeat = (await s.ticket(earlier)).escalatedTo
    expect(answers.map(({ ticketNo }) => ticketNo)).toEqual([repeat, repeat, repeat])
    expect((await s.ticket(repeat)).calls).toBe(2)
  })
})

describe('a callback that registers a repeat', () => {
  it.each([[undefined], [null], ['  ']])('needs a note, which is its content: not %j', async (note) => {
    s.go('2026-03-02 10:00')
    const ticketNo = await completed(`1387001${String(note).length}`)
    const head = await s.head()
    const answer = await s.act(
      ticketNo,
      'callbacks',
      { outcome: 'dissatisfied', sameProblem: true, note },
      csr,
    )
    expect(problemOf(answer)).toEqual(refused(422, 'note_required', ['body', '#/note']))
    expect(await s.head()).toBe(head)
  })
})

describe('HQ', () => {
  it.each(['hq_sales', 'admin', 'auditor'] as const)('as %s may search, but not by person', async (role) => {
    const found = await s.post(one(role), 'tickets/search', { limit: 1 })
    expect([found.status, found.body.items.length, found.body.items[0].customer.address]).toEqual([
      200,
      1,
      null,
    ])
    for (const key of ['phone', 'vin', 'customerId'])
      expect((await s.post(one(role), 'tickets/search', { [key]: '1' })).body.code).toBe('role_not_allowed')
  })
})

describe('the clocks and the timeline as of an instant', () => {
  it('say what was known then, and nothing of the future', async () => {
    s.go('2026-03-04 10:00')
    const ticketNo = await s.register({ customer: { phone: '13870000009' } })
    s.go('2026-03-04 11:00')
    await s.respond(ticketNo)
    const then = encodeURIComponent('2026-03-04T10:30:00+08:00')
    const sla = (await s.get(`tickets/${ticketNo}/sla?asOf=${then}`)).body
    expect(sla.clocks.find(({ clock }: { clock: string }) => clock === 'response')).toMatchObject({
      doneAt: null,
      verdict: 'pending',
      remainingMinutes: 90,
    })
    const timeline = (await s.get(`tickets/${ticketNo}/timeline?asOf=${then}`)).body
    expect(timeline.items.map(({ type }: { type: string }) => type)).toEqual([
      'TicketRegistered',
      'TicketDispatched',
    ])
    for (const path of ['sla', 'timeline'])
      expect(problemOf(await s.get(`tickets/${ticketNo}/${path}?asOf=2026-03-05`))).toEqual(
        refused(400, 'as_of_in_future', ['query', 'asOf']),
      )
  })

  it('take no parameter nobody knows, nor does any other read', async () => {
    const ticketNo = await s.register({ customer: { phone: '13870000010' } })
    for (const path of [
      `tickets/${ticketNo}/sla`,
      `tickets/${ticketNo}/timeline`,
      'codes',
      'policy',
      'rbos/EAST',
    ])
      expect(problemOf(await s.get(`${path}?foo=1`, sa))).toEqual(
        refused(400, 'unknown_field', ['query', 'foo']),
      )
  })
})
