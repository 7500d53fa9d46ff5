/**
 * The calls of `@eventstore/db-client` in the adapter's words, and what has to be done about the client's own faults: see
 * `docs/adr/0015-eventstoredb.md` for the list.
 */
import {
  type AllStreamRecordedEvent,
  BACKWARDS,
  END,
  type EventStoreDBClient,
  type RecordedEvent,
  START,
  StreamDeletedError,
  WrongExpectedVersionError,
} from '@eventstore/db-client'
import type { StoredEvent } from '../../../domain/eventStore.ts'
import type { EsdbAddress } from './address.ts'
import { asKnown, collect, toJson } from './calls.ts'
import { connect } from './connect.ts'
import { createCurrentClient } from './currentClient.ts'
import { openFeed } from './feed.ts'
import { createNewest } from './newest.ts'
import { textOf } from './place.ts'
import { type LogEvent, recordedUnder } from './recorded.ts'
import type { Feed, LogPosition, Wire } from './wire.ts'

export type WireOptions = {
  address: EsdbAddress
  /** Milliseconds an append, a read may take before nobody waits for it any more. */
  times: { append: number; read: number }
}

type OpenFeed = Parameters<typeof openFeed<RecordedEvent>>[0]

/** Events a subscription may hold that nobody has asked for yet. */
const bufferedEvents = 1_024
/** Events the server looks through at a time where few are ours, and how many such windows a checkpoint is worth. */
const searchWindow = 256
const checkpointEvery = 4

/** What the server says, in no code of its own, of a read from a place where no event begins. */
const isNoPlace = (error: unknown): boolean =>
  error instanceof Error && error.message.includes('Unexpected ReadAllResult')

/** Opens a subscription to our streams, events strictly after a place. */
const subscriptionOf =
  (client: EventStoreDBClient, { prefix, after }: { prefix: string; after: LogPosition | null }): OpenFeed =>
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
    ) as unknown as ReturnType<OpenFeed>

/** Some events of everybody from a place backwards; `null`: from the end of the log. */
const lookBack = async (
  client: EventStoreDBClient,
  { from, count }: { from: LogPosition | null; count: number },
  timeoutMs: number,
): Promise<AllStreamRecordedEvent[]> => {
  const fromPosition = from ?? END
  const read = client.readAll({ direction: BACKWARDS, fromPosition, maxCount: count, requiresLeader: true })
  const found = await collect<{ event?: AllStreamRecordedEvent }>(
    read as unknown as Parameters<typeof collect>[0],
    timeoutMs,
  )
  return found.flatMap(({ event }) => event ?? [])
}

export const createWire = ({ address, times }: WireOptions): Wire => {
  const { prefix } = address
  const client = createCurrentClient(() => connect(address))
  const events = recordedUnder(prefix)
  /** What each write of a stream is sent with. */
  const writing = { deadline: times.append, requiresLeader: true }

  const subscribe = (after: LogPosition | null, toStored: (event: LogEvent) => StoredEvent): Feed =>
    client.open((each, onClosed) =>
      openFeed(subscriptionOf(each, { prefix, after }), { toStored, isOurs: events.isOurs }, onClosed),
    )

  return {
    append: async (stream, expectedVersion, batch) => {
      const expectedRevision = expectedVersion === 0 ? ('no_stream' as const) : BigInt(expectedVersion - 1)
      try {
        const { position } = await client.call(
          (each) => each.appendToStream(prefix + stream, batch.map(toJson), { ...writing, expectedRevision }),
          times.append,
        )
        if (position === undefined) throw new Error('the answer to an append has no position')
        return { version: expectedVersion + batch.length, position: textOf(position) }
      } catch (error) {
        throw asKnown(error, stream, expectedVersion)
      }
    },

    readStream: async (stream, afterVersion) => {
      const found = await client.call((each) => {
        const read = each.readStream(prefix + stream, {
          fromRevision: BigInt(afterVersion),
          requiresLeader: true,
        })
        return collect<{ event?: RecordedEvent }>(
          read as unknown as Parameters<typeof collect>[0],
          times.read,
        )
      })
      return found.flatMap(({ event }) => (event === undefined ? [] : events.toStored(event)))
    },

    subscribe: (after) => subscribe(after, events.toStored),

    newest: createNewest({
      ...{ events, subscribe },
      look: (from, count) => client.call((each) => lookBack(each, { from, count }, times.read)),
    }),

    canReadFrom: async (place) => {
      try {
        await client.call((each) => {
          const read = each.readAll({ fromPosition: place, maxCount: 1, requiresLeader: true })
          return collect(read as unknown as Parameters<typeof collect>[0], times.read)
        })
        return true
      } catch (error) {
        if (isNoPlace(error)) return false
        throw error
      }
    },

    expireAfter: async (stream, seconds) => {
      const metadata = { maxAge: seconds }
      const expectedRevision = 'no_stream' as const
      await client
        .call((each) => each.setStreamMetadata(prefix + stream, metadata, { ...writing, expectedRevision }))
        .catch((error: unknown) => {
          // it was set before, by a try that nobody heard the answer of
          if (!(error instanceof WrongExpectedVersionError)) throw asKnown(error, stream, 0)
        })
    },

    truncateBefore: async (stream, version) => {
      // revisions count from 0
      const metadata = { truncateBefore: version - 1 }
      const expectedRevision = 'any' as const
      await client
        .call((each) => each.setStreamMetadata(prefix + stream, metadata, { ...writing, expectedRevision }))
        .catch((error: unknown) => {
          throw asKnown(error, stream, 0)
        })
    },

    tombstone: async (stream) => {
      await client
        .call((each) => each.tombstoneStream(prefix + stream, writing))
        .catch((error: unknown) => {
          if (!(error instanceof StreamDeletedError)) throw asKnown(error, stream, 0)
        })
    },

    generation: client.generation,
    renew: client.renew,
    close: client.close,
  }
}
