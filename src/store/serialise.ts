import { maxEventsPerAppend, type NewEvent } from '../../domain/eventStore.ts'
import { uuidBytes, uuidForm } from '../../domain/uuid.ts'

/** Most bytes of JSON one append may carry, data and metadata together: EventStoreDB's own limit is 1 MiB. */
export const maxAppendBytes = 1_000_000

/** An event and its JSON, made once for every attempt to write it. */
export type SerialisedEvent = { event: NewEvent; id: Buffer; data: string; metadata: string }

const toJson = (value: unknown, what: string): string => {
  const json = JSON.stringify(value) as string | undefined
  if (json === undefined) throw new Error(`${what} has no JSON form`)
  return json
}

/**
 * Makes the JSON of one append, before anything is queued, for an engine handed what it cannot write may hang or
 * fail the appends beside it.
 * @throws Error where there are no events or more than `maxEventsPerAppend`, an id is no lower-case UUID, data
 * has no JSON form or is a text alone, or the whole is larger than `maxAppendBytes`.
 */
export const serialise = (stream: string, expectedVersion: number, events: NewEvent[]): SerialisedEvent[] => {
  if (stream === '' || !stream.isWellFormed()) throw new Error('a stream needs a name of well-formed text')
  if (!Number.isSafeInteger(expectedVersion) || expectedVersion < 0) {
    throw new Error(`the expected version of ${stream} must be a whole number from 0, not ${expectedVersion}`)
  }
  if (events.length === 0) throw new Error(`an append to ${stream} has no events`)
  if (events.length > maxEventsPerAppend) {
    throw new Error(`an append to ${stream} has ${events.length} events, more than ${maxEventsPerAppend}`)
  }
  let bytes = 0
  let lastMetadata: { value: unknown; json: string } | undefined
  const serialised = events.map((event) => {
    const what = `an event ${event.type} of ${stream}`
    if (!uuidForm.test(event.id)) throw new Error(`${what} has an id that is no lower-case UUID: ${event.id}`)
    // on EventStoreDB it could not be told from JSON that is damaged
    if (typeof event.data === 'string') throw new Error(`${what} has a text alone as its data`)
    const data = toJson(event.data, what)
    // The events of one command mostly share one metadata object.
    if (lastMetadata === undefined || lastMetadata.value !== event.metadata) {
      lastMetadata = { value: event.metadata, json: toJson(event.metadata, `the metadata of ${what}`) }
    }
    const metadata = lastMetadata.json
    bytes += Buffer.byteLength(data) + Buffer.byteLength(metadata)
    return { event, id: uuidBytes(event.id), data, metadata }
  })
  if (bytes > maxAppendBytes) {
    throw new Error(`an append to ${stream} has ${bytes} bytes of JSON, more than ${maxAppendBytes}`)
  }
  return serialised
}
