/** Connections as they are: bodies that nobody waits for, senders that take too long, and too many at once. */
import { once } from 'node:events'
import { createConnection } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, it } from '@jest/globals'
import Fastify from 'fastify'
import { answerBrokenRequest, limitBodyTime } from '../../api/http/connections.ts'
import { eventually } from '../endToEnd/serviceProcess.ts'
import { type Line, openLine, requestText } from '../endToEnd/sockets.ts'
import { fakeApp, tokenFor } from './fakes.ts'

let fake: Awaited<ReturnType<typeof fakeApp>>
let url: string
const lines: Line[] = []
afterEach(async () => {
  for (const { socket } of lines.splice(0)) socket.destroy()
  await fake.app.close()
})

const start = async (config: Parameters<typeof fakeApp>[1] = {}): Promise<void> => {
  fake = await fakeApp({}, config)
  url = await fake.app.listen({ host: '127.0.0.1', port: 0 })
}
const connect = async (text = ''): Promise<Line> => {
  const line = await openLine(url)
  lines.push(line)
  if (text !== '') line.socket.write(text)
  return line
}
const answered = (line: Line, what: string) =>
  eventually(`the answer has ${what}`, () => line.received().includes(what) || undefined)

/** A request that stays in flight, for its body never becomes whole. */
const pending = async (): Promise<Line> => {
  const authorization = `Bearer ${await tokenFor({ sub: 'csr', roles: ['csr'] }, '1h')}`
  const line = await connect(
    requestText('POST', '/v1/complaints', { authorization }, '{"channel":').slice(0, -1),
  )
  return line
}

describe('a body that is not wanted', () => {
  it.each([
    ['without a token', 'POST', '/v1/complaints', 401],
    ['of an import without a token', 'POST', '/v1/imports', 401],
    ['to an address that does not exist', 'POST', '/v1/nowhere', 404],
    ['by a method that is not taken', 'PUT', '/livez', 405],
    ['of a GET', 'GET', '/livez', 200],
  ])(
    '%s is not waited for: the answer comes at once and the connection closes',
    async (_, method, path, status) => {
      await start()
      const line = await connect(requestText(method, path, {}, 'x'.repeat(100)).slice(0, -50))
      const answer = await line.ended
      expect(answer.startsWith(`HTTP/1.1 ${status} `)).toBe(true)
      expect(answer).toMatch(/^connection: close\r$/m)
      expect(answer).toMatch(/[}]$/)
    },
  )

  it.each([
    ['without a token', {}, 401],
    ['larger than is taken', { roles: ['admin'] }, 413],
  ])('%s has its answer read by a sender who reads none before all is sent', async (_, claims, status) => {
    await start()
    const big = 80 * 1024 * 1024
    const authorization = 'roles' in claims ? `Bearer ${await tokenFor(claims)}` : 'none'
    const headers = { authorization, 'content-type': 'application/x-ndjson', 'content-length': String(big) }
    const socket = createConnection({
      port: Number(new URL(url).port),
      host: '127.0.0.1',
      allowHalfOpen: true,
    })
    await once(socket, 'connect')
    socket.write(requestText('POST', '/v1/imports', headers))
    const chunk = Buffer.alloc(1024 * 1024, 32)
    for (let sent = 0; sent < big; sent += chunk.length) if (!socket.write(chunk)) await once(socket, 'drain')
    socket.setEncoding('utf8')
    const [answer] = await once(socket, 'data')
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
    socket.destroy()
  })

  it.each([
    ['too large, of a length that nobody said', 413, ' '.repeat(1024 * 1024), 65],
    [
      'in another encoding',
      400,
      Buffer.from(`{"name":"${'华东大区'.repeat(20)}"}\n`, 'utf16le').toString('latin1'),
      4_000,
    ],
  ])('of an import that is %s is answered while it comes in', async (_, status, text, times) => {
    await start()
    const authorization = `Bearer ${await tokenFor({ roles: ['admin'] })}`
    const headers = { authorization, 'content-type': 'application/x-ndjson', 'transfer-encoding': 'chunked' }
    const line = await connect(requestText('POST', '/v1/imports', headers))
    const chunk = Buffer.from(text, 'latin1')
    const framed = Buffer.concat([
      Buffer.from(`${chunk.length.toString(16)}\r\n`),
      chunk,
      Buffer.from('\r\n'),
    ])
    // and never the end
    for (let sent = 0; sent < times; sent += 1)
      if (!line.socket.write(framed)) await once(line.socket, 'drain')
    expect(await line.ended).toMatch(
      new RegExp(`^HTTP/1.1 ${status} [^]*"code":"(payload_too_large|unreadable_import)"`),
    )
  })

  it('leaves a connection open where it was whole already', async () => {
    await start()
    const text = requestText('POST', '/v1/complaints', {}, '{}')
    const line = await connect(text)
    await answered(line, '401')
    line.socket.write(requestText('GET', '/livez'))
    await answered(line, '"live"')
  })
})

