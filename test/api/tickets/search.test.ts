import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { csr, dealer, one, problemOf, refused, type Scenario, startScenario } from '../../support/scenario.ts'
import type { Json, Who } from '../../support/service.ts'

let s: Scenario
let [first, second, other]: string[] = []
beforeAll(async () => {
  s = await startScenario()
  const customer = { phone: '+86 138-1234-5678', customerId: 'C-100' }
  first = await s.register({ customer, vehicle: { vin: 'lsvaa4187e2184847' } })
  second = await s.register({ customer: { phone: '13812345678' }, category: 'A4d', dealerCode: 'D003' })
  other = await s.register({ customer: { phone: '021-65650000' }, dealerCode: 'D002' })
})
afterAll(() => s.service.close())

const search = async (body: Json, who: Who = csr): Promise<string[]> => {
  const answer = await s.post(who, 'tickets/search', body)
  expect([answer.status, answer.text]).toEqual([200, answer.text])
  return answer.body.items.map(({ ticketNo }: Json) => ticketNo).sort()
}
const both = () => [first, second].sort()

describe('a search', () => {
  it.each([
    '13812345678',
    '+8613812345678',
    '008613812345678',
    '138 1234 5678',
    '１３８１２３４５６７８',
    '＋８６ 138-1234-5678',
  ])('finds a customer by phone %s', async (phone) => {
    expect(await search({ phone })).toEqual(both())
  })

  it.each([
    'LSVAA4187E2184847',
    'lsvaa4187e2184847',
    ' LSVAA4187E2184847 ',
    'ＬＳＶＡＡ４１８７Ｅ２１８４８４７',
  ])('by VIN %s', async (vin) => {
    expect(await search({ vin })).toEqual([first])
  })

  it('by customer number, which keeps its case', async () => {
    expect(await search({ customerId: 'C-100' })).toEqual([first])
    expect(await search({ customerId: 'c-100' })).toEqual([])
  })

  it('by all of them together', async () => {
    expect(await search({ phone: '13812345678', customerId: 'C-100' })).toEqual([first])
    expect(await search({ phone: '021-65650000', customerId: 'C-100' })).toEqual([])
  })

  it('together with the filters of the list', async () => {
    expect(await search({ phone: '13812345678', category: 'A4d' })).toEqual([second])
    expect(await search({ phone: '13812345678', dealer: 'D001,D002', state: 'open' })).toEqual([first])
    expect(await search({ dealer: 'D002' })).toEqual([other])
  })

  it('by nothing is the list, by keys that say nothing it finds nobody', async () => {
    expect(await search({})).toEqual([first, second, other].sort())
    for (const blank of [
      { phone: ' ' },
      { phone: '--' },
      { vin: '' },
      { customerId: '  ' },
      { phone: '', vin: ' ' },
    ])
      expect(await search(blank)).toEqual([])
    expect(await search({ phone: ' ', customerId: 'C-100' })).toEqual([first])
  })

  it('leaves out what is outside the scope', async () => {
    expect(await search({ phone: '13812345678' }, dealer('D003'))).toEqual([second])
  })

  it.each(['hq_sales', 'admin', 'auditor'] as const)('is not for %s', async (role) => {
    const answer = await s.post(one(role), 'tickets/search', { phone: '13812345678' })
    expect(problemOf(answer)).toEqual(refused(403, 'role_not_allowed'))
  })

  it('knows no other field, and no limit above 200', async () => {
    expect(problemOf(await s.post(csr, 'tickets/search', { name: '王' }))).toEqual(
      refused(400, 'unknown_field', ['body', '#/name']),
    )
    expect(problemOf(await s.post(csr, 'tickets/search', { limit: 201 }))).toEqual(
      refused(400, 'invalid_request', ['body', '#/limit']),
    )
  })
})
