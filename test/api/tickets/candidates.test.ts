import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { csr, media, problemOf, refused, type Scenario, se, startScenario } from '../../support/scenario.ts'
import type { Json } from '../../support/service.ts'

let s: Scenario
beforeAll(async () => {
  s = await startScenario()
})
afterAll(() => s.service.close())

const look = async (body: Json) => (await s.post(csr, 'complaints/candidates', body)).body
const proposals = ({ items }: Json) => items.map((item: Json) => [item.ticketNo, item.proposal])

describe('candidates', () => {
  let [open, closed, old]: string[] = []
  const phone = '13600000001'
  const customer = { phone, customerId: 'C-1' }
  beforeAll(async () => {
    old = await s.register({ customer, category: 'A4d' })
    await s.respond(old)
    await s.close(old)
    s.go('2026-03-16 10:00')
    closed = await s.register({ customer, category: 'A4e' })
    await s.respond(closed)
    await s.close(closed)
    s.go('2026-03-17 10:00')
    open = await s.register({ customer, category: 'A4a', vehicle: { vin: 'LSVAA49J132047371' } })
    await s.register()
  })

  it('are the customer’s tickets, newest first, each with what naming it would come to', async () => {
    const found = await look({ phone })
    expect(proposals(found)).toEqual([
      [open, 'contact'],
      [closed, 'escalate'],
      [old, 'new'],
    ])
    expect([found.proposal, found.ticketNo]).toEqual(['new', null])
    const { proposal: _, ...item } = found.items[0]
    expect(item).toEqual(await s.ticket(open as string))
  })

  it.each([
    ['A4a', 'contact', () => open],
    ['A4e', 'escalate', () => closed],
    ['A4d', 'new', () => old],
    ['A4f', 'new', () => null],
  ])('of category %s: the proposal is %s', async (category, proposal, ticketNo) => {
    expect(await look({ phone, category })).toMatchObject({ proposal, ticketNo: ticketNo() })
  })

  it('are proposed as the front door decides', async () => {
    const found = await look({ phone, category: 'A4e' })
    expect(await s.take({ customer, category: 'A4e' })).toMatchObject({
      outcome: 'escalated',
      escalatedFrom: found.ticketNo,
    })
  })

  it.each([
    ['phone', { phone: '＋８６ 136 0000 0001' }],
    ['customer number', { customerId: 'C-1' }],
    ['VIN', { vin: 'lsvaa49j132047371' }],
    ['any of them', { vin: 'LSVAA49J132047371', phone: '13600000099', customerId: 'C-0' }],
  ])('are found by %s', async (_, keys) => {
    expect(proposals(await look(keys))).toContainEqual([open, 'contact'])
  })

  it('are none of a stranger, and none without a key', async () => {
    const nobody = { proposal: 'new', ticketNo: null, items: [] }
    expect(await look({ phone: '13699999999', category: 'A4a' })).toEqual(nobody)
    expect(await look({ phone: ' ', vin: '', customerId: null })).toEqual(nobody)
  })

  it('for a B source never propose a contact on an A ticket', async () => {
    const body = { phone, category: 'B4' }
    const found = (await s.post(media, 'complaints/candidates', body)).body
    expect(proposals(found)).toContainEqual([open, 'new'])
    expect(found.proposal).toBe('new')
  })

  it('are for the CSC’s roles only', async () => {
    const answer = await s.post(se, 'complaints/candidates', { phone })
    expect(problemOf(answer)).toEqual(refused(403, 'role_not_allowed'))
  })

  it('take no field they do not know', async () => {
    const answer = await s.post(csr, 'complaints/candidates', { phone, name: '王' })
    expect(problemOf(answer)).toEqual(refused(400, 'unknown_field', ['body', '#/name']))
  })
})
