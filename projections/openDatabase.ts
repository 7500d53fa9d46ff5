// Opens an SQLite database so that its statements are planned once.

import Database from 'better-sqlite3'

/**
 * The statement with a unary plus before each parameter, which changes no value and no index. SQLite is compiled with
 * STAT4: a value bound to a bare `?` that is compared with an indexed column makes it plan the statement again on the
 * next step, which costs more than most of our queries.
 */
export const plannedOnce = (sql: string): string => sql.replaceAll('?', '+?')

/** A connection to the file whose `prepare` plans each statement once, see `plannedOnce`. */
export const openDatabase = (file: string, options: Database.Options = {}): Database.Database => {
  const db = new Database(file, options)
  const prepare = db.prepare.bind(db) as (sql: string) => Database.Statement
  db.prepare = ((sql: string) => prepare(plannedOnce(sql))) as typeof db.prepare
  return db
}
