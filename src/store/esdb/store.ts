/** The event store on EventStoreDB, over the wire of `client.ts`; see `docs/adr/0015-eventstoredb.md`. */
import { setTimeout as sleep } from 'node:timers/promises'
import {
  type Appended,
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
import { createGate } from './gate.ts'
import { createPages } from './pages.ts'
import { comparePositions, isAfter, pauseMs, placeOf, textOf } from './place.ts'
import { type Newest, NotLeader, type Place, Refused } from './wire.ts'

export type EsdbOptions = {
  address: EsdbAddress
  /** Milliseconds: how long one try of an append or a read may take, and how long they are tried again. */
  times?: Partial<typeof defaultTimes>
  /** Told of what is survived, in words without secrets. */
  onTrouble?: (what: string, error: unknown) => void
}

const defaultTimes = { append: 5_000, read: 10_000, budget: 15_000 }

/** More at a time would only wait in the client, and be lost with its connection all together. */
const appendsInFlight = 256
/** Streams one connection serves at a time, without the subscriptions; what is more starves. */
const readsInFlight = 64

export type EsdbStore = EventStore & {
  /** Up to where the log is known to the caller already, so that its end is not looked for from the beginning. */
  knownUpTo(position: Position): void
  /** Deletes a stream for good; what it held is gone from the disks after the next scavenge. */
  destroyStream(stream: string): Promise<void>
  lag: NonNullable<EventStore['lag']>
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
  const underWay = new Set<Promise<unknown>>()
  /** The newest of ours that is known of, and how far nothing newer is. */
  let newest: Newest | null = null
  let seenTo: Place | null = null
  let closing: Promise<void> | undefined
  /** Nothing is tried any more. */
  let isClosed = false

  /** Does it again while nobody knows what became of it. */
  const persist = async <T>(what: string, work: () => Promise<T>): Promise<T> => {
    const until = Date.now() + budget
    for (let failures = 0; ; failures++) {
      const generation = wire.generation()
      try {
        return await work()
      } catch (error) {
        if (error instanceof VersionConflict) throw error
        if (error instanceof Refused) throw new StoreUnavailable(error)
        trouble(what, error)
        // it may hold on to what failed for ever, or wait for an answer that does not come
        const renewed = error instanceof NotLeader ? undefined : wire.renew(generation)
        renewed?.catch(() => {})
        if (isClosed || Date.now() >= until) throw new StoreUnavailable(error)
        await renewed
        await sleep(pauseMs(failures))
      }
    }
  }

  const track = <T>(work: Promise<T>): Promise<T> => {
    underWay.add(work)
    const done = (): void => {
      underWay.delete(work)
    }
    work.then(done, done)
    return work
  }

  const append = async (stream: string, expected: number, events: NewEvent[]): Promise<Appended> => {
    if (closing !== undefined) throw new Error('the event store is closed')
    // what cannot be written would hang in the client for ever
    serialise(stream, expected, events)
    return track(appendGate(() => persist('an append', () => wire.append(stream, expected, events))))
  }

  const lookForNewest = async (): Promise<void> => {
    const found = await readGate(() => persist('a look at the end', () => wire.newest(seenTo)))
    if (found.newest !== null && (newest === null || isAfter(found.newest.place, newest.place)))
      newest = found.newest
    if (found.end !== null && (seenTo === null || isAfter(found.end, seenTo))) seenTo = found.end
  }

  const pages = createPages(wire, textOf)
  const following = createFollowing(wire, trouble)

  const finish = async (): Promise<void> => {
    await Promise.allSettled(underWay)
    isClosed = true
    pages.close()
    await following.stopAll()
    await wire.close()
  }

  return {
    append,

    readStream: (stream, afterVersion = 0) =>
      readGate(() => persist('a read', () => wire.readStream(stream, afterVersion))),

    readAll: async (position, limit) => {
      if (!Number.isSafeInteger(limit) || limit < 1) throw new Error(`a page cannot have ${limit} events`)
      const after = placeOf(position)
      return persist('a page of the log', () => pages.read(after, limit))
    },

    follow: (position, onBatch, onStopped) => following.add(placeOf(position), onBatch, onStopped),

    comparePositions,

    head: async () => {
      await lookForNewest()
      return newest === null ? null : textOf(newest.place)
    },

    knownUpTo: (position) => {
      const place = placeOf(position) as Place
      if (seenTo !== null) return
      seenTo = place
      newest = { place, created: Date.now() }
    },

    lag: async (position) => {
      await lookForNewest()
      return following.lagOf(placeOf(position), newest)
    },

    connection: () => following.connection(),

    destroyStream: (stream) => track(persist('a deletion', () => wire.tombstone(stream))),

    close: () => {
      closing ??= finish()
      return closing
    },
  }
}
