/** Erasing a customer over the API (rulebook §17), on both engines. */
import { expect, it } from '@jest/globals'
import { subjectLock, withCustomerHashes } from '../../../api/commands/tickets/customerQueue.ts'
import { testOnBothEngines } from '../../support/bothEngines.ts'
import {
  admin,
  csr,
  dealer,
  problemOf,
  refused,
  type Scenario,
  sa,
  startScenario,
} from '../../support/scenario.ts'
import type { Answer, Json } from '../../support/service.ts'

const phone = '13911112222'
let s: Scenario
const start = async (eventStore?: string): Promise<Scenario> => {
  s = await startScenario(eventStore === undefined ? {} : { eventStore })
  return s
}
const closing = async (work: () => Promise<void>): Promise<void> => {
  try {
    await work()
  } finally {
    await s.service.close()
  }
}
const onBoth = (title: string, work: (s: Scenario) => Promise<void>): void =>
  testOnBothEngines(title, async (eventStore) => {
    await start(eventStore)
    await closing(() => work(s))
  })
const onOne = (title: string, work: (s: Scenario) => Promise<void>): void => {
  it(title, async () => {
    await start()
    await closing(() => work(s))
  })
}

const subjectsOf = async (s: Scenario, body: Json): Promise<Json[]> =>
  (await s.post(sa, 'privacy/subjects/search', body)).body.items

const over = async (s: Scenario, more: Json = {}): Promise<string> => {
  const ticketNo = await s.register({ customer: { name: '赵一', phone }, ...more })
  await s.respond(ticketNo)
  await s.close(ticketNo)
  return ticketNo
}

const erase = (s: Scenario, subjectId: string, headers: Record<string, string> = {}) =>
  s.post(sa, `privacy/subjects/${subjectId}/erase`, { reason: '客户要求' }, headers)

onBoth('erases a customer everywhere at once, and only that one', async (s) => {
  const ticketNo = await over(s, { vehicle: { vin: 'LSVAA4182E2123456' } })
  const other = await over(s, { customer: { name: '钱二', phone: '13911113333' } })
  const [subject] = await subjectsOf(s, { phone })
  expect(subject.tickets).toEqual([{ ticketNo, state: 'completed' }])

  const answer = await erase(s, subject.subjectId)
  expect(answer.body).toEqual({
    subjectId: subject.subjectId,
    reason: '客户要求',
    erasedAt: expect.any(String),
    erasedBy: 'sa',
  })

  const ticket = await s.ticket(ticketNo)
  expect(ticket.customer).toMatchObject({ name: null, phone: null, subjectId: subject.subjectId })
  expect(ticket.vehicle.vin).toBeNull()
  expect([ticket.content, ticket.closing.result]).toEqual([null, null])
  expect(await subjectsOf(s, { phone })).toEqual([])
  expect(await subjectsOf(s, { vin: 'LSVAA4182E2123456' })).toEqual([])
  const found = await s.post(csr, 'tickets/search', { phone })
  expect(found.body.items).toEqual([])
  const timeline = (await s.get(`tickets/${ticketNo}/timeline`)).text
  expect(timeline).not.toContain('赵一')
  expect(timeline).not.toContain('已联系客户')
  expect((await s.ticket(other)).customer.name).toBe('钱二')
})

onBoth('a new complaint of the same person is a new subject', async (s) => {
  const ticketNo = await over(s)
  const [{ subjectId }] = (await subjectsOf(s, { phone })) as [Json]
  await erase(s, subjectId)
  const again = await s.take({ customer: { name: '赵一', phone } })
  expect(again).toMatchObject({ outcome: 'registered', ordinal: 1, escalatedFrom: null, relatedTo: null })
  const [found, ...more] = await subjectsOf(s, { phone })
  expect(more).toEqual([])
  expect(found.subjectId).not.toBe(subjectId)
  expect(found.tickets).toEqual([{ ticketNo: again.ticketNo, state: 'unhandled' }])
  // who names the old ticket continues it, as somebody else
  await s.respond(again.ticketNo)
  await s.close(again.ticketNo)
  s.go('2026-03-03 10:00')
  const named = await s.take({ customer: { name: '赵一', phone }, sameProblemAs: ticketNo })
  expect(named).toMatchObject({ outcome: 'escalated', escalatedFrom: ticketNo })
  expect((await s.ticket(named.ticketNo)).customer).toMatchObject({
    name: '赵一',
    subjectId: found.subjectId,
  })
})

