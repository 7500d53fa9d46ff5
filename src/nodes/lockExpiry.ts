/** Locks whose time is over: any node that notices records it, and all nodes take them out of the queue where they read it. */
import type { createLockQueue, HeldLock } from './lockQueue.ts'

/** How often locks are looked at whose time is over, and how much later than the first each node does, milliseconds. */
const sweepEveryMs = 1_000
const sweepSpreadMs = 3_000

type Parts = {
  queue: Pick<ReturnType<typeof createLockQueue>, 'all'>
  /** Milliseconds after which a lock expires. */
  leaseMs: number
  isOwn(id: string): boolean
  record(ids: readonly string[]): void
}

export const createLockExpiry = ({ queue, leaseMs, isOwn, record }: Parts) => {
  const expiring = new Set<string>()

  /** Records those among `locks` whose time is over, once. */
  const expire = (locks: readonly HeldLock[], olderThanMs = leaseMs): void => {
    const now = performance.now()
    const gone = locks
      .filter(({ id, seenAt }) => now - seenAt >= olderThanMs && !isOwn(id) && !expiring.has(id))
      .map(({ id }) => id)
    if (gone.length === 0) return
    for (const id of gone) expiring.add(id)
    record(gone)
  }

  // not all nodes at the same moment: the first one's record spares the others theirs
  const spread = Math.random() * Math.min(sweepSpreadMs, leaseMs)
  const sweep = setInterval(() => expire(queue.all(), leaseMs + spread), sweepEveryMs)
  sweep.unref()

  return {
    expire,
    /** The lock is out of the queue. */
    removed: (id: string): void => void expiring.delete(id),
    stop: (): void => clearInterval(sweep),
  }
}
