/**
 * Distributed locks: who wants to do something alone says so in the log, and waits for those who said so earlier. See
 * `docs/adr/0015-eventstoredb.md` for why a holder cannot go on past the end of its lock, and 0020 for what is locked.
 */
import { AsyncLocalStorage } from 'node:async_hooks'
import { randomUUID } from 'node:crypto'
import type { DistributedLocks } from '../../api/commands/deps.ts'
import { type Position, type StoredEvent, StoreUnavailable } from '../../domain/eventStore.ts'
import type { NodeIdentity } from './identity.ts'
import { keepLease, type Lease } from './lease.ts'
import { createLockExpiry } from './lockExpiry.ts'
import { createLockQueue, type LockEntry } from './lockQueue.ts'
import { type AcquiredLock, createLockStream, type LockLog } from './lockStream.ts'
import { createLockWaiting, type WaitOptions } from './lockWaiting.ts'

/** Milliseconds: after `lease` a lock expires; after `work` its holder begins no append any more. */
export type LockTimes = { lease: number; work: number; timeout: number }

/** An append that was begun is over, one way or another, 20 seconds later: so long do tries and their deadline last. */
const defaultTimes: LockTimes = { lease: 30_000, work: 10_000, timeout: 8_000 }

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
  let heardTo: Position | null = null
  /** Our own locks, and those of them that are in the queue. */
  const own = new Set<string>()
  const seen = new Set<string>()

  const expiry = createLockExpiry({
    ...{ queue, leaseMs: times.lease, record: lockStream.expire },
    isOwn: (id) => own.has(id),
  })
  const waiting = createLockWaiting({
    ...{ queue, times, expire: expiry.expire },
    isSeen: (id) => seen.has(id),
  })

  /** A number of seconds: somebody is before us and we shall not wait. @throws StoreUnavailable */
  const acquire = async (lock: AcquiredLock, options: WaitOptions): Promise<true | number> => {
    own.add(lock.id)
    await lockStream.take(lock)
    const isFirst = await waiting.untilFront(lock.id, options)
    if (isFirst === true && heardTo !== null && !(await reached(heardTo)))
      throw new StoreUnavailable(new Error('the views are behind'))
    return isFirst
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
        expiry.removed(id)
      }
  }

  const forget = (id: string): void => {
    own.delete(id)
    seen.delete(id)
    queue.removed(id)
    lockStream.giveBack([id])
  }

  return {
    hold: async (key, onLost) => {
      if (queue.isTaken(key)) return null
      const lock = { id: randomUUID(), keys: [key] }
      const takenAt = performance.now()
      try {
        if ((await acquire(lock, { wait: false })) === true)
          return keepLease({
            ...{ leaseMs: times.lease, takenAt, onLost },
            isInQueue: () => queue.has(lock.id),
            renew: () => lockStream.renew(lock),
            giveBack: () => forget(lock.id),
          })
        forget(lock.id)
        return null
      } catch (error) {
        forget(lock.id)
        throw error
      }
    },

    take: async (keys, work, { taken, ...options }) => {
      const lock = { id: randomUUID(), keys }
      const saidAt = performance.now()
      try {
        const isOurs = await acquire(lock, options)
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
      waiting.heard()
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
      expiry.stop()
      await lockStream.close()
    },
  }
}
