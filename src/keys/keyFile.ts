/** The file of wrapped keys, `keys.db`: its tables, and under which master key it is. */
import type { KeyObject } from 'node:crypto'
import { existsSync, rmSync } from 'node:fs'
import type Database from 'better-sqlite3'
import type { Position } from '../../domain/eventStore.ts'
import { openDatabase } from '../../projections/openDatabase.ts'
import { hasTable } from '../store/sqliteLog.ts'
import { type Derive, deriveFrom, unwrapDerived, type WrappedKeys } from './derivedKeys.ts'
import { decrypt, encrypt } from './sealedText.ts'

const busyTimeoutMs = 5_000
/** How long an erasure waits for readers of the file to close it, and when it tries again where they did not. */
const emptyTimeoutMs = 50
const emptyAgainMs = 1_000

const checkName = Buffer.from('the master key of this file')

// A destroyed key's row stays, its wrapped key overwritten by as many zeros. Rows are only added at the end and never
// change their size, so SQLite never moves one, and no page keeps an old copy of a key; and an erased subject can be
// told from one that never was.
const schema = `
  CREATE TABLE IF NOT EXISTS subject_keys (
    number  INTEGER PRIMARY KEY,
    subject BLOB NOT NULL UNIQUE,
    wrapped BLOB NOT NULL
  ) STRICT;
  CREATE TABLE IF NOT EXISTS master_check (one INTEGER PRIMARY KEY CHECK (one = 1), box BLOB NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS derived_keys (one INTEGER PRIMARY KEY CHECK (one = 1), wrapped TEXT NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS followed (one INTEGER PRIMARY KEY CHECK (one = 1), position TEXT NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS followed_note (position TEXT PRIMARY KEY, note TEXT NOT NULL) STRICT;
`

/**
 * Opens the file and sees that it is of this master key.
 * @throws Error with a sentence that says what to do, where it belongs to another.
 */
export const openKeyFile = (file: string, masterKey: KeyObject, readonly: boolean): Database.Database => {
  const db = openDatabase(file, { readonly, fileMustExist: readonly, timeout: busyTimeoutMs })
  try {
    if (!readonly) {
      prepareKeyFile(db)
      markKeyFile(db, masterKey)
    }
    if (!opensWith(db, masterKey))
      throw new Error(
        `The keys in ${file} were made under another master key. Start with the MASTER_KEY, or the master.key file, they were made under.`,
      )
    return db
  } catch (error) {
    db.close()
    throw error
  }
}

/**
 * Empties the write-ahead log: until then a wrapped key lies there although its row is overwritten. False where other
 * processes read the file.
 */
const emptyWal = (db: Database.Database): boolean => {
  db.pragma(`busy_timeout = ${emptyTimeoutMs}`)
  try {
    const [result] = db.pragma('wal_checkpoint(TRUNCATE)') as { busy: number }[]
    return result?.busy === 0
  } catch {
    return false
  } finally {
    db.pragma(`busy_timeout = ${busyTimeoutMs}`)
  }
}

/** Empties the write-ahead log, now or as soon as nobody reads the file. `endReads`: ends what this process reads. */
export const emptyWalSoon = (db: Database.Database, endReads: () => void): void => {
  if (!db.open) return
  endReads()
  if (!emptyWal(db)) setTimeout(emptyWalSoon, emptyAgainMs, db, endReads).unref()
}

/** For whoever writes to the file: what was overwritten leaves no copy. */
export const prepareKeyFile = (db: Database.Database): void => {
  db.pragma('journal_mode = WAL')
  db.pragma('synchronous = FULL')
  db.pragma('secure_delete = ON')
  db.exec(schema)
}

/** Marks the file as one under this master key; one that is marked stays as it is. */
const markKeyFile = (db: Database.Database, masterKey: KeyObject): void => {
  const insert = db.prepare<[Buffer]>('INSERT OR IGNORE INTO master_check VALUES (1, ?)')
  insert.run(encrypt(masterKey, checkName, checkName))
}

/** Puts the mark of another master key in the place of the old one. */
export const remarkKeyFile = (db: Database.Database, masterKey: KeyObject): void => {
  db.prepare<[Buffer]>('UPDATE master_check SET box = ?').run(encrypt(masterKey, checkName, checkName))
}

/** Whether the keys of the file are wrapped under this master key. */
export const opensWith = (db: Database.Database, masterKey: KeyObject): boolean => {
  const box = db.prepare<[], Buffer>('SELECT box FROM master_check').pluck().get()
  if (box === undefined) return false
  try {
    decrypt(masterKey, box, checkName)
    return true
  } catch {
    return false
  }
}

/** The keys of the service itself. A file whose master key was never changed, or of an older version, keeps none. */
export const deriveIn = (db: Database.Database, masterKey: KeyObject): Derive => {
  const kept = hasTable(db, 'derived_keys')
    ? db.prepare<[], string>('SELECT wrapped FROM derived_keys').pluck().get()
    : undefined
  return kept === undefined
    ? deriveFrom(masterKey)
    : unwrapDerived(JSON.parse(kept) as WrappedKeys, masterKey)
}

export const keepDerived = (db: Database.Database, wrapped: WrappedKeys): void => {
  db.prepare<[string]>('INSERT OR REPLACE INTO derived_keys VALUES (1, ?)').run(JSON.stringify(wrapped))
}

/** Up to where the log that the keys were adopted from is known, and what was noted with it. */
export type FollowMark = { position: Position; note: string | null }

export const followedIn = (db: Database.Database): FollowMark | null =>
  db
    .prepare<[], FollowMark>('SELECT position, note FROM followed LEFT JOIN followed_note USING (position)')
    .get() ?? null

export const noteFollowed = (db: Database.Database, position: Position, note: string | undefined): void =>
  db.transaction(() => {
    db.prepare('INSERT OR REPLACE INTO followed VALUES (1, ?)').run(position)
    db.prepare('DELETE FROM followed_note').run()
    if (note !== undefined) db.prepare('INSERT INTO followed_note VALUES (?, ?)').run(position, note)
  })()

/** Removes a copy of the log's keys that is under another master key than the log's: it is read from the log again. */
export const removeForeignCopy = (file: string, masterKey: KeyObject): void => {
  if (!existsSync(file)) return
  const db = openDatabase(file, { fileMustExist: true })
  const isOurs = !hasTable(db, 'master_check') || opensWith(db, masterKey)
  db.close()
  if (!isOurs) for (const end of ['', '-wal', '-shm']) rmSync(file + end, { force: true })
}
