import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { defaultPolicy } from '../../../domain/policy.ts'
import { admin, csr, type Scenario, startScenario } from '../../support/scenario.ts'
import type { Json } from '../../support/service.ts'

let s: Scenario
beforeAll(async () => {
  s = await startScenario({ now: '2026-03-02 10:00' })
})
afterAll(() => s.service.close())

const customer = (keys: Json): Json => ({ name: '王', ...keys })
const subjectOf = async (ticketNo: string): Promise<string> => (await s.ticket(ticketNo)).customer.subjectId

describe('a placeholder joins nobody (rulebook §6)', () => {
  it.each([
    '无',
    'N/A',
    'n / a',
    '-',
    '0',
    '000',
    '暂无',
    '11111111111',
    '不详',
    '匿名',
    '未\u200b知',
    '138****0000',
  ])(
    '%j: no contact, no escalation, no relation, no shared subject, and is kept as written',
    async (word) => {
      s.go('2026-03-02 10:00')
      const complaint = {
        customer: customer({ phone: word, customerId: word }),
        vehicle: { vin: word },
      }
      const first = await s.register(complaint)
      const second = await s.register(complaint)
      await s.respond(second)
      await s.close(second)
      s.go('2026-03-02 10:30')
      const third = await s.take(complaint)
      expect(third).toMatchObject({
        outcome: 'registered',
        ordinal: 1,
        escalatedFrom: null,
        relatedTo: null,
      })
      const subjects = await Promise.all([first, second, third.ticketNo].map(subjectOf))
      expect(new Set(subjects).size).toBe(3)
      const kept = await s.ticket(first)
      expect([kept.customer.phone, kept.customer.customerId, kept.vehicle.vin]).toEqual([word, word, word])
      const keys = { phone: word, customerId: word, vin: word }
      const { body: found } = await s.post(csr, 'tickets/search', keys)
      expect(found.items).toEqual([])
      const { body: candidates } = await s.post(csr, 'complaints/candidates', { ...keys, category: 'A4a' })
      expect(candidates).toEqual({ proposal: 'new', ticketNo: null, items: [] })
    },
  )

  it('and does not widen a search to those whom the other keys find', async () => {
    await s.register({ customer: customer({ phone: '13611110001' }) })
    const { body } = await s.post(csr, 'tickets/search', { phone: '13611110001', vin: 'N/A' })
    expect(body.items).toEqual([])
  })

  it('a word that HQ enters later parts those who had it before, and one taken out joins again', async () => {
    const complaint = { customer: customer({ customerId: '散客' }) }
    const first = await s.register(complaint)
    expect(await s.take(complaint)).toMatchObject({ outcome: 'contact_logged', ticketNo: first })
    const set = (placeholders: string[] | null) => {
      const { placeholders: _, ...rest } = defaultPolicy
      return s.service.call(admin, 'PUT', '/v1/policy', { body: { ...rest, placeholders } })
    }
    expect((await set([...defaultPolicy.placeholders, '散客'])).status).toBe(200)
    expect(await s.take(complaint)).toMatchObject({ outcome: 'registered', relatedTo: null })
    await set(null)
    expect(await s.take(complaint)).toMatchObject({ outcome: 'contact_logged' })
  })
})

describe('the same customer is known however a key is written (rulebook §6)', () => {
  it.each([
    ['a phone', { customer: { phone: '13622220001' } }, { customer: { phone: '86 136-2222-0001' } }],
    ['a phone', { customer: { phone: '13622220002' } }, { customer: { phone: '\u200e013622220002转8' } }],
    ['a phone', { customer: { phone: '02162220003' } }, { customer: { phone: '+86 21 6222 0003' } }],
    ['a VIN', { vehicle: { vin: 'LSVAA49J132047301' } }, { vehicle: { vin: 'lsvaa49j\u200b1-32047301' } }],
    ['a customer number', { customer: { customerId: 'K-77' } }, { customer: { customerId: 'Ｋ\u206077' } }],
  ])('%s', async (_, before: Json, now: Json) => {
    s.go('2026-03-02 10:00')
    const named = (each: Json) => ({ ...each, customer: customer(each.customer ?? {}) })
    const ticketNo = await s.register(named(before))
    await s.respond(ticketNo)
    await s.close(ticketNo)
    s.go('2026-03-02 10:30')
    expect(await s.take(named(now))).toMatchObject({ outcome: 'escalated', escalatedFrom: ticketNo })
  })
})
