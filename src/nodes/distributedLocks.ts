/**
 * Distributed locks: who wants to do something alone says so in the log, and waits for those who said so earlier. See
 * `docs/adr/0015-eventstoredb.md` for why a holder cannot go on past the end of its lock, and 0020 for what is locked.
 */
import { AsyncLocalStorage } from 'node:async_hooks'
import { randomUUID } from 'node:crypto'
import type { DistributedLocks } from '../../api/commands/deps.ts'
import { type Position, type StoredEvent, StoreUnavailable } from '../../domain/eventStore.ts'
import type { NodeIdentity } from './identity.ts'
import { createLockQueue, type HeldLock, type LockEntry } from './lockQueue.ts'
import { type AcquiredLock, createLockStream, type LockLog } from './lockStream.ts'

/** Milliseconds: after `lease` a lock expires; after `work` its holder begins no append any more. */
export type LockTimes = { lease: number; work: number; timeout: number }

/** An append that was begun is over, one way or another, 20 seconds later: so long do tries and their deadline last. */
const defaultTimes: LockTimes = { lease: 30_000, work: 10_000, timeout: 8_000 }

/** Of its lease: after so much a held lock is renewed, and after so much of it without that it counts as lost. */
const renewAfter = 1 / 3
const lostAfter = 5 / 6

/** How often locks are looked at whose time is over, and how much later than the first each node does, milliseconds. */
const sweepEveryMs = 1_000
const sweepSpreadMs = 3_000
/** A lock that is younger is most likely about to be given back; of an older one its holder may be gone. */
const youngMs = 1_000

type Parts = {
  store: LockLog
  identity: NodeIdentity
  /** Locks that were open where this node has read the log up to. */
  open?: readonly LockEntry[]
  /** Called where another process uses this node's identity: makes another. */
  renewIdentity?: () => NodeIdentity
  /** Waits until commands can rest on what the views say up to a position. */
  reached(position: Position): Promise<boolean>
  times?: LockTimes
}

/** A lock that is held for longer than one piece of work. */
export type Lease = {
  /** Whether no other node can have it, by the clock of this one. */
  isHeld(): boolean
  release(): void
}

export type LogLocks = DistributedLocks & {
  /**
   * Takes a lock without waiting, and renews it until it is released. `onLost`: it could not be renewed in time; what is
   * done under it must end at once. `null`: another node has it. @throws StoreUnavailable
   */
  hold(key: string, onLost: () => void): Promise<Lease | null>
  heard(events: readonly StoredEvent[], reached: Position | null): void
  /** Says that this node has started. @throws StoreUnavailable */
  start(): Promise<void>
  /** The locks that are open, to go on from after a restart. */
  open(): LockEntry[]
  /** @throws StoreUnavailable under a lock that has lasted too long to append under, or has expired. */
  requireLock(): void
  close(): Promise<void>
}

type LockScope = { id: string; saidAt: number; outer: LockScope | undefined }

