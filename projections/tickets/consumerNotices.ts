/** Who has still to be told of receipt, transfer and handling of the complaint, and who was (rulebook §5, L). */
import { type Instant, toEpoch } from '../../domain/instant.ts'
import { countsSql } from '../closedLists.ts'
import { all, type Condition } from '../scope.ts'
import type { Statements } from '../statements.ts'
import { type DuePageQuery, duePage } from './duePage.ts'
import type { TicketIndex } from './ticketIndex.ts'
import type { TicketPage } from './ticketPage.ts'

export type ConsumerNoticeQuery = DuePageQuery & {
  /** `near`: not told, due after `now` and by `horizon`; `overdue`: not told and past the due; `done`: told. */
  status: 'near' | 'overdue' | 'done'
  now: Instant
  /** The last due that is near. */
  horizon: Instant
}

/** Rescinded and duplicate tickets are nobody's complaint any more; a completed one still owes the notice. */
const counts = countsSql()

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
  // SQLite finds no use for an index in a condition that is never true
  if (query.scope.length === 0) return { items: [], next: null }
  const part = all([ofStatus(query), { sql: counts, params: [] }])
  const reading = indexFor(query)
  return duePage(index, statements, query, { column: 'consumerNoticeDueAt', parts: [part], reading })
}
