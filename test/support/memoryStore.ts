import type { EventStore, StoredEvent } from '../../domain/eventStore.ts'

/** A log in memory to read and follow; `add` stands for what any process appends. Positions count from 1. */
export const memoryStore = (log: StoredEvent[] = []) => {
  const wake = new Set<() => void>()
  const after = (position: string | null, limit: number) =>
    log.slice(Number(position ?? 0), Number(position ?? 0) + limit)
  const store: EventStore = {
    readStream: async (stream, afterVersion = 0) =>
      log.filter((event) => event.stream === stream && event.version > afterVersion),
    append: () => Promise.reject(new Error('this log takes its events from add')),
    readAll: async (position, limit) => after(position, limit),
    follow: (position, onBatch, onStopped) => {
      let last = position
      const pump = (): void => {
        const events = after(last, 500)
        if (events.length === 0) return
        last = events.at(-1)?.position ?? last
        try {
          onBatch(events)
        } catch (error) {
          wake.delete(pump)
          onStopped(error)
          return
        }
        pump()
      }
      wake.add(pump)
      setImmediate(pump)
      return {
        stop: async () => {
          wake.delete(pump)
        },
      }
    },
    comparePositions: (a, b) => Number(a) - Number(b),
    head: async () => log.at(-1)?.position ?? null,
    close: async () => {},
  }
  const add = (events: readonly StoredEvent[]): void => {
    log.push(...events)
    for (const pump of wake) pump()
  }
  return { store, add }
}
