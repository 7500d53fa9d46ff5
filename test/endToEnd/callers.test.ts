/** Callers that do not behave, on the real process: the others notice nothing. */
import { execSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import type { Json, Who } from '../support/service.ts'
import { eventually, type ServiceProcess, startProcess } from './serviceProcess.ts'
import { headersIn, type Line, openLine, requestText, trickle } from './sockets.ts'

const csr: Who = { roles: ['csr'], sub: 'csr' }
const admin: Who = { roles: ['admin'], sub: 'admin' }

/** Time for what the service itself gives up after 15 s, looked at every 5 s, on a busy machine. */
const timeoutMs = 60_000

let folder: string
let service: ServiceProcess
const lines: Line[] = []
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'complaints-callers-'))
  service = await startProcess(folder)
  await service.ready()
})
afterEach(() => {
  for (const { socket } of lines.splice(0)) socket.destroy()
})
afterAll(async () => {
  const { code, output } = await service.kill('SIGTERM')
  rmSync(folder, { recursive: true, force: true })
  // nothing of all this was the service's fault, or the end of it
  expect(code).toBe(0)
  expect(output).not.toMatch(/"level":(40|50|60)/)
})

const open = async (): Promise<Line> => {
  const line = await openLine(service.url)
  lines.push(line)
  return line
}
const openMany = (count: number): Promise<Line[]> => Promise.all(Array.from({ length: count }, open))
const bearer = async (who: Who) => ({ authorization: `Bearer ${await service.tokenOf(who)}` })

const complaint = (externalNo: string): Json => ({
  channel: 'phone',
  category: 'A4y',
  customer: { name: '王小明' },
  content: '投诉'.repeat(100),
  externalNo,
})

/** A few writes and reads of another caller: all are answered, and half of them within a second. */
const othersAreServed = async (): Promise<void> => {
  const times: number[] = []
  for (let index = 0; index < 10; index++) {
    const started = performance.now()
    const { status } = await service.call(csr, 'POST', '/v1/complaints', {
      body: complaint(`${lines.length}-${started}`),
    })
    expect(status).toBe(201)
    expect((await service.call(csr, 'GET', '/v1/tickets?limit=1')).status).toBe(200)
    times.push(performance.now() - started)
  }
  expect(times.sort((a, b) => a - b)[4]).toBeLessThan(1_000)
}

/** Also what Node refuses before there is a request keeps browsers from guessing and telling. */
const expectSafe = (answer: string): void => {
  expect(headersIn(answer, 'x-content-type-options')).toEqual(['nosniff'])
  expect(headersIn(answer, 'referrer-policy')).toEqual(['no-referrer'])
}

const openFiles = Number(execSync('ulimit -n').toString().replace('unlimited', '1000000'))

describe('a slow sender', () => {
  it(
    'of headers, and one who sends none, is told so and hung up on; others notice nothing',
    async () => {
      const slow = await openMany(20)
      for (const line of slow.slice(0, 10))
        void trickle(line, `GET /v1/codes HTTP/1.1\r\nx: ${'y'.repeat(100)}`)
      for (const { socket } of slow.slice(10, 15)) socket.write('GET /v1/codes HT')
      await othersAreServed()
      for (const answer of await Promise.all(slow.map(({ ended }) => ended))) {
        expect(answer).toMatch(/^HTTP\/1\.1 408 /)
        expect(answer).toContain('content-type: application/problem+json')
        expect(answer).toContain('"code":"request_timeout"')
        expectSafe(answer)
      }
    },
    timeoutMs,
  )

  it(
    'of a body is waited for and answered; others notice nothing',
    async () => {
      const slow = await openMany(20)
      const headers = await bearer(csr)
      const body = JSON.stringify({ ...complaint('slow'), externalNo: null })
      const [head, rest] = [requestText('POST', '/v1/complaints', headers, body).slice(0, -5), body.slice(-5)]
      for (const { socket } of slow) socket.write(head)
      await Promise.all([othersAreServed(), ...slow.map((line) => trickle(line, rest))])
      for (const line of slow)
        await eventually(
          'the complaint is taken',
          () => line.received().startsWith('HTTP/1.1 201') || undefined,
        )
    },
    timeoutMs,
  )
})

describe('a connection', () => {
  it('closed on its sending side after the request still gets its answer', async () => {
    const line = await open()
    line.socket.end(requestText('GET', '/v1/codes', await bearer(csr)))
    expect(await line.ended).toMatch(/^HTTP\/1\.1 200 /)
  })

  const idle = openFiles < 6_000 ? it.skip : it
  idle(
    'that is idle costs the others nothing, 5,000 of them (skipped where fewer files may be open)',
    async () => {
      const many: Line[] = []
      for (let index = 0; index < 50; index++) many.push(...(await openMany(100)))
      for (const { socket } of many) socket.write(requestText('GET', '/livez'))
      await eventually(
        'all have had an answer',
        () => many.every(({ received }) => received().includes('"live"')) || undefined,
      )
      await othersAreServed()
      expect(many.filter(({ socket }) => socket.destroyed)).toEqual([])
    },
    120_000,
  )

  it('gets the answers to requests sent all at once in the order of the requests', async () => {
    const line = await open()
    const headers = await bearer(csr)
    const ids = Array.from({ length: 90 }, (_, index) => `pipelined-${index}`)
    const texts = ids.map((id, index) => {
      const withId = { ...headers, 'x-request-id': id }
      if (index % 3 === 0) return requestText('GET', '/v1/tickets?limit=50', withId)
      if (index % 3 === 1) return requestText('GET', '/livez', withId)
      return requestText('POST', '/v1/complaints', withId, JSON.stringify(complaint(id)))
    })
    line.socket.write(texts.join(''))
    await eventually(
      'the last is answered',
      () => headersIn(line.received(), 'x-request-id').length === ids.length || undefined,
    )
    expect(headersIn(line.received(), 'x-request-id')).toEqual(ids)
    const statuses = [...line.received().matchAll(/HTTP\/1\.1 (\d+) /g)].map(([, status]) => status)
    expect(statuses).toEqual(ids.map((_, index) => (index % 3 === 2 ? '201' : '200')))
  })
})

