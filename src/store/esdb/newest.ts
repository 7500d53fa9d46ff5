/** Looks for the newest event of ours, from the end of the log backwards; where too much is not ours, forwards. */
import type { StoredEvent } from '../../../domain/eventStore.ts'
import { isAfter, placeOf } from './place.ts'
import type { LogEvent, RecordedEvents } from './recorded.ts'
import type { Feed, LogPosition, Wire } from './wire.ts'

/** Events looked at one by one from the end of the log: there ours are mostly the last. */
const firstLook = 8
const nextLooks = 1_000
/** After so many that are not ours it is quicker to come from the other side, where the server passes over them. */
const mostLookedBack = 20_000

type PlacedEvent = LogEvent & { position: LogPosition }

type Parts = {
  events: Pick<RecordedEvents, 'isOurs' | 'withoutData'>
  /** Some events of everybody from a place backwards; `null`: from the end of the log. */
  look(from: LogPosition | null, count: number): Promise<PlacedEvent[]>
  /** Events of our streams strictly after a place. */
  subscribe(after: LogPosition | null, read: (event: LogEvent) => StoredEvent): Feed
}

export const createNewest = ({ events, look, subscribe }: Parts): Wire['newest'] => {
  /** The newest of ours, from a place on to the end. */
  const lookForwards: Wire['newest'] = async (after) => {
    // only places are looked at, also of what is damaged
    const feed = subscribe(after, events.withoutData)
    let newest: LogPosition | null = null
    let end: LogPosition | null = null
    try {
      for (let isLive = false; !isLive; ) {
        const fed = await feed.next()
        isLive = fed.isLive
        end = fed.reached ?? end
        const last = fed.events.at(-1)
        if (last !== undefined) newest = placeOf(last.position)
      }
      return { newest, end }
    } finally {
      feed.close()
    }
  }

  return async (after) => {
    const isNew = ({ position }: PlacedEvent): boolean => after === null || isAfter(position, after)
    let end: LogPosition | null = null
    let from: LogPosition | null = null
    for (let looked = 0; looked < mostLookedBack; looked += nextLooks) {
      const count = looked === 0 ? firstLook : nextLooks
      const page: PlacedEvent[] = await look(from, count)
      end ??= page[0]?.position ?? null
      const own = page.find((event) => events.isOurs(event) && isNew(event))
      if (own !== undefined) return { newest: own.position, end }
      const last = page.at(-1)
      if (last === undefined || page.length < count || !isNew(last)) return { newest: null, end }
      from = last.position
    }
    return lookForwards(after)
  }
}
