/** Lines that wait at the same time are written together. */
import { StoreUnavailable } from '../../domain/eventStore.ts'

/** For so long after a failure no more is tried; then the next line tries again. Milliseconds. */
const quietMs = 1_000

export type Batch<Entry> = {
  /** @throws StoreUnavailable */
  write(entry: Entry): Promise<void>
  reason(): string | null
}

type Waiting<Entry> = { entry: Entry; resolve: () => void; reject: (error: unknown) => void }

/** Most entries written at once. */
const most = 500

/** `writeAll` writes several entries or none; one call at a time. */
export const createBatch = <Entry>(writeAll: (entries: Entry[]) => void | Promise<void>): Batch<Entry> => {
  let waiting: Waiting<Entry>[] = []
  let isRunning = false
  let failedAt = Number.NEGATIVE_INFINITY

  const run = async (): Promise<void> => {
    while (waiting.length > 0) {
      const batch = waiting.slice(0, most)
      waiting = waiting.slice(most)
      try {
        await writeAll(batch.map(({ entry }) => entry))
        failedAt = Number.NEGATIVE_INFINITY
        for (const { resolve } of batch) resolve()
      } catch (error) {
        failedAt = performance.now()
        for (const { reject } of batch)
          reject(error instanceof StoreUnavailable ? error : new StoreUnavailable(error))
      }
    }
    isRunning = false
  }

  return {
    write: (entry) =>
      new Promise((resolve, reject) => {
        waiting.push({ entry, resolve, reject })
        if (isRunning) return
        isRunning = true
        // after everything of this turn of the event loop, so that its lines share a transaction
        setImmediate(() => void run())
      }),
    reason: () => (performance.now() - failedAt < quietMs ? 'reads of personal data cannot be logged' : null),
  }
}
