/** Waiting for a lock of ours to come to the front of the queue. */
import { StoreUnavailable } from '../../domain/eventStore.ts'
import type { createLockQueue, HeldLock } from './lockQueue.ts'

/** A lock that is younger is most likely about to be given back; of an older one its holder may be gone. */
const youngMs = 1_000

/** `wait` false: not at all while another lock is before it; `waitBrieflyFor`: no longer than a second for one on that key. */
export type WaitOptions = { wait: boolean; waitBrieflyFor?: string }

type Parts = {
  queue: Pick<ReturnType<typeof createLockQueue>, 'before' | 'has'>
  /** Milliseconds: after `lease` a lock expires; nobody waits longer than `timeout`. */
  times: { lease: number; timeout: number }
  /** Whether a lock of ours has been read in the log. */
  isSeen(id: string): boolean
  /** Records those whose time is over. */
  expire(locks: readonly HeldLock[]): void
}

export const createLockWaiting = ({ queue, times, isSeen, expire }: Parts) => {
  const wakers = new Set<() => void>()

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

  /** Seconds after which a call that met these locks is worth sending again. */
  const retryAfter = (blockers: readonly HeldLock[]): number => {
    const now = performance.now()
    const left = blockers.map(({ seenAt }) =>
      now - seenAt < youngMs ? youngMs : times.lease - (now - seenAt),
    )
    return Math.max(1, Math.ceil(Math.max(...left) / 1_000))
  }

  return {
    /** Something was read in the log. */
    heard: (): void => {
      for (const wake of [...wakers]) wake()
    },

    /**
     * Waits until no other lock is before it. A number of seconds: somebody is before us and we shall not wait.
     * @throws StoreUnavailable where it expired or others held theirs for too long
     */
    untilFront: async (id: string, { wait, waitBrieflyFor }: WaitOptions): Promise<true | number> => {
      const began = performance.now()
      const until = began + times.timeout
      for (;;) {
        const now = performance.now()
        const before = queue.before(id)
        expire(before)
        if (isSeen(id)) {
          if (!queue.has(id)) throw new StoreUnavailable(new Error('the lock has expired'))
          if (before.length === 0) return true
          const isOld = ({ seenAt }: HeldLock): boolean => now - Math.max(seenAt, began) >= youngMs
          const isRefused = (each: HeldLock): boolean =>
            !wait || (waitBrieflyFor !== undefined && each.keys.includes(waitBrieflyFor) && isOld(each))
          if (before.some(isRefused)) return retryAfter(before)
        }
        if (now >= until) throw new StoreUnavailable(new Error('others held the lock for too long'))
        await news(Math.min(until - now, 500))
      }
    },
  }
}
