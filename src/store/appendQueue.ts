/** Appends that wait at the same time share one transaction, and so one flush to disk. */
import { VersionConflict } from '../../domain/eventStore.ts'
import type { WaitingAppend } from './sqliteAppender.ts'

/** Most appends that share one transaction, so that a flood does not hold up everything else for long. */
const appendsPerCommit = 512

/**
 * A flush costs as much for one append as for many, so appends wait for others as long as each turn of the event
 * loop brings more, until there are so many, and never longer than this.
 */
const enoughForCommit = 64
const longestWaitMs = 5

/** @param commit writes a group and gives each append its answer; what it throws all of them get */
export const createAppendQueue = (commit: (group: readonly WaitingAppend[]) => void) => {
  let waiting: WaitingAppend[] = []
  let waitingSince = 0
  let lastTurn = 0

  const flush = (): void => {
    const group = waiting.slice(0, appendsPerCommit)
    waiting = waiting.slice(appendsPerCommit)
    if (waiting.length > 0) setImmediate(flush)
    if (group.length === 0) return
    try {
      commit(group)
    } catch (error) {
      for (const append of group) append.reject(error)
      return
    }
    for (const { answer, resolve, reject } of group) {
      if (answer === undefined || answer instanceof VersionConflict) reject(answer)
      else resolve(answer)
    }
  }

  const flushWhenQuiet = (): void => {
    const brought = waiting.length - lastTurn
    lastTurn = waiting.length
    const isEnough = lastTurn >= enoughForCommit || performance.now() - waitingSince > longestWaitMs
    if (brought > 0 && !isEnough) setImmediate(flushWhenQuiet)
    else flush()
  }

  return {
    add: (append: WaitingAppend): void => {
      waiting.push(append)
      if (waiting.length > 1) return
      waitingSince = performance.now()
      lastTurn = 0
      setImmediate(flushWhenQuiet)
    },
    /** Writes all that waits, now. */
    flushAll: (): void => {
      while (waiting.length > 0) flush()
    },
  }
}
