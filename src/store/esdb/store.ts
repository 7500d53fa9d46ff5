/** The event store on EventStoreDB, over the wire of `client.ts`; see `docs/adr/0015-eventstoredb.md`. */
import type { AppendResult, EventStore, NewEvent, Position } from '../../../domain/eventStore.ts'
import { serialise } from '../serialise.ts'
import type { EsdbAddress } from './address.ts'
import { createWire } from './client.ts'
import { createFollowing } from './following.ts'
import { createPages } from './pages.ts'
import { comparePositions, isAfter, placeOf, textOf } from './place.ts'
import { createGate } from './semaphore.ts'
import { createTries, type TryTimes } from './tries.ts'
import type { LogPosition, Wire } from './wire.ts'

export type EsdbOptions = {
  address: EsdbAddress
  times?: Partial<TryTimes>
  /** Told of what is survived, in words without secrets. */
  onTrouble?: (what: string, error: unknown) => void
}

/** A server that is frozen is answered for within the budget, its wait for a place in flight included. */
const defaultTimes: TryTimes = { append: 5_000, read: 10_000, budget: 12_000 }

/** More at a time would only wait in the client, and be lost with its connection all together. */
const appendsInFlight = 256
/** Streams one connection serves at a time, without the subscriptions; what is more starves. */
const readsInFlight = 64

export type EsdbStore = EventStore & {
  /** Up to where the log is known to the caller already, so that its end is not looked for from the beginning. */
  knownUpTo(position: Position): void
  /** Lets the server drop events of a stream that are older than so many seconds. */
  expireAfter(stream: string, seconds: number): Promise<void>
  /** Lets the server drop the events of a stream before a version; they are gone from the disks after the next scavenge. */
  truncateBefore(stream: string, version: number): Promise<void>
  /** Deletes a stream for good; what it held is gone from the disks after the next scavenge. */
  destroyStream(stream: string): Promise<void>
  connection: NonNullable<EventStore['connection']>
}

/** The newest event of ours that is known of, and how far nothing newer is. */
const createKnownEnd = (find: Wire['newest']) => {
  let newest: LogPosition | null = null
  let seenTo: LogPosition | null = null
  const further = (a: LogPosition | null, b: LogPosition | null): LogPosition | null =>
    a === null || (b !== null && isAfter(b, a)) ? b : a
  return {
    /** Looks from where nothing newer was known on. */
    look: async (): Promise<LogPosition | null> => {
      const found = await find(seenTo)
      newest = further(newest, found.newest)
      seenTo = further(seenTo, found.end)
      return newest
    },
    /** Events up to there are known of; what was looked at already counts more. */
    known: (place: LogPosition): void => {
      if (seenTo !== null) return
      seenTo = place
      newest = place
    },
  }
}

/**
 * The engine for those who outgrow one machine. Does not connect until it is asked for something. A try that failed
 * without a word of the server is made again, the identical batch at the identical place, which the server knows for
 * the same append; after `times.budget` it is `StoreUnavailable`.
 */
export const openEsdbStore = ({ address, times, onTrouble }: EsdbOptions): EsdbStore => {
  const allTimes = { ...defaultTimes, ...times }
  const wire = createWire({ address, times: allTimes })
  const trouble = onTrouble ?? (() => {})
  const persist = createTries(wire, { times: allTimes, onTrouble: trouble, isClosed: () => isClosed })
  const appendGate = createGate(appendsInFlight)
  const readGate = createGate(readsInFlight)
  const inFlight = new Set<Promise<unknown>>()
  let closing: Promise<void> | undefined
  /** Nothing is tried any more. */
  let isClosed = false

  /** Tries, with one of the places in flight; the wait for it counts. */
  const through = <T>(
    gate: ReturnType<typeof createGate>,
    what: string,
    work: () => Promise<T>,
  ): Promise<T> => {
    const began = Date.now()
    return gate(() => persist(what, work, began))
  }

  const track = <T>(work: Promise<T>): Promise<T> => {
    inFlight.add(work)
    const done = (): void => {
      inFlight.delete(work)
    }
    work.then(done, done)
    return work
  }

  const append = async (stream: string, expected: number, events: NewEvent[]): Promise<AppendResult> => {
    if (closing !== undefined) throw new Error('the event store is closed')
    // what cannot be written would hang in the client for ever
    serialise(stream, expected, events)
    return track(through(appendGate, 'an append', () => wire.append(stream, expected, events)))
  }

  const end = createKnownEnd((after) => through(readGate, 'a look at the end', () => wire.newest(after)))
  const pages = createPages(wire, textOf)
  const following = createFollowing(wire, trouble)

  const finish = async (): Promise<void> => {
    await Promise.allSettled(inFlight)
    isClosed = true
    pages.close()
    await following.stopAll()
    await wire.close()
  }

  return {
    append,

    readStream: (stream, afterVersion = 0) =>
      through(readGate, 'a read', () => wire.readStream(stream, afterVersion)),

    readAll: async (position, limit) => {
      if (!Number.isSafeInteger(limit) || limit < 1) throw new Error(`a page cannot have ${limit} events`)
      const after = placeOf(position)
      return persist('a page of the log', () => pages.read(after, limit))
    },

    follow: (position, onBatch, onStopped) => following.add(placeOf(position), onBatch, onStopped),

    comparePositions,

    head: async () => {
      const newest = await end.look()
      return newest === null ? null : textOf(newest)
    },

    canReadFrom: (position) => {
      const place = placeOf(position)
      return place === null
        ? Promise.resolve(true)
        : through(readGate, 'a look at a position', () => wire.canReadFrom(place))
    },

    knownUpTo: (position) => end.known(placeOf(position) as LogPosition),

    connection: () => following.connection(),

    expireAfter: (stream, seconds) =>
      track(through(appendGate, 'metadata of a stream', () => wire.expireAfter(stream, seconds))),

    truncateBefore: (stream, version) =>
      track(persist('metadata of a stream', () => wire.truncateBefore(stream, version))),

    destroyStream: (stream) => track(persist('a deletion', () => wire.tombstone(stream))),

    close: () => {
      closing ??= finish()
      return closing
    },
  }
}
