/** Handovers and visits among the lines of an import (rulebook §15): once each, by the same rules, told to nobody. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { admin, at, dealer, type Scenario, sa, startScenario, system } from '../../support/scenario.ts'
import type { Json } from '../../support/service.ts'
import { importing, line, register, result } from '../imports/importing.ts'

let s: Scenario
beforeAll(async () => {
  s = await startScenario({ now: '2026-06-01 10:00' })
})
afterAll(() => s.service.close())
beforeEach(() => s.go('2026-06-01 10:00'))

let cars = 0
const newVin = (): string => {
  cars += 1
  return `LSVAA4187E3${String(cars).padStart(6, '0')}`
}
const asDealer = { actor: { id: 'dms', role: 'dealer' } }
const handover = (ref: string, data: Json = {}, more: Json = {}): Json =>
  line(
    '2026-03-02 12:00',
    ref,
    'handover',
    {
      vin: newVin(),
      dealerCode: 'D001',
      handedOverAt: at('2026-03-02 10:00'),
      customer: { name: '进口车主', phone: `13622${String(cars).padStart(6, '0')}` },
      ...data,
    },
    { ...asDealer, ...more },
  )
const visit = (ref: string, vin: string, data: Json = {}, more: Json = {}): Json =>
  line(
    '2026-05-02 12:00',
    ref,
    'visit',
    { vin, dealerCode: 'D002', visitedAt: at('2026-05-02 10:00'), kind: 'first_service', ...data },
    { ...asDealer, ...more },
  )
const vehicleOf = async (vin: string): Promise<Json> =>
  (await s.post(sa, 'vehicles/search', { vin })).body.items[0]

describe('a handover of an import', () => {
  it('has its ref as external number and its line’s time; what was due long ago is not planned', async () => {
    const sent = handover('CAR-1', { salesConsultant: '周顾问' })
    expect(await importing(s, [sent])).toEqual(result(1))
    const [found] = (await vehicleOf(sent.data.vin)).handovers
    expect(found).toMatchObject({ externalNo: 'CAR-1', recordedAt: sent.at, dealer: 'D001' })
    const { tasks } = (await s.get(`handovers/${found.handoverId}`)).body
    expect(tasks.map(({ kind, status }: Json) => [kind, status])).toEqual([
      ['delivery_3m', 'open'],
      ['first_service', 'open'],
      ['benefits', null],
      ['insurance', null],
      ['warranty', null],
      ['return_offer', null],
    ])
  })

  it('is done once, and refused where its number comes with other data or was taken live', async () => {
    const sent = handover('CAR-2')
    const other = { ...sent, data: { ...sent.data, dealerCode: 'D002' } }
    expect(await importing(s, [sent, sent, other])).toEqual(result(1, 1, [[3, 'ref_reused']]))
    expect(await importing(s, [sent])).toEqual(result(0, 1))
    const live = await s.post(system, 'handovers', { ...handover('x').data, externalNo: 'LIVE-1' })
    expect(live.status).toBe(201)
    expect(await importing(s, [handover('LIVE-1')])).toEqual(result(0, 0, [[1, 'ref_reused']]))
  })

  it('that is bad is skipped with its code, and the rest goes on', async () => {
    const bad = [
      handover('BAD-1', { handedOverAt: at('2026-03-02 13:00') }),
      handover('BAD-2', { dealerCode: 'D999' }),
      handover('BAD-3', {}, { actor: { id: 'x', role: 'csr' } }),
      handover('BAD-4', {}, { at: at('2026-06-01 11:00') }),
      handover('BAD-5', { colour: 'red' }),
      handover('GOOD-1'),
    ]
    expect(await importing(s, bad)).toEqual(
      result(1, 0, [
        [1, 'future_instant'],
        [2, 'unknown_dealer'],
        [3, 'role_not_allowed'],
        [4, 'future_instant'],
        [5, 'unknown_field'],
      ]),
    )
  })

  it('is unchanged once its customer is erased, and is no other', async () => {
    const sent = handover('CAR-3')
    await importing(s, [sent])
    const [{ customer }] = (await vehicleOf(sent.data.vin)).handovers
    const erased = await s.post(sa, `privacy/subjects/${customer.subjectId}/erase`, { reason: '要求' })
    expect([erased.status, erased.text]).toEqual([200, erased.text])
    expect(await importing(s, [sent])).toEqual(result(0, 1))
    expect(await vehicleOf(sent.data.vin)).toBeUndefined()
  })

  it('runs beside the tickets of its customer, in file order', async () => {
    const sent = handover('CAR-4')
    const { phone } = sent.data.customer
    const lines = [sent, register('2026-03-05 10:00', 'T-CAR-4', phone), visit('V-CAR-4', sent.data.vin)]
    expect(await importing(s, lines)).toEqual(result(3))
    const [{ customer }] = (await vehicleOf(sent.data.vin)).handovers
    const [ticketNo] = await s.numbers('tickets?externalNo=T-CAR-4')
    expect((await s.ticket(ticketNo as string)).customer.subjectId).toBe(customer.subjectId)
  })
})

describe('a visit of an import', () => {
  it('is known by its ref, or by all it says under the ref of a handover', async () => {
    const car = handover('CAR-5')
    const own = visit('V-1', car.data.vin)
    const under = [10, 11].map((day) =>
      visit('CAR-5', car.data.vin, { visitedAt: at(`2026-04-${day} 10:00`), kind: 'service' }),
    )
    expect(await importing(s, [car, own, own, ...under])).toEqual(result(4, 1))
    const others = [visit('V-1', car.data.vin, { mileageKm: 7 }), visit('V-1', newVin())]
    expect(await importing(s, [own, ...under, ...others])).toEqual(
      result(0, 3, [
        [4, 'ref_reused'],
        [5, 'ref_reused'],
      ]),
    )
    expect((await vehicleOf(car.data.vin)).visits).toHaveLength(3)
  })

  it('before its handover in the log is the vehicle’s; before it in time it changes nothing', async () => {
    const car = handover('CAR-6')
    const early = visit(
      'V-2',
      car.data.vin,
      { visitedAt: at('2026-03-01 10:00') },
      { at: at('2026-03-01 11:00') },
    )
    expect(await importing(s, [early, car])).toEqual(result(2))
    const found = await vehicleOf(car.data.vin)
    expect([found.handovers.length, found.visits.length]).toEqual([1, 1])
    const { tasks } = (await s.get(`handovers/${found.handovers[0].handoverId}`)).body
    expect(tasks.find(({ kind }: Json) => kind === 'first_service').status).toBe('open')
  })

  it('may lie before what was done live; a repair of long ago asks for no call', async () => {
    const live = (await s.post(system, 'handovers', { ...handover('y').data, vin: newVin() })).body
    const vin = live.vehicle.vin
    expect(await importing(s, [visit('V-3', vin, { kind: 'repair' })])).toEqual(result(1))
    const { tasks } = (await s.get(`handovers/${live.handoverId}`)).body
    const statuses = Object.fromEntries(tasks.map(({ kind, status }: Json) => [kind, status]))
    expect([statuses.after_repair_3d, statuses.first_service]).toEqual([undefined, 'not_needed'])
  })
})

it('is told to no stream, and refused while the desk is closed', async () => {
  const before = await s.head()
  await importing(s, [handover('CAR-7')])
  expect((await s.get(`feed?after=${before}`)).body.items).toEqual([])
  const { version: _, effectiveFrom: __, ...policy } = (await s.get('policy')).body
  const put = (care: Json) => s.service.call(admin, 'PUT', '/v1/policy', { body: { ...policy, care } })
  expect((await put({ enabled: false })).status).toBeLessThan(300)
  expect(await importing(s, [handover('CAR-8')])).toEqual(result(0, 0, [[1, 'desk_closed']]))
  expect((await put({ enabled: true })).status).toBeLessThan(300)
  expect((await s.get('care/tasks', dealer())).status).toBe(200)
})
