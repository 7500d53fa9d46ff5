/** The lock stream of one node: what it takes, gives back and finds expired, many locks in one append. */
import { randomUUID } from 'node:crypto'
import { type EventStore, type NewEvent, StoreUnavailable } from '../../domain/eventStore.ts'
import { systemEvent } from '../keys/systemEvent.ts'
import type { NodeIdentity } from './identity.ts'

export type AcquiredLock = { id: string; keys: readonly string[] }

/** Locks said in one append. */
const mostAtOnce = 500
const againMs = 1_000
/** How long anybody waits for a lock to be in the log, milliseconds. */
const appendTimeoutMs = 10_000
/** How long the server keeps lock events, seconds: a lock lasts half a minute, and nodes that were away need none. */
const maxAgeSeconds = 24 * 60 * 60

export type LockLog = Pick<EventStore, 'append'> & {
  /** Lets the server drop events of a stream that are older. */
  expireAfter(stream: string, seconds: number): Promise<void>
}

type LockWaiter = { lock: AcquiredLock; resolve: () => void; reject: (error: unknown) => void }

/** What is said while an append is in flight goes out together with the next. */
export const createLockStream = (store: LockLog, identity: () => NodeIdentity) => {
  let stream = `turns-${randomUUID()}`
  let version = 0
  const taken: LockWaiter[] = []
  const renewed: LockWaiter[] = []
  const given: string[] = []
  const expired: string[] = []
  let saying: Promise<void> | undefined

  const append = async (events: NewEvent[]): Promise<void> => {
    const isNew = version === 0
    version = (await store.append(stream, version, events)).version
    // it only saves room: where it fails the events stay
    if (isNew) store.expireAfter(stream, maxAgeSeconds).catch(() => {})
  }

  /** Nobody knows how long the stream is after a failure, so there is another. */
  const startAnother = (): void => {
    stream = `turns-${randomUUID()}`
    version = 0
  }

  const sayAll = async (): Promise<void> => {
    while (taken.length > 0 || renewed.length > 0 || given.length > 0 || expired.length > 0) {
      const now = taken.splice(0, mostAtOnce)
      const longer = renewed.splice(0, mostAtOnce)
      const back = given.splice(0, mostAtOnce)
      const gone = expired.splice(0, mostAtOnce)
      const events: NewEvent[] = []
      if (back.length > 0) events.push(systemEvent('TurnsGivenBack', { ids: back }))
      if (gone.length > 0) events.push(systemEvent('TurnsExpired', { ids: gone }))
      if (longer.length > 0)
        events.push(systemEvent('TurnsRenewed', { ids: longer.map(({ lock }) => lock.id) }))
      if (now.length > 0)
        events.push(systemEvent('TurnsTaken', { turns: now.map(({ lock }) => lock), ...identity() }))
      try {
        await append(events)
        for (const { resolve } of [...now, ...longer]) resolve()
      } catch (error) {
        startAnother()
        // what may have been taken is given back
        for (const { lock, reject } of now) {
          given.push(lock.id)
          reject(error)
        }
        for (const { reject } of longer) reject(error)
        given.push(...back)
        expired.push(...gone)
        return
      }
    }
  }

  const say = (): void => {
    saying ??= sayAll().finally(() => {
      saying = undefined
      if (taken.length > 0 || renewed.length > 0) say()
      // what could not be said is said later, for others wait for it
      else if (given.length + expired.length > 0) setTimeout(say, againMs).unref()
    })
  }

  return {
    /**
     * Resolves when it is in the log. What waits behind an append that gets no answer is given up in time, too; the
     * caller gives it back whether it was said or not. @throws StoreUnavailable
     */
    take: (lock: AcquiredLock): Promise<void> =>
      new Promise((resolve, reject) => {
        const settle =
          <A extends unknown[]>(end: (...said: A) => void) =>
          (...said: A): void => {
            clearTimeout(timer)
            end(...said)
          }
        const waiting = { lock, resolve: settle(resolve), reject: settle(reject) }
        const giveUp = (): void => {
          // said after it was given back it would never be given back
          const at = taken.indexOf(waiting)
          if (at >= 0) taken.splice(at, 1)
          reject(new StoreUnavailable(new Error('the lock could not be asked for in time')))
        }
        const timer = setTimeout(giveUp, appendTimeoutMs)
        taken.push(waiting)
        say()
      }),

    /** Says that a lock is held on. Resolves when that is in the log. @throws StoreUnavailable */
    renew: (lock: AcquiredLock): Promise<void> =>
      new Promise((resolve, reject) => {
        renewed.push({ lock, resolve, reject })
        say()
      }),

    giveBack: (ids: readonly string[]): void => {
      given.push(...ids)
      say()
    },

    /** Records locks whose time is over, for all nodes. */
    expire: (ids: readonly string[]): void => {
      expired.push(...ids)
      say()
    },

    /**
     * Says that this node has started, by which all its earlier incarnations held is given back. In a stream of its
     * own, `session`. @throws StoreUnavailable
     */
    start: async (session: string): Promise<void> => {
      const started = `turns-${session}`
      await store.append(started, 0, [systemEvent('NodeStarted', { ...identity(), session })])
      store.expireAfter(started, maxAgeSeconds).catch(() => {})
    },

    /** When all is said, or could not be. */
    close: async (): Promise<void> => {
      await saying
    },
  }
}