onBoth('acts on the old, closed tickets go on without text', async (s) => {
  const ticketNo = await over(s)
  const [{ subjectId }] = (await subjectsOf(s, { phone })) as [Json]
  await erase(s, subjectId)
  const before = await s.ticket(ticketNo)
  expect(before.customer.name).toBeNull()

  const callback = await s.does(ticketNo, 'callbacks', { outcome: 'satisfied', note: '很满意' }, csr)
  expect(callback.repeat).toBeNull()
  s.go('2026-03-03 10:00')
  const repeat = await s.does(
    ticketNo,
    'callbacks',
    { outcome: 'dissatisfied', sameProblem: true, note: '又来了' },
    csr,
  )
  expect(repeat.repeat).toMatchObject({ outcome: 'escalated', escalatedFrom: ticketNo })
  const { customer, content } = await s.ticket(repeat.repeat.ticketNo)
  expect([customer.name, customer.subjectId, content]).toEqual([null, subjectId, null])
  const texts = (await s.get(`tickets/${ticketNo}/timeline`)).text
  expect(texts).not.toMatch(/很满意|又来了/)
  // with a key, whose digest was of the text
  const key = { 'idempotency-key': 'after-the-erasure' }
  const body = { outcome: 'satisfied', note: '第三次' }
  const first = await s.act(ticketNo, 'callbacks', body, csr, key)
  const replayed = await s.act(ticketNo, 'callbacks', body, csr, key)
  expect([first.status, replayed.status]).toEqual([first.status, first.status])
  expect(first.status).toBeLessThan(500)
})

onOne(
  'is refused while a ticket is open, for whoever is no head of complaint handling, and for nobody',
  async (s) => {
    await s.register({ customer: { name: '赵一', phone } })
    const [{ subjectId, tickets }] = (await subjectsOf(s, { phone })) as [Json]
    const open = await erase(s, subjectId)
    expect(problemOf(open)).toMatchObject({ status: 409, code: 'subject_has_open_ticket' })
    expect(open.body.detail).toContain(tickets[0].ticketNo)
    for (const who of [admin, csr, dealer()])
      expect(
        problemOf(await s.post(who, `privacy/subjects/${subjectId}/erase`, { reason: 'x' })),
      ).toMatchObject({
        status: 403,
        code: 'role_not_allowed',
      })
    expect(problemOf(await erase(s, '019a0000-0000-7000-8000-000000000000'))).toMatchObject({
      status: 404,
      code: 'subject_not_found',
    })
    expect(problemOf(await s.post(sa, `privacy/subjects/${subjectId}/erase`, { reason: ' ' }))).toMatchObject(
      refused(400, 'invalid_request', ['body', '#/reason']),
    )
    expect((await s.ticket(tickets[0].ticketNo)).customer.name).toBe('赵一')
  },
)

onOne('is done once: a second time, with a key or without, answers with the first', async (s) => {
  await over(s)
  const [{ subjectId }] = (await subjectsOf(s, { phone })) as [Json]
  const key = { 'idempotency-key': 'erase-1' }
  const first = await erase(s, subjectId, key)
  const head = await s.head()
  s.go('2026-03-03 10:00')
  expect((await erase(s, subjectId, key)).body).toEqual(first.body)
  expect((await erase(s, subjectId)).body).toEqual(first.body)
  expect(await s.head()).toBe(head)
})

onOne('a repeated complaint with its key tells nothing of the erased customer', async (s) => {
  const key = { 'idempotency-key': 'complaint-1' }
  const body = s.complaint({ customer: { name: '赵一', phone } })
  const first = await s.post(csr, 'complaints', body, key)
  await s.respond(first.body.ticketNo)
  const closeKey = { 'idempotency-key': 'close-1' }
  const closing = { result: '属实', measures: '已道歉' }
  await s.act(first.body.ticketNo, 'close', closing, dealer(), closeKey)
  const [{ subjectId }] = (await subjectsOf(s, { phone })) as [Json]
  await erase(s, subjectId)
  const again = await s.post(csr, 'complaints', body, key)
  expect([again.status, again.headers['idempotent-replayed']]).toEqual([201, 'true'])
  expect(again.text).not.toMatch(/赵一|13911112222/)
  const closed = await s.act(first.body.ticketNo, 'close', closing, dealer(), closeKey)
  expect([closed.status, closed.body.customer.name, closed.body.closing.result]).toEqual([200, null, null])
})

