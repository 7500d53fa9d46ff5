/** Pages of tickets in the order of a due of theirs, which is a column of the table. */

import { type PageParts, pageOf } from '../keysetPage.ts'
import { all, type Condition, type Scopes, ticketsInScope } from '../scope.ts'
import type { Statements } from '../statements.ts'
import { fewInScope } from './fewInScope.ts'
import type { TicketIndex } from './ticketIndex.ts'
import type { TicketPage } from './ticketPage.ts'
import { type FoundRow, toTicketView } from './ticketView.ts'

export type DueColumn = 'callbackDueAt' | 'consumerNoticeDueAt'

export type DuePageQuery = PageParts & { scope: Scopes }

type Parts = {
  column: DueColumn
  /** Conditions that together find every ticket of the list, none of them twice. */
  parts: readonly Condition[]
  /** How the table is read where the scope is not a few tickets: `INDEXED BY …`, or nothing. */
  reading: string
}

/** The page after a place, the earliest due first; where it is the same, the order of registration decides. */
export const duePage = (
  index: TicketIndex,
  statements: Statements,
  { scope, limit, after }: DuePageQuery,
  { column, parts, reading }: Parts,
): TicketPage => {
  const shared: Condition[] = []
  const inScope = ticketsInScope(scope)
  if (inScope !== null) shared.push(inScope)
  if (after) shared.push({ sql: `(${column}, id) > (?, ?)`, params: [after.key, after.id] })
  const ids = fewInScope(index, scope)
  if (ids !== null) shared.push({ sql: 'id IN (SELECT value FROM json_each(?))', params: [ids] })
  const tickets = `tickets ${ids === null ? reading : 'NOT INDEXED'}`
  const restricted = parts.map((part) => all([part, ...shared]))
  const found = restricted
    .map(({ sql }) => `SELECT ${column} AS due, id AS found FROM ${tickets} WHERE ${sql}`)
    .join(' UNION ALL ')
  const rows = statements.all<FoundRow & Record<DueColumn, number>>(
    `SELECT t.*, b.subjectId, b.customer
     FROM (${found} ORDER BY due, found LIMIT ?)
     CROSS JOIN tickets t ON t.id = found
     JOIN ticketTexts b ON b.id = t.id
     ORDER BY t.${column}, t.id`,
    [...restricted.flatMap(({ params }) => params), limit + 1],
  )
  return pageOf(rows, limit, { view: toTicketView, key: (row) => row[column] })
}
