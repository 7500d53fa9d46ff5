import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { StoreUnavailable } from '../../domain/eventStore.ts'
import { createDistributedLocks, type LockTimes, type LogLocks } from '../../src/nodes/distributedLocks.ts'
import { readEsdbAddress } from '../../src/store/esdb/address.ts'
import { type EsdbStore, openEsdbStore } from '../../src/store/esdb/store.ts'
import { until } from '../store/events.ts'
import { type StandIn, startStandIn } from '../support/wire/standIn.ts'

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
const never = (): Promise<never> => Promise.reject(new Error('taken'))
const waiting = { wait: true, taken: never }

let standIn: StandIn
let store: EsdbStore
beforeEach(async () => {
  standIn = await startStandIn()
  store = openEsdbStore({ address: readEsdbAddress(standIn.address) })
})
afterEach(async () => {
  await store.close()
  await standIn.stop()
})

const short: LockTimes = { lease: 1_500, work: 300, timeout: 4_000 }

/** A node: its own view of the locks in one log. `deaf` ones hear nothing, as if they had stopped. */
let nodes = 0
const node = (
  times: LockTimes = { lease: 20_000, work: 10_000, timeout: 5_000 },
  identity = { node: `node-${++nodes}`, incarnation: 1 },
): LogLocks => {
  const locks = createDistributedLocks({
    store,
    identity,
    reached: async () => true,
    times,
  })
  store.follow(
    null,
    (events, reached) => locks.heard(events, reached ?? null),
    () => {},
  )
  return locks
}

