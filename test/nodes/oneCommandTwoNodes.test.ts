import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { until } from '../store/events.ts'
import { enterNetwork } from '../support/network.ts'
import { admin, csr, dealer, sa } from '../support/scenario.ts'
import { type Answer, type Json, startTestService, type TestService } from '../support/service.ts'
import { type StandIn, startStandIn } from '../support/wire/standIn.ts'

let standIn: StandIn
let a: TestService
let b: TestService
let folder: string
beforeEach(async () => {
  standIn = await startStandIn()
  a = await startTestService({ eventStore: standIn.address })
  folder = mkdtempSync(join(tmpdir(), 'complaints-'))
  copyFileSync(join(a.folder, 'master.key'), join(folder, 'master.key'))
  b = await startTestService({ eventStore: standIn.address, dataDir: folder })
  await enterNetwork(a)
  await settled()
}, 30_000)
afterEach(async () => {
  await b.close()
  await a.close()
  await standIn.stop()
  rmSync(folder, { recursive: true, force: true })
})

/** Both nodes have what is in the log. */
const settled = async (): Promise<void> => {
  const head = await a.deps.store.head()
  for (const node of [a, b]) if (head !== null) await node.deps.views.reached(head, 5_000)
}

let customers = 0
const complaint = (): Json => {
  customers += 1
  return {
    channel: 'phone',
    category: 'A4a',
    dealerCode: 'D001',
    customer: { name: '王小明', phone: `1350000${String(customers).padStart(4, '0')}` },
    content: '销售顾问态度恶劣',
  }
}
const send = (node: TestService, path: string, body: Json, key: string, who = csr): Promise<Answer> =>
  node.call(who, 'POST', `/v1/${path}`, { body, headers: { 'idempotency-key': key } })
const ofType = (type: string) => standIn.log.filter((event) => event.type === type)
const lockEvents = (): number =>
  standIn.log.filter(({ type }) => /^DistributedLocks(IntakeResult|GivenBack|Expired)$/.test(type)).length

const registered = async (): Promise<string> => {
  const { body } = await a.call(csr, 'POST', '/v1/complaints', { body: complaint() })
  await settled()
  return body.ticketNo
}

describe('the same command on two nodes', () => {
  test('at once on a ticket is one append, and one of the answers is a replay', async () => {
    const ticketNo = await registered()
    for (let round = 0; round < 15; round += 1) {
      const body = { channel: 'phone', content: `再次来电 ${round}` }
      const answers = await Promise.all(
        [a, b].map((node) => send(node, `tickets/${ticketNo}/contacts`, body, `contact-${round}`)),
      )
      expect(answers.map(({ status, text }) => [status, status === 200 ? '' : text])).toEqual([
        [200, ''],
        [200, ''],
      ])
      const replays = answers.filter(({ headers }) => headers['idempotent-replayed'] === 'true')
      expect(replays).toHaveLength(1)
      expect(answers[0]?.body).toEqual(answers[1]?.body)
      expect(ofType('ContactLogged')).toHaveLength(round + 1)
    }
    await settled()
    const [here, there] = await Promise.all(
      [a, b].map((node) => node.call(sa, 'GET', `/v1/tickets/${ticketNo}`)),
    )
    expect(here?.body).toEqual(there?.body)
  })

  test('at once on master data is one append, and one of the answers is a replay', async () => {
    for (let round = 0; round < 5; round += 1) {
      const put = (node: TestService) =>
        node.call(admin, 'PUT', '/v1/dealers/D001', {
          body: { name: `上海 ${round}`, rbo: 'EAST' },
          headers: { 'idempotency-key': `name-${round}` },
        })
      const answers = await Promise.all([put(a), put(b)])
      expect(answers.map(({ status }) => status)).toEqual([200, 200])
      expect(answers.filter(({ headers }) => headers['idempotent-replayed'] === 'true')).toHaveLength(1)
    }
  })

  test('with If-Match is a replay too, where the other node was faster', async () => {
    const ticketNo = await registered()
    const { etag } = (await a.call(sa, 'GET', `/v1/tickets/${ticketNo}`)).headers as { etag: string }
    const respond = (node: TestService) =>
      node.call(dealer(), 'POST', `/v1/tickets/${ticketNo}/responses`, {
        body: { method: 'phone', reached: true, note: '已联系客户' },
        headers: { 'idempotency-key': 'respond', 'if-match': etag },
      })
    const answers = await Promise.all([respond(a), respond(b)])
    expect(answers.map(({ status }) => status)).toEqual([200, 200])
    expect(ofType('ResponseRecorded')).toHaveLength(1)
  })

  test('at once as a complaint is one ticket: the other node answers a replay, or that it is in flight', async () => {
    for (let round = 0; round < 10; round += 1) {
      const body = complaint()
      const answers = await Promise.all([a, b].map((node) => send(node, 'complaints', body, `new-${round}`)))
      for (const { status, body: problem } of answers)
        if (status !== 201) expect([status, problem.code]).toEqual([409, 'request_in_progress'])
      expect(ofType('TicketRegistered')).toHaveLength(round + 1)
      await settled()
      const again = await Promise.all([a, b].map((node) => send(node, 'complaints', body, `new-${round}`)))
      expect(again.map(({ headers }) => headers['idempotent-replayed'])).toEqual(['true', 'true'])
    }
  })
})

describe('locks', () => {
  test('are taken by no act on one ticket and by no master data, with a key or without', async () => {
    const ticketNo = await registered()
    await until(() => ofType('TurnsGivenBack').length > 0)
    const before = lockEvents()
    const body = { channel: 'phone', content: '再次来电' }
    await send(a, `tickets/${ticketNo}/contacts`, body, 'one')
    await a.call(csr, 'POST', `/v1/tickets/${ticketNo}/contacts`, { body })
    await a.call(admin, 'PUT', '/v1/dealers/D001', {
      body: { name: '上海', rbo: 'EAST' },
      headers: { 'idempotency-key': 'two' },
    })
    expect(lockEvents()).toBe(before)
  })

  test('are one round for a complaint with a key, and their streams are let go of by the server', async () => {
    const before = ofType('TurnsTaken').length
    expect((await send(a, 'complaints', complaint(), 'one-round')).status).toBe(201)
    expect(ofType('TurnsTaken')).toHaveLength(before + 1)
    await until(() => ofType('TurnsGivenBack').length > 0)
    const metadata = standIn.log.filter(
      ({ stream, type }) => stream.startsWith('$$complaint-tickets.turns-') && type === '$metadata',
    )
    expect(metadata.length).toBeGreaterThan(0)
    for (const { data } of metadata)
      expect(JSON.parse(Buffer.from(data).toString())).toEqual({ $maxAge: 86_400 })
  })

  test('of keys: a start makes none, a complaint one', async () => {
    const made = () => ofType('SubjectKeyMade').length
    expect(made()).toBe(0)
    await registered()
    expect(made()).toBe(1)
  })
})
