/** Events as the server has them: which are ours, and how they are in the words of the port. */
import { DamagedEvent, type Metadata, type StoredEvent } from '../../../domain/eventStore.ts'
import { textOf } from './place.ts'
import type { LogPosition } from './wire.ts'

/** An event as the client gives it. */
export type LogEvent = {
  id: string
  type: string
  streamId: string
  revision: bigint
  data: unknown
  metadata?: unknown
  position?: LogPosition
}

/** What a prefix ends with. */
const separator = '.'

/** The client gives the text or the bytes of what it cannot read as JSON, and no error. */
const isUnread = (value: unknown): boolean => typeof value === 'string' || value instanceof Uint8Array

export type RecordedEvents = ReturnType<typeof recordedUnder>

/** @param prefix of our streams */
export const recordedUnder = (prefix: string) => {
  const placeIn = (event: LogEvent): Omit<StoredEvent, 'data' | 'metadata'> => ({
    id: event.id,
    type: event.type,
    stream: event.streamId.slice(prefix.length),
    version: Number(event.revision) + 1,
    position: textOf(event.position as LogPosition),
  })
  return {
    /** A dot after our prefix is of another installation's, whose prefix begins with ours: no name of a stream has one. */
    isOurs: ({ streamId, type }: LogEvent): boolean =>
      streamId.startsWith(prefix) && !streamId.includes(separator, prefix.length) && !type.startsWith('$'),

    /** Where the event is, without what is in it: also of one that is damaged. */
    withoutData: (event: LogEvent): StoredEvent => ({
      ...placeIn(event),
      data: null,
      metadata: {} as Metadata,
    }),

    /** @throws DamagedEvent */
    toStored: (event: LogEvent): StoredEvent => {
      const { data, metadata } = event
      if (isUnread(data) || isUnread(metadata) || metadata === undefined)
        throw new DamagedEvent(placeIn(event))
      return { ...placeIn(event), data, metadata: metadata as Metadata }
    },
  }
}