describe('locks', () => {
  test('under one key are taken one after the other by all nodes, under others at once', async () => {
    const nodes = [node(), node(), node()] as const
    let inside = 0
    let most = 0
    const work = async () => {
      inside += 1
      most = Math.max(most, inside)
      await sleep(2)
      inside -= 1
    }
    await Promise.all(Array.from({ length: 45 }, (_, n) => nodes[n % 3]!.take(['shared'], work, waiting)))
    expect(most).toBe(1)
    const [a, b] = nodes
    const beside = a.take(['shared'], () => b.take(['own'], async () => 'at once', waiting), waiting)
    expect(await beside).toBe('at once')
  })

  test('under several keys at once do not wait for each other in a circle', async () => {
    const [a, b] = [node(), node()]
    const done: number[] = []
    const take = (locks: LogLocks, keys: string[], n: number) =>
      locks.take(keys, async () => void done.push(n), waiting)
    await Promise.all(
      Array.from({ length: 20 }, (_, n) => [take(a, ['x', 'y'], n), take(b, ['y', 'x'], n + 100)]).flat(),
    )
    expect(done).toHaveLength(40)
  })

  test('see what was done under the lock before: the views have been asked for it', async () => {
    const asked: string[] = []
    const locks = createDistributedLocks({
      store,
      identity: { node: 'one', incarnation: 1 },
      reached: async (position) => {
        asked.push(position)
        return true
      },
    })
    store.follow(
      null,
      (events, reached) => locks.heard(events, reached ?? null),
      () => {},
    )
    await locks.take(['x'], async () => {}, waiting)
    const announced = standIn.log.find(({ type }) => type === 'TurnsTaken')?.position as number
    expect(Number(asked[0]?.split('-')[0])).toBeGreaterThanOrEqual(announced)
  })

  test('are not waited for where the caller says so', async () => {
    const [a, b] = [node(), node()]
    let other: string | undefined
    await a.take(
      ['x'],
      async () => {
        other = await b.take(['x'], async () => 'mine', { wait: false, taken: async () => 'taken' })
      },
      waiting,
    )
    expect(other).toBe('taken')
    expect(await b.take(['x'], async () => 'mine', { wait: false, taken: async () => 'taken' })).toBe('mine')
  })

  test('are given back where the work throws', async () => {
    const [a, b] = [node(), node()]
    const broken = a.take(['x'], () => Promise.reject(new Error('refused')), waiting)
    await expect(broken).rejects.toThrow('refused')
    expect(await b.take(['x'], async () => 'mine', waiting)).toBe('mine')
  })

  test('of a node that is gone are passed over after their time, and by every other node', async () => {
    const [gone, here] = [node(short), node(short)]
    let release = (): void => {}
    const held = new Promise<void>((resolve) => {
      release = resolve
    })
    const lost = gone.take(['x'], () => held, waiting)
    // whoever waits must not wait for longer than a lock lasts
    await sleep(1_000)
    const began = performance.now()
    expect(await here.take(['x'], async () => 'mine', waiting)).toBe('mine')
    expect(performance.now() - began).toBeGreaterThan(300)
    release()
    await lost
    // who comes after that finds it given back in the log, and waits for nobody
    expect(await node(short).take(['x'], async () => 'mine', waiting)).toBe('mine')
  })

  test('of a node that is gone expire once for all nodes, are recorded as expired, and wait for nobody', async () => {
    const gone = node(short)
    const others = [node(short), node(short), node(short)]
    let release = (): void => {}
    const held = new Promise<void>((resolve) => {
      release = resolve
    })
    const lost = gone.take(['x'], () => held, waiting)
    await until(() => others.every((each) => each.open().length === 1))
    // nobody wants the lock, and it expires all the same
    await until(() => others.every((each) => each.open().length === 0))
    const expired = standIn.log.filter(({ type }) => type === 'TurnsExpired')
    expect(expired.length).toBeGreaterThan(0)
    const late = node(short)
    const began = performance.now()
    expect(await late.take(['x'], async () => 'mine', waiting)).toBe('mine')
    expect(performance.now() - began).toBeLessThan(short.lease)
    release()
    await lost
  }, 30_000)

  test('of a node that starts again are given back at once, and those of other nodes are not', async () => {
    const identity = { node: 'restarted', incarnation: 7 }
    const long: LockTimes = { lease: 20_000, work: 10_000, timeout: 5_000 }
    const never = new Promise<void>(() => {})
    const first = node(long, identity)
    first.take(['x'], () => never, waiting).catch(() => {})
    const stranger = node(long)
    const other = node(long)
    let release = (): void => {}
    const held = new Promise<void>((resolve) => {
      release = resolve
    })
    const holding = other.take(['y'], () => held, waiting)
    await until(() => stranger.open().length === 2)
    const again = node(long, { ...identity, incarnation: 8 })
    const began = performance.now()
    await again.start()
    expect(await stranger.take(['x'], async () => 'mine', waiting)).toBe('mine')
    expect(performance.now() - began).toBeLessThan(2_000)
    expect(stranger.open().map(({ keys }) => keys)).toEqual([['y']])
    release()
    await holding
  })

  test('are no longer held by who is told that they have expired or were given back by a second start', async () => {
    const identity = { node: 'copied', incarnation: 3 }
    const first = node(undefined, identity)
    await first.take(
      ['x'],
      async () => {
        first.requireLock()
        await node(undefined, { ...identity, incarnation: 4 }).start()
        await until(() => first.open().length === 0)
        expect(() => first.requireLock()).toThrow(StoreUnavailable)
      },
      waiting,
    )
  })

  test('of a command that hangs elsewhere are not waited for, and the seconds that they may last are said', async () => {
    const [a, b] = [node(), node()]
    const waitBrieflyFor = 'command 1'
    let seconds = 0
    await a.take(
      [waitBrieflyFor],
      async () => {
        const said = await b.take(['x', waitBrieflyFor], async () => 0, {
          wait: true,
          waitBrieflyFor,
          taken: async (retryAfter) => retryAfter,
        })
        seconds = said
      },
      waiting,
    )
    expect(seconds).toBeGreaterThan(10)
    expect(seconds).toBeLessThanOrEqual(20)
  })

  test('that have lasted too long append nothing any more', async () => {
    const locks = node(short)
    locks.requireLock()
    await locks.take(
      ['x'],
      async () => {
        locks.requireLock()
        await sleep(400)
        expect(() => locks.requireLock()).toThrow(StoreUnavailable)
        // nor does a lock inside it, however short
        await locks.take(
          ['y'],
          async () => expect(() => locks.requireLock()).toThrow(StoreUnavailable),
          waiting,
        )
      },
      waiting,
    )
  })

  test('of others that never end are given up as unavailable', async () => {
    const [a, b] = [node(), node({ lease: 20_000, work: 10_000, timeout: 200 })]
    await a.take(
      ['x'],
      async () => {
        await expect(b.take(['x'], async () => {}, waiting)).rejects.toBeInstanceOf(StoreUnavailable)
      },
      waiting,
    )
  })

  test('that are open are known to a node that starts in the middle of them', async () => {
    const [a, b] = [node(), node()]
    await b.take(['other'], async () => {}, waiting)
    await a.take(
      ['x'],
      async () => {
        await sleep(100)
        const open = b.open()
        const position = await store.head()
        const late = createDistributedLocks({
          store,
          identity: { node: 'late', incarnation: 1 },
          open,
          reached: async () => true,
          times: { lease: 20_000, work: 10_000, timeout: 3_000 },
        })
        store.follow(
          position,
          (events, reached) => late.heard(events, reached ?? null),
          () => {},
        )
        expect(await late.take(['x'], async () => 'mine', { wait: false, taken: async () => 'taken' })).toBe(
          'taken',
        )
      },
      waiting,
    )
  })
})
