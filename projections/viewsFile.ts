/** The file the views live in: how it is opened, what it knows of each projection, and when it is thrown away. */
import { closeSync, fstatSync, openSync, readSync, rmSync } from 'node:fs'
import type Database from 'better-sqlite3'
import type { Position, StoredEvent } from '../domain/eventStore.ts'
import { flushToDisk } from './flushToDisk.ts'
import { openDatabase } from './openDatabase.ts'
import type { Projection } from './projection.ts'

/** Raised when the file itself changes its form; every projection is then rebuilt. */
const fileVersion = 3

/** Pages kept in memory, 24 MB: what is changed by random places is kept in lists of its own, the rest grows at its end. */
const cacheKib = 24_576

const schema = `
  CREATE TABLE IF NOT EXISTS checkpoints (name TEXT PRIMARY KEY, version INTEGER NOT NULL, position TEXT, event TEXT) STRICT;
  CREATE TABLE IF NOT EXISTS origin (one INTEGER PRIMARY KEY CHECK (one = 1), log TEXT NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS bulk (started INTEGER PRIMARY KEY) STRICT;
`

/** The last event a view has: it tells whether a log is the one the view was built from. */
export type LastEvent = Pick<StoredEvent, 'position' | 'stream' | 'version' | 'id'>

export const toLastEvent = ({ position, stream, version, id }: LastEvent): LastEvent => ({
  position,
  stream,
  version,
  id,
})

export type AnyProjection = Omit<Projection<unknown>, 'open'>

/** Removes a database with what SQLite keeps beside it; what is not there is no fault. */
export const removeDatabase = (file: string): void => {
  for (const suffix of ['', '-wal', '-shm', '-journal']) rmSync(file + suffix, { force: true })
}

const openWithSettings = (file: string, readonly: boolean): Database.Database => {
  const db = openDatabase(file, { readonly, fileMustExist: readonly })
  try {
    if (!readonly) {
      db.pragma('journal_mode = WAL')
      // Views can be rebuilt from the log, so a commit need not wait for the disk.
      db.pragma('synchronous = NORMAL')
      db.pragma('wal_autocheckpoint = 4000')
      db.exec(schema)
    }
    db.pragma(`cache_size = -${cacheKib}`)
    db.pragma('temp_store = MEMORY')
    return db
  } catch (error) {
    db.close()
    throw error
  }
}

/** Whether the file can be gone on with: it is ours, and no bulk load was interrupted in it. */
const isUsable = (db: Database.Database): boolean => {
  const version = db.pragma('user_version', { simple: true })
  if (version !== 0 && version !== fileVersion) return false
  return db.prepare('SELECT 1 FROM bulk').get() === undefined
}

/** Whether SQLite says that what is in the file cannot be. */
export const isDamage = (error: unknown): boolean =>
  typeof error === 'object' &&
  error !== null &&
  'code' in error &&
  /^SQLITE_(NOTADB|CORRUPT)/.test(String(error.code))

/** Has the next start rebuild all views. */
export const throwAwayAtNextStart = 'INSERT OR IGNORE INTO bulk VALUES (1)'

const headerBytes = 100

/** Size that the header of the file says it has; see "Database File Format" of SQLite, 1.3. */
const sizeInHeader = (header: Buffer): number => {
  const pageSize = header.readUInt16BE(16)
  return header.readUInt32BE(28) * (pageSize === 1 ? 65_536 : pageSize)
}

/**
 * Whether a part is missing at the end. SQLite does not look where a write-ahead log is beside the file, as after a
 * crash, and a view then stops when it comes to what is missing. A file that a crash left half copied out of that log
 * looks the same, and is rebuilt as well.
 */
const isCutShort = (file: string): boolean => {
  let fd: number
  try {
    fd = openSync(file, 'r')
  } catch {
    return false
  }
  try {
    const { size } = fstatSync(fd)
    const header = Buffer.alloc(headerBytes)
    return size > 0 && (readSync(fd, header) < headerBytes || size < sizeInHeader(header))
  } finally {
    closeSync(fd)
  }
}

/** Notes which log the views of a file are built from, in a file that does not say so yet. */
export const noteOrigin = (db: Database.Database, log: string): void => {
  db.prepare('INSERT OR IGNORE INTO origin VALUES (1, ?)').run(log)
}

