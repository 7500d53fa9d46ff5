/** Readers behind the head of the log: what follows one position is read, and made into messages, once for all who are there. */
import { announcedOf } from '../../domain/announced.ts'
import type { Position, StoredEvent } from '../../domain/eventStore.ts'
import { yieldToEventLoop } from '../commands/inFlight.ts'
import type { Deps } from '../http/deps.ts'
import { audienceKey, nothing } from './classes.ts'
import { sourcesOf } from './items.ts'
import { type Audience, createMessages } from './messages.ts'
import { createSlices, sleep } from './slices.ts'

/** Events read at a time. */
const eventsAtOnce = 200
/** So many of them are made into messages in a turn; then commands go first. */
const messagesInATurn = 10
/** A turn is followed by a rest of so many times its length, whatever the readers could take. */
const restFactor = 2
/** Every so many turns, whoever has waited longest is next, wherever it is. */
const turnsForOthers = 4

/** What a reader is sent next, and where it is then. */
export type Part = { bytes: Buffer; upTo: Position }

type Follower = {
  audience: Audience
  /** Whether nobody is there any more who could be sent anything. */
  isEnded(): boolean
  give(part: Part): void
  fail(error: unknown): void
}
type Place = { after: Position; waiting: Follower[] }

type Parts = {
  head(): Position | null
  untilViewsHave(position: Position): Promise<void>
  /** Milliseconds of a clock that nobody sets. */
  elapsed(): number
}

/** Events of one turn, and up to where they are all that the log has. */
type Turn = { events: StoredEvent[]; reached: Position }

/** Reads the log a turn at a time, never beyond `end`. What was read beyond the turn is kept for whoever goes on there. */
const createTurnsOfLog = ({ store }: Pick<Deps, 'store'>) => {
  let kept: { after: Position; events: StoredEvent[] } | null = null
  return async (after: Position, end: Position): Promise<Turn> => {
    const found = kept?.after === after ? kept.events : await store.readAll(after, eventsAtOnce)
    const isBeyond = ({ position }: StoredEvent): boolean => store.comparePositions(position, end) > 0
    let count = 0
    for (let messages = 0; count < found.length && messages < messagesInATurn; count++) {
      const event = found[count] as StoredEvent
      if (isBeyond(event)) break
      if (announcedOf(event) !== null) messages += 1
    }
    const [events, later] = [found.slice(0, count), found.slice(count)]
    const [last, next] = [events.at(-1), later[0]]
    // nothing lies between the last of them and the end: those who wait there are joined
    const isAtEnd = last === undefined || (next !== undefined && isBeyond(next))
    const reached = isAtEnd ? end : last.position
    kept = later.length === 0 ? null : { after: reached, events: later }
    return { events, reached }
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

  const isBefore = (a: Position, b: Position): boolean => store.comparePositions(a, b) < 0

  /** No turn is for those who are gone: clients that connect and cut again would hold up all others. */
  const dropEnded = (): void => {
    for (const place of places.values()) {
      const { after, waiting } = place
      place.waiting = waiting.filter(({ isEnded }) => !isEnded())
      for (const { isEnded, give } of waiting) if (isEnded()) give({ bytes: nothing, upTo: after })
      if (place.waiting.length === 0) places.delete(after)
    }
  }
  /** Whose turn it is; `undefined`: nobody waits. */
  const takePlace = (): Place | undefined => {
    dropEnded()
    const [longest, ...others] = [...places.values()]
    if (longest === undefined) return undefined
    let next = longest
    if (turn % turnsForOthers !== 0)
      for (const place of others) if (isBefore(place.after, next.after)) next = place
    places.delete(next.after)
    return next
  }
  /** Where the next one waits, else the head: a turn ends there, and both go on together. */
  const endAfter = (after: Position): Position => {
    let end = head() as Position
    for (const place of places.values())
      if (isBefore(after, place.after) && isBefore(place.after, end)) end = place.after
    return end
  }

  const serve = async ({ after, waiting }: Place): Promise<void> => {
    const { events, reached } = await eventsAfter(after, endAfter(after))
    const last = events.at(-1)
    if (last !== undefined) await untilViewsHave(last.position)
    const messagesOf = createMessages(deps, await sourcesOf(deps, events))
    const made = new Map<string, Buffer>()
    const slices = createSlices(inFlight, elapsed)
    for (const { audience, give } of waiting) {
      const key = audienceKey(audience)
      const bytes = made.get(key) ?? Buffer.from([...messagesOf(audience)].join(''))
      made.set(key, bytes)
      give({ bytes, upTo: reached })
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
      if (place === undefined) continue
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

  /** What follows a position that is before the head; nothing for a reader that has ended. @throws StoreUnavailable */
  return (audience: Audience, after: Position, isEnded: () => boolean): Promise<Part> =>
    new Promise((give, fail) => {
      const place = places.get(after) ?? { after, waiting: [] }
      places.set(after, place)
      place.waiting.push({ audience, isEnded, give, fail })
      if (!isRunning) void run()
    })
}
