/** The access log in the data folder: lines are written there at once, and searched there. */
import type { AccessLog, AccessPlace } from '../../domain/accessLog.ts'
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

/** Opens the folder `dir`. */
export const openLocalAccess = (dir: string): ClosableAccessLog => {
  const segments = openSegments(dir)
  const faults = createFaults()
  /** Lines of files that still go out. */
  const open = new Map<string, AccessPlace>()
  return {
    write: (line, file) => {
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
    settle: async () => {},
    find: (query, page) => findIn(segments, query, page),
    reason: faults.reason,
    close: async () => segments.close(),
  }
}
