/** Care calls over the API (rulebook §15): from the handover to the complaint; who sees what; erasure; races. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { completePendingActs } from '../../../api/commands/tickets/followUp.ts'
import {
  admin,
  at,
  csr,
  dealer,
  one,
  problemOf,
  rbo,
  refused,
  type Scenario,
  sa,
  startScenario,
  system,
} from '../../support/scenario.ts'
import type { Json, Who } from '../../support/service.ts'

let s: Scenario
beforeAll(async () => {
  s = await startScenario()
})
afterAll(() => s.service.close())
beforeEach(() => s.service.setClock(at('2026-03-02 12:00')))

let cars = 0
const body = (more: Json = {}): Json => {
  cars += 1
  const number = String(cars).padStart(6, '0')
  const customer = { name: '李小红', phone: `13611${number}` }
  return {
    dealerCode: 'D001',
    vin: `LSVAA4187E2${number}`,
    handedOverAt: at('2026-03-02 10:00'),
    customer,
    ...more,
  }
}
const post = (who: Who, path: string, sent: Json, headers: Record<string, string> = {}) =>
  s.service.call(who, 'POST', `/v1/${path}`, { body: sent, headers })
const get = (who: Who, path: string) => s.service.call(who, 'GET', `/v1/${path}`)
const handOver = async (more: Json = {}, who: Who = system): Promise<Json> => {
  const answer = await post(who, 'handovers', body(more))
  expect([answer.status, answer.text]).toEqual([201, answer.text])
  return answer.body
}
const attempt = (taskId: string, sent: Json, who: Who = dealer()) =>
  post(who, `care/tasks/${taskId}/attempts`, sent)
const dissatisfied = { result: 'reached', outcome: 'dissatisfied', service: '等了三个小时' }
const statusesOf = async (handoverId: string) =>
  Object.fromEntries(
    (await get(sa, `handovers/${handoverId}`)).body.tasks.map((each: Json) => [each.kind, each.status]),
  )

describe('a handover', () => {
  it('is answered with its plan, found by VIN and plate, and masked for HQ', async () => {
    const handed = await handOver({ plateNo: '沪A·12345', model: 'Octavia' })
    expect(handed.tasks.map((each: Json) => [each.kind, each.status, each.dueAt])).toContainEqual([
      'delivery_3d',
      null,
      '2026-03-05T16:00:00.000Z',
    ])
    for (const asked of [{ vin: handed.vehicle.vin.toLowerCase() }, { plateNo: '沪a 12345' }]) {
      const { items } = (await post(sa, 'vehicles/search', asked)).body
      expect(
        items.map((each: Json) => [each.vehicleId, each.handovers[0].customer.name, each.tasks.length]),
      ).toEqual([[handed.vehicleId, '李小红', 1]])
    }
    const { customer, vehicle } = (await get(one('hq_sales'), `handovers/${handed.handoverId}`)).body
    expect([customer.name, customer.phone.length, vehicle.vin, vehicle.model]).toEqual([
      '李',
      4,
      null,
      'Octavia',
    ])
    const log = (await get(sa, `privacy/access-log?subject=${customer.subjectId}`)).body.items
    expect(log.map((each: Json) => each.route)).toContain('/v1/vehicles/search')
  })

  it('is refused in the future, for an unknown or another dealer, and with a number that is taken; nothing is written', async () => {
    await handOver({ externalNo: 'H-1' })
    const head = await s.head()
    const refusals: [Who, Json, ReturnType<typeof refused>][] = [
      [
        system,
        { handedOverAt: at('2026-03-02 12:01') },
        refused(422, 'future_instant', ['body', '#/handedOverAt']),
      ],
      [system, { dealerCode: 'D999' }, refused(422, 'unknown_dealer', ['body', '#/dealerCode'])],
      [dealer('D002'), {}, refused(403, 'not_this_dealer', ['body', '#/dealerCode'])],
      [system, { externalNo: ' H-1 ' }, refused(409, 'handover_external_no_taken', ['body', '#/externalNo'])],
      [csr, {}, refused(403, 'role_not_allowed')],
    ]
    for (const [who, more, expected] of refusals)
      expect(problemOf(await post(who, 'handovers', body(more)))).toEqual(expected)
    expect(await s.head()).toBe(head)
  })

  it('with a VIN that cannot be one is kept, and finds nothing', async () => {
    const [first, second] = [await handOver({ vin: '不详' }), await handOver({ vin: '不详' })]
    expect(first.vehicle.vin).toBe('不详')
    expect(first.vehicleId).not.toBe(second.vehicleId)
    expect((await post(sa, 'vehicles/search', { vin: '不详' })).body.items).toEqual([])
  })

  it('is done once under one key, also twice at once with two VINs spelt alike', async () => {
    const sent = body()
    const key = { 'idempotency-key': 'h-1' }
    const first = await post(system, 'handovers', sent, key)
    const replay = await post(system, 'handovers', sent, key)
    expect([replay.status, replay.headers['idempotent-replayed'], replay.text]).toEqual([
      201,
      'true',
      first.text,
    ])
    const vin = 'LSVAA4187E2999001'
    const both = await Promise.all([handOver({ vin }), handOver({ vin: ` ${vin.toLowerCase()}` })])
    expect(new Set(both.map(({ vehicleId }) => vehicleId)).size).toBe(1)
    expect(both.map(({ handoverId }) => handoverId.slice(33)).sort()).toEqual(['1', '2'])
  })
})

describe('the list of tasks', () => {
  it('has what has opened, by status at the clock, within the scope', async () => {
    const { handoverId } = await handOver()
    const ids = async (query: string, who: Who = dealer()) =>
      (await get(who, `care/tasks?limit=200&${query}`)).body.items
        .filter((each: Json) => each.handoverId === handoverId)
        .map((each: Json) => each.kind)
    expect(await ids('status=open')).toEqual(['delivery_24h'])
    s.service.setClock(at('2026-03-03 10:30'))
    expect([await ids('status=open'), await ids('status=overdue')]).toEqual([
      ['delivery_3d'],
      ['delivery_24h'],
    ])
    expect(await ids('', dealer('D002'))).toEqual([])
    expect(await ids('', rbo('EAST'))).toEqual(['delivery_24h', 'delivery_3d'])
    expect(await ids('', rbo('WEST'))).toEqual([])
    await attempt(`${handoverId}.delivery_24h`, { result: 'reached', outcome: 'satisfied' })
    expect(await ids('status=late&kind=delivery_24h')).toEqual(['delivery_24h'])
    s.service.setClock(at('2028-03-02 12:00'))
    // the view has the yearly tasks that no event of this vehicle made
    await handOver({ handedOverAt: at('2028-03-01 12:00') })
    expect((await ids('kind=insurance')).length).toBe(2)
  })

  it('is absent to strangers, task by task', async () => {
    const { handoverId } = await handOver()
    const taskId = `${handoverId}.delivery_24h`
    expect(problemOf(await attempt(taskId, dissatisfied, dealer('D002')))).toEqual(
      refused(404, 'care_task_not_found'),
    )
    expect(problemOf(await get(dealer('D002'), `handovers/${handoverId}`))).toEqual(
      refused(404, 'handover_not_found'),
    )
    expect(problemOf(await get(rbo('WEST'), `handovers/${handoverId}`))).toEqual(
      refused(404, 'handover_not_found'),
    )
    expect((await get(rbo('EAST'), `handovers/${handoverId}`)).status).toBe(200)
    expect(problemOf(await attempt(taskId, dissatisfied, csr))).toEqual(refused(403, 'role_not_allowed'))
    const { vin } = (await get(sa, `handovers/${handoverId}`)).body.vehicle
    expect((await post(dealer('D002'), 'vehicles/search', { vin })).body.items).toEqual([])
  })
})

describe('a dissatisfied customer', () => {
  it('goes to the triage list and becomes a complaint of the dealer; both name each other', async () => {
    const { handoverId, vehicle, customer } = await handOver()
    const taskId = `${handoverId}.delivery_24h`
    const called = await attempt(taskId, dissatisfied)
    expect([called.status, called.body.status, called.body.triage]).toEqual([200, 'done', 'open'])
    const row = (await get(csr, 'care/triage?limit=200')).body.items.find(
      (each: Json) => each.taskId === taskId,
    )
    expect([row.service, row.triageDueAt]).toEqual(['等了三个小时', at('2026-03-03 12:00')])
    const key = { 'idempotency-key': 'c-1' }
    const taken = await post(csr, `care/tasks/${taskId}/complaint`, { category: 'A4a' }, key)
    expect([taken.status, taken.body.outcome]).toEqual([201, 'registered'])
    const again = await post(csr, `care/tasks/${taskId}/complaint`, { category: 'A4a' }, key)
    expect(again.body.ticketNo).toBe(taken.body.ticketNo)
    const { body: ticket } = await get(sa, `tickets/${taken.body.ticketNo}`)
    expect([ticket.content, ticket.dealer, ticket.customer.subjectId, ticket.careTasks]).toEqual([
      '等了三个小时',
      'D001',
      customer.subjectId,
      [taskId],
    ])
    const [found] = (await post(sa, 'vehicles/search', { vin: vehicle.vin })).body.items
    expect([found.tasks[0].ticketNo, found.ticketNos]).toEqual([taken.body.ticketNo, [taken.body.ticketNo]])
    expect(problemOf(await post(csr, `care/tasks/${taskId}/dismiss`, { reason: '误' }))).toEqual(
      refused(409, 'care_not_in_triage'),
    )
  })

  it('is dismissed with a reason, or taken in: of both at once one is done', async () => {
    const { handoverId } = await handOver()
    const taskId = `${handoverId}.delivery_24h`
    await attempt(taskId, dissatisfied)
    const answers = await Promise.all([
      post(csr, `care/tasks/${taskId}/dismiss`, { reason: '已解决' }),
      post(csr, `care/tasks/${taskId}/complaint`, { category: 'A4a' }),
      post(csr, `care/tasks/${taskId}/complaint`, { category: 'A4a' }),
    ])
    expect(answers.filter(({ status }) => status < 300)).toHaveLength(1)
    expect(answers.filter(({ body: { code } }) => code === 'care_not_in_triage')).toHaveLength(2)
  })

  it('is on the list again where the complaint was refused, before and after a crash', async () => {
    const { handoverId } = await handOver()
    const taskId = `${handoverId}.delivery_24h`
    await attempt(taskId, dissatisfied)
    const refusal = await post(csr, `care/tasks/${taskId}/complaint`, {
      category: 'A4a',
      sameProblemAs: 'T9',
    })
    expect(refusal.body.code).toBe('unknown_ticket')
    expect((await post(csr, `care/tasks/${taskId}/complaint`, { category: 'A4a' })).status).toBe(201)
    expect(await completePendingActs(s.service.deps)).toEqual({ completed: 0, withdrawn: 0, pending: 0 })
  })
})

describe('two at once', () => {
  it('two calls end a task once', async () => {
    const { handoverId } = await handOver()
    const taskId = `${handoverId}.delivery_24h`
    const reached = { result: 'reached', outcome: 'satisfied' }
    const answers = await Promise.all([
      attempt(taskId, reached),
      attempt(taskId, reached),
      attempt(taskId, reached),
    ])
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409])
  })

  it('a call beside the next handover or an erasure: what is told last stands', async () => {
    for (const other of ['handover', 'erase']) {
      const { handoverId, vehicle, customer } = await handOver()
      const [call] = await Promise.all([
        attempt(`${handoverId}.delivery_24h`, { result: 'reached', outcome: 'neutral', other: '好' }),
        other === 'handover'
          ? handOver({ vin: vehicle.vin })
          : post(sa, `privacy/subjects/${customer.subjectId}/erase`, { reason: '要求' }),
      ])
      const { delivery_24h } = await statusesOf(handoverId)
      expect([call.status, delivery_24h]).toEqual(call.status === 200 ? [200, 'done'] : [409, 'not_needed'])
    }
  })
})

describe('erasing the customer', () => {
  it('ends the plan and what was said, everywhere; counts stay', async () => {
    const { handoverId, vehicle, customer } = await handOver()
    await attempt(`${handoverId}.delivery_24h`, dissatisfied)
    const erased = await post(sa, `privacy/subjects/${customer.subjectId}/erase`, { reason: '要求' })
    expect(erased.status).toBe(200)
    const { body: after } = await get(sa, `handovers/${handoverId}`)
    expect([after.customer.name, after.vehicle.vin]).toEqual([null, null])
    expect(await statusesOf(handoverId)).toEqual({ delivery_24h: 'done' })
    expect((await post(sa, 'vehicles/search', { vin: vehicle.vin })).body.items).toEqual([])
    expect((await get(csr, 'care/triage?limit=200')).text).not.toContain(handoverId)
    expect(problemOf(await attempt(`${handoverId}.delivery_3d`, dissatisfied))).toEqual(
      refused(404, 'care_task_not_found'),
    )
    expect((await get(sa, 'care/tasks?limit=200')).text).not.toContain(customer.phone)
  })
})

it('feedback and a VIN of nothing to read are none', async () => {
  const { handoverId } = await handOver()
  const unseen = { ...dissatisfied, service: '\u200b\u00a0\u3000' }
  expect(problemOf(await attempt(`${handoverId}.delivery_24h`, unseen))).toEqual(
    refused(422, 'care_feedback_required', ['body', '#/product']),
  )
  const visit = { vin: ' \u200b', dealerCode: 'D001', visitedAt: at('2026-03-02 11:00'), kind: 'other' }
  expect(problemOf(await post(system, 'visits', visit))).toEqual(
    refused(400, 'invalid_request', ['body', '#/vin']),
  )
})

describe('a visit', () => {
  it('ends the first service; before the handover, or of an unknown car, it is kept', async () => {
    const { handoverId, vehicle } = await handOver()
    const visit = (visitedAt: string, more: Json = {}, who: Who = dealer()) =>
      post(who, 'visits', { vin: vehicle.vin, dealerCode: 'D001', visitedAt, kind: 'first_service', ...more })
    expect((await visit(at('2026-03-01 10:00'))).status).toBe(201)
    expect((await statusesOf(handoverId)).first_service).toBe(null)
    expect((await visit(at('2026-03-02 11:00'))).status).toBe(201)
    expect((await statusesOf(handoverId)).first_service).toBe('not_needed')
    expect(problemOf(await visit(at('2026-03-02 13:00')))).toEqual(
      refused(422, 'future_instant', ['body', '#/visitedAt']),
    )
    const vin = 'LSVAA4187E2888001'
    expect((await visit(at('2026-03-02 11:00'), { vin, mileageKm: 9 })).status).toBe(201)
    const joined = await handOver({ vin })
    const [found] = (await post(sa, 'vehicles/search', { vin })).body.items
    expect([found.vehicleId, found.visits.length, found.handovers.length]).toEqual([joined.vehicleId, 1, 1])
    expect((await statusesOf(joined.handoverId)).first_service).toBe('not_needed')
  })
})

it('a desk that the policy closed answers 404, and opens again as it was', async () => {
  const { handoverId } = await handOver()
  const { version: _, effectiveFrom: __, ...policy } = (await get(admin, 'policy')).body
  const set = (care: Json) => s.service.call(admin, 'PUT', '/v1/policy', { body: { ...policy, care } })
  expect((await set({ enabled: false })).status).toBeLessThan(300)
  const reads = [
    'care/tasks',
    'care/triage',
    `handovers/${handoverId}`,
    `handovers/${handoverId}/forms/follow-up`,
    'reports/care?quarter=2026Q1',
  ]
  const task = `care/tasks/${handoverId}.delivery_24h`
  const writes = [
    'handovers',
    'visits',
    'vehicles/search',
    ...['attempts', 'complaint', 'dismiss'].map((act) => `${task}/${act}`),
  ]
  for (const path of reads) expect(problemOf(await get(sa, path))).toEqual(refused(404, 'desk_closed'))
  // whatever is sent, by whomever
  for (const path of writes) expect(problemOf(await post(sa, path, {}))).toEqual(refused(404, 'desk_closed'))
  expect((await set(null)).status).toBeLessThan(300)
  expect((await statusesOf(handoverId)).delivery_24h).toBe('open')
})
