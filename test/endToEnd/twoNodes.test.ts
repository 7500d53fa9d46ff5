import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { temporaryFolder } from '../store/folder.ts'
import { describeOnRealServer, onItsOwn, type RealServer, realServer } from '../support/eventStoreDb.ts'
import { admin, csr, dealer, sa } from '../support/scenario.ts'
import type { Json } from '../support/service.ts'
import { startReceiver } from '../webhooks/receiver.ts'
import { complaintBody, type Nodes, startNodes } from './nodes.ts'
import { type Answer, runToEnd, type ServiceProcess } from './serviceProcess.ts'

const register = (node: ServiceProcess, more: Json = {}, key?: string): Promise<Answer> =>
  node.call(csr, 'POST', '/v1/complaints', { body: complaintBody(more), ...(key !== undefined && { key }) })

const timeline = async (node: ServiceProcess, ticketNo: string): Promise<string[]> =>
  (await node.call(sa, 'GET', `/v1/tickets/${ticketNo}/timeline`)).body.items.map(({ type }: Json) => type)

const response = { method: 'phone', reached: true, note: '已联系客户' }
const closing = { result: '属实', measures: '已道歉' }

describeOnRealServer('two nodes over one EventStoreDB', () => {
  let server: RealServer
  let nodes: Nodes
  let address: string
  beforeAll(async () => {
    server = await realServer()
    address = onItsOwn(server.address)
    nodes = await startNodes(address)
  }, 180_000)
  afterAll(async () => {
    await nodes?.stop()
    await server?.stop()
  })

  test('do the main job between them: each act on the other node than the one before', async () => {
    const { a, b } = nodes
    const registered = await register(a)
    expect(registered.status).toBe(201)
    const { ticketNo } = registered.body
    const minPosition = registered.headers.get('x-position') as string
    expect((await b.call(sa, 'GET', `/v1/tickets/${ticketNo}`, { minPosition })).body.state).toBe('unhandled')
    expect(
      (await b.call(dealer(), 'POST', `/v1/tickets/${ticketNo}/responses`, { body: response })).status,
    ).toBe(200)
    const closed = await a.call(dealer(), 'POST', `/v1/tickets/${ticketNo}/close`, { body: closing })
    expect(closed.body.state).toBe('completed')
    const { customer } = closed.body
    const repeat = await register(b, { customer: { phone: customer.phone ?? undefined } })
    expect(repeat.status).toBe(201)
  })

  test('show a write of the one on the other by X-Min-Position, every time', async () => {
    const { a, b } = nodes
    for (let n = 0; n < 30; n += 1) {
      const [writer, reader] = n % 2 === 0 ? [a, b] : [b, a]
      const { body, headers } = await register(writer)
      const minPosition = headers.get('x-position') as string
      const read = await reader.call(sa, 'GET', `/v1/tickets/${body.ticketNo}`, { minPosition })
      expect([read.status, read.body.ticketNo]).toEqual([200, body.ticketNo])
      const list = await reader.call(sa, 'GET', '/v1/tickets?sort=-registeredAt&limit=5', { minPosition })
      expect(list.body.items.map((item: Json) => item.ticketNo)).toContain(body.ticketNo)
    }
  })

  test('take one customer’s complaints one after the other: of each pair sent at once one is a contact on the other', async () => {
    const { a, b } = nodes
    const pairs = await Promise.all(
      Array.from({ length: 60 }, async (_, n) => {
        const more = { customer: { phone: `1370000${String(n).padStart(4, '0')}` } }
        return Promise.all([register(a, more), register(b, more)])
      }),
    )
    for (const pair of pairs) {
      expect(pair.map(({ body }) => body.outcome ?? body.code).sort()).toEqual([
        'contact_logged',
        'registered',
      ])
      expect(pair[0]?.body.ticketNo).toBe(pair[1]?.body.ticketNo)
    }
  })

  test('do one command with one key once, wherever it is sent, at once and again', async () => {
    const { a, b } = nodes
    const body = complaintBody()
    const send = (node: ServiceProcess, key: string) =>
      node.call(csr, 'POST', '/v1/complaints', { body, key })
    const sameAnswer = async (key: string): Promise<void> => {
      const [first, second] = [await send(a, key), await send(b, key)]
      expect([first.headers.get('idempotent-replayed'), second.headers.get('idempotent-replayed')]).toEqual([
        'true',
        'true',
      ])
      expect(second.body).toEqual(first.body)
    }
    for (let n = 0; n < 20; n += 1) {
      const key = `two-nodes-${n}`
      const answers = await Promise.all([send(a, key), send(b, key)])
      const done = answers.filter(({ status }) => status < 300)
      const fresh = done.filter(({ headers }) => headers.get('idempotent-replayed') === null)
      expect(fresh).toHaveLength(1)
      for (const { status, body: problem } of answers)
        if (status >= 300) expect([status, problem.code]).toEqual([409, 'request_in_progress'])
      await sameAnswer(key)
    }
    const { ticketNo } = (await send(a, 'two-nodes-0')).body
    const contacts = (await timeline(b, ticketNo)).filter((type) => type === 'ContactLogged')
    expect(contacts).toHaveLength(19)
  })

  test('remember each other’s keys for acts on a ticket: one contact, however often it is sent to whom', async () => {
    const { a, b } = nodes
    const { ticketNo } = (await register(a)).body
    const body = { channel: 'phone', content: '再次来电' }
    const send = (node: ServiceProcess) =>
      node.call(csr, 'POST', `/v1/tickets/${ticketNo}/contacts`, { body, key: 'one-contact' })
    for (let round = 0; round < 5; round += 1) {
      const answers = await Promise.all([send(a), send(b)])
      expect(answers.filter(({ status }) => status !== 200 && status !== 409)).toEqual([])
    }
    expect((await timeline(a, ticketNo)).filter((type) => type === 'ContactLogged')).toHaveLength(1)
  })

  test('let one of two racing closings win', async () => {
    const { a, b } = nodes
    for (let n = 0; n < 10; n += 1) {
      const { ticketNo } = (await register(a)).body
      await a.call(dealer(), 'POST', `/v1/tickets/${ticketNo}/responses`, { body: response })
      const close = (node: ServiceProcess) =>
        node.call(dealer(), 'POST', `/v1/tickets/${ticketNo}/close`, { body: closing })
      const answers = await Promise.all([close(a), close(b)])
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 409])
      expect((await timeline(b, ticketNo)).filter((type) => type === 'TicketClosed')).toHaveLength(1)
    }
  })

  test('give an external number to one ticket only', async () => {
    const { a, b } = nodes
    for (let n = 0; n < 10; n += 1) {
      const externalNo = `LEGACY-${n}`
      const answers = await Promise.all([register(a, { externalNo }), register(b, { externalNo })])
      expect(answers.map(({ status, body }) => body.code ?? status).sort()).toEqual([
        201,
        'external_no_taken',
      ])
    }
  })

  test('go on where one of them is killed, and it comes back with what the others did meanwhile', async () => {
    const { a, b, start } = nodes
    const under = Array.from({ length: 40 }, () => register(b).catch(() => null))
    await b.kill('SIGKILL')
    await Promise.all(under)
    const meanwhile = await register(a)
    expect(meanwhile.status).toBe(201)
    const again = await start('b')
    nodes.b = again
    const minPosition = meanwhile.headers.get('x-position') as string
    const read = await again.call(sa, 'GET', `/v1/tickets/${meanwhile.body.ticketNo}`, { minPosition })
    expect(read.body.customer.name).toBe('王小明')
  })

  test('answer a keyed complaint that a killed node left without an answer: there at once, elsewhere with the seconds', async () => {
    const { a, b, start } = nodes
    const bodies = Array.from({ length: 30 }, () => complaintBody())
    const send = (node: ServiceProcess, n: number) =>
      node.call(csr, 'POST', '/v1/complaints', { body: bodies[n], key: `killed-${n}` })
    const under = bodies.map((_, n) => send(b, n).catch(() => null))
    await new Promise((resolve) => setTimeout(resolve, 60))
    await b.kill('SIGKILL')
    const before = await Promise.all(under)
    for (const n of [0, 10, 20, 29]) {
      const { status, body, headers } = await send(a, n)
      if (status === 201) continue
      expect([status, body.code]).toEqual([409, 'request_in_progress'])
      expect(Number(headers.get('retry-after'))).toBeGreaterThanOrEqual(1)
      expect(Number(headers.get('retry-after'))).toBeLessThanOrEqual(30)
    }
    const again = await start('b')
    nodes.b = again
    const began = performance.now()
    const numbers = new Set<string>()
    for (const [n, answered] of before.entries()) {
      let answer = await send(again, n)
      while (answer.status === 409 && performance.now() - began < 2_000) answer = await send(again, n)
      expect([n, answer.status]).toEqual([n, 201])
      if (answered?.status === 201) expect(answer.body.ticketNo).toBe(answered.body.ticketNo)
      numbers.add(answer.body.ticketNo)
    }
    expect(numbers.size).toBe(bodies.length)
  })

  test('deliver webhooks on where the node that delivers is killed: all of them, in the order of each ticket', async () => {
    const receiver = await startReceiver()
    const events = ['ticket.registered', 'ticket.responded']
    const made = await nodes.a.call(admin, 'POST', '/v1/webhooks', { body: { url: receiver.url, events } })
    expect(made.status).toBe(201)
    const expected: string[] = []
    const work = async (node: ServiceProcess): Promise<void> => {
      const { ticketNo } = (await register(node)).body
      await node.call(dealer(), 'POST', `/v1/tickets/${ticketNo}/responses`, { body: response })
      expected.push(`${ticketNo} ticket.registered`, `${ticketNo} ticket.responded`)
    }
    const came = (): string[] => receiver.received.map(({ body }) => `${body.data.ticketNo} ${body.type}`)
    /** A lock of a node that is gone lasts half a minute. */
    const allCome = async (): Promise<void> => {
      const until = Date.now() + 60_000
      const isMissing = (): boolean => expected.some((each) => !came().includes(each))
      while (isMissing() && Date.now() < until) await new Promise((resolve) => setTimeout(resolve, 50))
      expect(expected.filter((each) => !came().includes(each))).toEqual([])
    }
    try {
      for (let n = 0; n < 3; n += 1) await work(nodes.a)
      await allCome()
      // whichever of them delivers is killed
      for (const name of ['a', 'b'] as const) {
        const other = name === 'a' ? 'b' : 'a'
        for (let n = 0; n < 3; n += 1) await work(nodes[other])
        await nodes[name].kill('SIGKILL')
        for (let n = 0; n < 3; n += 1) await work(nodes[other])
        await allCome()
        nodes[name] = await nodes.start(name)
      }
      const first = came().filter((each, index, all) => all.indexOf(each) === index)
      for (const each of expected.filter((text) => text.endsWith('responded')))
        expect(first.indexOf(each.replace('responded', 'registered'))).toBeLessThan(first.indexOf(each))
    } finally {
      await nodes.a.call(admin, 'DELETE', `/v1/webhooks/${made.body.id}`)
      await receiver.stop()
    }
  }, 240_000)

  test('agree: the same tickets, the same rates', async () => {
    const { a, b } = nodes
    const last = await register(a)
    const minPosition = last.headers.get('x-position') as string
    const asOf = (await a.call(sa, 'GET', `/v1/tickets/${last.body.ticketNo}`)).body.registeredAt
    const paths = [
      '/v1/tickets?limit=200&sort=-registeredAt',
      '/v1/warnings',
      `/v1/reports/kpi?from=2026-01-01&to=2030-01-01&by=dealer&asOf=${asOf}`,
    ]
    for (const path of paths) {
      const [here, there] = await Promise.all(
        [a, b].map((node) => node.call(sa, 'GET', path, { minPosition })),
      )
      expect([there?.status, there?.body]).toEqual([200, here?.body])
    }
  })

  test('are refused with another master key than the log’s', async () => {
    const { dir, remove } = await temporaryFolder()
    const variables = { EVENT_STORE: address, DATA_DIR: dir, PORT: '0', METRICS_PORT: '0' }
    const MASTER_KEY = randomBytes(32).toString('base64')
    const { code, output } = await runToEnd('src/main.ts', { ...variables, MASTER_KEY })
    expect(code).toBe(1)
    expect(output).toContain('another master key')
    await remove()
  })
})

describe('a node', () => {
  test('whose EventStoreDB is not there does not start, and says so without the password', async () => {
    const { dir, remove } = await temporaryFolder()
    const EVENT_STORE = 'esdb://admin:very-secret@127.0.0.1:1?tls=false'
    const { code, output } = await runToEnd('src/main.ts', {
      EVENT_STORE,
      DATA_DIR: dir,
      PORT: '0',
      METRICS_PORT: '0',
    })
    expect(code).toBe(1)
    expect(output).not.toContain('very-secret')
    expect(output).toContain('EventStoreDB')
    await remove()
  })
})
