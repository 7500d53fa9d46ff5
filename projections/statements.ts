import type Database from 'better-sqlite3'

type Bound = string | number | bigint | Buffer | null

/** Enough for every shape of query that is really asked, and a bound where callers vary their lists. */
const mostStatements = 500

/** Prepares a statement once for each text, for preparing costs more than most of our queries. */
export const createStatements = (db: Database.Database) => {
  const prepared = new Map<string, Database.Statement<Bound[]>>()
  const of = (sql: string): Database.Statement<Bound[]> => {
    const known = prepared.get(sql)
    if (known !== undefined) return known
    if (prepared.size >= mostStatements) prepared.clear()
    const statement = db.prepare<Bound[]>(sql)
    prepared.set(sql, statement)
    return statement
  }
  const get = <Row>(sql: string, params: readonly Bound[] = []): Row | undefined =>
    of(sql).get(...params) as Row | undefined
  return {
    get,
    /** The first row as it is shown; `null`: there is none. */
    find: <Row, View>(sql: string, params: readonly Bound[], view: (row: Row) => View): View | null => {
      const row = get<Row>(sql, params)
      return row === undefined ? null : view(row)
    },
    all: <Row>(sql: string, params: readonly Bound[] = []): Row[] => of(sql).all(...params) as Row[],
    /** Rows as arrays, in the order of the columns. */
    raw: <Row>(sql: string, params: readonly Bound[] = []): Row[] =>
      of(sql)
        .raw()
        .all(...params) as Row[],
    run: (sql: string, params: readonly Bound[] = []): number => of(sql).run(...params).changes,
  }
}

export type Statements = ReturnType<typeof createStatements>
export type { Bound }
