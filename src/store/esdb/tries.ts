/** Tries of a call: made again while nobody knows what became of it, until there is no time left. */
import { setTimeout as sleep } from 'node:timers/promises'
import { DamagedEvent, StoreUnavailable, VersionConflict } from '../../../domain/eventStore.ts'
import { pauseMs } from './place.ts'
import { NotLeader, ServerRefusal, type Wire } from './wire.ts'
import { within } from './within.ts'

/** Milliseconds: how long one try of an append or a read may take, and how long they are tried again. */
export type TryTimes = { append: number; read: number; budget: number }

type Parts = {
  times: TryTimes
  /** Told of what is survived, in words without secrets. */
  onTrouble(what: string, error: unknown): void
  /** Nothing is tried any more. */
  isClosed(): boolean
}

export const createTries = (
  wire: Pick<Wire, 'generation' | 'renew'>,
  { times: { append, read, budget }, onTrouble, isClosed }: Parts,
) => {
  const longest = Math.max(budget, append, read)
  /**
   * Does it again while nobody knows what became of it, until the budget that began at `began` is over; a budget smaller
   * than one try is one try. What takes longer goes on alone. @throws StoreUnavailable
   */
  return async <T>(what: string, work: () => Promise<T>, began = Date.now()): Promise<T> => {
    const until = began + budget
    for (let failures = 0; ; failures++) {
      const generation = wire.generation()
      try {
        const left = Math.max(0, began + longest - Date.now())
        return await within(left, 'no answer in all the time there is for it', work())
      } catch (error) {
        if (error instanceof VersionConflict || error instanceof DamagedEvent) throw error
        if (error instanceof ServerRefusal) throw new StoreUnavailable(error)
        onTrouble(what, error)
        // it may hold on to what failed for ever, or wait for an answer that does not come
        const renewed = error instanceof NotLeader ? undefined : wire.renew(generation)
        renewed?.catch(() => {})
        if (isClosed() || Date.now() >= until) throw new StoreUnavailable(error)
        await renewed
        await sleep(Math.min(pauseMs(failures), Math.max(0, until - Date.now())))
      }
    }
  }
}
