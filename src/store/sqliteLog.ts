import { randomUUID } from 'node:crypto'
import type Database from 'better-sqlite3'
import { DamagedEvent, type Metadata, type StoredEvent } from '../../domain/eventStore.ts'
import { hyphenated, uuidText } from '../../domain/uuid.ts'
import { openDatabase } from '../../projections/openDatabase.ts'
import { chainSchema } from '../logChain/sqliteChain.ts'
import type { LogRow } from './logRow.ts'

/** How long one process waits for another's transaction before it gives up. */
const busyTimeoutMs = 5_000

/** Bytes of a page of a new log: events follow each other, and larger pages are fewer calls of the system. */
const pageBytes = 8_192

/** Pages the write-ahead log may grow to, 16 MB: at the default of 4 MB index pages are copied back over and over. */
const checkpointPages = 2_000

// `position` is the rowid without AUTOINCREMENT: rows are never deleted, so the largest plus one is never used twice
// and leaves no holes, which the followers rely on. A rowid table, for WITHOUT ROWID was 2.5 times slower. Ids have no
// index: those of keyed commands are scattered and would cost a page of their own each, and what the same append again
// needs is found by stream and version. `verify` sees that they are unique.
const schema = `
  CREATE TABLE IF NOT EXISTS events (
    position INTEGER PRIMARY KEY,
    id       BLOB    NOT NULL CHECK (length(id) = 16),
    stream   TEXT    NOT NULL,
    version  INTEGER NOT NULL CHECK (version > 0),
    type     TEXT    NOT NULL,
    data     TEXT    NOT NULL,
    metadata TEXT    NOT NULL,
    UNIQUE (stream, version)
  ) STRICT;
  CREATE TRIGGER IF NOT EXISTS events_are_never_changed BEFORE UPDATE ON events
    BEGIN SELECT RAISE(ABORT, 'the log is append-only: events are never changed'); END;
  CREATE TRIGGER IF NOT EXISTS events_are_never_deleted BEFORE DELETE ON events
    BEGIN SELECT RAISE(ABORT, 'the log is append-only: events are never deleted'); END;
  CREATE TABLE IF NOT EXISTS log_identity (one INTEGER PRIMARY KEY CHECK (one = 1), id TEXT NOT NULL) STRICT;
`

/**
 * A connection to the log with the settings an acknowledged write depends on. SQLite keeps `synchronous` per
 * connection, not in the file, so it is set at every open.
 * @throws Error where the file system cannot keep a write-ahead log, or a log to be read is not there.
 */
export const openLog = (file: string, readonly: boolean): Database.Database => {
  const db = openDatabase(file, { readonly, fileMustExist: readonly, timeout: busyTimeoutMs })
  try {
    if (!readonly) {
      db.pragma(`page_size = ${pageBytes}`)
      const mode = db.pragma('journal_mode = WAL', { simple: true })
      if (mode !== 'wal' && !db.memory) {
        throw new Error(`${file} cannot keep a write-ahead log; put the data folder on a local disk.`)
      }
      db.pragma('synchronous = FULL')
      db.pragma(`wal_autocheckpoint = ${checkpointPages}`)
      db.exec(schema)
      db.exec(chainSchema)
      db.prepare('INSERT OR IGNORE INTO log_identity VALUES (1, ?)').run(randomUUID())
    }
    return db
  } catch (error) {
    db.close()
    throw error
  }
}

export const hasTable = (db: Database.Database, name: string): boolean =>
  db.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?").get(name) !== undefined

/** What tells this log from every other, made with it; empty in one that no version that knows of it has opened yet. */
export const identityOf = (db: Database.Database): string =>
  hasTable(db, 'log_identity')
    ? (db.prepare<[], string>('SELECT id FROM log_identity').pluck().get() ?? '')
    : ''

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`

/** Rows made into one text at a time: about what the processor's own cache holds. */
const rowsPerText = 100

/**
 * Reads on from a position. A hundred rows come as one JSON text, put together by SQLite and parsed at a stroke, which
 * is half again as fast as seven values a row; data and metadata are JSON already.
 */
export const createReadAfter = (
  db: Database.Database,
  without: readonly string[] = [],
): ((position: number, limit: number) => StoredEvent[]) => {
  const asJson = `'{"id":"' || lower(hex(id)) || '","stream":' || json_quote(stream) || ',"version":' || version ||
    ',"position":"' || position || '","type":' || json_quote(type) || ',"data":' || data || ',"metadata":' || metadata || '}'`
  const ofTypes = without.length === 0 ? '' : `AND type NOT IN (${without.map(quoted).join(', ')})`
  // the rows come in the order of the subquery, which is that of the table itself
  const texts = db
    .prepare<[number, number], string | null>(
      `SELECT '[' || group_concat(${asJson}) || ']' FROM
         (SELECT * FROM events WHERE position > ? ${ofTypes} ORDER BY position LIMIT ?)`,
    )
    .pluck()
  const rowsAfter = db.prepare<[number, number], LogRow>(
    `SELECT * FROM events WHERE position > ? ${ofTypes} ORDER BY position LIMIT ?`,
  )
  const parse = (text: string, after: number, limit: number): StoredEvent[] => {
    try {
      return JSON.parse(text) as StoredEvent[]
    } catch (error) {
      // one of them cannot be read: the rows one by one name it
      rowsAfter.all(after, limit).map(toStoredEvent)
      throw error
    }
  }
  return (position, limit) => {
    const events: StoredEvent[] = []
    let last = position
    while (events.length < limit) {
      const wanted = Math.min(rowsPerText, limit - events.length)
      const some = parse(texts.get(last, wanted) ?? '[]', last, wanted)
      for (const event of some) {
        event.id = hyphenated(event.id)
        events.push(event)
      }
      if (some.length < wanted) return events
      last = Number(some.at(-1)?.position)
    }
    return events
  }
}

/** The envelope of a row, as it was appended. @throws DamagedEvent */
export const toStoredEvent = (row: LogRow): StoredEvent => {
  const place = {
    id: uuidText(row.id),
    stream: row.stream,
    version: row.version,
    position: String(row.position),
    type: row.type,
  }
  try {
    return {
      ...place,
      data: JSON.parse(row.data) as unknown,
      metadata: JSON.parse(row.metadata) as Metadata,
    }
  } catch {
    // the parser's own words would quote what is stored
    throw new DamagedEvent(place)
  }
}
