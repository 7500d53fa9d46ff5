/** What is in a views file, in few bytes, so that two files can be compared. */
import { hash } from 'node:crypto'
import type Database from 'better-sqlite3'
import type { Position } from '../../domain/eventStore.ts'
import { openDatabase } from '../../projections/openDatabase.ts'

/** The file's own tables, which are not made of events. */
const bookkeeping = new Set(['checkpoints', 'bulk', 'origin'])

/** How long to wait for a writer that has the file to itself, as one that rebuilds all views has. */
const busyTimeoutMs = 5_000

export type ViewsContent = {
  /** Of each view, its version and the last event in it. */
  checkpoints: { name: string; version: number; position: Position | null }[]
  /** Columns, number and digest of the rows of each table. */
  tables: Map<string, string>
}

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`

/**
 * Columns, number of rows and the sum of the rows' digests: rows in another order are the same rows, and no more
 * than one is in memory.
 */
const contentOf = (db: Database.Database, table: string): string => {
  const columns = db
    .prepare<[string], string>('SELECT name FROM pragma_table_info(?) ORDER BY name')
    .pluck()
    .all(table)
  const text = columns.map((name) => `quote(${quoted(name)})`).join(" || ',' || ")
  const rows = db
    .prepare<[], string>(`SELECT ${text} FROM ${quoted(table)}`)
    .pluck()
    .iterate()
  const sums = new BigUint64Array(2)
  let count = 0
  for (const row of rows) {
    const digest = hash('sha256', row, 'buffer')
    sums[0]! += digest.readBigUInt64LE(0)
    sums[1]! += digest.readBigUInt64LE(8)
    count += 1
  }
  return `${count} rows of ${columns.join(', ')}: ${[...sums].map((sum) => sum.toString(16)).join('-')}`
}

/** The content of a views file at one instant, also of one that is written. @throws Error where it is no such file. */
export const readViews = (file: string): ViewsContent => {
  const db = openDatabase(file, { readonly: true, fileMustExist: true, timeout: busyTimeoutMs })
  const read = db.transaction((): ViewsContent => {
    const checkpoints = db
      .prepare<[], ViewsContent['checkpoints'][number]>('SELECT name, version, position FROM checkpoints')
      .all()
    const names = db
      .prepare<[], string>(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'",
      )
      .pluck()
      .all()
    const own = names.filter((name) => !bookkeeping.has(name)).sort()
    return { checkpoints, tables: new Map(own.map((name) => [name, contentOf(db, name)])) }
  })
  try {
    return read()
  } finally {
    db.close()
  }
}
