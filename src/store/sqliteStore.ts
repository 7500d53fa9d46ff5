import {
  type Appended,
  type EventStore,
  type Position,
  type StoredEvent,
  StoreUnavailable,
  VersionConflict,
} from '../../domain/eventStore.ts'
import type { LogDigest } from '../../domain/logDigest.ts'
import { createRecent } from '../../domain/recent.ts'
import { isStorageFault } from '../../projections/storageFault.ts'
import { chainSome, createSqliteChain, digestUpTo } from '../logChain/sqliteChain.ts'
import { createFollowers } from './followers.ts'
import type { LogRow } from './logRow.ts'
import { freeBytesOf, leastRoomBytes } from './room.ts'
import { type Serialised, serialise } from './serialise.ts'
import { createReadAfter, hasTable, identityOf, openLog, toStoredEvent } from './sqliteLog.ts'

export type SqliteStore = EventStore & {
  /** What tells this log from every other, see `identityOf`. */
  id: string
  /** The digest of the log up to a position, `null`: of all of it; `null` where the log has no such event. */
  digestUpTo(position: Position | null): LogDigest | null
}

export type SqliteStoreOptions = {
  /** For tools beside the service: reads and follows, never writes. */
  readonly?: boolean
  /** Events of these types are neither read nor followed. */
  without?: readonly string[]
  /** Called before every COMMIT. The bench spends a slow disk's time here; a test makes a commit fail. */
  beforeCommit?: () => void
  /** Free bytes on the disk of the log; tests set it. */
  freeBytes?: () => number
}

/** Most appends that share one transaction, so that a flood does not hold up everything else for long. */
const appendsPerCommit = 512

/**
 * A flush costs as much for one append as for many, so appends wait for others as long as each turn of the event
 * loop brings more, until there are so many, and never longer than this.
 */
const enoughForCommit = 64
const longestWaitMs = 5

/** Streams of which the version is kept in mind. */
const mostTails = 10_000

type Waiting = {
  stream: string
  expected: number
  events: Serialised[]
  answer: Appended | VersionConflict | undefined
  resolve: (appended: Appended) => void
  reject: (error: unknown) => void
}

const columns = 'position, id, stream, version, type, data, metadata'

const toNumber = (position: Position | null): number => {
  if (position === null) return 0
  if (!/^\d{1,15}$/.test(position)) throw new Error(`${position} is no position of this store`)
  return Number(position)
}

/**
 * The embedded engine: one append-only SQLite table, WAL, every commit flushed. Appends that wait at the same time
 * share one transaction and so one flush, each judged on its own. A position is the decimal form of the row's number.
 * An append that failed by `StoreUnavailable` has left nothing half-written, and the next one may succeed. One that
 * failed otherwise than by `VersionConflict` may yet be found after a crash, as the disk did not say
 * what became of it; the identical append again settles that. What is appended is handed to followers as it is:
 * leave it alone afterwards.
 */
