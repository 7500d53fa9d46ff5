import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { at, csr, one, type Scenario, sa, start, startScenario } from '../../support/scenario.ts'
import type { Json } from '../../support/service.ts'

let s: Scenario
beforeAll(async () => {
  s = await startScenario()
})
beforeEach(() => s.go(start))
afterAll(() => s.service.close())

let phones = 0
const newPhone = (): string => {
  phones += 1
  return `1360000${String(phones).padStart(4, '0')}`
}
const reason = '听错号码'
const correct = (ticketNo: string, body: Json): Promise<Json> =>
  s.writes(ticketNo, 'correct', { reason, ...body }, csr)
const found = async (keys: Json): Promise<string[]> =>
  (await s.post(csr, 'tickets/search', keys)).body.items.map((item: Json) => item.ticketNo)
const proposal = async (phone: string) =>
  (await s.post(csr, 'complaints/candidates', { phone, category: 'A4a' })).body

describe('a correction', () => {
  it('is shown on the ticket, in lists and forms, and asOf before shows what was known', async () => {
    const [wrong, right] = [newPhone(), newPhone()]
    const ticketNo = await s.register({
      customer: { phone: wrong, email: 'x@y.z' },
      vehicle: { model: '明锐' },
    })
    s.go('2026-03-02 10:30')
    const ticket = await correct(ticketNo, {
      customer: { phone: right, email: null },
      vehicle: { vin: 'LSVAA49J132047371' },
    })
    expect(ticket).toMatchObject({
      customer: { name: '王小明', phone: right, email: null },
      vehicle: { vin: 'LSVAA49J132047371', model: '明锐' },
    })
    const [row] = (await s.get('tickets?state=open')).body.items.filter(
      (item: Json) => item.ticketNo === ticketNo,
    )
    expect(row).toMatchObject({ customer: { phone: right }, vehicle: { vin: 'LSVAA49J132047371' } })
    const form = (await s.get(`tickets/${ticketNo}/forms/handling`)).text
    expect([form.includes(right), form.includes(wrong)]).toEqual([true, false])
    const before = await s.get(`tickets/${ticketNo}?asOf=${at('2026-03-02 10:29')}`)
    expect(before.body).toMatchObject({
      customer: { phone: wrong, email: 'x@y.z', subjectId: ticket.customer.subjectId },
      vehicle: { vin: null, model: '明锐' },
    })
    const { items } = (await s.get(`tickets/${ticketNo}/timeline`, sa, { 'accept-language': 'zh-CN' })).body
    expect(items.at(-1)).toMatchObject({
      type: 'TicketCorrected',
      text: '更正客户或车辆信息：客户电话、客户邮箱、底盘号',
      data: { text: { reason }, customer: { phone: right } },
    })
    const masked = (await s.get(`tickets/${ticketNo}/timeline`, one('auditor'))).text
    expect([masked.includes(right), masked.includes(reason)]).toEqual([false, false])
  })

  it('moves the ticket to the corrected keys for search, candidates and matching', async () => {
    const [wrong, right] = [newPhone(), newPhone()]
    const ticketNo = await s.register({ customer: { phone: wrong } })
    await correct(ticketNo, { customer: { phone: right } })
    expect([await found({ phone: wrong }), await found({ phone: right })]).toEqual([[], [ticketNo]])
    expect(await proposal(wrong)).toMatchObject({ proposal: 'new', items: [] })
    expect(await proposal(right)).toMatchObject({ proposal: 'contact', ticketNo })
    expect(await s.take({ customer: { phone: wrong } })).toMatchObject({ outcome: 'registered' })
    expect(await s.take({ customer: { phone: right } })).toMatchObject({
      outcome: 'contact_logged',
      ticketNo,
    })
  })

  it('of a completed ticket decides who repeats it, and leaves what was matched before', async () => {
    const [wrong, right] = [newPhone(), newPhone()]
    const ticketNo = await s.register({ customer: { phone: wrong } })
    const matched = await s.take({ customer: { phone: wrong } })
    expect(matched).toMatchObject({ outcome: 'contact_logged', ticketNo })
    await s.respond(ticketNo)
    await s.close(ticketNo)
    s.go('2026-03-03 10:00')
    await correct(ticketNo, { customer: { phone: right } })
    expect((await s.ticket(ticketNo)).calls).toBe(1)
    expect(await s.take({ customer: { phone: wrong } })).toMatchObject({ outcome: 'registered' })
    expect(await s.take({ customer: { phone: right } })).toMatchObject({
      outcome: 'escalated',
      escalatedFrom: ticketNo,
    })
  })

  it('a second one starts from the first, and the first number comes back', async () => {
    const [first, second] = [newPhone(), newPhone()]
    const ticketNo = await s.register({ customer: { phone: first } })
    await correct(ticketNo, { customer: { phone: second } })
    await correct(ticketNo, { customer: { contactPerson: '李' } })
    await correct(ticketNo, { customer: { phone: first } })
    expect([await found({ phone: first }), await found({ phone: second })]).toEqual([[ticketNo], []])
    expect((await s.ticket(ticketNo)).customer).toMatchObject({ phone: first, contactPerson: '李' })
  })

  it('beside a complaint by the corrected number: the complaint is before it or after it, never both', async () => {
    for (let round = 0; round < 5; round += 1) {
      const [wrong, right] = [newPhone(), newPhone()]
      const ticketNo = await s.register({ customer: { phone: wrong } })
      const [, ...taken] = await Promise.all([
        correct(ticketNo, { customer: { phone: right } }).catch(() => null),
        s.take({ customer: { phone: right } }),
        s.take({ customer: { phone: right } }),
      ])
      const numbers = new Set((taken as Json[]).map((each) => each.ticketNo))
      expect(numbers.size).toBe(1)
    }
  })

  it('that says what is there already writes nothing', async () => {
    const phone = newPhone()
    const ticketNo = await s.register({ customer: { phone } })
    const { version } = await s.ticket(ticketNo)
    const again = await s.does(ticketNo, 'correct', { customer: { phone }, reason }, csr)
    expect(again.version).toBe(version)
  })

  it('with the same key is answered again, and does nothing twice', async () => {
    const ticketNo = await s.register()
    const headers = { 'idempotency-key': `correct-${ticketNo}` }
    const body = { customer: { phone: newPhone() }, reason }
    const first = await s.act(ticketNo, 'correct', body, csr, headers)
    const second = await s.act(ticketNo, 'correct', body, csr, headers)
    expect(second.headers['idempotent-replayed']).toBe('true')
    expect(second.body).toEqual(first.body)
  })

  it.each<[string, Json, number, string]>([
    ['no field', {}, 400, 'invalid_request'],
    ['empty parts', { customer: {}, vehicle: {} }, 400, 'invalid_request'],
    ['a blank name', { customer: { name: ' ' } }, 400, 'invalid_request'],
    ['no name', { customer: { name: null } }, 400, 'invalid_request'],
    ['an unknown field', { customer: { age: 5 } }, 400, 'invalid_request'],
    ['a negative mileage', { vehicle: { mileageKm: -1 } }, 400, 'invalid_request'],
    ['a blank reason', { customer: { fax: '1' }, reason: ' ' }, 400, 'invalid_request'],
  ])('with %s is refused', async (_, body, status, code) => {
    const answer = await s.act(await s.register(), 'correct', { reason, ...body }, csr)
    expect([answer.status, answer.body.code]).toEqual([status, code])
  })

  it('of a rescinded or duplicate ticket is refused', async () => {
    const [rescinded, duplicate, survivor] = [await s.register(), await s.register(), await s.register()]
    await s.does(rescinded, 'rescind', { reason }, sa)
    await s.does(duplicate, 'duplicate-of', { ticketNo: survivor, reason }, sa)
    for (const ticketNo of [rescinded, duplicate]) {
      const answer = await s.act(ticketNo, 'correct', { customer: { phone: newPhone() }, reason }, csr)
      expect([answer.status, answer.body.code]).toEqual([409, 'ticket_is_over'])
    }
  })
})
