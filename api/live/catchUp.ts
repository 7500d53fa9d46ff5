/** Readers behind the head of the log: what follows one position is read, and made into messages, once for all who are there. */
import { announcedOf } from '../../domain/announced.ts'
import type { Position, StoredEvent } from '../../domain/eventStore.ts'
import { yieldToEventLoop } from '../commands/inFlight.ts'
import type { Deps } from '../http/deps.ts'
import { audienceKey } from './classes.ts'
import { sourcesOf } from './items.ts'
import { type Audience, createMessages } from './messages.ts'
import { createSlices, sleep } from './slices.ts'

/** Events read at a time. */
const eventsAtOnce = 200
/** So many of them are made into messages in a turn; then commands go first. */
const messagesInATurn = 10
/** A turn is followed by a rest of so many times its length, whatever the readers could take. */
const restFactor = 2
/** Whoever has waited for so many turns is next, wherever it is. */
const longestWait = 8

/** What a reader is sent next, and where it is then. */
export type Part = { bytes: Buffer; upTo: Position }

type Follower = { audience: Audience; give(part: Part): void; fail(error: unknown): void }
type Place = { after: Position; since: number; waiting: Follower[] }

type Parts = {
  head(): Position | null
  untilViewsHave(position: Position): Promise<void>
  /** Milliseconds of a clock that nobody sets. */
  elapsed(): number
}

/** Reads the log a turn at a time. What was read beyond it is kept for whoever goes on there. */
const createTurnsOfLog = ({ store }: Pick<Deps, 'store'>) => {
  let kept: { after: Position; events: StoredEvent[] } | null = null
  return async (after: Position): Promise<StoredEvent[]> => {
    const events = kept?.after === after ? kept.events : await store.readAll(after, eventsAtOnce)
    let count = 0
    for (let messages = 0; count < events.length && messages < messagesInATurn; count++)
      if (announcedOf(events[count] as StoredEvent) !== null) messages += 1
    const [now, later] = [events.slice(0, count), events.slice(count)]
    const last = now.at(-1)
    kept = last === undefined || later.length === 0 ? null : { after: last.position, events: later }
    return now
  }
}

/**
 * Readers that come at different times are brought together: the one furthest behind is served first, until it is where
 * the next one waits. So twenty that resume, or a thousand after a restart, cost the making of messages once.
 */
export const createCatchUp = (deps: Deps, { head, untilViewsHave, elapsed }: Parts) => {
  const { store, inFlight } = deps
  const eventsAfter = createTurnsOfLog(deps)
  /** Who waits, by position; who has waited longest is first. */
  const places = new Map<Position, Place>()
  let turn = 0
  let isRunning = false

  const takePlace = (): Place => {
    const [longest, ...others] = [...places.values()] as [Place, ...Place[]]
    let next = longest
    if (turn - longest.since < longestWait)
      for (const place of others) if (store.comparePositions(place.after, next.after) < 0) next = place
    places.delete(next.after)
    return next
  }

  const serve = async ({ after, waiting }: Place): Promise<void> => {
    const target = head() as Position
    const found = await eventsAfter(after)
    const events = found.filter(({ position }) => store.comparePositions(position, target) <= 0)
    const last = events.at(-1)
    if (last !== undefined) await untilViewsHave(last.position)
    const messagesOf = createMessages(deps, await sourcesOf(deps, events))
    const made = new Map<string, Buffer>()
    const slices = createSlices(inFlight, elapsed)
    for (const { audience, give } of waiting) {
      const key = audienceKey(audience)
      const bytes = made.get(key) ?? Buffer.from([...messagesOf(audience)].join(''))
      made.set(key, bytes)
      give({ bytes, upTo: last?.position ?? target })
      slices.count()
      if (slices.isOver()) await slices.next()
    }
  }

  const run = async (): Promise<void> => {
    isRunning = true
    while (places.size > 0) {
      await inFlight.pause()
      turn += 1
      const place = takePlace()
      const began = elapsed()
      await serve(place).catch((error: unknown) => {
        for (const { fail } of place.waiting) fail(error)
      })
      // the system's part of the writes
      await yieldToEventLoop()
      await sleep(restFactor * (elapsed() - began))
    }
    isRunning = false
  }

  /** What follows a position that is before the head. @throws StoreUnavailable */
  return (audience: Audience, after: Position): Promise<Part> =>
    new Promise((give, fail) => {
      const place = places.get(after) ?? { after, since: turn, waiting: [] }
      places.set(after, place)
      place.waiting.push({ audience, give, fail })
      if (!isRunning) void run()
    })
}