export const openSqliteStore = (file: string, options: SqliteStoreOptions = {}): SqliteStore => {
  const { readonly = false, without, beforeCommit, freeBytes = freeBytesOf(file) } = options
  const db = openLog(file, readonly)
  const begin = db.prepare('BEGIN IMMEDIATE')
  // changes nothing and yet has to be written, as an append has
  const touch = readonly ? null : db.prepare('PRAGMA user_version = 0')
  const commit = db.prepare('COMMIT')
  const rollback = db.prepare('ROLLBACK')
  const dataVersion = db.prepare<[], number>('PRAGMA data_version').pluck()
  const tail = db
    .prepare<[string], number>('SELECT version FROM events WHERE stream = ? ORDER BY version DESC LIMIT 1')
    .pluck()
  const insert = db.prepare<[Buffer, string, number, string, string, string]>(
    'INSERT INTO events (id, stream, version, type, data, metadata) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING',
  )
  if (!readonly) while (chainSome(db) !== null);
  const chain = readonly ? null : createSqliteChain(db)
  const digests = hasTable(db, 'digests') ? digestUpTo(db) : () => null
  const ofStream = db.prepare<[string, number], LogRow>(
    `SELECT ${columns} FROM events WHERE stream = ? AND version > ? ORDER BY version`,
  )
  const placed = db.prepare<[string, number, number], { id: Buffer; position: number }>(
    'SELECT id, position FROM events WHERE stream = ? AND version > ? AND version <= ? ORDER BY version',
  )
  const newest = db.prepare<[], number | null>('SELECT max(position) FROM events').pluck()

  const readAfter = createReadAfter(db, without)

  /** Versions of streams this process wrote to; whoever else writes is met by the table's uniqueness. */
  let tails = createRecent<string, number>(mostTails)

  let seenDataVersion = dataVersion.get()
  const changedElsewhere = (): boolean => {
    const seen = seenDataVersion
    seenDataVersion = dataVersion.get()
    if (seen === seenDataVersion) return false
    tails = createRecent(mostTails)
    return true
  }
  const followers = createFollowers({ readAfter, changedElsewhere })

  /** The answer an append got the first time, where exactly its events stand at exactly its place. */
  const earlierAnswer = ({ stream, expected, events }: Waiting): Appended | undefined => {
    const version = expected + events.length
    const rows = placed.all(stream, expected, version)
    const same = rows.length === events.length && rows.every((row, i) => row.id.equals(events[i]!.id))
    return same ? { version, position: String(rows.at(-1)!.position) } : undefined
  }

  /** Whether the stream is not where the append expects it, and if so, the answer. */
  const standsElsewhere = (append: Waiting): boolean => {
    const { stream, expected } = append
    const current = tail.get(stream) ?? 0
    if (current !== expected)
      append.answer = earlierAnswer(append) ?? new VersionConflict(stream, expected, current)
    return current !== expected
  }

  /** Judges and writes one append inside the open transaction. */
  const write = (append: Waiting, written: StoredEvent[]): void => {
    const { stream, expected, events } = append
    // a stream that is where it was left, or new, finds out by its first row if it is not
    if (expected > 0 && tails.get(stream) !== expected && standsElsewhere(append)) return
    let version = expected
    for (const { event, id, data, metadata } of events) {
      version += 1
      const { changes, lastInsertRowid } = insert.run(id, stream, version, event.type, data, metadata)
      if (changes === 0) {
        tails.drop(stream)
        standsElsewhere(append)
        return
      }
      chain?.add(Number(lastInsertRowid), { id, stream, version, type: event.type, data, metadata })
      written.push({ ...event, stream, version, position: String(lastInsertRowid) })
    }
    tails.put(stream, version)
    append.answer = { version, position: written.at(-1)!.position }
  }

  /** What readiness asks and every write: so they agree, also on a disk that is nearly full. */
  const hasRoom = (): boolean => db.memory || freeBytes() >= leastRoomBytes

  /** Commits a group in one transaction and returns what was written. */
  const commitGroup = (group: readonly Waiting[]): StoredEvent[] => {
    if (!hasRoom()) throw new StoreUnavailable(new Error('the disk of the log is nearly full'))
    begin.run()
    try {
      const written: StoredEvent[] = []
      for (const append of group) write(append, written)
      chain?.flush()
      beforeCommit?.()
      commit.run()
      return written
    } catch (error) {
      tails = createRecent(mostTails)
      chain?.forget()
      if (db.inTransaction) rollback.run()
      throw error
    }
  }

  /** Whether the last that was written failed for want of a disk that takes it. */
  let failing = false

  /** Does it, in the words of the port where the disk does not. */
  const attempt = <T>(work: () => T): T => {
    try {
      return work()
    } catch (error) {
      throw isStorageFault(error) ? new StoreUnavailable(error) : error
    }
  }

  const tryToWrite = (): void => {
    try {
      begin.run()
      touch?.run()
      beforeCommit?.()
      commit.run()
      failing = false
    } catch {
      if (db.inTransaction) rollback.run()
    }
  }

  let waiting: Waiting[] = []
  let waitingSince = 0
  let lastTurn = 0
  let closing: Promise<void> | undefined

  const flush = (): void => {
    const group = waiting.slice(0, appendsPerCommit)
    waiting = waiting.slice(appendsPerCommit)
    if (waiting.length > 0) setImmediate(flush)
    if (group.length === 0) return
    try {
      const written = attempt(() => commitGroup(group))
      failing = false
      if (written.length > 0) followers.committed(written)
    } catch (error) {
      failing = error instanceof StoreUnavailable
      for (const append of group) append.reject(error)
      return
    }
    for (const { answer, resolve, reject } of group) {
      if (answer === undefined || answer instanceof VersionConflict) reject(answer)
      else resolve(answer)
    }
  }

  const flushWhenQuiet = (): void => {
    const brought = waiting.length - lastTurn
    lastTurn = waiting.length
    const isEnough = lastTurn >= enoughForCommit || performance.now() - waitingSince > longestWaitMs
    if (brought > 0 && !isEnough) setImmediate(flushWhenQuiet)
    else flush()
  }

  const finish = async (): Promise<void> => {
    while (waiting.length > 0) flush()
    await followers.stopAll()
    db.close()
  }

  return {
    id: identityOf(db),

    digestUpTo: (position) => attempt(() => digests(position === null ? null : toNumber(position))),

    readStream: async (stream, afterVersion = 0) =>
      tails.get(stream) === afterVersion
        ? []
        : attempt(() => ofStream.all(stream, afterVersion)).map(toStoredEvent),

    append: (stream, expectedVersion, events) =>
      new Promise((resolve, reject) => {
        if (readonly) throw new Error(`${file} was opened for reading only`)
        if (closing !== undefined) throw new Error('the event store is closed')
        const serialised = serialise(stream, expectedVersion, events)
        const first = waiting.length === 0
        waiting.push({
          stream,
          expected: expectedVersion,
          events: serialised,
          answer: undefined,
          resolve,
          reject,
        })
        if (!first) return
        waitingSince = performance.now()
        lastTurn = 0
        setImmediate(flushWhenQuiet)
      }),

    readAll: async (position, limit) => {
      if (!Number.isSafeInteger(limit) || limit < 1) throw new Error(`a page cannot have ${limit} events`)
      return attempt(() => readAfter(toNumber(position), limit))
    },

    follow: (position, onBatch, onStopped) => followers.add(toNumber(position), onBatch, onStopped),

    comparePositions: (a, b) => toNumber(a) - toNumber(b),

    head: async () => {
      const position = attempt(() => newest.get()) ?? null
      return position === null ? null : String(position)
    },

    isWritable: async () => {
      // nobody may send an append to a service that is not ready, so it finds out by itself
      if (!hasRoom()) return false
      if (failing && closing === undefined) tryToWrite()
      return !failing
    },

    close: () => {
      closing ??= finish()
      return closing
    },
  }
}
