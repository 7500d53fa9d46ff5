/** Those who wait until views have reached a position. */
import type { Position } from '../domain/eventStore.ts'

type Waiter = {
  isDone: () => boolean
  isHopeless: () => boolean
  settle: (reached: boolean) => void
}

export type WaitersOptions<Name> = {
  hasReached(position: Position, of: readonly Name[]): boolean
  hasStopped(of: readonly Name[]): boolean
  /** A connection that only reads is not told when the views move, so it looks again and again. */
  polls: boolean
}

/** How often a connection that only reads looks whether a position has been reached, milliseconds. */
const pollMs = 20

export const createWaiters = <Name>({ hasReached, hasStopped, polls }: WaitersOptions<Name>) => {
  const waiters = new Set<Waiter>()

  /** Settles those whose position has been reached, or never will be. */
  const wake = (): void => {
    for (const waiter of waiters) {
      if (waiter.isDone()) waiter.settle(true)
      else if (waiter.isHopeless()) waiter.settle(false)
    }
  }

  return {
    wake,

    /** `false`: not in that time, or one of the views has stopped. */
    wait: (position: Position, of: readonly Name[], timeoutMs: number): Promise<boolean> =>
      new Promise((resolve) => {
        const isDone = () => hasReached(position, of)
        const settle = (reached: boolean): void => {
          clearTimeout(timer)
          clearInterval(poll)
          waiters.delete(waiter)
          resolve(reached)
        }
        const timer = setTimeout(() => settle(isDone()), timeoutMs)
        const poll = polls ? setInterval(wake, pollMs) : undefined
        const waiter: Waiter = { isDone, isHopeless: () => hasStopped(of), settle }
        waiters.add(waiter)
      }),

    /** Settles all as not reached. */
    giveUp: (): void => {
      for (const waiter of waiters) waiter.settle(false)
    },
  }
}
