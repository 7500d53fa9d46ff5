/** Dues of care tasks as facts, and what is told of the triage list (rulebook §15). */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { webhookBodies } from '../../../api/live/schemas.ts'
import { admin, at, csr, dealer, one, rbo, type Scenario, sa, system } from '../../support/scenario.ts'
import type { Json, Who } from '../../support/service.ts'
import { endAll, hooksOf, receiver, startSending } from '../../webhooks/support.ts'

afterEach(endAll)

let s: Scenario
beforeEach(async () => {
  s = await startSending()
  await s.service.lookForDues()
})

const handOver = async (more: Json = {}): Promise<Json> => {
  const { status, text, body } = await s.post(system, 'handovers', {
    dealerCode: 'D001',
    vin: 'LSVAA4187E2000001',
    handedOverAt: at('2026-03-02 09:00'),
    customer: { name: '李小红', phone: '13611000001' },
    ...more,
  })
  expect([status, text]).toEqual([201, text])
  return body
}
const attempt = async (taskId: string, body: Json, who: Who = dealer()): Promise<void> => {
  const { status, text } = await s.post(who, `care/tasks/${taskId}/attempts`, body)
  expect([status, text]).toEqual([200, text])
}
const dissatisfied = { result: 'reached', outcome: 'dissatisfied', service: '等了三个小时' }

/** The facts of care tasks that the next look records. */
const looked = async (wallClock: string): Promise<Json[]> => {
  const before = await s.head()
  s.go(wallClock)
  await s.service.lookForDues()
  const events = await s.service.deps.store.readAll(before, 1_000)
  return events.flatMap(({ type, data }) => (type === 'DuePassed' ? [data as Json] : []))
}

describe('a care task past its due', () => {
  it('becomes a fact once, with its task, dealer and due; one that was done in time does not', async () => {
    const { handoverId, vehicleId } = await handOver()
    const other = await handOver({ vin: 'LSVAA4187E2000002' })
    await attempt(`${other.handoverId}.delivery_24h`, { result: 'reached', outcome: 'satisfied' })
    expect(await looked('2026-03-03 09:00')).toEqual([])
    expect(await looked('2026-03-03 09:00:01')).toEqual([
      {
        ticketNo: vehicleId,
        subject: `${handoverId}.delivery_24h`,
        clock: 'care_task',
        startedAt: at('2026-03-02 09:00'),
        dueAt: at('2026-03-03 09:00'),
        unit: 'D001',
      },
    ])
    expect(await looked('2026-03-03 10:00')).toEqual([])
    expect((await looked('2026-03-06 00:00:01')).map(({ subject }) => subject)).toEqual([
      `${handoverId}.delivery_3d`,
      `${other.handoverId}.delivery_3d`,
    ])
  })

  it('of the triage list too, unless the CSC judged it', async () => {
    const first = `${(await handOver()).handoverId}.delivery_24h`
    const second = `${(await handOver({ vin: 'LSVAA4187E2000002' })).handoverId}.delivery_24h`
    await attempt(first, dissatisfied)
    await attempt(second, dissatisfied)
    await s.post(csr, `care/tasks/${second}/dismiss`, { reason: '已当场解决' })
    expect((await looked('2026-03-03 12:00')).map(({ clock, subject }) => [clock, subject])).toEqual([
      ['care_triage', first],
    ])
  })

  it('is no fact while the desk is closed, nor of a plan that has ended', async () => {
    const { version: _, effectiveFrom: __, ...policy } = (await s.get('policy')).body
    const put = (care: Json) => s.service.call(admin, 'PUT', '/v1/policy', { body: { ...policy, care } })
    await handOver()
    await put({ enabled: false })
    expect(await looked('2026-03-03 12:00')).toEqual([])
    await put({ enabled: true })
    const { customer } = await handOver({ handedOverAt: at('2026-03-03 12:00') })
    const erased = await s.post(sa, `privacy/subjects/${customer.subjectId}/erase`, { reason: '要求' })
    expect(erased.status).toBe(200)
    expect(await looked('2027-06-01 12:00')).toEqual([])
  })
})

describe('what comes on the triage list', () => {
  it('is in the feed of whoever sees the task, and goes to webhooks without the customer', async () => {
    const { handoverId } = await handOver()
    const taskId = `${handoverId}.delivery_24h`
    const before = await s.head()
    const told = await receiver()
    const deaf = await receiver()
    await hooksOf(s).create(told.url, { events: ['care.triage'], dealer: 'D001' })
    await hooksOf(s).create(deaf.url, { events: ['care.triage'], dealer: 'D002' })
    await attempt(taskId, { result: 'unreachable' })
    await attempt(taskId, dissatisfied)
    const items = async (who: Who) => (await s.get(`feed?topics=care&after=${before}`, who)).body.items
    for (const who of [csr, dealer(), rbo('EAST'), sa])
      expect(await items(who)).toMatchObject([
        {
          type: 'care.triage',
          ticketNo: null,
          taskId,
          version: 3,
          task: { status: 'done', callOutcome: 'dissatisfied', customer: { name: '李小红' } },
        },
      ])
    expect(await items(one('hq_sales'))).toMatchObject([{ task: { customer: { name: '李' } } }])
    for (const who of [dealer('D002'), rbo('WEST')]) expect(await items(who)).toEqual([])
    await hooksOf(s).look()
    expect(deaf.received).toEqual([])
    const [{ text, body }] = told.received as [(typeof told.received)[number]]
    expect(webhookBodies.careTask.safeParse(body).error).toBeUndefined()
    expect(body.data).toMatchObject({ taskId, task: { dealer: 'D001', kind: 'delivery_24h' } })
    expect(text).not.toMatch(/李|13611|三个小时|LSVAA/)
  })
})
