/** The time limits and the buffer of a reader, with a clock that the test moves and a connection that it stops. */
import { Writable } from 'node:stream'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { createHub, type Hub } from '../../../api/live/hub.ts'
import { rightsOf } from '../../../api/live/items.ts'
import { startReader } from '../../../api/live/reader.ts'
import { copyTicket } from '../../support/manyTickets.ts'
import { type Scenario, sa, startScenario } from '../../support/scenario.ts'
import { blocksOf, feedOf, until } from './readers.ts'

/** A connection whose other side can stop taking bytes. */
const createConnection = () => {
  let text = ''
  let isStopped = false
  let go: (() => void) | null = null
  const response = new Writable({
    write(chunk: Buffer, _, done) {
      const take = (): void => {
        text += chunk.toString()
        done()
      }
      if (isStopped) go = take
      else take()
    },
  })
  response.on('error', () => undefined)
  return {
    response,
    text: () => text,
    ids: () => blocksOf(text).told.map(({ id }) => id),
    stop: (): void => {
      isStopped = true
    },
    drain: (): void => {
      isStopped = false
      go?.()
      go = null
    },
  }
}

let s: Scenario
let hub: Hub
let sample: string
beforeAll(async () => {
  s = await startScenario()
  hub = createHub(s.service.deps)
  sample = await s.register()
})
afterAll(async () => {
  await hub.close()
  await s.service.close()
})

let [epoch, elapsed] = [0, 0]
beforeEach(() => {
  epoch = 0
  elapsed = 0
})
const expiresAt = 3_600_000

const start = async (verify: () => Promise<boolean> = async () => true, after: string | null = null) => {
  const connection = createConnection()
  const member = startReader({
    deps: s.service.deps,
    hub,
    response: connection.response as never,
    clock: { epoch: () => epoch, elapsed: () => elapsed },
    audience: { rights: rightsOf({ id: 'somebody', roles: ['sa'] }), topics: new Set(['tickets']) },
    expiresAt,
    after,
    verify,
  })
  await until(() => connection.text().includes('retry: '), 'the stream begins')
  return {
    ...connection,
    member,
    isOpen: () => !connection.response.writableEnded && !connection.response.destroyed,
  }
}
const metric = async (name: string): Promise<number> => {
  const { body } = await s.service.deps.metrics.scrape()
  return Number(new RegExp(`^${name} (\\S+)`, 'm').exec(body)?.[1])
}

describe('a reader', () => {
  it('is sent a heartbeat with its position after 15 seconds without an event, and not earlier', async () => {
    const { member, text } = await start()
    elapsed = 14_999
    member.tick()
    expect(text()).not.toContain('heartbeat')
    elapsed = 15_000
    member.tick()
    await until(() => text().includes('heartbeat'), 'a heartbeat')
    expect(text().slice(text().indexOf(': heartbeat'))).toBe(`: heartbeat\nid: ${await s.head()}\n\n`)
    member.tick()
    elapsed = 29_999
    member.tick()
    expect(text().match(/heartbeat/g)).toHaveLength(1)
    member.end()
  })

  it('is ended at the instant at which its token expires', async () => {
    const { member, isOpen } = await start()
    epoch = expiresAt - 1
    member.tick()
    expect(isOpen()).toBe(true)
    epoch = expiresAt
    member.tick()
    expect(isOpen()).toBe(false)
  })

  it('is sent no event after its token has expired, also before the next tick', async () => {
    const { isOpen, ids } = await start()
    epoch = expiresAt
    await s.register()
    await until(() => !isOpen(), 'the end')
    expect(ids()).toEqual([])
  })

  it('is sent no event after its token has expired, also while it catches up', async () => {
    const from = await s.head()
    const { member } = await start()
    await s.register()
    const end = await s.head()
    await until(() => hub.head() === end, 'the head is behind it')
    member.end()
    epoch = expiresAt
    const { isOpen, ids } = await start(undefined, from)
    await until(() => !isOpen(), 'the end')
    expect(ids()).toEqual([])
  })

  it.each([
    ['is refused', async () => false],
    [
      'cannot be verified',
      async () => {
        throw new Error('no answer')
      },
    ],
  ])('is ended within a minute where its token %s', async (_, verify) => {
    const { member, isOpen } = await start(verify)
    elapsed = 59_999
    member.tick()
    await new Promise((resolve) => setImmediate(resolve))
    expect(isOpen()).toBe(true)
    elapsed = 60_000
    member.tick()
    await until(() => !isOpen(), 'the end')
  })

  it('whose token counts still goes on', async () => {
    let verified = 0
    const { member, isOpen } = await start(async () => {
      verified += 1
      return true
    })
    for (let minute = 1; minute <= 3; minute++) {
      elapsed = minute * 60_000
      member.tick()
      await new Promise((resolve) => setImmediate(resolve))
    }
    expect([verified, isOpen()]).toEqual([3, true])
    member.end()
  })
})

