/** The call centre's list of customers to call back (rulebook §11). */
import type Database from 'better-sqlite3'
import { HOUR, type Instant, toEpoch } from '../../domain/instant.ts'
import { all, type Condition, type Scopes, ticketsInScope } from '../scope.ts'
import type { Statements } from '../statements.ts'
import { fewInScope } from './fewInScope.ts'
import type { TicketIndex } from './ticketIndex.ts'
import type { Keyset } from './ticketPage.ts'
import { type FoundRow, type TicketView, toTicketView } from './ticketView.ts'

export type CallbackQuery = {
  /** `due`: not done and in time; `overdue`: not done and past its due; `done`: answered, or given up. */
  status: 'due' | 'overdue' | 'done'
  scope: Scopes
  limit: number
  after?: Keyset | null
  now: Instant
  /** The policy's numbers: so many attempts, so far apart, make a customer unreachable. */
  attempts: number
  hoursApart: number
}

/** How many of the attempts count: each at least `hoursApart` after the one that counted before. */
export const attemptsApart = (instants: readonly number[], hoursApart: number): number => {
  let counted = 0
  let last = Number.NEGATIVE_INFINITY
  for (const at of instants) {
    if (at - last < hoursApart * HOUR) continue
    counted += 1
    last = at
  }
  return counted
}

/** Makes `attemptsApart` known to SQL, where it is asked only of tickets that nobody has answered yet. */
export const defineAttemptsApart = (db: Database.Database): void => {
  db.function('attemptsApart', { deterministic: true }, (callbacks, hoursApart) =>
    attemptsApart(
      (JSON.parse(String(callbacks)) as [number, string][])
        .filter(([, outcome]) => outcome === 'unreachable')
        .map(([at]) => at),
      Number(hoursApart),
    ),
  )
}

const givenUp = 'attemptsApart(callbacks, ?) >= ?'

/** The two stages of callbacks a list is made of, see `callbackStage`; each is in order by itself. */
const partsOf = ({ status, attempts, hoursApart, now }: CallbackQuery): Condition[] => {
  const unreachable = [hoursApart, attempts]
  if (status === 'done')
    return [
      { sql: 'callbackStage = 2', params: [] },
      { sql: `callbackStage = 1 AND ${givenUp}`, params: unreachable },
    ]
  const due = `callbackDueAt ${status === 'due' ? '>' : '<='} ?`
  return [
    { sql: `callbackStage = 0 AND ${due}`, params: [toEpoch(now)] },
    { sql: `callbackStage = 1 AND ${due} AND NOT ${givenUp}`, params: [toEpoch(now), ...unreachable] },
  ]
}

/** Completed tickets by when their callback is due, the earliest first. */
export const callbackPage = (
  index: TicketIndex,
  statements: Statements,
  query: CallbackQuery,
): { items: TicketView[]; next: Keyset | null } => {
  const shared: Condition[] = [{ sql: `state = 'completed'`, params: [] }]
  const scope = ticketsInScope(query.scope)
  if (scope !== null) shared.push(scope)
  if (query.after)
    shared.push({ sql: '(callbackDueAt, id) > (?, ?)', params: [query.after.key, query.after.id] })
  const ids = fewInScope(index, query.scope)
  if (ids !== null) shared.push({ sql: 'id IN (SELECT value FROM json_each(?))', params: [ids] })
  const tickets = ids === null ? 'tickets' : 'tickets NOT INDEXED'
  const parts = partsOf(query).map((part) => all([part, ...shared]))
  const found = parts
    .map(({ sql }) => `SELECT callbackDueAt AS due, id AS found FROM ${tickets} WHERE ${sql}`)
    .join(' UNION ALL ')
  const rows = statements.all<FoundRow & { callbackDueAt: number }>(
    `SELECT t.*, c.subjectId, c.customer
     FROM (${found} ORDER BY due, found LIMIT ?)
     CROSS JOIN tickets t ON t.id = found
     JOIN ticketCustomers c ON c.id = t.id
     ORDER BY t.callbackDueAt, t.id`,
    [...parts.flatMap(({ params }) => params), query.limit + 1],
  )
  const shown = rows.slice(0, query.limit)
  const last = rows.length > query.limit ? shown.at(-1) : undefined
  return {
    items: shown.map(toTicketView),
    next: last === undefined ? null : { key: last.callbackDueAt, id: last.id },
  }
}
