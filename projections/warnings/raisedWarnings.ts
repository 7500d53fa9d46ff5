/** The warnings raised in a period, for the report on them (rulebook §7). */
import type { State } from '../../domain/codes.ts'
import type { CountedWarning } from '../../domain/warningReport.ts'
import { all, type Condition, type Scopes, ticketsInScope } from '../scope.ts'
import type { Statements } from '../statements.ts'

/** A warning of a ticket in scope as both are now. `lastAt`: when something last happened to the ticket; epoch ms. */
export type RaisedWarning = CountedWarning & { id: number; ticketNo: string; state: State; lastAt: number }

export type RaisedQuery = {
  /** Of the raising; epoch ms, half-open. */
  from: number
  to: number
  scope: Scopes
  /** The last of the page before. */
  after: { raisedAt: number; id: number } | null
  limit: number
}

const selectWarning = `SELECT w.id, w.ticketNo, w.code, w.unit AS sentTo, w.raisedAt, w.ackDueAt, w.acknowledgedAt,
  w.resolvedAt, t.level, t.category, t.rbo, coalesce(t.responsibleDealer, t.dealer) AS dealer, t.state, t.lastAt
  FROM warnings w INDEXED BY warningsByRaising CROSS JOIN tickets t ON t.ticketNo = w.ticketNo`

/** By when they were raised. */
export const raisedWarnings = (
  statements: Statements,
  { from, to, scope, after, limit }: RaisedQuery,
): RaisedWarning[] => {
  // SQLite finds no use for an index in a condition that is never true
  if (scope.length === 0) return []
  const start: Condition =
    after === null
      ? { sql: 'w.raisedAt >= ?', params: [from] }
      : { sql: '(w.raisedAt, w.id) > (?, ?)', params: [after.raisedAt, after.id] }
  const scoped = ticketsInScope(scope, 't')
  const { sql, params } = all([
    start,
    { sql: 'w.raisedAt < ?', params: [to] },
    ...(scoped === null ? [] : [scoped]),
  ])
  return statements.all<RaisedWarning>(`${selectWarning} WHERE ${sql} ORDER BY w.raisedAt, w.id LIMIT ?`, [
    ...params,
    limit,
  ])
}
