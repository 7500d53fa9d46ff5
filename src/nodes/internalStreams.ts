/** Keeps internal streams (keys, locks, marks) away from followers and readers of the log, and hands them to the node. */
import type { EventStore, Position, StoredEvent } from '../../domain/eventStore.ts'

/** Streams that begin with these are internal: customers' keys, locks, the access log, and where the log came from. */
const internalStreams = ['subject-', 'erased-', 'turns-', 'access-', 'master-key', 'migration'] as const

/** Whether an event is no fact of the business. */
export const isInternal = ({ stream }: Pick<StoredEvent, 'stream'>): boolean =>
  internalStreams.some((prefix) => stream.startsWith(prefix))

/** Gets internal events in order, each once, before any follower gets what came after them. */
export type OnInternal = (events: StoredEvent[], reached: Position | null) => void

export type InternalOptions = {
  onInternal: OnInternal
  /** Up to where this node knows the internal streams already; `null`: nothing. */
  knownUpTo: Position | null
}

/** The log without internal streams. */
export type BusinessLog = EventStore & {
  /** Reads internal streams up to the end of the log. @throws StoreUnavailable; the next call tries again. */
  readInternalStreams(): Promise<void>
}

const pageSize = 2_000

/**
 * The store without internal streams, which go to `onInternal`. A follower or reader who begins further on than what is
 * known here waits until the gap has been read as well, so that no event is handed over before its customer's key.
 * A gap that could not be read is read again by the next caller.
 */
export const filterInternal = (
  store: EventStore,
  { onInternal, knownUpTo }: InternalOptions,
): BusinessLog => {
  /** Everything internal up to here has been handed over. */
  let known = knownUpTo
  const isNew = (position: Position): boolean => known === null || store.comparePositions(position, known) > 0

  const split = (events: StoredEvent[], reached: Position | null): StoredEvent[] => {
    const internal = events.filter((event) => isInternal(event) && isNew(event.position))
    const end = reached ?? internal.at(-1)?.position ?? null
    if (end !== null && isNew(end)) {
      onInternal(internal, end)
      known = end
    }
    return events.filter((event) => !isInternal(event))
  }

  /** Reads from what is known to `upTo` for internal events alone. */
  const readGap = async (upTo: Position): Promise<void> => {
    while (isNew(upTo)) {
      const page = await store.readAll(known, pageSize)
      const last = page.at(-1)?.position ?? upTo
      split(page, page.length < pageSize && store.comparePositions(last, upTo) < 0 ? upTo : last)
    }
  }

  let reading: Promise<void> | undefined
  const knownAt = async (position: Position | null): Promise<void> => {
    while (position !== null && isNew(position)) {
      // shared while it runs and never longer: a failure that was kept would fail every later caller
      reading ??= readGap(position).finally(() => {
        reading = undefined
      })
      await reading
    }
  }

  return {
    ...store,

    readAll: async (position, limit) => {
      await knownAt(position)
      const events: StoredEvent[] = []
      for (let after = position; events.length < limit; ) {
        const wanted = limit - events.length
        const page = await store.readAll(after, wanted)
        after = page.at(-1)?.position ?? after
        for (const event of split(page, after)) events.push(event)
        if (page.length < wanted) break
      }
      return events
    },

    follow: (position, onBatch, onStopped) =>
      store.follow(
        position,
        async (events, reached) => {
          await knownAt(position)
          const last = reached ?? events.at(-1)?.position ?? null
          const rest = split(events, last)
          if (rest.length > 0 || reached !== undefined) await onBatch(rest, reached)
        },
        onStopped,
      ),

    readInternalStreams: async () => knownAt(await store.head()),
  }
}
