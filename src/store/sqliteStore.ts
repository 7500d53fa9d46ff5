/** The embedded engine: the event store in one SQLite file. */
import { type EventStore, type Position, StoreUnavailable } from '../../domain/eventStore.ts'
import type { LogDigest } from '../../domain/logDigest.ts'
import { digestUpTo } from '../logChain/sqliteChain.ts'
import { createAppendQueue } from './appendQueue.ts'
import { createFollowers } from './followers.ts'
import type { LogRow } from './logRow.ts'
import { freeBytesOf, leastRoomBytes } from './room.ts'
import { serialise } from './serialise.ts'
import { createAppender } from './sqliteAppender.ts'
import { createReadAfter, hasTable, identityOf, openLog, toStoredEvent } from './sqliteLog.ts'
import { orUnavailable } from './storeFault.ts'

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
  /** What readiness asks and every write: so they agree, also on a disk that is nearly full. */
  const hasRoom = (): boolean => db.memory || freeBytes() >= leastRoomBytes
  const appender = createAppender(db, { readonly, beforeCommit, hasRoom })
  const digests = hasTable(db, 'digests') ? digestUpTo(db) : () => null
  const ofStream = db.prepare<[string, number], LogRow>(
    `SELECT ${columns} FROM events WHERE stream = ? AND version > ? ORDER BY version`,
  )
  const dataVersion = db.prepare<[], number>('PRAGMA data_version').pluck()
  const newest = db.prepare<[], number | null>('SELECT max(position) FROM events').pluck()

  const readAfter = createReadAfter(db, without)

  let seenDataVersion = dataVersion.get()
  const changedElsewhere = (): boolean => {
    const seen = seenDataVersion
    seenDataVersion = dataVersion.get()
    if (seen === seenDataVersion) return false
    appender.forget()
    return true
  }
  const followers = createFollowers({ readAfter, changedElsewhere })

  /** Whether the last that was written failed for want of a disk that takes it. */
  let failing = false

  let closing: Promise<void> | undefined

  const appends = createAppendQueue((group) => {
    try {
      const written = orUnavailable(() => appender.commitGroup(group))
      failing = false
      if (written.length > 0) followers.committed(written)
    } catch (error) {
      failing = error instanceof StoreUnavailable
      throw error
    }
  })

  const finish = async (): Promise<void> => {
    appends.flushAll()
    await followers.stopAll()
    db.close()
  }

  return {
    id: identityOf(db),

    digestUpTo: (position) => orUnavailable(() => digests(position === null ? null : toNumber(position))),

    readStream: async (stream, afterVersion = 0) =>
      appender.versionOf(stream) === afterVersion
        ? []
        : orUnavailable(() => ofStream.all(stream, afterVersion)).map(toStoredEvent),

    append: (stream, expectedVersion, events) =>
      new Promise((resolve, reject) => {
        if (readonly) throw new Error(`${file} was opened for reading only`)
        if (closing !== undefined) throw new Error('the event store is closed')
        appends.add({
          stream,
          expected: expectedVersion,
          events: serialise(stream, expectedVersion, events),
          answer: undefined,
          resolve,
          reject,
        })
      }),

    readAll: async (position, limit) => {
      if (!Number.isSafeInteger(limit) || limit < 1) throw new Error(`a page cannot have ${limit} events`)
      return orUnavailable(() => readAfter(toNumber(position), limit))
    },

    follow: (position, onBatch, onStopped) => followers.add(toNumber(position), onBatch, onStopped),

    comparePositions: (a, b) => toNumber(a) - toNumber(b),

    head: async () => {
      const position = orUnavailable(() => newest.get()) ?? null
      return position === null ? null : String(position)
    },

    isWritable: async () => {
      // nobody may send an append to a service that is not ready, so it finds out by itself
      if (!hasRoom()) return false
      if (failing && closing === undefined) failing = !appender.canWrite()
      return !failing
    },

    close: () => {
      closing ??= finish()
      return closing
    },
  }
}