/** Opens the file; one that is damaged or of another form is removed, for the log has it all. */
export const openViewsFile = (file: string, readonly: boolean): Database.Database => {
  if (readonly) return openWithSettings(file, true)
  const fresh = (): Database.Database => {
    removeDatabase(file)
    const db = openWithSettings(file, false)
    db.pragma(`user_version = ${fileVersion}`)
    return db
  }
  if (isCutShort(file)) return fresh()
  let db: Database.Database
  try {
    db = openWithSettings(file, false)
  } catch (error) {
    if (!isDamage(error)) throw error
    return fresh()
  }
  if (isUsable(db)) {
    db.pragma(`user_version = ${fileVersion}`)
    return db
  }
  db.close()
  return fresh()
}

const createIndexes = (db: Database.Database, projection: AnyProjection): void => {
  for (const sql of Object.values(projection.indexes))
    db.exec(sql.replace('CREATE INDEX', 'CREATE INDEX IF NOT EXISTS'))
}

/**
 * The last event a projection has; `null`: none. Its tables are rebuilt where its code has another version than its
 * rows. A view goes on after that event and not after its position: a log that was restored may have lost what no
 * view looks at, and then gives positions between the two to new events.
 */
export const prepareTables = (db: Database.Database, projection: AnyProjection): LastEvent | null => {
  const stored = db
    .prepare<[string], { version: number; event: string | null }>(
      'SELECT version, event FROM checkpoints WHERE name = ?',
    )
    .get(projection.name)
  if (stored?.version === projection.version) {
    createIndexes(db, projection)
    return stored.event === null ? null : (JSON.parse(stored.event) as LastEvent)
  }
  db.transaction(() => {
    for (const table of Object.keys(projection.tables)) db.exec(`DROP TABLE IF EXISTS ${table}`)
    for (const sql of Object.values(projection.tables)) db.exec(sql)
    createIndexes(db, projection)
    db.prepare('INSERT OR REPLACE INTO checkpoints VALUES (?, ?, NULL, NULL)').run(
      projection.name,
      projection.version,
    )
  })()
  return null
}

/**
 * Loads much at once: indexes go until `end`, and a crash on the way is answered by starting again, so there is no
 * journal on the disk. Must not be called inside a transaction.
 */
export const createBulk = (db: Database.Database, projections: readonly AnyProjection[]) => ({
  begin: (): void => {
    db.exec(throwAwayAtNextStart)
    db.pragma('wal_checkpoint(TRUNCATE)')
    db.pragma('journal_mode = MEMORY')
    db.pragma('synchronous = OFF')
    for (const { indexes } of projections)
      for (const name of Object.keys(indexes)) db.exec(`DROP INDEX IF EXISTS ${name}`)
  },
  end: (): void => {
    for (const projection of projections) createIndexes(db, projection)
    // on the disk before anything says that it is whole
    flushToDisk(db.name)
    db.pragma('journal_mode = WAL')
    db.pragma('synchronous = NORMAL')
    db.exec('DELETE FROM bulk')
  },
})

type ViewsCopy = { file: string; position: Position; projections: readonly AnyProjection[] }

/**
 * Copies the rows of these projections out of another views file, whose indexes are there too. Tables of one form,
 * empty here, are copied with their indexes as they are, row by row without a look inside. Must not be called inside
 * a transaction. Returns the last event of each by its name.
 * @throws Error where a table has rows here already.
 */
export const adoptTables = (
  db: Database.Database,
  { file, position, projections }: ViewsCopy,
): Map<string, LastEvent> => {
  db.prepare('ATTACH ? AS built').run(file)
  try {
    const eventOf = db
      .prepare<[string], string | null>('SELECT event FROM built.checkpoints WHERE name = ?')
      .pluck()
    const adopted = new Map<string, LastEvent>()
    db.transaction(() => {
      for (const projection of projections) {
        createIndexes(db, projection)
        for (const table of Object.keys(projection.tables))
          db.exec(`INSERT INTO main.${table} SELECT * FROM built.${table}`)
        const event = eventOf.get(projection.name) ?? null
        db.prepare('UPDATE checkpoints SET position = ?, event = ? WHERE name = ?').run(
          position,
          event,
          projection.name,
        )
        if (event !== null) adopted.set(projection.name, JSON.parse(event) as LastEvent)
      }
    })()
    return adopted
  } finally {
    db.exec('DETACH built')
  }
}
