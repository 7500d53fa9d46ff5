/** What the nodes of one log tell each other in it: taken out of what followers and readers are given. */
import type { EventStore, Position, StoredEvent } from '../../domain/eventStore.ts'

/** Streams beginning with these are between nodes: customers' keys, whose turn it is, and where the log came from. */
const betweenNodes = ['subject-', 'erased-', 'turns-', 'master-key', 'migration'] as const

/** Whether an event is no fact of the business. */
export const isBetweenNodes = ({ stream }: Pick<StoredEvent, 'stream'>): boolean =>
  betweenNodes.some((prefix) => stream.startsWith(prefix))

/** Gets what was set aside, in order, before any follower gets what came after it. May get the same again. */
export type OnAside = (events: StoredEvent[], reached: Position | null) => void

export type AsideOptions = {
  onAside: OnAside
  /** How far what was set aside is known here already. */
  knownUpTo(): Position | null
}

const pageSize = 2_000

/**
 * The store without what is between nodes, which goes to `onAside`. A follower or reader who begins further on than
 * what is known here waits until that has been read as well, so that no event is handed over before its customer's key.
 */
export const setAside = (store: EventStore, { onAside, knownUpTo }: AsideOptions): EventStore => {
  const split = (events: StoredEvent[], reached: Position | null): StoredEvent[] => {
    const aside = events.filter(isBetweenNodes)
    if (aside.length > 0 || reached !== null) onAside(aside, reached)
    return aside.length === 0 ? events : events.filter((event) => !isBetweenNodes(event))
  }

  let caughtUp: Promise<void> | undefined
  /** Reads what is between here and there for what is set aside alone. */
  const catchUp = async (upTo: Position): Promise<void> => {
    for (let after = knownUpTo(); after === null || store.comparePositions(after, upTo) < 0; ) {
      const page = await store.readAll(after, pageSize)
      const last = page.at(-1)?.position ?? upTo
      const reached = page.length < pageSize ? (store.comparePositions(last, upTo) > 0 ? last : upTo) : last
      split(page, reached)
      after = reached
    }
  }
  const knownAt = (position: Position | null): Promise<void> => {
    caughtUp ??= position === null ? Promise.resolve() : catchUp(position)
    return caughtUp
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
  }
}
