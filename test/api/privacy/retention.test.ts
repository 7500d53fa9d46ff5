/** Customers kept too long (rulebook §17): listed, and erased by a call of their own. */
import { afterEach, describe, expect, it } from '@jest/globals'
import {
  csr,
  dealer,
  problemOf,
  refused,
  type Scenario,
  sa,
  se,
  startScenario,
} from '../../support/scenario.ts'
import type { Json } from '../../support/service.ts'

let s: Scenario
afterEach(() => s.service.close())

const over = async (more: Json = {}): Promise<string> => {
  const ticketNo = await s.register(more)
  await s.respond(ticketNo)
  await s.close(ticketNo)
  return ticketNo
}
const subjectOf = async (ticketNo: string): Promise<string> => (await s.ticket(ticketNo)).customer.subjectId
const asking = (phone: string) => ({
  channel: 'phone',
  topic: 'price',
  question: '多少钱',
  customer: { name: '周四', phone },
})
const retention = async (body: Json = {}): Promise<Json> => {
  const { status, body: answer } = await s.post(sa, 'privacy/retention', body)
  expect(status).toBe(200)
  return answer
}
const listed = (answer: Json): string[] => answer.subjects.map((each: Json) => each.subjectId)

describe('retention', () => {
  it('lists by default, erases when told, and only of whom all ended before the policy’s years', async () => {
    s = await startScenario()
    const old = await over({ customer: { name: '赵一', phone: '13911110001' } })
    const again = await over({ customer: { name: '李四', phone: '13911110002' } })
    const open = await s.register({ customer: { name: '钱二', phone: '13911110003' } })
    const caller = { customer: { name: '孙三', phone: '13911110004' }, sameProblemAs: open, content: '催办' }
    await s.take(caller)
    const inquiry = (await s.post(csr, 'inquiries', asking('13911110005'))).body
    await s.post(csr, `inquiries/${inquiry.inquiryNo}/withdraw`, { reason: '重复' })
    const forwarded = (await s.post(csr, 'inquiries', asking('13911110006'))).body
    await s.post(csr, `inquiries/${forwarded.inquiryNo}/forward`, {})
    s.go('2030-03-04 10:00')
    await over({ customer: { name: '李四', phone: '13911110002' }, sameProblemAs: null })

    s.go('2036-03-01 10:00')
    expect((await retention()).subjects).toEqual([])
    s.go('2036-03-04 10:00')
    const dry = await retention()
    expect(dry).toMatchObject({
      dryRun: true,
      retentionYears: 10,
      endedBefore: '2026-03-04T02:00:00.000Z',
      next: null,
    })
    expect(listed(dry).toSorted()).toEqual([await subjectOf(old), inquiry.customer.subjectId].toSorted())
    expect(dry.subjects).toContainEqual({
      subjectId: await subjectOf(old),
      records: 1,
      lastEndedAt: '2026-03-02T02:00:00.000Z',
    })
    // nothing was erased
    expect((await s.ticket(old)).customer.name).toBe('赵一')

    const done = await retention({ dryRun: false })
    expect(listed(done)).toEqual(listed(dry))
    expect((await s.ticket(old)).customer.name).toBeNull()
    expect((await s.get(`inquiries/${inquiry.inquiryNo}`)).body).toMatchObject({
      customer: { name: null },
      question: null,
    })
    for (const [ticketNo, name] of [
      [again, '李四'],
      [open, '钱二'],
    ] as const)
      expect((await s.ticket(ticketNo)).customer.name).toBe(name)
    expect((await s.get(`tickets/${open}/timeline`)).text).toContain('孙三')
    expect((await s.get(`inquiries/${forwarded.inquiryNo}`)).body.customer.name).toBe('周四')
    const [event] = await s.service.deps.store.readStream(`erasure-${await subjectOf(old)}`)
    expect(event).toMatchObject({
      type: 'SubjectErased',
      data: { reason: 'retention: 10 years' },
      metadata: { actor: { id: 'sa', role: 'sa' } },
    })
    // again: nothing is left to do
    expect((await retention({ dryRun: false })).subjects).toEqual([])
  })

  it('goes by the years of the policy in force', async () => {
    s = await startScenario()
    const ticketNo = await over()
    const { body: policy } = await s.get('policy')
    const { version: _, effectiveFrom: __, ...values } = policy
    expect(values.retentionYears).toBe(10)
    await s.service.call({ roles: ['admin'] }, 'PUT', '/v1/policy', {
      body: { ...values, retentionYears: 2 },
    })
    s.go('2028-03-03 10:00')
    expect(listed(await retention())).toEqual([await subjectOf(ticketNo)])
    // a body of before the key keeps it
    const { retentionYears: ___, ...older } = values
    await s.service.call({ roles: ['admin'] }, 'PUT', '/v1/policy', { body: older })
    expect((await s.get('policy')).body.retentionYears).toBe(2)
  })

  it('goes on after the subject a call ended at', async () => {
    s = await startScenario()
    for (let n = 0; n < 3; n++) await over()
    s.go('2037-03-03 10:00')
    const [first, second, third] = listed(await retention())
    expect(listed(await retention({ after: first }))).toEqual([second, third])
    expect(listed(await retention({ after: third }))).toEqual([])
  })

  it('is for the sa alone, and refuses what it does not know', async () => {
    s = await startScenario()
    for (const who of [csr, dealer(), se])
      expect(problemOf(await s.post(who, 'privacy/retention', {}))).toEqual(refused(403, 'role_not_allowed'))
    expect(problemOf(await s.post(sa, 'privacy/retention', { dryrun: false }))).toMatchObject({
      status: 400,
      code: 'unknown_field',
    })
  })
})
