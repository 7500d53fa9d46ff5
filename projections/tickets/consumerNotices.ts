/** Who has still to be told of receipt, transfer and handling of the complaint, and who was (rulebook §5, L). */
import { type Instant, toEpoch } from '../../domain/instant.ts'
import { all, type Condition, type Scopes, ticketsInScope } from '../scope.ts'
import type { Statements } from '../statements.ts'
import { fewInScope } from './fewInScope.ts'
import type { TicketIndex } from './ticketIndex.ts'
import type { Keyset, TicketPage } from './ticketPage.ts'
import { type FoundRow, toTicketView } from './ticketView.ts'

export type ConsumerNoticeQuery = {
  /** `near`: not told, due after `now` and by `horizon`; `overdue`: not told and past the due; `done`: told. */
  status: 'near' | 'overdue' | 'done'
  scope: Scopes
  limit: number
  after?: Keyset | null
  now: Instant
  /** The last due that is near. */
  horizon: Instant
}

/** Rescinded and duplicate tickets are nobody's complaint any more; a completed one still owes the notice. */
const counts = `state NOT IN ('rescinded', 'duplicate')`

/** In the order of the list, without the tickets that can never be on it; the second grows only by what was told. */
export const consumerNoticeIndexes = {
  noticesOwed: `CREATE INDEX noticesOwed ON tickets (consumerNoticeDueAt) WHERE consumerInformedAt IS NULL AND ${counts}`,
  noticesGiven: `CREATE INDEX noticesGiven ON tickets (consumerNoticeDueAt) WHERE consumerInformedAt IS NOT NULL AND ${counts}`,
} as const

const ofStatus = ({ status, now, horizon }: ConsumerNoticeQuery): Condition => {
  if (status === 'done') return { sql: 'consumerInformedAt IS NOT NULL', params: [] }
  // the due is the first instant that is too late, as that of closing
  const due: Condition =
    status === 'overdue'
      ? { sql: 'consumerNoticeDueAt <= ?', params: [toEpoch(now)] }
      : {
          sql: 'consumerNoticeDueAt > ? AND consumerNoticeDueAt <= ?',
          params: [toEpoch(now), toEpoch(horizon)],
        }
  return all([{ sql: 'consumerInformedAt IS NULL', params: [] }, due])
}

/** By name, for SQLite knows nothing of how many there are of which. */
const indexFor = ({ status }: ConsumerNoticeQuery): string =>
  `INDEXED BY ${status === 'done' ? 'noticesGiven' : 'noticesOwed'}`

/** Tickets by when their customer must have been told, the earliest first. */
export const consumerNoticePage = (
  index: TicketIndex,
  statements: Statements,
  query: ConsumerNoticeQuery,
): TicketPage => {
  // and SQLite finds no use for an index in a condition that is never true
  if (query.scope.length === 0) return { items: [], next: null }
  const conditions: Condition[] = [ofStatus(query), { sql: counts, params: [] }]
  const scope = ticketsInScope(query.scope)
  if (scope !== null) conditions.push(scope)
  if (query.after)
    conditions.push({
      sql: '(consumerNoticeDueAt, id) > (?, ?)',
      params: [query.after.key, query.after.id],
    })
  const ids = fewInScope(index, query.scope)
  if (ids !== null) conditions.push({ sql: 'id IN (SELECT value FROM json_each(?))', params: [ids] })
  const tickets = `tickets ${ids === null ? indexFor(query) : 'NOT INDEXED'}`
  const { sql, params } = all(conditions)
  const rows = statements.all<FoundRow>(
    `SELECT t.*, c.subjectId, c.customer
     FROM (SELECT id AS found FROM ${tickets} WHERE ${sql} ORDER BY consumerNoticeDueAt, id LIMIT ?)
     CROSS JOIN tickets t ON t.id = found
     JOIN ticketCustomers c ON c.id = t.id
     ORDER BY t.consumerNoticeDueAt, t.id`,
    [...params, query.limit + 1],
  )
  const shown = rows.slice(0, query.limit)
  const last = rows.length > query.limit ? shown.at(-1) : undefined
  return {
    items: shown.map(toTicketView),
    next: last === undefined ? null : { key: last.consumerNoticeDueAt, id: last.id },
  }
}
