/** Locks that depend on data which may change until they are held. */
import { Conflict } from './conflict.ts'

const attempts = 8

/**
 * Finds out what is concerned, locks it and works, so often until both agree.
 * @param attempt `null`: what was locked is no longer what is concerned
 * @throws Conflict `write_conflict` where they never agree; what `attempt` throws
 */
export const lookAgain = async <T>(attempt: () => Promise<{ value: T } | null>): Promise<T> => {
  for (let left = attempts; left > 0; left--) {
    const result = await attempt()
    if (result !== null) return result.value
  }
  throw new Conflict('write_conflict')
}
