import type { StoredEvent, Subscription } from '../../domain/eventStore.ts'

/** How often a follower looks for what another process has appended. */
const pollMs = 50

/** Events a follower gets at a time while it catches up from the disk. */
const pageSize = 500

type Follower = {
  /** Position of the last event handed over. */
  last: number
  /** A batch is in flight; nothing else may be handed over until it is done. */
  busy: boolean
  stopped: boolean
  running: Promise<void>
  onBatch: (events: StoredEvent[]) => void | Promise<void>
  onStopped: (error: unknown) => void
}

/** What following needs of a log whose positions have no holes. Both read synchronously. */
export type FollowedLog = {
  readAfter: (position: number, limit: number) => StoredEvent[]
  /** Whether another process has committed since this was last asked. */
  changedElsewhere: () => boolean
}

export type Followers = {
  add: (after: number, onBatch: Follower['onBatch'], onStopped: Follower['onStopped']) => Subscription
  /** Hands over what this process has just committed, and returns when the synchronous followers have it. */
  committed: (events: StoredEvent[]) => void
  stopAll: () => Promise<void>
}

const yieldToEventLoop = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/**
 * The followers of a log in this process. Each reads the disk until a page comes back empty, and from then on is
 * handed what is committed. The empty page and the end of `busy` lie in one synchronous step, and an event is handed
 * over directly only to a follower whose last event is the one before it: so there is neither a gap nor a double,
 * whoever writes.
 */
export const createFollowers = (log: FollowedLog): Followers => {
  const followers = new Set<Follower>()
  let poll: NodeJS.Timeout | undefined

  const remove = (follower: Follower): void => {
    follower.stopped = true
    followers.delete(follower)
    if (followers.size === 0) {
      clearInterval(poll)
      poll = undefined
    }
  }

  const fail = (follower: Follower, error: unknown): void => {
    if (follower.stopped) return
    remove(follower)
    // On its own, for an `onStopped` that throws must not fail an append that is committed.
    queueMicrotask(() => follower.onStopped(error))
  }

  /** Never rejects. Runs without a pause as long as the follower is synchronous and less than a page behind. */
  const pump = async (follower: Follower, handedOver?: StoredEvent[]): Promise<void> => {
    if (follower.busy || follower.stopped) return
    follower.busy = true
    try {
      let batch = handedOver ?? log.readAfter(follower.last, pageSize)
      while (batch.length > 0) {
        follower.last = Number(batch.at(-1)!.position)
        const pending = follower.onBatch(batch)
        if (pending !== undefined) await pending
        else if (batch === handedOver) return
        else if (batch.length === pageSize) await yieldToEventLoop()
        if (follower.stopped) return
        batch = log.readAfter(follower.last, pageSize)
      }
    } catch (error) {
      fail(follower, error)
    } finally {
      follower.busy = false
    }
  }

  const advance = (follower: Follower, handedOver?: StoredEvent[]): void => {
    if (!follower.busy && !follower.stopped) follower.running = pump(follower, handedOver)
  }

  const lookElsewhere = (): void => {
    try {
      if (!log.changedElsewhere()) return
    } catch (error) {
      for (const follower of followers) fail(follower, error)
      return
    }
    for (const follower of followers) advance(follower)
  }

  const stop = async (follower: Follower): Promise<void> => {
    remove(follower)
    await follower.running
  }

  return {
    add: (after, onBatch, onStopped) => {
      const follower: Follower = {
        last: after,
        busy: false,
        stopped: false,
        running: Promise.resolve(),
        onBatch,
        onStopped,
      }
      followers.add(follower)
      poll ??= setInterval(lookElsewhere, pollMs)
      // Not at once: the caller has no subscription to stop yet.
      setImmediate(() => advance(follower))
      return { stop: () => stop(follower) }
    },

    committed: (events) => {
      const before = Number(events[0]!.position) - 1
      for (const follower of followers) advance(follower, follower.last === before ? events : undefined)
    },

    stopAll: async () => {
      await Promise.all([...followers].map(stop))
    },
  }
}
