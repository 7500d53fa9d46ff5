/** A unit of work on the rows of one table: read once, changed in memory, written once. */
import type Database from 'better-sqlite3'
import type { Bound } from './statements.ts'

/** A table whose rows have a whole-number `id` and are looked up by another unique column, `key`. */
export type Table = {
  name: string
  key: string
  /** SQL type and constraints by column; the order is that of the statements. */
  columns: Readonly<Record<string, string>>
}

/** Column types that most tables have. */
export const int = 'INTEGER NOT NULL'
export const text = 'TEXT NOT NULL'

/** What a column of that SQL type holds. */
type ValueOf<Sql extends string> =
  | (Sql extends `INTEGER${string}` ? number : string)
  | (Sql extends `${string} NOT NULL${string}` | `${string} PRIMARY KEY${string}` ? never : null)

/** The row of a table: the type follows from its columns, so that a column stands in one place. */
export type RowOf<T extends Table> = { -readonly [C in keyof T['columns']]: ValueOf<T['columns'][C]> }

export type Rows<Row> = {
  /** The row as it is after what was folded so far; change it in place. */
  get(key: string): Row | undefined
  add(row: Row): void
  /** Writes what changed; `written` is called with each row that was read or added. */
  flush(written?: (row: Row) => void): void
  discard(): void
}

export const createTableSql = (table: Table): string => {
  const columns = Object.entries(table.columns).map(([name, type]) => `${name} ${type}`)
  return `CREATE TABLE ${table.name} (${columns.join(', ')}) STRICT`
}

type Entry<Row> = { row: Row; original: Row | null }

type BoundValues = Record<string, Bound>

/** Rows are compared with what was read, so that a row costs what changed of it and no index is touched in vain. */
export const createRows = <T extends Table>(db: Database.Database, table: T): Rows<RowOf<T>> => {
  type Row = RowOf<T> & BoundValues
  const columns = Object.keys(table.columns)
  const entries = new Map<string, Entry<Row>>()
  const select = db.prepare<[string], Row>(`SELECT * FROM ${table.name} WHERE ${table.key} = ?`)
  const insert = db.prepare<Bound[]>(
    `INSERT INTO ${table.name} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`,
  )
  const updates = new Map<string, Database.Statement<Bound[]>>()

  const update = (changed: string[]): Database.Statement<Bound[]> => {
    const shape = changed.join(' = ?, ')
    const known = updates.get(shape)
    if (known !== undefined) return known
    const statement = db.prepare<Bound[]>(`UPDATE ${table.name} SET ${shape} = ? WHERE id = ?`)
    updates.set(shape, statement)
    return statement
  }

  const write = ({ row, original }: Entry<Row>): void => {
    const values: BoundValues = row
    if (original === null) {
      insert.run(...columns.map((column) => values[column] as Bound))
      return
    }
    const before: BoundValues = original
    const changed: string[] = []
    const bound: Bound[] = []
    for (const column of columns) {
      const value = values[column] as Bound
      if (value === before[column]) continue
      changed.push(column)
      bound.push(value)
    }
    if (changed.length === 0) return
    bound.push(values.id as Bound)
    update(changed).run(...bound)
  }

  return {
    get: (key) => {
      const known = entries.get(key)
      if (known !== undefined) return known.row
      const row = select.get(key)
      if (row !== undefined) entries.set(key, { row, original: { ...row } })
      return row
    },
    add: (row) => {
      entries.set((row as BoundValues)[table.key] as string, { row, original: null })
    },
    flush: (written) => {
      for (const entry of entries.values()) {
        write(entry)
        written?.(entry.row)
      }
      entries.clear()
    },
    discard: () => entries.clear(),
  }
}

/** The `id` the next new row gets: rows are numbered in the order of the log, the same at every rebuild. */
export const createNumbering = (db: Database.Database, table: string) => {
  const last = db.prepare<[], number | null>(`SELECT max(id) FROM ${table}`).pluck()
  let next: number | null = null
  return {
    next: (): number => {
      next ??= (last.get() ?? 0) + 1
      next += 1
      return next - 1
    },
    reset: (): void => {
      next = null
    },
  }
}
