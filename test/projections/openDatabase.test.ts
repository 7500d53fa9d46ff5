import { describe, expect, it } from '@jest/globals'
import Database from 'better-sqlite3'
import { openDatabase, plannedOnce } from '../../projections/openDatabase.ts'

type Row = { a: number; b: number }

/** Two indexes, and values for which now the one, now the other is the better one: the order of the rows tells which was used. */
const filled = (db: Database.Database): Database.Database => {
  db.exec('CREATE TABLE t (a INTEGER, b INTEGER); CREATE INDEX byA ON t (a); CREATE INDEX byB ON t (b)')
  const add = db.prepare('INSERT INTO t VALUES (?, ?)')
  db.transaction(() => {
    for (let row = 0; row < 20_000; row += 1) add.run(row, (row * 7919) % 20_000)
  })()
  return db.exec('ANALYZE')
}

const both = 'SELECT a, b FROM t WHERE a > ? AND b > ?'
const isSorted = (values: number[]): boolean =>
  values.every((value, at) => at === 0 || values[at - 1]! <= value)
const indexUsed = (rows: Row[]): string =>
  isSorted(rows.map(({ a }) => a)) ? 'byA' : isSorted(rows.map(({ b }) => b)) ? 'byB' : 'none'

/** The index a statement uses first with a narrow `a`, then with a narrow `b`. */
const indexesUsed = (db: Database.Database): string[] => {
  const statement = db.prepare<[number, number], Row>(both)
  return [statement.all(19_900, 10), statement.all(10, 19_900)].map(indexUsed)
}

describe('a statement is planned once', () => {
  it('keeps its plan whatever values are bound, where SQLite by itself plans again', () => {
    const bare = filled(new Database(':memory:'))
    expect(indexesUsed(bare)).toEqual(['byA', 'byB'])
    bare.close()
    const db = filled(openDatabase(':memory:'))
    const [first, second] = indexesUsed(db)
    expect(second).toBe(first)
    db.close()
  })

  it.each([
    'SELECT * FROM t WHERE a = ?',
    'SELECT * FROM t WHERE b IN (?, ?)',
    'SELECT * FROM t WHERE (a, b) > (?, ?) ORDER BY a LIMIT ?',
    'SELECT * FROM t WHERE a BETWEEN ? AND ?',
  ])('uses the same index as without the plus: %s', (sql) => {
    const db = filled(new Database(':memory:'))
    const plan = (text: string) => {
      const values = Array.from({ length: text.split('?').length - 1 }, () => 5)
      return db.prepare<number[], { detail: string }>(`EXPLAIN QUERY PLAN ${text}`).all(...values)
    }
    expect(plan(plannedOnce(sql)).map(({ detail }) => detail)).toEqual(plan(sql).map(({ detail }) => detail))
    db.close()
  })

  it.each(['text', 'Zürich 大区', '', 0, -1, 1.5, null])('binds %p as it is', (value) => {
    const db = openDatabase(':memory:')
    db.exec('CREATE TABLE kept (value)')
    db.prepare('INSERT INTO kept VALUES (?)').run(value)
    expect(db.prepare('SELECT value FROM kept WHERE value IS ?').pluck().get(value)).toBe(value)
    db.close()
  })
})
