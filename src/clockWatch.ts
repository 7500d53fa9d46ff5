/** Compares the clock with the newest event of the log: a clock that was far ahead once has left stamps of the future. */
import type { Logger } from 'pino'
import type { EventStore } from '../domain/eventStore.ts'
import type { Instant } from '../domain/instant.ts'
import { isFarAhead } from '../domain/stamp.ts'
import type { Views } from '../projections/views.ts'

export type ClockWatch = {
  /** The store, whose appends are compared too. */
  watched(store: EventStore): EventStore
  /** Compares the newest event that the views have; for the start. @throws what the store throws. */
  compare(store: Pick<EventStore, 'readStream'>, views: Pick<Views, 'newestEvent'>): Promise<void>
  /** What is wrong with the clock, a sentence; `null`: nothing. */
  reason(): string | null
}

const sentence = (newest: Instant, now: Instant): string =>
  `the newest event of the log was recorded at ${newest}, and the clock shows ${now}: it was ahead then, or is behind now. Set it right. New events are stamped with the clock as it is`

export const createClockWatch = ({ now, log }: { now: () => Instant; log: Logger }): ClockWatch => {
  /** Of the newest event at the start and of those this process appended; imports bear instants of the past. */
  let newest: Instant | null = null
  let isTold = false

  const reason = (): string | null => {
    const clock = now()
    return newest !== null && isFarAhead(newest, clock) ? sentence(newest, clock) : null
  }
  const heard = (recordedAt: Instant): void => {
    if (newest === null || recordedAt > newest) newest = recordedAt
    const why = recordedAt < newest ? reason() : null
    if (why !== null && !isTold) log.warn(why)
    isTold = why !== null
  }
  return {
    reason,
    watched: (store) => ({
      ...store,
      append: async (stream, expectedVersion, events) => {
        const appended = await store.append(stream, expectedVersion, events)
        const metadata = events.at(-1)?.metadata
        if (metadata !== undefined && !metadata.imported) heard(metadata.recordedAt)
        return appended
      },
    }),
    compare: async (store, views) => {
      const last = views.newestEvent()
      if (last === null) return
      const [event] = await store.readStream(last.stream, last.version - 1)
      if (event === undefined) return
      newest = event.metadata.recordedAt
      const why = reason()
      if (why !== null) log.warn(why)
      isTold = why !== null
    },
  }
}
