/**
 * The port of the event store: the one way facts get in and out. Both engines keep the same contract, which
 * `test/store/contract.ts` proves; see `docs/adr/0002-event-store.md`.
 */
import type { Instant } from './instant.ts'

/** Who did it, on whose word, and when it became known. Travels with every event and comes back as written. */
export type Metadata = {
  /** The act: a caller's idempotency key or a fresh id, as a UUID. Event ids derive from it. */
  commandId: string
  /** `sub`: the token's own subject, where it wrote on behalf of the one `id` names. */
  actor: { id: string; role: string; sub?: string }
  /** The request that asked for it, for the logs. */
  correlationId: string
  /** The event that made this one necessary, where one did. */
  causationId?: string
  /** When the system came to know it; an import knows it from its line's `at`. */
  recordedAt: Instant
  /** Keyed digest of the request body where the caller gave an `Idempotency-Key`; of an import, of its line. */
  requestDigest?: string
  /** Set on what an import recorded, which is not announced to streams and webhooks. */
  imported?: true
  /** Who ran that import, and when it really was; logs of old versions do not say. */
  importedBy?: string
  importedAt?: Instant
}

export type NewEvent<E extends { type: string; data: unknown } = { type: string; data: unknown }> = E & {
  /** UUID, see `eventId`. */
  id: string
  metadata: Metadata
}

/** Opaque and ordered by `comparePositions` of the engine that made it; only ever handed back. */
export type Position = string

export type StoredEvent<E extends { type: string; data: unknown } = { type: string; data: unknown }> =
  NewEvent<E> & {
    stream: string
    /** 1 for the first event of its stream. */
    version: number
    position: Position
  }

export type AppendResult = { version: number; position: Position }

export type Subscription = { stop(): Promise<void> }

/** A store that is reached over a network: whether its log is being followed, and how often that had to start again. */
export type StoreConnection = { state: 'connecting' | 'connected' | 'lost'; resubscribed: number }

export type EventStore = {
  /** The events of a stream in order, those after `afterVersion` only. An unknown stream has none. */
  readStream(stream: string, afterVersion?: number): Promise<StoredEvent[]>

  /**
   * Appends to one stream, all events or none, durable when it returns. `expectedVersion` is the number of
   * events the stream must have; 0 means it must be new. The same events (by id) at the same place again are
   * the same append and give the same answer.
   * @throws VersionConflict where the stream has moved, or never was as expected; StoreUnavailable.
   */
  append(stream: string, expectedVersion: number, events: NewEvent[]): Promise<AppendResult>

  /** One page of the whole log, strictly after `after` (`null`: from the start), oldest first. */
  readAll(after: Position | null, limit: number): Promise<StoredEvent[]>

  /**
   * Gives every event after `after`, in order, each once, for as long as it is not stopped; batches come one at
   * a time. The embedded engine hands over what this process appends before the append returns.
   * An `onBatch` that throws ends the subscription and is reported through `onStopped`. `reached`, where it is given,
   * is how far the log holds nothing else; a batch may then be empty.
   */
  follow(
    after: Position | null,
    onBatch: (events: StoredEvent[], reached?: Position) => void | Promise<void>,
    onStopped: (error: unknown) => void,
  ): Subscription

  /** Less than, equal to, greater than 0 as `a` comes before, is, or comes after `b`. */
  comparePositions(a: Position, b: Position): number

  /** Position of the newest event; `null` in an empty log. */
  head(): Promise<Position | null>

  /**
   * Whether the log can be read from a position that a caller made up. Left out where it can from any that
   * `comparePositions` takes.
   * @throws StoreUnavailable
   */
  canReadFrom?(position: Position): Promise<boolean>

  /** How the store is reached; left out where it is in this process. */
  connection?(): StoreConnection

  /** Whether an append would find a store that takes it; left out where the engine cannot tell. */
  isWritable?(): Promise<boolean>

  /** Finishes what is in flight and lets go of the store. */
  close(): Promise<void>
}

/** The stream was not where the caller believed it to be. */
export class VersionConflict extends Error {
  readonly stream: string
  readonly expected: number
  readonly actual: number

  constructor(stream: string, expected: number, actual: number) {
    super(`stream ${stream} is at version ${actual}, not ${expected}`)
    this.name = 'VersionConflict'
    this.stream = stream
    this.expected = expected
    this.actual = actual
  }
}

/**
 * The engine cannot write just now, or does not answer: a full disk, a folder that is read-only. Nothing is known to
 * have been written; the same append again settles it.
 */
export class StoreUnavailable extends Error {
  constructor(cause: unknown) {
    super('the store cannot be written or read just now', { cause })
    this.name = 'StoreUnavailable'
  }
}

/** A stored event whose JSON cannot be read any more. Says where it is and quotes nothing of it. */
export class DamagedEvent extends Error {
  readonly place: Pick<StoredEvent, 'position' | 'id' | 'stream'>

  constructor({ position, id, stream }: Pick<StoredEvent, 'position' | 'id' | 'stream'>) {
    super(
      `Event ${position}, ${id} of ${stream}, is damaged: its JSON cannot be read. Put the log back from a backup; "npm run verify" lists all that is damaged.`,
    )
    this.name = 'DamagedEvent'
    this.place = { position, id, stream }
  }
}

/** Most events one command may append to one stream: the ids of a command have room for so many. */
export const maxEventsPerAppend = 4096

/**
 * The id of the `index`-th event of a command: the command's id with its last twelve bits, which are kept
 * zero, set to the index. A retried append is thereby the same append, and ids of new commands are time-ordered.
 */
export const eventId = (commandId: string, index: number): string =>
  commandId.slice(0, -3) + index.toString(16).padStart(3, '0')
