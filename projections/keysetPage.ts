/** Pages of rows in an order; the next one goes on behind the last row of this one. */
import { all, type Condition, ofUnitsIn, type Scopes } from './scope.ts'
import type { Statements } from './statements.ts'

/** Where a page ended; hand it back as `after`. */
export type Keyset = { key: number; id: number }

export type Page<Item> = { items: Item[]; next: Keyset | null }

/**
 * The page of rows of which one more than asked for was read: it only says whether there is another page. `key`: the
 * value of the row that the page is ordered by, before the id.
 */
export const pageOf = <Row extends { id: number }, Item>(
  found: readonly Row[],
  limit: number,
  { view, key }: { view: (row: Row) => Item; key: (row: Row) => number },
): Page<Item> => {
  const shown = found.slice(0, limit)
  const last = found.length > limit ? shown.at(-1) : undefined
  return { items: shown.map(view), next: last === undefined ? null : { key: key(last), id: last.id } }
}

/** What a page is ordered by: an expression, its value of a row, and whether the greatest comes first. */
export type Order<Row> = { sql: string; key(row: Row): number; isDown: boolean }

/** By a column, the greatest first. */
export const newestBy = <Row>(column: keyof Row & string): Order<Row> => ({
  sql: column,
  key: (row) => row[column] as number,
  isDown: true,
})

/** A table with `id`, in an order, and how its rows are shown. */
type ListTable<Row, View> = { table: string; order: Order<Row>; view: (row: Row) => View }

export type PageParts = { limit: number; after?: Keyset | null }

const behind = ({ sql, isDown }: Pick<Order<never>, 'sql' | 'isDown'>, after: Keyset): Condition => ({
  sql: `(${sql}, id) ${isDown ? '<' : '>'} (?, ?)`,
  params: [after.key, after.id],
})

/** A page of the rows of a table that the conditions find. */
export const tablePage = <Row extends { id: number }, View>(
  statements: Statements,
  { table, order, view }: ListTable<Row, View>,
  { limit, after }: PageParts,
  conditions: readonly Condition[],
): Page<View> => {
  const way = order.isDown ? 'DESC' : 'ASC'
  const { sql, params } = all([...conditions, ...(after ? [behind(order, after)] : [])])
  const found = statements.all<Row>(
    `SELECT * FROM ${table} WHERE ${sql} ORDER BY ${order.sql} ${way}, id ${way} LIMIT ?`,
    [...params, limit + 1],
  )
  return pageOf(found, limit, { view, key: order.key })
}

/** The same of a table whose rows are a dealer's and an RBO's, see `ofUnitsIn`. */
export const scopedPage = <Row extends { id: number }, View>(
  statements: Statements,
  listed: ListTable<Row, View>,
  { scope, ...parts }: PageParts & { scope: Scopes },
  conditions: readonly Condition[],
): Page<View> =>
  scope.length === 0
    ? { items: [], next: null }
    : tablePage(statements, listed, parts, [...conditions, ...ofUnitsIn(scope)])
