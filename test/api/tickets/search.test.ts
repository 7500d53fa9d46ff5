import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import {
  csr,
  dealer,
  one,
  problemOf,
  refused,
  type Scenario,
  sa,
  startScenario,
} from '../../support/scenario.ts'
import type { Json, Who } from '../../support/service.ts'

let s: Scenario
let [first, second, other, plated]: string[] = []
beforeAll(async () => {
  s = await startScenario()
  const customer = { phone: '+86 138-1234-5678', customerId: 'C-100' }
  first = await s.register({ customer, vehicle: { vin: 'lsvaa4187e2184847' } })
  second = await s.register({ customer: { phone: '13812345678' }, category: 'A4d', dealerCode: 'D003' })
  other = await s.register({ customer: { phone: '021-65650000' }, dealerCode: 'D002' })
  plated = await s.register({
    customer: { name: '欧阳静', phone: '13700000077' },
    vehicle: { plateNo: '沪A·12345' },
    dealerCode: 'D001',
  })
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
    expect(await search({})).toEqual(expect.arrayContaining([first, second, other, plated]))
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

  it.each(['沪A12345', '沪a·12345', ' 沪A 12345', '沪Ａ１２３４５'])(
    'finds a car by its plate number %s',
    async (plateNo) => {
      expect(await search({ plateNo })).toEqual([plated])
    },
  )

  it('finds a customer by the whole name, and a car by the whole number', async () => {
    expect(await search({ customerName: '欧阳 静' })).toEqual([plated])
    expect(await search({ customerName: 'OUYANG' })).toEqual([])
    expect(await search({ customerName: '欧阳' })).toEqual([])
    expect(await search({ plateNo: '沪A1234' })).toEqual([])
    expect(await search({ plateNo: '沪A12345', customerName: '欧阳静', category: 'A4a' })).toEqual([plated])
    expect(await search({ plateNo: '沪A12345', customerName: '王芳' })).toEqual([])
    expect(await search({ plateNo: '沪A12345', phone: '13812345678' })).toEqual([])
    // a key that says nothing beside one that says something
    expect(await search({ plateNo: '沪A12345', phone: ' ' })).toEqual([plated])
  })

  it('finds nobody by a placeholder, and matches nobody by name or plate', async () => {
    for (const body of [
      { plateNo: '无' },
      { plateNo: '*****' },
      { customerName: '无' },
      { customerName: '王*' },
    ])
      expect(await search(body)).toEqual([])
    const stranger = await s.register({
      customer: { name: '欧阳静', phone: '13700000099' },
      vehicle: { plateNo: '沪A12345' },
    })
    expect(await search({ customerName: '欧阳静' })).toEqual([plated, stranger].sort())
    expect((await s.ticket(stranger)).ordinal).toBe(1)
  })

  it('follows a correction, and forgets an erased customer', async () => {
    const changed = await s.register({
      customer: { name: '旧名字', phone: '13700000088' },
      vehicle: { plateNo: '京N88888' },
    })
    const corrections = { customer: { name: '新名字' }, vehicle: { plateNo: '京N99999' }, reason: '更正' }
    await s.does(changed, 'correct', corrections, csr)
    expect([await search({ customerName: '旧名字' }), await search({ plateNo: '京N88888' })]).toEqual([
      [],
      [],
    ])
    expect(await search({ customerName: '新名字', plateNo: '京N99999' })).toEqual([changed])
    await s.respond(changed)
    await s.close(changed)
    const { subjectId } = (await s.ticket(changed)).customer
    const erased = await s.post(sa, `privacy/subjects/${subjectId}/erase`, { reason: '客户要求' })
    expect([erased.status, erased.text]).toEqual([erased.status, erased.text])
    expect([await search({ customerName: '新名字' }), await search({ plateNo: '京N99999' })]).toEqual([
      [],
      [],
    ])
  })

  it('by name and plate leaves out what is outside the scope', async () => {
    expect(await search({ plateNo: '沪A12345' }, dealer('D004'))).toEqual([])
    const answer = await s.post(one('auditor'), 'tickets/search', { customerName: '欧阳静' })
    expect(problemOf(answer)).toEqual(refused(403, 'role_not_allowed'))
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