onOne('a customer known only by a call on the ticket of another is found and erased too', async (s) => {
  const ticketNo = await s.register({ customer: { name: '赵一', phone } })
  const caller = '13944445555'
  const call = await s.take({
    customer: { name: '孙三', phone: caller },
    sameProblemAs: ticketNo,
    content: '代为催办',
  })
  expect(call).toMatchObject({ outcome: 'contact_logged', ticketNo })
  const [subject] = await subjectsOf(s, { phone: caller })
  expect([subject.tickets, subject.calledOn]).toEqual([[], [{ ticketNo, state: 'unhandled' }]])
  expect((await s.get(`tickets/${ticketNo}/timeline`)).text).toContain('孙三')
  expect((await erase(s, subject.subjectId)).status).toBe(200)
  const timeline = (await s.get(`tickets/${ticketNo}/timeline`)).text
  expect(timeline).not.toMatch(/孙三|代为催办/)
  expect(timeline).toContain('赵一')
  expect(await subjectsOf(s, { phone: caller })).toEqual([])
})

onOne('of an erasure and a new complaint at once, one sees the other whole', async (s) => {
  for (let round = 0; round < 5; round++) {
    const mine = `1391234000${round}`
    await over(s, { customer: { name: '李四', phone: mine } })
    const [{ subjectId }] = (await subjectsOf(s, { phone: mine })) as [Json]
    const [erased, taken] = await Promise.all([
      erase(s, subjectId),
      s.take({ customer: { name: '李四', phone: mine }, sameProblemAs: null }),
    ])
    const { customer } = await s.ticket(taken.ticketNo)
    // either the complaint came first and the erasure was refused, or it is of a new subject; it is never unreadable
    expect(customer.name).toBe('李四')
    expect(erased.status === 409).toBe(customer.subjectId === subjectId)
  }
})

/** An act of a new customer each time: that of the second shows that the first one waits. */
const ofWhomNothingFinds: Record<string, (s: Scenario) => Promise<[string, () => Promise<Answer>]>> = {
  'the correction of a ticket': async (s) => {
    const ticketNo = await over(s, { customer: { name: '无号', phone: null } })
    const body = { customer: { address: '上海市' }, reason: '补充' }
    const { subjectId } = (await s.ticket(ticketNo)).customer
    return [subjectId, () => s.act(ticketNo, 'correct', body, csr)]
  },
  'an inquiry that becomes a complaint': async (s) => {
    const asked = { channel: 'phone', topic: 'price', question: '有优惠吗', customer: { name: '无号' } }
    const { inquiryNo, customer } = (await s.post(csr, 'inquiries', asked)).body
    const body = { category: 'A4a', dealerCode: 'D001' }
    return [customer.subjectId, () => s.post(csr, `inquiries/${inquiryNo}/complaint`, body)]
  },
}
for (const [what, prepare] of Object.entries(ofWhomNothingFinds))
  onBoth(`${what} waits while its customer is erased, also one whom nothing finds`, async (s) => {
    const { deps } = s.service
    const [subjectId, act] = await prepare(s)
    const [, actOfAnother] = await prepare(s)
    let end = (): void => {}
    const erased = new Promise<void>((resolve) => {
      end = resolve
    })
    const done: string[] = []
    await new Promise<void>((resolve) => {
      void withCustomerHashes(deps, [subjectLock(deps, subjectId)], () => {
        resolve()
        return erased
      })
    })
    const waiting = act().then((answer) => {
      done.push('act')
      return answer
    })
    const another = await actOfAnother().finally(() => {
      done.push('act of another')
      end()
    })
    expect([another.status, (await waiting).status].every((status) => status < 300)).toBe(true)
    expect(done).toEqual(['act of another', 'act'])
  })
