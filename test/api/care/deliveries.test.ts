/** Handovers as deliveries of the quarter (rulebook §9, §15), and nothing else of care calls in the rates. */
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import {
  admin,
  at,
  csr,
  dealer,
  one,
  type Scenario,
  sa,
  startScenario,
  system,
} from '../../support/scenario.ts'
import type { Json } from '../../support/service.ts'

let s: Scenario
beforeAll(async () => {
  s = await startScenario({ now: '2026-03-02 10:00' })
})
afterAll(() => s.service.close())

let cars = 0
const handOver = async (dealerCode: string, handedOverAt: string): Promise<Json> => {
  cars += 1
  const { status, text, body } = await s.post(system, 'handovers', {
    dealerCode,
    handedOverAt: at(handedOverAt),
    customer: { name: '车主', phone: `1361200${String(cars).padStart(4, '0')}` },
  })
  expect([status, text]).toEqual([201, text])
  return body
}
const explained = async (code: string, query = ''): Promise<[number | null, string | null, number]> => {
  const { status, text, body } = await s.get(`assessments/2026Q1/dealers/${code}${query}`)
  expect([status, text]).toEqual([200, text])
  return [body.deliveries, body.deliveriesFrom, body.handovers]
}
const enter = (code: string, count: number) =>
  s.service.call(admin, 'PUT', `/v1/dealers/${code}/deliveries/2026Q1`, { body: { count } })

it('count for the dealer and quarter of the handover, unless HQ entered a number; a revision keeps what it knew', async () => {
  expect(await explained('D001')).toEqual([null, null, 0])
  await handOver('D001', '2026-01-01 00:00')
  await handOver('D001', '2025-12-31 23:59:59.999')
  await handOver('D002', '2026-03-02 09:00')
  expect(await explained('D001')).toEqual([1, 'handovers', 1])
  s.go('2026-03-31 23:59:59.999')
  const { customer } = await handOver('D001', '2026-03-31 23:59:59.999')
  s.go('2026-04-01 10:00')
  await handOver('D001', '2026-04-01 00:00')
  const [{ dealers }] = (await s.get('assessments/2026Q1?rbo=EAST')).body.rbos
  expect(dealers.map(({ dealer: code, deliveries }: Json) => [code, deliveries])).toEqual([
    ['D001', 2],
    ['D002', 1],
    ['D009', null],
  ])
  expect(await explained('D001', `?asOf=${encodeURIComponent(at('2026-03-31 12:00'))}`)).toEqual([
    1,
    'handovers',
    1,
  ])
  // numbers stay when the customer goes
  await s.post(sa, `privacy/subjects/${customer.subjectId}/erase`, { reason: '要求' })
  expect(await explained('D001')).toEqual([2, 'handovers', 2])

  const per100 = (await s.get('reports/per-100-deliveries?quarter=2026Q1&by=dealer')).body.rows
  expect(per100.map(({ key, deliveries }: Json) => [key, deliveries])).toContainEqual(['D001', 2])

  await enter('D002', 7)
  expect(await explained('D002')).toEqual([7, 'entered', 1])
  s.go('2026-05-01 10:00')
  const frozen = await s.post(one('hq_sales'), 'assessments/2026Q1/freeze', {})
  expect([frozen.status, frozen.text]).toEqual([200, frozen.text])
  await handOver('D001', '2026-03-15 10:00')
  await enter('D002', 0)
  expect([await explained('D001'), await explained('D002')]).toEqual([
    [2, 'handovers', 2],
    [7, 'entered', 1],
  ])
  expect(await explained('D001', '?revision=live')).toEqual([3, 'handovers', 3])
  await s.post(one('hq_sales'), 'assessments/2026Q1/revise', { reason: '补录交车' })
  expect([await explained('D001'), await explained('D002'), await explained('D001', '?revision=1')]).toEqual([
    [3, 'handovers', 3],
    [0, 'entered', 1],
    [2, 'handovers', 2],
  ])
})

it('are all that the rates know of care calls', async () => {
  s.go('2026-05-04 10:00')
  const ticketNo = await s.register()
  await s.respond(ticketNo)
  const rates = async () => (await s.get('reports/kpi?quarter=2026Q2')).body
  const { asOf: _, ...before } = await rates()
  const { handoverId } = await handOver('D001', '2026-05-04 09:00')
  const taskId = `${handoverId}.delivery_24h`
  await s.post(dealer(), `care/tasks/${taskId}/attempts`, {
    result: 'reached',
    outcome: 'dissatisfied',
    other: '迟',
  })
  await s.post(csr, `care/tasks/${taskId}/dismiss`, { reason: '已解决' })
  await s.post(dealer(), 'visits', {
    vin: 'LSVAA4187E2000009',
    dealerCode: 'D001',
    visitedAt: at('2026-05-04 09:30'),
    kind: 'repair',
  })
  const { asOf: __, ...after } = await rates()
  expect(after).toEqual(before)
})