describe('what is no request', () => {
  /** What is written to a connection on which an answer is under way. */
  const writtenBehind = (current: { headersSent: boolean; writableEnded: boolean } | null): string => {
    let written = ''
    const socket = {
      writable: true,
      write: (text: string) => {
        written += text
      },
      destroySoon: () => undefined,
      _httpMessage: current && { ...current, req: { complete: true } },
    }
    const broken = Object.assign(new Error('no request'), { code: 'HPE_INVALID_METHOD' })
    answerBrokenRequest.call(fake.app, broken as never, socket as never)
    return written.split('\r\n', 1)[0] as string
  }

  it('is answered 400 behind an answer that was handed over whole, and never in the middle of one', async () => {
    await start()
    expect(writtenBehind(null)).toBe('HTTP/1.1 400 Bad Request')
    expect(writtenBehind({ headersSent: true, writableEnded: true })).toBe('HTTP/1.1 400 Bad Request')
    expect(writtenBehind({ headersSent: true, writableEnded: false })).toBe('')
    expect(writtenBehind({ headersSent: false, writableEnded: false })).toBe('')
  })
})

describe('a JSON body', () => {
  it('that is not whole in time is answered 408, and the connection closes', async () => {
    const app = Fastify()
    limitBodyTime(app, 200)
    app.post('/', async () => 'taken')
    const address = await app.listen({ host: '127.0.0.1', port: 0 })
    const line = await openLine(address)
    line.socket.write(requestText('POST', '/', {}, '{"a":1}').slice(0, -1))
    const answer = await line.ended
    expect(answer).toMatch(/^HTTP\/1\.1 408 /)
    expect(answer).toContain('"code":"request_timeout"')
    const whole = await openLine(address)
    whole.socket.write(requestText('POST', '/', {}, '{"a":1}'))
    await answered(whole, 'taken')
    await sleep(300)
    expect(whole.socket.destroyed).toBe(false)
    whole.socket.destroy()
    await app.close()
  })
})

describe('one connection more than there may be', () => {
  it('takes the place of the one that has waited longest', async () => {
    await start({ maxConnections: 3 })
    const [first, second, third] = [await connect(), await connect(), await connect()] as [Line, Line, Line]
    for (const line of [first, second, third]) {
      line.socket.write(requestText('GET', '/livez'))
      await answered(line, '"live"')
    }
    // the first has been of use since
    first.socket.write(requestText('GET', '/livez'))
    await eventually(
      'the first is answered again',
      () => first.received().split('"live"').length === 3 || undefined,
    )
    const fourth = await connect(requestText('GET', '/livez'))
    await answered(fourth, '"live"')
    await second.ended
    expect([first, third, fourth].map(({ socket }) => socket.destroyed)).toEqual([false, false, false])
    expect(fake.logged.filter((line) => line.includes('MAX_CONNECTIONS'))).toHaveLength(1)
    const { body } = await fake.deps.metrics.scrape()
    expect(body).toMatch(/^http_connections 3$/m)
    expect(body).toMatch(/^http_connections_shed_total\{how="waiting"\} 1$/m)
  })

  it('is answered 503 where all others have a request in flight', async () => {
    await start({ maxConnections: 2 })
    const busy = [await pending(), await pending()]
    await eventually('both are in flight', async () => {
      const { body } = await fake.deps.metrics.scrape()
      return body.includes('http_connections 2') || undefined
    })
    await sleep(100)
    const third = await connect(requestText('GET', '/livez'))
    const answer = await third.ended
    expect(answer).toMatch(/^HTTP\/1\.1 503 /)
    expect(answer).toContain('"code":"too_many_connections"')
    expect(answer).toMatch(/^retry-after: 5\r$/m)
    expect(busy.map(({ socket }) => socket.destroyed)).toEqual([false, false])
  })
})
