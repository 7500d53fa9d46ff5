/** The event store on EventStoreDB, over the wire of `client.ts`; see `docs/adr/0015-eventstoredb.md`. */
import { setTimeout as sleep } from 'node:timers/promises'
import {
  type AppendResult,
  DamagedEvent,
  type EventStore,
  type NewEvent,
  type Position,
  StoreUnavailable,
  VersionConflict,
} from '../../../domain/eventStore.ts'
import { serialise } from '../serialise.ts'
import type { EsdbAddress } from './address.ts'
import { createWire } from './client.ts'
import { createFollowing } from './following.ts'
import { createPages } from './pages.ts'
import { comparePositions, isAfter, pauseMs, placeOf, textOf } from './place.ts'
import { createGate } from './semaphore.ts'
import { type LogPosition, type Newest, NotLeader, ServerRefusal } from './wire.ts'

export type EsdbOptions = {
  address: EsdbAddress
  /** Milliseconds: how long one try of an append or a read may take, and how long they are tried again. */
  times?: Partial<typeof defaultTimes>
  /** Told of what is survived, in words without secrets. */
  onTrouble?: (what: string, error: unknown) => void
}

/** A server that is frozen is answered for within the budget, its wait for a place in flight included. */
const defaultTimes = { append: 5_000, read: 10_000, budget: 12_000 }

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

/**
 * The engine for those who outgrow one machine. Does not connect until it is asked for something. A try that failed
 * without a word of the server is made again, the identical batch at the identical place, which the server knows for
 * the same append; after `times.budget` it is `StoreUnavailable`.
 */
export const openEsdbStore = ({ address, times, onTrouble }: EsdbOptions): EsdbStore => {
  const { budget, ...tries } = { ...defaultTimes, ...times }
  const wire = createWire({ address, times: tries })
  const trouble = onTrouble ?? (() => {})
  const appendGate = createGate(appendsInFlight)
  const readGate = createGate(readsInFlight)
  const inFlight = new Set<Promise<unknown>>()
  /** The newest of ours that is known of, and how far nothing newer is. */
  let newest: Newest | null = null
  let seenTo: LogPosition | null = null
  let closing: Promise<void> | undefined
  /** Nothing is tried any more. */
  let isClosed = false

  /** What comes until then. The try goes on alone where it takes longer, and nobody knows what becomes of it. */
  const untilThen = async <T>(until: number, work: Promise<T>): Promise<T> => {
    work.catch(() => {})
    let timer: NodeJS.Timeout | undefined
    const timeout = new Promise<never>((_, reject) => {
      const late = (): void => reject(new Error('no answer in all the time there is for it'))
      timer = setTimeout(late, Math.max(0, until - Date.now()))
    })
    try {
      return await Promise.race([work, timeout])
    } finally {
      clearTimeout(timer)
    }
  }

  /**
   * Does it again while nobody knows what became of it, until the budget that began at `began` is over; a budget smaller
   * than one try is one try. @throws StoreUnavailable
   */
  const persist = async <T>(what: string, work: () => Promise<T>, began: number): Promise<T> => {
    const until = began + budget
    const end = began + Math.max(budget, tries.append, tries.read)
    for (let failures = 0; ; failures++) {
      const generation = wire.generation()
      try {
        return await untilThen(end, work())
      } catch (error) {
        if (error instanceof VersionConflict || error instanceof DamagedEvent) throw error
        if (error instanceof ServerRefusal) throw new StoreUnavailable(error)
        trouble(what, error)
        // it may hold on to what failed for ever, or wait for an answer that does not come
        const renewed = error instanceof NotLeader ? undefined : wire.renew(generation)
        renewed?.catch(() => {})
        if (isClosed || Date.now() >= until) throw new StoreUnavailable(error)
        await renewed
        await sleep(Math.min(pauseMs(failures), Math.max(0, until - Date.now())))
      }
    }
  }

  /** As `persist`, with one of the places in flight; the wait for it counts. */
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

  const lookForNewest = async (): Promise<void> => {
    const found = await through(readGate, 'a look at the end', () => wire.newest(seenTo))
    if (found.newest !== null && (newest === null || isAfter(found.newest.place, newest.place)))
      newest = found.newest
    if (found.end !== null && (seenTo === null || isAfter(found.end, seenTo))) seenTo = found.end
  }

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
      return persist('a page of the log', () => pages.read(after, limit), Date.now())
    },

    follow: (position, onBatch, onStopped) => following.add(placeOf(position), onBatch, onStopped),

    comparePositions,

    head: async () => {
      await lookForNewest()
      return newest === null ? null : textOf(newest.place)
    },

    canReadFrom: (position) => {
      const place = placeOf(position)
      return place === null
        ? Promise.resolve(true)
        : through(readGate, 'a look at a position', () => wire.canReadFrom(place))
    },

    knownUpTo: (position) => {
      const place = placeOf(position) as LogPosition
      if (seenTo !== null) return
      seenTo = place
      newest = { place, created: Date.now() }
    },

    connection: () => following.connection(),

    expireAfter: (stream, seconds) =>
      track(through(appendGate, 'metadata of a stream', () => wire.expireAfter(stream, seconds))),

    truncateBefore: (stream, version) =>
      track(persist('metadata of a stream', () => wire.truncateBefore(stream, version), Date.now())),

    destroyStream: (stream) => track(persist('a deletion', () => wire.tombstone(stream), Date.now())),

    close: () => {
      closing ??= finish()
      return closing
    },
  }
}
