/** Receivers that misbehave, each in its way: what the log of deliveries says, and that nobody else waits for them. */
import { createServer, type Socket } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { toEpoch, toInstant } from '../../domain/instant.ts'
import { at, type Scenario, start } from '../support/scenario.ts'
import { type Behaviour, behaviours } from './receiver.ts'
import { atTheEnd, came, endAll, hooksOf, receiver, startSending } from './support.ts'

afterEach(endAll)

let s: Scenario
let hooks: ReturnType<typeof hooksOf>
beforeEach(async () => {
  s = await startSending()
  hooks = hooksOf(s)
})

const events = ['ticket.registered']
const later = (seconds: number): string => toInstant(toEpoch(at(start)) + seconds * 1_000)

/** A receiver below HTTP: writes what it is told to, and leaves the connection open. */
const rawReceiver = async (answer: (socket: Socket) => void): Promise<string> => {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.once('data', () => answer(socket))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  atTheEnd(async () => {
    for (const socket of sockets) socket.destroy()
    await new Promise((resolve) => server.close(resolve))
  })
  return `http://127.0.0.1:${(server.address() as { port: number }).port}/`
}

const withText =
  (status: number, text: string): Behaviour =>
  (_, response) => {
    response.writeHead(status)
    response.end(text)
  }

describe('a receiver that', () => {
  const pending = { status: 'pending', attempts: 1 }
  test.each<[string, Behaviour, object]>([
    [
      'redirects is not followed, and tried again',
      behaviours.redirect('http://127.0.0.1:9/'),
      { ...pending, httpStatus: 302, fault: null },
    ],
    ['answers 500 is tried again', behaviours.broken, { ...pending, httpStatus: 500, answer: 'broken' }],
    [
      'cuts the connection is tried again',
      behaviours.nothing,
      { ...pending, httpStatus: null, fault: 'no_connection' },
    ],
    ['answers 410 is not tried again', behaviours.gone, { ...pending, httpStatus: 410 }],
    ['asks to wait is tried again then', behaviours.tooMany(120), { ...pending, httpStatus: 429 }],
    [
      'answers gigabytes has the event',
      behaviours.gigabytes,
      { status: 'delivered', httpStatus: 200, answer: 'a'.repeat(1_000) },
    ],
    [
      'never ends its answer has the event',
      behaviours.neverEnds,
      { status: 'delivered', httpStatus: 200, answer: 'begun' },
    ],
    [
      'answers nothing with 204 has the event',
      withText(204, ''),
      { status: 'delivered', httpStatus: 204, answer: '' },
    ],
    ['answers 304 is tried again', withText(304, ''), { ...pending, httpStatus: 304 }],
    [
      'answers what is no text has the event',
      withText(200, '\u0000\ud800\u0007'),
      { status: 'delivered', httpStatus: 200 },
    ],
  ])('%s; another gets its events meanwhile', async (_, behave, expected) => {
    const [bad, good] = [await receiver(behave), await receiver()]
    const { id } = await hooks.create(bad.url, { events })
    await hooks.create(good.url, { events })
    const ticketNo = await s.register()
    await hooks.look()
    expect(came(good)).toEqual([`1 ticket.registered ${ticketNo}`])
    expect(await hooks.deliveries(id)).toMatchObject([{ ticketNo, sequence: 1, ...expected }])
    expect(bad.received).toHaveLength(1)
  })

  test('asks to wait with Retry-After is waited for', async () => {
    const { id } = await hooks.create((await receiver(behaviours.tooMany(120))).url, { events })
    await s.register()
    await hooks.look()
    const [{ nextAttemptAt }] = (await hooks.deliveries(id)) as [{ nextAttemptAt: string }]
    expect(nextAttemptAt >= later(120)).toBe(true)
  })

  test.each<[string, (socket: Socket) => void]>([
    ['speaks no HTTP', (socket) => socket.end('SSH-2.0-OpenSSH_9.2\r\n')],
    ['has a head without end', (socket) => socket.write(`HTTP/1.1 200 OK\r\nx: ${'a'.repeat(200_000)}`)],
    ['cuts its answer in the head', (socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-le')],
    [
      'says two lengths',
      (socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\na'),
    ],
  ])('%s has no status: the event is tried again', async (_, answer) => {
    const good = await receiver()
    const { id } = await hooks.create(await rawReceiver(answer), { events })
    await hooks.create(good.url, { events })
    const ticketNo = await s.register()
    await hooks.look()
    expect(came(good)).toEqual([`1 ticket.registered ${ticketNo}`])
    expect(await hooks.deliveries(id)).toMatchObject([
      { ...pending, httpStatus: null, fault: 'no_connection', nextAttemptAt: expect.any(String) },
    ])
  })
})
