/**
 * The calls of `@eventstore/db-client` in the adapter's words, and what has to be done about the client's own faults: see `docs/adr/0015-eventstoredb.md` for the list.
 */
import {
  type AllStreamRecordedEvent,
  BACKWARDS,
  END,
  type RecordedEvent,
  START,
  StreamDeletedError,
  WrongExpectedVersionError,
} from '@eventstore/db-client'
import { DamagedEvent, type Metadata, type StoredEvent } from '../../../domain/eventStore.ts'
import type { EsdbAddress } from './address.ts'
import { asKnown, collect, toJson } from './calls.ts'
import { applyWorkarounds } from './clientWorkarounds.ts'
import { connect } from './connect.ts'
import { openFeed } from './feed.ts'
import { isAfter, placeOf, textOf } from './place.ts'
import type { Feed, LogPosition, Newest, Wire } from './wire.ts'

export type WireOptions = {
  address: EsdbAddress
  /** Milliseconds an append, a read may take before nobody waits for it any more. */
  times: { append: number; read: number }
}

/** Events a subscription may hold that nobody has asked for yet. */
const bufferedEvents = 1_024
/** Events the server looks through at a time where few are ours, and how many such windows a checkpoint is worth. */
const searchWindow = 256
const checkpointEvery = 4
/** Events looked at one by one from the end of the log: there ours are mostly the last. */
const firstLook = 8
const nextLooks = 1_000
/** After so many that are not ours it is quicker to come from the other side, where the server passes over them. */
const mostLookedBack = 20_000
/** What a prefix ends with. */
const separator = '.'
/** How long the end of what a client had in flight is waited for when it is thrown away. */
const disposalMs = 1_000

/** The client gives the text or the bytes of what it cannot read as JSON, and no error. */
const isUnread = (value: unknown): boolean => typeof value === 'string' || value instanceof Uint8Array

/** What the server says, in no code of its own, of a read from a place where no event begins. */
const isNoPlace = (error: unknown): boolean =>
  error instanceof Error && error.message.includes('Unexpected ReadAllResult')

