/** What the adapter asks of EventStoreDB, in no vendor's words; `client.ts` answers it. */
import type { AppendResult, NewEvent, StoredEvent } from '../../../domain/eventStore.ts'

/** A place in `$all`; both halves count. */
export type LogPosition = { commit: bigint; prepare: bigint }

/** What a subscription brought: events, and how far the log has been looked through with them. */
export type FeedBatch = {
  events: StoredEvent[]
  reached: LogPosition | null
  /** The end of the log has been reached once, so that what comes now is new. */
  isLive: boolean
}

/** One subscription, from its opening to its end. */
export type Feed = {
  /** The next of it, once there is some. @throws where the subscription has failed or ended. */
  next(): Promise<FeedBatch>
  close(): void
}

export type Wire = {
  /** @throws VersionConflict; Refused; anything else: nobody knows whether it was written. */
  append(stream: string, expectedVersion: number, events: NewEvent[]): Promise<AppendResult>
  readStream(stream: string, afterVersion: number): Promise<StoredEvent[]>
  /** Events of our streams strictly after a place, and for ever. */
  subscribe(after: LogPosition | null): Feed
  /** The newest event of our streams that lies after `after`; `null`: there is none. `end` is how far was looked. */
  newest(after: LogPosition | null): Promise<{ newest: LogPosition | null; end: LogPosition | null }>
  /** Whether the server can read from a place: it fails at one that is no event's. */
  canReadFrom(place: LogPosition): Promise<boolean>
  /** Lets the server drop events of a stream that are older than so many seconds. */
  expireAfter(stream: string, seconds: number): Promise<void>
  /** Lets the server drop the events of a stream before a version. */
  truncateBefore(stream: string, version: number): Promise<void>
  /** Deletes a stream for good: its name is never used again. */
  tombstone(stream: string): Promise<void>
  /** Throws the client away for a new one, unless that was done since `generation`. Everything in flight fails. */
  renew(generation: number): Promise<void>
  generation(): number
  close(): Promise<void>
}

/** The server said no, for good: nothing was written, and asking again would not help. */
export class ServerRefusal extends Error {
  constructor(message: string, cause: unknown) {
    super(message, { cause })
    this.name = 'Refused'
  }
}

/** Another node leads: nothing was written, and the client knows where to go. */
export class NotLeader extends Error {
  constructor() {
    super('the node does not lead')
    this.name = 'NotLeader'
  }
}
