/** The writes of the embedded engine: a group of appends in one transaction, each judged on its own. */
import type Database from 'better-sqlite3'
import {
  type AppendResult,
  type StoredEvent,
  StoreUnavailable,
  VersionConflict,
} from '../../domain/eventStore.ts'
import { createRecent } from '../../domain/recent.ts'
import { chainSome, createSqliteChain } from '../logChain/sqliteChain.ts'
import type { SerialisedEvent } from './serialise.ts'

/** Streams of which the version is kept in memory. */
const mostTails = 10_000

/** An append that waits for its group. */
export type WaitingAppend = {
  stream: string
  expected: number
  events: SerialisedEvent[]
  answer: AppendResult | VersionConflict | undefined
  resolve: (appended: AppendResult) => void
  reject: (error: unknown) => void
}

export type AppenderOptions = {
  readonly: boolean
  beforeCommit: (() => void) | undefined
  hasRoom: () => boolean
}

/** Writes groups of appends to the log's table. */
export const createAppender = (
  db: Database.Database,
  { readonly, beforeCommit, hasRoom }: AppenderOptions,
) => {
  const begin = db.prepare('BEGIN IMMEDIATE')
  // changes nothing and yet has to be written, as an append has
  const touch = readonly ? null : db.prepare('PRAGMA user_version = 0')
  const commit = db.prepare('COMMIT')
  const rollback = db.prepare('ROLLBACK')
  const tail = db
    .prepare<[string], number>('SELECT version FROM events WHERE stream = ? ORDER BY version DESC LIMIT 1')
    .pluck()
  const insert = db.prepare<[Buffer, string, number, string, string, string]>(
    'INSERT INTO events (id, stream, version, type, data, metadata) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING',
  )
  if (!readonly) while (chainSome(db) !== null);
  const chain = readonly ? null : createSqliteChain(db)
  const placed = db.prepare<[string, number, number], { id: Buffer; position: number }>(
    'SELECT id, position FROM events WHERE stream = ? AND version > ? AND version <= ? ORDER BY version',
  )
  /** Versions of streams this process wrote to; other writers are caught by the table's unique key. */
  let tails = createRecent<string, number>(mostTails)

  /** The answer an append got the first time, where exactly its events stand at exactly its place. */
  const earlierAnswer = ({ stream, expected, events }: WaitingAppend): AppendResult | undefined => {
    const version = expected + events.length
    const rows = placed.all(stream, expected, version)
    const same = rows.length === events.length && rows.every((row, i) => row.id.equals(events[i]!.id))
    return same ? { version, position: String(rows.at(-1)!.position) } : undefined
  }

  /** Whether the stream is not where the append expects it, and if so, the answer. */
  const standsElsewhere = (append: WaitingAppend): boolean => {
    const { stream, expected } = append
    const current = tail.get(stream) ?? 0
    if (current !== expected)
      append.answer = earlierAnswer(append) ?? new VersionConflict(stream, expected, current)
    return current !== expected
  }

  /** Judges and writes one append inside the open transaction. */
  const write = (append: WaitingAppend, written: StoredEvent[]): void => {
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

  /** Forgets the versions: another process has written. */
  const forget = (): void => {
    tails = createRecent(mostTails)
  }

  /** Commits a group in one transaction and returns what was written. @throws StoreUnavailable; SQLite's own error */
  const commitGroup = (group: readonly WaitingAppend[]): StoredEvent[] => {
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
      forget()
      chain?.forget()
      if (db.inTransaction) rollback.run()
      throw error
    }
  }

  /** Whether the disk takes a write now. */
  const canWrite = (): boolean => {
    try {
      begin.run()
      touch?.run()
      beforeCommit?.()
      commit.run()
      return true
    } catch {
      if (db.inTransaction) rollback.run()
      return false
    }
  }

  return {
    commitGroup,
    canWrite,
    forget,
    /** The version of a stream as far as it is in memory. */
    versionOf: (stream: string): number | undefined => tails.get(stream),
  }
}