/** The calls of one client after another: `renew` puts a new one in the place of one that may be poisoned. */
export const createWire = ({ address, times }: WireOptions): Wire => {
  const { prefix } = address
  let generation = 0
  let client = connect(address)
  let workarounds = applyWorkarounds(client)
  let renewing: Promise<void> | undefined
  let isClosed = false
  /** Told when the client is thrown away. */
  const inFlight = new Set<(thrownAway: Error) => void>()
  const feeds = new Set<{ fail(error: Error): void }>()

  /** A dot after our prefix is of another installation's, whose prefix begins with ours: no name of a stream has one. */
  const isOurs = ({ streamId, type }: AllStreamRecordedEvent | RecordedEvent): boolean =>
    streamId.startsWith(prefix) && !streamId.includes(separator, prefix.length) && !type.startsWith('$')

  const placeIn = (event: RecordedEvent): Omit<StoredEvent, 'data' | 'metadata'> => ({
    id: event.id,
    type: event.type,
    stream: event.streamId.slice(prefix.length),
    version: Number(event.revision) + 1,
    position: textOf(event.position as LogPosition),
  })

  /** @throws DamagedEvent */
  const toStored = (event: RecordedEvent): StoredEvent => {
    const { data, metadata } = event
    if (isUnread(data) || isUnread(metadata) || metadata === undefined) throw new DamagedEvent(placeIn(event))
    return { ...placeIn(event), data, metadata: metadata as unknown as Metadata }
  }

  /**
   * The call's answer, unless the client is thrown away first: then a read that it cancels ends like one that is whole,
   * and an append whose stream had failed before gets no answer.
   */
  const unlessThrownAway = <T>(call: Promise<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      inFlight.add(reject)
      const over = (): void => {
        inFlight.delete(reject)
      }
      call.then(resolve, reject).finally(over)
    })

  /** A client that is disposed of tells its feeds nothing, so they are closed here. */
  const dispose = async (): Promise<void> => {
    const thrownAway = new Error('the client was thrown away')
    for (const feed of feeds) feed.fail(thrownAway)
    for (const reject of [...inFlight]) reject(thrownAway)
    inFlight.clear()
    let timer: NodeJS.Timeout | undefined
    const timeout = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, disposalMs)
    })
    // cancels what is in flight, and would wait for ever for a subscription that nobody reads
    client.dispose().catch(() => {})
    // its appends must be over before the next client has any, see `guardAppends`
    await Promise.race([workarounds.appendsOver(), timeout])
    clearTimeout(timer)
    workarounds.closeChannel()
  }

  const replace = async (): Promise<void> => {
    await dispose()
    if (isClosed) return
    client = connect(address)
    workarounds = applyWorkarounds(client)
    generation += 1
  }

  const look = async (from: LogPosition | null, count: number): Promise<AllStreamRecordedEvent[]> => {
    const found = await unlessThrownAway(
      collect<{ event?: AllStreamRecordedEvent }>(
        client.readAll({
          direction: BACKWARDS,
          fromPosition: from ?? END,
          maxCount: count,
          requiresLeader: true,
        }) as unknown as Parameters<typeof collect>[0],
        times.read,
      ),
    )
    return found.flatMap(({ event }) => event ?? [])
  }

  const subscribe = (after: LogPosition | null, read: (event: RecordedEvent) => StoredEvent): Feed => {
    const feed = openFeed(
      (checkpointReached) =>
        client.subscribeToAll(
          {
            fromPosition: after ?? START,
            filter: {
              filterOn: 'streamName',
              prefixes: [prefix],
              maxSearchWindow: searchWindow,
              checkpointInterval: checkpointEvery,
              checkpointReached,
            },
          },
          { highWaterMark: bufferedEvents },
        ) as unknown as ReturnType<Parameters<typeof openFeed>[0]>,
      { toStored: read, isOurs },
      () => feeds.delete(feed),
    )
    feeds.add(feed)
    return feed
  }

  /** The newest of ours, from a place on to the end. */
  const lookForwards: Wire['newest'] = async (after) => {
    // only places are looked at, also of what is damaged
    const feed = subscribe(after, (event) => ({ ...placeIn(event), data: null, metadata: {} as Metadata }))
    let newest: Newest | null = null
    let end: LogPosition | null = null
    try {
      for (let isLive = false; !isLive; ) {
        const fed = await feed.next()
        isLive = fed.isLive
        end = fed.reached ?? end
        const last = fed.events.at(-1)
        if (last !== undefined)
          newest = { place: placeOf(last.position) as LogPosition, created: fed.created ?? 0 }
      }
      return { newest, end }
    } finally {
      feed.close()
    }
  }

  return {
    append: async (stream, expectedVersion, events) => {
      await renewing
      const sent = client.appendToStream(prefix + stream, events.map(toJson), {
        expectedRevision: expectedVersion === 0 ? 'no_stream' : BigInt(expectedVersion - 1),
        deadline: times.append,
        requiresLeader: true,
      })
      let timer: NodeJS.Timeout | undefined
      const timeout = new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(new Error(`no answer within ${times.append} ms`)), times.append)
      })
      try {
        const { position } = await Promise.race([unlessThrownAway(sent), timeout])
        if (position === undefined) throw new Error('the answer to an append has no position')
        return { version: expectedVersion + events.length, position: textOf(position) }
      } catch (error) {
        throw asKnown(error, stream, expectedVersion)
      } finally {
        clearTimeout(timer)
      }
    },

    readStream: async (stream, afterVersion) => {
      await renewing
      const read = client.readStream(prefix + stream, {
        fromRevision: BigInt(afterVersion),
        requiresLeader: true,
      })
      const found = await unlessThrownAway(
        collect<{ event?: RecordedEvent }>(read as unknown as Parameters<typeof collect>[0], times.read),
      )
      return found.flatMap(({ event }) => (event === undefined ? [] : toStored(event)))
    },

    subscribe: (after) => subscribe(after, toStored),

    newest: async (after) => {
      await renewing
      const isNew = ({ position }: AllStreamRecordedEvent): boolean =>
        after === null || isAfter(position, after)
      let end: LogPosition | null = null
      let from: LogPosition | null = null
      for (let looked = 0; looked < mostLookedBack; looked += nextLooks) {
        const count = looked === 0 ? firstLook : nextLooks
        const page: AllStreamRecordedEvent[] = await look(from, count)
        end ??= page[0]?.position ?? null
        const own = page.find((event) => isOurs(event) && isNew(event))
        if (own !== undefined) return { newest: { place: own.position, created: own.created.getTime() }, end }
        const last = page.at(-1)
        if (last === undefined || page.length < count || !isNew(last)) return { newest: null, end }
        from = last.position
      }
      return lookForwards(after)
    },

    canReadFrom: async (place) => {
      await renewing
      const read = client.readAll({ fromPosition: place, maxCount: 1, requiresLeader: true })
      try {
        await unlessThrownAway(collect(read as unknown as Parameters<typeof collect>[0], times.read))
        return true
      } catch (error) {
        if (isNoPlace(error)) return false
        throw error
      }
    },

    expireAfter: async (stream, seconds) => {
      await renewing
      const set = client.setStreamMetadata(
        prefix + stream,
        { maxAge: seconds },
        { expectedRevision: 'no_stream', deadline: times.append, requiresLeader: true },
      )
      await unlessThrownAway(set).catch((error: unknown) => {
        // it was set before, by a try that nobody heard the answer of
        if (!(error instanceof WrongExpectedVersionError)) throw asKnown(error, stream, 0)
      })
    },

    truncateBefore: async (stream, version) => {
      await renewing
      const set = client.setStreamMetadata(
        prefix + stream,
        // revisions count from 0
        { truncateBefore: version - 1 },
        { expectedRevision: 'any', deadline: times.append, requiresLeader: true },
      )
      await unlessThrownAway(set).catch((error: unknown) => {
        throw asKnown(error, stream, 0)
      })
    },

    tombstone: async (stream) => {
      await renewing
      await client
        .tombstoneStream(prefix + stream, { deadline: times.append, requiresLeader: true })
        .catch((error: unknown) => {
          if (!(error instanceof StreamDeletedError)) throw asKnown(error, stream, 0)
        })
    },

    generation: () => generation,

    renew: async (failed) => {
      if (failed !== generation) return renewing
      renewing ??= replace().finally(() => {
        renewing = undefined
      })
      return renewing
    },

    close: async () => {
      isClosed = true
      await renewing
      await dispose()
    },
  }
}
