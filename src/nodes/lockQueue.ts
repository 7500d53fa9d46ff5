/** The lock queue: locks taken in the log and not given back, in its order. No I/O, no clock of its own. */
import type { NodeIdentity } from './identity.ts'

/** A lock as the log has it. Locks of earlier versions name no node. */
export type LockEntry = { id: string; keys: readonly string[] } & Partial<NodeIdentity>

export type HeldLock = LockEntry & {
  /** When this node saw it, milliseconds of a clock that is never set back. */
  seenAt: number
}

/** The queue as this node knows it: every node that has read as far has the same. */
export const createLockQueue = () => {
  const locks = new Map<string, HeldLock>()
  const byKey = new Map<string, string[]>()

  const remove = (id: string): void => {
    const lock = locks.get(id)
    if (lock === undefined) return
    locks.delete(id)
    for (const key of lock.keys) {
      const left = (byKey.get(key) ?? []).filter((each) => each !== id)
      if (left.length > 0) byKey.set(key, left)
      else byKey.delete(key)
    }
  }

  return {
    /** At the end of the queue; again: no effect. */
    taken: (lock: HeldLock): void => {
      if (locks.has(lock.id)) return
      locks.set(lock.id, lock)
      for (const key of lock.keys) byKey.set(key, [...(byKey.get(key) ?? []), lock.id])
    },

    /** Its holder goes on holding it. */
    renewed: (id: string, seenAt: number): void => {
      const turn = locks.get(id)
      if (turn !== undefined) turn.seenAt = seenAt
    },

    /** Given back by its holder, or expired. */
    removed: remove,

    /** A node has started: what its earlier incarnations hold is held by nobody. */
    started: ({ node, incarnation }: NodeIdentity): void => {
      for (const lock of [...locks.values()])
        if (lock.node === node && (lock.incarnation ?? 0) < incarnation) remove(lock.id)
    },

    has: (id: string): boolean => locks.has(id),

    isTaken: (key: string): boolean => byKey.has(key),

    /** Those who came earlier for any of the same keys. */
    before: (id: string): HeldLock[] => {
      const lock = locks.get(id)
      if (lock === undefined) return []
      const earlier = lock.keys.flatMap((key) => {
        const queue = byKey.get(key) ?? []
        return queue.slice(0, queue.indexOf(id))
      })
      return [...new Set(earlier)].map((each) => locks.get(each) as HeldLock)
    },

    /** All of it, the oldest first. */
    all: (): HeldLock[] => [...locks.values()],
  }
}
