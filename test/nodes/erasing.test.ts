/** Erasing beside every act of the same person, on one node and on two: one sees the other whole (rulebook §17). */
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { enterNetwork } from '../support/network.ts'
import { csr, sa, scenarioOf, startScenario } from '../support/scenario.ts'
import { type Answer, type Json, startTestService, type TestService, type Who } from '../support/service.ts'
import { type StandIn, startStandIn } from '../support/wire/standIn.ts'

const rounds = 4
const start = '2026-03-02T02:00:00.000Z'
const name = '标记某某'

type Case = { phone: string; ticketNo: string; subjectId: string }
type Act = (on: Case) => [Who, string, Json]

const customerOf = ({ phone }: Case) => ({ name, phone })

/** What somebody may do about a customer all whose tickets are over. */
const acts: Record<string, Act> = {
  'a new complaint': (on) => [
    csr,
    'complaints',
    {
      channel: 'phone',
      category: 'A4a',
      dealerCode: 'D001',
      customer: customerOf(on),
      content: name,
      sameProblemAs: null,
    },
  ],
  'a new inquiry': (on) => [
    csr,
    'inquiries',
    { channel: 'phone', topic: 'price', question: name, customer: customerOf(on) },
  ],
  'a correction': ({ ticketNo }) => [
    csr,
    `tickets/${ticketNo}/correct`,
    { customer: { phone: '13799990000' }, reason: name },
  ],
  'a callback': ({ ticketNo }) => [
    csr,
    `tickets/${ticketNo}/callbacks`,
    { outcome: 'satisfied', note: name },
  ],
  'a callback that registers a repeat': ({ ticketNo }) => [
    csr,
    `tickets/${ticketNo}/callbacks`,
    { outcome: 'dissatisfied', sameProblem: true, note: name },
  ],
}

/** Everything of the log that opens with the subject's key: nothing once it is erased. */
const holdsAnything = async (node: TestService, { ticketNo }: Case): Promise<boolean> => {
  const path = `/v1/tickets/${ticketNo}/timeline`
  return (await node.call(sa, 'GET', path)).text.includes(name)
}

const settled = async (nodes: readonly TestService[]): Promise<void> => {
  const head = await nodes[0]!.deps.store.head()
  for (const node of nodes) if (head !== null) await node.deps.views.reached(head, 10_000)
}

/** The newest records of whoever has the phone: of the new subject, or of the one that was not erased. */
const judge = async (
  nodes: readonly TestService[],
  on: Case,
  { erased, done, act }: { erased: Answer; done: Answer; act: string },
): Promise<void> => {
  expect([act, erased.status < 500, done.status < 500]).toEqual([act, true, true])
  for (const node of nodes) {
    // either the act came first and kept the customer, or nothing of the customer is left
    expect([act, erased.status, await holdsAnything(node, on)]).toEqual([
      act,
      erased.status,
      erased.status !== 200,
    ])
    const found = await node.call(sa, 'POST', '/v1/privacy/subjects/search', { body: { phone: on.phone } })
    const subjects = found.body.items.map((each: Json) => each.subjectId)
    if (erased.status === 200) expect(subjects).not.toContain(on.subjectId)
    if (/new (complaint|inquiry)/.test(act)) {
      const made = done.body.inquiryNo ?? done.body.ticketNo
      const path = done.body.inquiryNo === undefined ? 'tickets' : 'inquiries'
      const { body } = await node.call(sa, 'GET', `/v1/${path}/${made}`)
      // what was taken in is never unreadable
      expect([act, done.status, body.customer.name]).toEqual([act, 201, name])
      expect(body.customer.subjectId === on.subjectId).toBe(erased.status === 409)
    }
  }
}

let customers = 0
const customerWithTicket = async (node: TestService): Promise<Case> => {
  const s = scenarioOf(node)
  customers += 1
  const phone = `1381111${String(customers).padStart(4, '0')}`
  const ticketNo = await s.register({ customer: { name, phone }, content: name })
  await s.respond(ticketNo)
  await s.close(ticketNo)
  return { phone, ticketNo, subjectId: (await s.ticket(ticketNo)).customer.subjectId }
}

const race = async (nodes: readonly [TestService, TestService], act: string): Promise<void> => {
  for (let round = 0; round < rounds; round++) {
    const on = await customerWithTicket(nodes[0])
    await settled(nodes)
    const [who, path, body] = acts[act]!(on)
    const erasing = () =>
      nodes[round % 2 === 0 ? 0 : 1].call(sa, 'POST', `/v1/privacy/subjects/${on.subjectId}/erase`, {
        body: { reason: '客户要求' },
      })
    const doing = () => nodes[1].call(who, 'POST', `/v1/${path}`, { body })
    const first = round < rounds / 2 ? [erasing(), doing()] : [doing(), erasing()].toReversed()
    const [erased, done] = (await Promise.all(first)) as [Answer, Answer]
    await settled(nodes)
    await judge(nodes, on, { erased, done, act })
  }
}

describe('an erasure and, at once, on one node', () => {
  let node: TestService
  beforeAll(async () => {
    node = (await startScenario()).service
  }, 30_000)
  afterAll(() => node.close())

  test.each(Object.keys(acts))('%s', (act) => race([node, node], act), 60_000)
})

describe('an erasure and, at once, on two nodes', () => {
  let standIn: StandIn
  let a: TestService
  let b: TestService
  let folder: string
  beforeAll(async () => {
    standIn = await startStandIn()
    a = await startTestService({ eventStore: standIn.address, now: start })
    folder = mkdtempSync(join(tmpdir(), 'complaints-'))
    copyFileSync(join(a.folder, 'master.key'), join(folder, 'master.key'))
    b = await startTestService({ eventStore: standIn.address, dataDir: folder, now: start })
    await enterNetwork(a)
    await settled([a, b])
  }, 60_000)
  afterAll(async () => {
    await b.close()
    await a.close()
    await standIn.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  test.each(Object.keys(acts))('%s', (act) => race([a, b], act), 60_000)
})
