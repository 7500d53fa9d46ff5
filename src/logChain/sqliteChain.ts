/** The digests of the embedded engine's log, a row beside each event; see `domain/logDigest.ts`. */
import type Database from 'better-sqlite3'
import { emptyLogDigest, type LogDigest } from '../../domain/logDigest.ts'
import { uuidText } from '../../domain/uuid.ts'
import type { LogRow } from '../store/logRow.ts'
import { chainDigest } from './chainDigest.ts'

// A table of its own and no column: digests of an older log are added without touching a stored event.
export const chainSchema = `
  CREATE TABLE IF NOT EXISTS digests (
    position INTEGER PRIMARY KEY,
    digest   BLOB NOT NULL CHECK (length(digest) = 32)
  ) STRICT;
`

/** Events of an older log whose digests are computed in one transaction. */
const eventsAtOnce = 2_000

/** Digests written by one statement at most. */
const rowsAtOnce = 16

/** The digest after one more row, in hex. */
export const digestAfter = (before: string, row: Omit<LogRow, 'position'>): string =>
  chainDigest(before, { ...row, id: uuidText(row.id) }, row.data, row.metadata)

export const digestReader = (db: Database.Database): ((position: number) => string | null) => {
  const select = db.prepare<[number], Buffer>('SELECT digest FROM digests WHERE position = ?').pluck()
  return (position) => (position === 0 ? emptyLogDigest : (select.get(position)?.toString('hex') ?? null))
}

/** The digest up to a position, `null`: the newest; `null` where the log has no such event. */
export const digestUpTo = (db: Database.Database) => {
  const newest = db.prepare<[], number | null>('SELECT max(position) FROM events').pluck()
  const read = digestReader(db)
  return (position: number | null): LogDigest | null => {
    const last = newest.get() ?? 0
    const at = position ?? last
    const digest = at < 1 || at > last ? null : read(at)
    // positions of this engine count the events
    return digest === null ? null : { position: String(at), events: at, digest }
  }
}

export type SqliteChain = {
  /** Computes the digest of a row that was just inserted. */
  add(position: number, event: Omit<LogRow, 'position'>): void
  /** Writes the digests that were added, inside the transaction of their rows. */
  flush(): void
  /** After a rollback: what was added is not there. */
  forget(): void
}

/** @throws Error where the event before the added one has no digest, see `completeChain`. */
export const createSqliteChain = (db: Database.Database): SqliteChain => {
  const read = digestReader(db)
  // several rows a statement cost less than half each; over what a log that was cut has left behind
  const inserts = new Map<number, Database.Statement<(number | string)[]>>()
  const insertOf = (rows: number): Database.Statement<(number | string)[]> => {
    const known =
      inserts.get(rows) ??
      db.prepare<(number | string)[]>(
        `INSERT OR REPLACE INTO digests VALUES ${Array(rows).fill('(?, unhex(?))').join(', ')}`,
      )
    inserts.set(rows, known)
    return known
  }
  /** Positions and digests, alternating. */
  let added: (number | string)[] = []
  let newest = { position: 0, digest: emptyLogDigest }
  return {
    add: (position, event) => {
      if (newest.position !== position - 1) {
        const digest = read(position - 1)
        if (digest === null) throw new Error(`event ${position - 1} of the log has no digest`)
        newest = { position: position - 1, digest }
      }
      const digest = digestAfter(newest.digest, event)
      added.push(position, digest)
      newest = { position, digest }
    },
    flush: () => {
      for (let start = 0; start < added.length; start += 2 * rowsAtOnce) {
        const some = added.slice(start, start + 2 * rowsAtOnce)
        insertOf(some.length / 2).run(...some)
      }
      added = []
    },
    forget: () => {
      added = []
      newest = { position: 0, digest: emptyLogDigest }
    },
  }
}

/**
 * Computes the digests a log does not have yet, some thousand events at each step, each step in a transaction: broken
 * off, it goes on where it was. A log of an older version has none.
 * @returns the position it has come to; `null` where all are there.
 */
export const chainSome = (db: Database.Database): number | null => {
  const { chained } = db
    .prepare<[], { chained: number }>('SELECT coalesce(max(position), 0) AS chained FROM digests')
    .get()!
  const rows = db
    .prepare<[number, number], LogRow>('SELECT * FROM events WHERE position > ? ORDER BY position LIMIT ?')
    .all(chained, eventsAtOnce)
  if (rows.length === 0) return null
  const read = digestReader(db)
  const insert = db.prepare<[number, Buffer]>('INSERT INTO digests VALUES (?, ?)')
  db.transaction(() => {
    let before = read(chained) ?? emptyLogDigest
    for (const row of rows) {
      before = digestAfter(before, row)
      insert.run(row.position, Buffer.from(before, 'hex'))
    }
  })()
  return rows.at(-1)!.position
}
