/** Followers of the log: each a subscription that comes back by itself for as long as it is not stopped. */
import { setTimeout as sleep } from 'node:timers/promises'
import {
  DamagedEvent,
  type Position,
  type StoreConnection,
  type StoredEvent,
  type Subscription,
} from '../../../domain/eventStore.ts'
import { pauseMs, textOf } from './place.ts'
import type { Feed, LogPosition, Wire } from './wire.ts'

type OnBatch = (events: StoredEvent[], reached?: Position) => void | Promise<void>
type Follower = { feed: Feed | undefined; aborted: AbortController; running: Promise<void> }

/** @param trouble told of every subscription that was lost. */
export const createFollowing = (wire: Wire, trouble: (what: string, error: unknown) => void) => {
  const followers = new Set<Follower>()
  let connection: StoreConnection = { state: 'connecting', resubscribed: 0 }

  const lost = (error: unknown): void => {
    connection = { state: 'lost', resubscribed: connection.resubscribed + 1 }
    trouble('a subscription', error)
  }

  /** Reads one subscription for as long as it lasts. What it throws is the subscription's fault, what it returns the follower's. */
  const readOn = async (
    follower: Follower,
    after: LogPosition | null,
    onBatch: OnBatch,
    reachedSome: (place: LogPosition) => void,
  ) => {
    const feed = wire.subscribe(after)
    follower.feed = feed
    try {
      while (!follower.aborted.signal.aborted) {
        const { events, reached } = await feed.next()
        if (follower.aborted.signal.aborted) return undefined
        connection = { ...connection, state: 'connected' }
        if (reached === null) continue
        try {
          await onBatch(events, textOf(reached))
        } catch (error) {
          return { error }
        }
        reachedSome(reached)
      }
      return undefined
    } finally {
      feed.close()
    }
  }

  const run = async (
    follower: Follower,
    from: LogPosition | null,
    onBatch: OnBatch,
  ): Promise<{ error: unknown } | undefined> => {
    const { signal } = follower.aborted
    let after = from
    for (let failures = 0; !signal.aborted; failures++) {
      const generation = wire.generation()
      try {
        return await readOn(follower, after, onBatch, (place) => {
          after = place
          failures = 0
        })
      } catch (error) {
        if (signal.aborted) return undefined
        // it would be read again for ever
        if (error instanceof DamagedEvent) return { error }
        lost(error)
        // one that never got anywhere may have a client that never will
        if (failures > 2) await wire.renew(generation).catch(() => {})
        // one that came along and was dropped is ordinary life, and somebody waits for the next event
        if (failures > 0) await sleep(pauseMs(failures), undefined, { signal }).catch(() => {})
      }
    }
    return undefined
  }

  const stop = async (follower: Follower): Promise<void> => {
    follower.aborted.abort()
    follower.feed?.close()
    await follower.running
  }

  return {
    add: (from: LogPosition | null, onBatch: OnBatch, onStopped: (error: unknown) => void): Subscription => {
      const follower: Follower = {
        feed: undefined,
        aborted: new AbortController(),
        running: Promise.resolve(),
      }
      followers.add(follower)
      // not at once: the caller has no subscription to stop yet
      const start = new Promise((resolve) => setImmediate(resolve))
      follower.running = start
        .then(() => run(follower, from, onBatch))
        .then((fault) => {
          followers.delete(follower)
          if (fault !== undefined && !follower.aborted.signal.aborted) onStopped(fault.error)
        })
      return { stop: () => stop(follower) }
    },

    connection: (): StoreConnection => connection,

    stopAll: async (): Promise<void> => {
      await Promise.all([...followers].map(stop))
    },
  }
}
