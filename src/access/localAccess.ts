/** The access log in the data folder: lines are written there at once, and searched there. */
import { performance } from 'node:perf_hooks'
import type { AccessLine, AccessLog, AccessPlace } from '../../domain/accessLog.ts'
import { findIn } from './search.ts'
import { openSegments } from './segments.ts'

export type ClosableAccessLog = AccessLog & { close(): Promise<void> }

/** For so long after a failure, milliseconds, a write whose answer would have to be logged is refused before it is done. */
const quietMs = 1_000

/** Why a line could not be written a moment ago. */
export const createFaults = () => {
  let failedAt = Number.NEGATIVE_INFINITY
  return {
    failed: (): void => {
      failedAt = performance.now()
    },
    worked: (): void => {
      failedAt = Number.NEGATIVE_INFINITY
    },
    reason: (): string | null =>
      performance.now() - failedAt < quietMs ? 'reads of personal data cannot be logged' : null,
  }
}

/** Lines of one write. */
const mostTogether = 64

type WaitingLine = { line: AccessLine; resolve: () => void; reject: (error: unknown) => void }

/** Whether a turn of the event loop has begun since it was asked last. */
const turns = () => {
  let last = -1
  return (): boolean => {
    const { loopCount } = performance.nodeTiming.uvMetricsInfo
    const isNew = loopCount !== last
    last = loopCount
    return isNew
  }
}

/** Opens the folder `dir`. */
export const openLocalAccess = (dir: string): ClosableAccessLog => {
  const segments = openSegments(dir)
  const faults = createFaults()
  /** Lines of files that still go out. */
  const open = new Map<string, AccessPlace>()
  /** Under load many answers go out in one turn of the event loop: after the first, their lines share a write. */
  const isNewTurn = turns()
  let waiting: WaitingLine[] = []
  const writeWaiting = (): void => {
    const all = waiting
    waiting = []
    if (all.length === 0) return
    try {
      segments.appendAll(all.map(({ line }) => line))
      faults.worked()
      for (const { resolve } of all) resolve()
    } catch (error) {
      faults.failed()
      for (const { reject } of all) reject(error)
    }
  }
  const writeWithOthers = (line: AccessLine): Promise<void> =>
    new Promise((resolve, reject) => {
      waiting.push({ line, resolve, reject })
      if (waiting.length === 1) setImmediate(writeWaiting)
      if (waiting.length === mostTogether) writeWaiting()
    })
  return {
    write: (line, file) => {
      if (file === undefined && !isNewTurn()) return writeWithOthers(line)
      writeWaiting()
      try {
        const place = segments.append(line)
        faults.worked()
        if (file !== undefined) open.set(file, place)
        return undefined
      } catch (error) {
        faults.failed()
        throw error
      }
    },
    complete: (file, count) => {
      const place = open.get(file)
      open.delete(file)
      try {
        if (place !== undefined) segments.setCount(place, count)
      } catch {
        // without its count the line stays as one of a file whose end nobody saw
      }
    },
    settle: async () => writeWaiting(),
    find: (query, page) => {
      writeWaiting()
      return findIn(segments, query, page)
    },
    reason: faults.reason,
    close: async () => {
      writeWaiting()
      segments.close()
    },
  }
}