export const createDistributedLocks = (parts: Parts): LogLocks => {
  const { store, reached, times = defaultTimes } = parts
  let { identity } = parts
  const session = randomUUID()
  let hasStarted = false
  const queue = createLockQueue()
  for (const entry of parts.open ?? []) queue.taken({ ...entry, seenAt: performance.now() })
  const lockStream = createLockStream(store, () => identity)
  const current = new AsyncLocalStorage<LockScope>()
  const wakers = new Set<() => void>()
  let heardTo: Position | null = null
  /** Our own locks, and those of them that are in the queue. */
  const own = new Set<string>()
  const seen = new Set<string>()
  const expiring = new Set<string>()

  /** Until something is heard, at most so long. */
  const news = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const wake = (): void => {
        clearTimeout(timer)
        wakers.delete(wake)
        resolve()
      }
      const timer = setTimeout(wake, ms)
      wakers.add(wake)
    })

  /** Records those among `locks` that are older, once: all nodes take them out where they read it. */
  const expire = (locks: readonly HeldLock[], olderThanMs: number): void => {
    const now = performance.now()
    const gone = locks
      .filter(({ id, seenAt }) => now - seenAt >= olderThanMs && !own.has(id) && !expiring.has(id))
      .map(({ id }) => id)
    if (gone.length === 0) return
    for (const id of gone) expiring.add(id)
    lockStream.expire(gone)
  }

  // not all nodes at the same moment: the first one's record spares the others theirs
  const spread = Math.random() * Math.min(sweepSpreadMs, times.lease)
  const sweep = setInterval(() => expire(queue.all(), times.lease + spread), sweepEveryMs)
  sweep.unref()

  /** Seconds after which a call that met these locks is worth sending again. */
  const retryAfter = (blockers: readonly HeldLock[]): number => {
    const now = performance.now()
    const left = blockers.map(({ seenAt }) =>
      now - seenAt < youngMs ? youngMs : times.lease - (now - seenAt),
    )
    return Math.max(1, Math.ceil(Math.max(...left) / 1_000))
  }

  type WaitOptions = { wait: boolean; waitBrieflyFor?: string }

  /** @returns whether it is ours; a number of seconds where somebody is before us and we shall not wait. */
  const reachesFront = async (
    lock: AcquiredLock,
    { wait, waitBrieflyFor }: WaitOptions,
  ): Promise<true | number> => {
    const began = performance.now()
    const until = began + times.timeout
    for (;;) {
      const now = performance.now()
      const before = queue.before(lock.id)
      expire(before, times.lease)
      if (seen.has(lock.id)) {
        if (!queue.has(lock.id)) throw new StoreUnavailable(new Error('the lock has expired'))
        if (before.length === 0) break
        const isOld = ({ seenAt }: HeldLock): boolean => now - Math.max(seenAt, began) >= youngMs
        const isRefused = (each: HeldLock): boolean =>
          !wait || (waitBrieflyFor !== undefined && each.keys.includes(waitBrieflyFor) && isOld(each))
        if (before.some(isRefused)) return retryAfter(before)
      }
      if (now >= until) throw new StoreUnavailable(new Error('others held the lock for too long'))
      await news(Math.min(until - now, 500))
    }
    if (heardTo !== null && !(await reached(heardTo)))
      throw new StoreUnavailable(new Error('the views are behind'))
    return true
  }

  /** Another process has started with this node's identity: it has given back what we hold, and we take another. */
  const started = (other: NodeIdentity & { session: string }): void => {
    queue.started(other)
    if (other.session === session) hasStarted = true
    else if (hasStarted && other.node === identity.node && parts.renewIdentity !== undefined)
      identity = parts.renewIdentity()
  }

  const apply = ({ type, data }: StoredEvent, seenAt: number): void => {
    if (type === 'NodeStarted') started(data as NodeIdentity & { session: string })
    if (type === 'TurnsTaken') {
      const { turns, node, incarnation } = data as { turns: AcquiredLock[] } & Partial<NodeIdentity>
      const holder = node === undefined || incarnation === undefined ? {} : { node, incarnation }
      for (const { id, keys } of turns) {
        queue.taken({ id, keys, ...holder, seenAt })
        if (own.has(id)) seen.add(id)
      }
    }
    if (type === 'TurnsRenewed') for (const id of (data as { ids: string[] }).ids) queue.renewed(id, seenAt)
    if (type === 'TurnsGivenBack' || type === 'TurnsExpired')
      for (const id of (data as { ids: string[] }).ids) {
        queue.removed(id)
        expiring.delete(id)
      }
  }

  const forget = (id: string): void => {
    own.delete(id)
    seen.delete(id)
    queue.removed(id)
    lockStream.giveBack([id])
  }

  /** Renews a lock that is ours until it is released or lost. */
  const keep = (lock: AcquiredLock, takenAt: number, onLost: () => void): Lease => {
    let confirmedAt = takenAt
    let isOver = false
    const isHeld = (): boolean =>
      !isOver && queue.has(lock.id) && performance.now() - confirmedAt < times.lease * lostAfter
    const end = (): void => {
      isOver = true
      clearInterval(renewing)
      clearInterval(watching)
      forget(lock.id)
    }
    const renewing = setInterval(() => {
      const askedAt = performance.now()
      lockStream.renew(lock).then(
        () => {
          confirmedAt = askedAt
        },
        // the next one may succeed; if none does, the lock is lost
        () => undefined,
      )
    }, times.lease * renewAfter)
    const watching = setInterval(
      () => {
        if (isHeld()) return
        end()
        onLost()
      },
      Math.min(500, times.lease / 10),
    )
    renewing.unref()
    watching.unref()
    return { isHeld, release: () => void (isOver || end()) }
  }

  return {
    hold: async (key, onLost) => {
      if (queue.isTaken(key)) return null
      const lock = { id: randomUUID(), keys: [key] }
      const saidAt = performance.now()
      own.add(lock.id)
      try {
        await lockStream.take(lock)
        if ((await reachesFront(lock, { wait: false })) === true) return keep(lock, saidAt, onLost)
        forget(lock.id)
        return null
      } catch (error) {
        forget(lock.id)
        throw error
      }
    },

    take: async (keys, work, { taken, ...waiting }) => {
      const lock = { id: randomUUID(), keys }
      const saidAt = performance.now()
      own.add(lock.id)
      try {
        await lockStream.take(lock)
        const isOurs = await reachesFront(lock, waiting)
        if (isOurs !== true) return await taken(isOurs)
        return await current.run({ id: lock.id, saidAt, outer: current.getStore() }, work)
      } finally {
        forget(lock.id)
      }
    },

    heard: (events, position) => {
      const seenAt = performance.now()
      for (const event of events) apply(event, seenAt)
      heardTo = position ?? heardTo
      for (const wake of [...wakers]) wake()
    },

    start: () => lockStream.start(session),

    open: () => queue.all().map(({ seenAt: _, ...entry }) => entry),

    requireLock: () => {
      const now = performance.now()
      for (let held = current.getStore(); held !== undefined; held = held.outer)
        if (now - held.saidAt > times.work || !queue.has(held.id))
          throw new StoreUnavailable(new Error('the lock has lasted too long'))
    },

    close: async () => {
      clearInterval(sweep)
      await lockStream.close()
    },
  }
}