describe('a slow reader', () => {
  /** One that has stopped, with more than 1 MiB unread. */
  const startSlow = async () => {
    const from = (await s.head()) as string
    const slow = await start()
    const leftBefore = await metric('stream_slow_total')
    slow.stop()
    await copyTicket(s.service, sample, 600)
    await until(() => slow.response.writableLength > 1024 * 1024, 'more than 1 MiB is unread')
    expect(await metric('stream_slow_total')).toBe(leftBefore + 1)
    return { ...slow, from }
  }

  it('leaves its class at 1 MiB and is written nothing more, then goes on when it drains', async () => {
    const { from, response, member, drain, ids, isOpen } = await startSlow()
    const unread = response.writableLength
    expect(unread).toBeLessThan(3 * 1024 * 1024)
    await copyTicket(s.service, sample, 200)
    elapsed = 29_999
    member.tick()
    expect([response.writableLength, isOpen()]).toEqual([unread, true])
    drain()
    const expected = await feedOf(s.service, sa, from, '&topics=tickets')
    await until(() => ids().length >= expected.length, 'everything')
    expect(ids()).toEqual(expected.map(({ position }) => position))
    let classes = 0
    await until(() => {
      void metric('stream_classes').then((now) => {
        classes = now
      })
      return classes === 1
    }, 'it is a member of its class again')
    await s.register()
    await until(() => ids().length > expected.length, 'the next event')
    member.end()
  }, 60_000)

  it('is dropped when nothing has drained for 30 seconds', async () => {
    const { member, response } = await startSlow()
    const before = await metric('stream_dropped_total')
    elapsed = 29_999
    member.tick()
    expect(response.destroyed).toBe(false)
    elapsed = 30_000
    member.tick()
    expect(response.destroyed).toBe(true)
    expect([await metric('stream_dropped_total'), await metric('stream_readers')]).toEqual([before + 1, 0])
  }, 60_000)
})

describe('streams whose views are behind', () => {
  it('are reported by /readyz after 5 seconds, stay, and are written everything when the views are back', async () => {
    const own = await startScenario()
    const { deps } = own.service
    const { reached } = deps.views
    const live = createHub(deps, () => elapsed)
    const connection = createConnection()
    const from = (await own.head()) as string
    const ready = async () => (await own.service.call(null, 'GET', '/readyz')).body
    try {
      startReader({
        deps,
        hub: live,
        response: connection.response as never,
        clock: { epoch: () => epoch, elapsed: () => elapsed },
        audience: { rights: rightsOf({ id: 'somebody', roles: ['sa'] }), topics: new Set(['tickets']) },
        expiresAt,
        after: null,
        verify: async () => true,
      })
      await until(() => connection.text().includes('retry: '), 'the stream begins')
      deps.views.reached = async (position, timeoutMs, names) =>
        names?.includes('warnings') ? false : reached(position, timeoutMs, names)
      await own.register()
      elapsed = 5_000
      expect((await ready()).status).toBe('ready')
      elapsed = 6_000
      expect(await ready()).toMatchObject({
        status: 'degraded',
        reasons: [{ name: 'streams', reason: expect.stringContaining('6 seconds behind') }],
      })
      expect(connection.ids()).toEqual([])
      deps.views.reached = reached
      const expected = await feedOf(own.service, sa, from, '&topics=tickets')
      await until(() => connection.ids().length >= expected.length, 'everything')
      expect(connection.ids()).toEqual(expected.map(({ position }) => position))
      expect((await ready()).status).toBe('ready')
    } finally {
      await live.close()
      await own.service.close()
    }
  })
})
