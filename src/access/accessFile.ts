/** The lines of the access log in a file, `access.db`. */
import { open } from 'node:fs/promises'
import type Database from 'better-sqlite3'
import { type AccessLine, type AccessLog, type AccessPlace, accessLogDays } from '../../domain/accessLog.ts'
import { toEpoch } from '../../domain/instant.ts'
import { openDatabase } from '../../projections/openDatabase.ts'

/** Lines that one page of a search looks at. */
const mostLooked = 50_000
const dayMs = 86_400_000
const flushEveryMs = 1_000
const expireEveryMs = 3_600_000
/** Lines removed in one go. */
const mostExpired = 5_000

/** A line, and the file it speaks of; or the end of that file. */
export type Entry = { line: AccessLine; file: string | null } | { file: string; count: number }

const schema = `
  CREATE TABLE IF NOT EXISTS lines (id INTEGER PRIMARY KEY, at INTEGER NOT NULL, actor TEXT NOT NULL,
    sub TEXT NOT NULL, line TEXT NOT NULL, count INTEGER, file TEXT) STRICT;
  CREATE INDEX IF NOT EXISTS linesByTime ON lines (at);
  CREATE INDEX IF NOT EXISTS linesOfFiles ON lines (file) WHERE file IS NOT NULL;
  CREATE TABLE IF NOT EXISTS followed (one INTEGER PRIMARY KEY CHECK (one = 1), position TEXT NOT NULL) STRICT;
`

type Row = { id: number; at: number; line: string; count: number | null }

const toLine = ({ line, count }: Row): AccessLine => ({ ...(JSON.parse(line) as AccessLine), count })

export type AccessFile = Pick<AccessLog, 'find'> & {
  /** All of them or none; they outlive the process. `position`: up to where the log of the lines is known. */
  add(entries: readonly Entry[], position?: string): void
  followed(): string | null
  close(): Promise<void>
}

/** Removes the lines that are older than they are kept, a part at a time. */
const expire = (db: Database.Database): void => {
  const before = Date.now() - accessLogDays * dayMs
  const remove = db.prepare('DELETE FROM lines WHERE id IN (SELECT id FROM lines WHERE at < ? LIMIT ?)')
  if (remove.run(before, mostExpired).changes === mostExpired) setImmediate(() => db.open && expire(db))
}

/**
 * A commit is handed to the operating system, which keeps it when the process dies; every second it is flushed to the
 * disk, beside the event loop. A flush for each line would cost a read many times its own time.
 */
export const openAccessFile = (file: string): AccessFile => {
  const db = openDatabase(file)
  db.pragma('journal_mode = WAL')
  db.pragma('synchronous = NORMAL')
  db.exec(schema)
  const insert = db.prepare<[number, string, string, string, number | null, string | null]>(
    'INSERT INTO lines (at, actor, sub, line, count, file) VALUES (?, ?, ?, ?, ?, ?)',
  )
  const complete = db.prepare<[number, string]>('UPDATE lines SET count = ?, file = NULL WHERE file = ?')
  // a file that showed nothing in the end
  const takeBack = db.prepare<[string]>('DELETE FROM lines WHERE file = ?')
  const follow = db.prepare<[string]>('INSERT OR REPLACE INTO followed VALUES (1, ?)')
  const addAll = db.transaction((entries: readonly Entry[], position: string | undefined): void => {
    for (const entry of entries) {
      if (!('line' in entry)) {
        if (entry.count === 0) takeBack.run(entry.file)
        else complete.run(entry.count, entry.file)
        continue
      }
      const { count, ...line } = entry.line
      insert.run(toEpoch(line.at), line.actor, line.sub, JSON.stringify(line), count, entry.file)
    }
    if (position !== undefined) follow.run(position)
  })

  let isDirty = false
  const flush = async (): Promise<void> => {
    if (!isDirty) return
    isDirty = false
    const handle = await open(`${file}-wal`, 'r').catch(() => null)
    await handle?.datasync().catch(() => {})
    await handle?.close()
  }
  const flushing = setInterval(() => void flush(), flushEveryMs).unref()
  const expiring = setInterval(() => expire(db), expireEveryMs).unref()
  expire(db)

  return {
    add: (entries, position) => {
      addAll(entries, position)
      isDirty = true
    },

    find: ({ subjectId, ticketNo, actor, from, to }, { after, limit }) => {
      const between: unknown[] = [
        from === undefined ? 0 : toEpoch(from),
        to === undefined ? Number.MAX_SAFE_INTEGER : toEpoch(to),
        after?.at ?? Number.MAX_SAFE_INTEGER,
        after?.id ?? Number.MAX_SAFE_INTEGER,
      ]
      const looked = `SELECT * FROM lines WHERE at >= ? AND at < ? AND (at, id) < (?, ?) ORDER BY at DESC, id DESC`
      const end = db
        .prepare<unknown[], AccessPlace>(`${looked} LIMIT 1 OFFSET ${mostLooked - 1}`)
        .get(...between)
      const wanted = [subjectId, ticketNo].flatMap((each) =>
        each === undefined ? [] : [JSON.stringify(each)],
      )
      const conditions = [
        ...wanted.map(() => 'instr(line, ?) > 0'),
        ...(actor === undefined ? [] : ['(actor = ? OR sub = ?)']),
      ]
      const where = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`
      const rows = db
        .prepare<unknown[], Row>(`SELECT * FROM (${looked} LIMIT ${mostLooked}) ${where} LIMIT ?`)
        .all(...between, ...wanted, ...(actor === undefined ? [] : [actor, actor]), limit + 1)
      const items = rows.slice(0, limit)
      const last = rows.length > limit ? items.at(-1) : end
      return { items: items.map(toLine), next: last === undefined ? null : { at: last.at, id: last.id } }
    },

    followed: () => db.prepare<[], string>('SELECT position FROM followed').pluck().get() ?? null,

    close: async () => {
      clearInterval(flushing)
      clearInterval(expiring)
      if (!db.open) return
      db.pragma('wal_checkpoint(TRUNCATE)')
      db.close()
    },
  }
}