describe('what is no request', () => {
  const host = 'Host: localhost\r\n'
  it.each([
    ['another protocol', 'SSH-2.0-OpenSSH_9.2\r\n', 400, 'malformed_http'],
    ['no such version', 'GET /v1/codes HTTP/9.9\r\n\r\n', 400, 'malformed_http'],
    ['no host', 'GET /v1/codes HTTP/1.1\r\n\r\n', 400, 'malformed_http'],
    [
      'two lengths',
      `POST /v1/complaints HTTP/1.1\r\n${host}Content-Length: 1\r\nContent-Length: 2\r\n\r\nab`,
      400,
      'malformed_http',
    ],
    [
      'broken chunks',
      `POST /v1/complaints HTTP/1.1\r\n${host}Transfer-Encoding: chunked\r\n\r\nzz\r\n`,
      400,
      'malformed_http',
    ],
    [
      'headers without end',
      `GET / HTTP/1.1\r\n${host}X: ${'x'.repeat(20_000)}\r\n\r\n`,
      431,
      'headers_too_large',
    ],
  ])('is told so as every other problem, and hung up on: %s', async (_, text, status, code) => {
    const line = await open()
    line.socket.write(text)
    await eventually('there is an answer', () => line.received().includes('}') || undefined)
    line.socket.end()
    const answer = await line.ended
    expect(answer.startsWith(`HTTP/1.1 ${status} `)).toBe(true)
    expect(answer).toContain('content-type: application/problem+json; charset=utf-8')
    expectSafe(answer)
    expect(JSON.parse(answer.slice(answer.indexOf('{')))).toMatchObject({ status, code })
  })

  it('behind a request does not take the place of its answer', async () => {
    const line = await open()
    const body = JSON.stringify(complaint('before-garbage'))
    line.socket.write(`${requestText('POST', '/v1/complaints', await bearer(csr), body)}GARBAGE\r\n\r\n`)
    expect(await line.ended).not.toMatch(/^HTTP\/1\.1 4/)
  })

  it('is not what a request expects of us', async () => {
    const line = await open()
    const expecting = { ...(await bearer(csr)), expect: '200-ok' }
    line.socket.end(requestText('GET', '/v1/codes', expecting))
    expect(await line.ended).toMatch(/^HTTP\/1\.1 200 /)
  })
})

describe('a caller that leaves', () => {
  const isTaken = async (externalNo: string): Promise<boolean> =>
    (await service.call(csr, 'GET', `/v1/tickets?externalNo=${externalNo}`)).body.items.length > 0

  it('in the middle of sending has written nothing', async () => {
    const headers = await bearer(csr)
    const gone = await openMany(50)
    for (const [index, { socket }] of gone.entries()) {
      const text = requestText('POST', '/v1/complaints', headers, JSON.stringify(complaint(`left-${index}`)))
      socket.write(text.slice(0, -100), () => socket.resetAndDestroy())
    }
    await Promise.all(gone.map(({ ended }) => ended))
    await othersAreServed()
    for (const index of gone.keys()) expect(await isTaken(`left-${index}`)).toBe(false)
  })

  it('in the middle of an answer, or before it, is missed by nobody', async () => {
    const headers = await bearer(csr)
    const gone = await openMany(50)
    for (const [index, { socket }] of gone.entries()) {
      const text = requestText('GET', '/v1/tickets?limit=200', headers).repeat(20)
      if (index % 2 === 0) socket.write(text, () => socket.resetAndDestroy())
      else socket.once('data', () => socket.resetAndDestroy()).write(text)
    }
    await Promise.all([othersAreServed(), ...gone.map(({ ended }) => ended)])
  })

  it('in the middle of an import leaves the lines it had sent, and no trouble', async () => {
    const line = await open()
    const imported = JSON.stringify({
      at: '2026-01-05T10:00:00+08:00',
      actor: { id: 'csr', role: 'csr' },
      ref: 'half-an-import',
      command: 'register',
      data: { channel: 'phone', category: 'A4y', customer: { name: '王' }, content: '投诉' },
    })
    const type = { 'content-type': 'application/x-ndjson', 'content-length': '1000000' }
    line.socket.write(
      `${requestText('POST', '/v1/imports', { ...(await bearer(admin)), ...type })}${imported}\n{"at`,
    )
    await eventually('the whole line is applied', async () => (await isTaken('half-an-import')) || undefined)
    line.socket.resetAndDestroy()
    await line.ended
    await othersAreServed()
  })
})

it(
  'an import of very many bad lines yields to the event loop',
  async () => {
    const line = await open()
    const body = '{}\n'.repeat(100_000)
    const type = { 'content-type': 'application/x-ndjson', 'content-length': String(body.length) }
    line.socket.write(requestText('POST', '/v1/imports', { ...(await bearer(admin)), ...type }) + body)
    await othersAreServed()
    // they did not have to wait for its end
    expect(line.received()).toBe('')
    await eventually(
      'the import is answered',
      () => line.received().includes('"rejectedCount":100000') || undefined,
    )
  },
  timeoutMs,
)
