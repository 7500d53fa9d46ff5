import { setTimeout as sleep } from 'node:timers/promises'
import { StoreUnavailable } from '../../domain/eventStore.ts'

/** Tries before a migration is given up, to be gone on with later, and the milliseconds between them. */
export const attempts = 30
export const pauseMs = 1_000

/** Does it again for a while where the target does not answer. @throws StoreUnavailable where it stays away. */
export const withRetry = async <T>(work: () => Promise<T>): Promise<T> => {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof StoreUnavailable) || attempt === attempts) throw error
      await sleep(pauseMs)
    }
  }
}
