/** Pages of the log out of subscriptions, for only those let the server pass over what is not ours. */
import type { StoredEvent } from '../../../domain/eventStore.ts'
import type { Feed, LogPosition, Wire } from './wire.ts'

type OpenFeed = { feed: Feed; next: string; left: StoredEvent[]; idle: NodeJS.Timeout }

/** How long a subscription waits for somebody to ask for the next page. */
const idleMs = 2_000

const keyOf = (position: string | null): string => position ?? 'start'

/**
 * Pages in order. Who asks for the page after the last one gets it out of the same subscription, which has gone on
 * reading meanwhile.
 */
export const createPages = (wire: Pick<Wire, 'subscribe'>, textOf: (place: LogPosition) => string) => {
  const kept = new Map<string, OpenFeed>()

  const keep = (feed: Feed, next: string, left: StoredEvent[]): void => {
    kept.get(next)?.feed.close()
    const idle = setTimeout(() => {
      kept.delete(next)
      feed.close()
    }, idleMs)
    kept.set(next, { feed, next, left, idle })
  }

  const take = (key: string): { feed: Feed; left: StoredEvent[] } | undefined => {
    const reading = kept.get(key)
    if (reading === undefined) return undefined
    clearTimeout(reading.idle)
    kept.delete(key)
    return reading
  }

  /** At most `limit` events after a place; fewer only where the log ends. @throws where the subscription fails. */
  const read = async (after: LogPosition | null, limit: number): Promise<StoredEvent[]> => {
    const key = keyOf(after === null ? null : textOf(after))
    const { feed, left } = take(key) ?? { feed: wire.subscribe(after), left: [] }
    const events = left
    try {
      while (events.length < limit) {
        const fed = await feed.next()
        for (const event of fed.events) events.push(event)
        if (!fed.isLive) continue
        feed.close()
        return events.slice(0, limit)
      }
    } catch (error) {
      feed.close()
      throw error
    }
    const page = events.slice(0, limit)
    keep(feed, keyOf(page.at(-1)?.position ?? null), events.slice(limit))
    return page
  }

  return {
    read,
    close: (): void => {
      for (const key of [...kept.keys()]) take(key)?.feed.close()
    },
  }
}
