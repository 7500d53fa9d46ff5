/** Pages of the ticket list: conditions, an order, and the index that carries both. */
import { type Instant, toEpoch } from '../../domain/instant.ts'
import { deskOf } from '../../domain/ticket/warnings.ts'
import { all, type Condition, dealersOf, oneOf, rbosOf, type Scopes, seesAll } from '../scope.ts'
import type { Statements } from '../statements.ts'
import { narrowedTo, type TicketFilters, ticketConditions } from './ticketFilters.ts'
import type { ticketIndexes } from './ticketRow.ts'
import { type FoundRow, type TicketView, toTicketView } from './ticketView.ts'

export type TicketSort = 'dueAt' | '-registeredAt'

/** Where a page ended; hand it back as `after`. */
export type Keyset = { key: number; id: number }

export type TicketPageQuery = {
  filters: TicketFilters
  scope: Scopes
  sort: TicketSort
  limit: number
  after?: Keyset | null
  now: Instant
}

export type TicketPage = { items: TicketView[]; next: Keyset | null }

/** Fewer candidates than this are found and sorted faster than the order is walked in search of them. */
const fewEnoughToSort = 4_000
/** Old tickets without a due lie far down the order, so a period is worth more. */
const shortEnoughToSort = 40_000

const orders = {
  dueAt: { column: 'sortDue', direction: 'ASC', beyond: '>' },
  '-registeredAt': { column: 'registeredAt', direction: 'DESC', beyond: '<' },
} as const

type Candidate = { index: keyof typeof ticketIndexes; condition: Condition; few: number }

/** How the rows are come by; no index: the planner may choose. */
type Access = Partial<Candidate>

/** The one unit of each tier, where only tiers of one desk are asked for. */
const desksOf = ({ tier }: TicketFilters): string[] | undefined => {
  const desks = tier?.flatMap((each) => (each === 'se' || each === 'se_media' ? [deskOf(each)] : []))
  return desks?.length === tier?.length ? desks : undefined
}

/** Indexes on what the query asks for, each with its share of the conditions. */
const candidatesOf = ({ filters, scope, sort }: TicketPageQuery): Candidate[] => {
  const candidates: Candidate[] = []
  const add = (index: Candidate['index'], column: string, values: readonly string[] | undefined) => {
    if (values !== undefined)
      candidates.push({ index, condition: oneOf(column, values), few: fewEnoughToSort })
  }
  add('ticketsByDealer', 'dealer', filters.dealer)
  add('ticketsByRbo', 'rbo', filters.rbo)
  add('ticketsByHolder', 'unit', filters.holder)
  add('ticketsByHolder', 'unit', desksOf(filters))
  add('ticketsByCategory', 'category', filters.category)
  if (!seesAll(scope) && dealersOf(scope).length === 0) add('ticketsByRbo', 'rbo', rbosOf(scope))
  if (sort === 'dueAt' && filters.from !== undefined) {
    const period: Condition[] = [{ sql: 'registeredAt >= ?', params: [toEpoch(filters.from)] }]
    if (filters.to !== undefined) period.push({ sql: 'registeredAt < ?', params: [toEpoch(filters.to)] })
    candidates.push({ index: 'ticketsByRegistration', condition: all(period), few: shortEnoughToSort })
  }
  return candidates
}

const isFew = (statements: Statements, { index, condition, few }: Candidate): boolean => {
  const sql = `SELECT count(*) AS n FROM (SELECT 1 FROM tickets INDEXED BY ${index} WHERE ${condition.sql} LIMIT ${few})`
  return (statements.get<{ n: number }>(sql, condition.params)?.n ?? 0) < few
}

/**
 * Chosen here and not by SQLite's planner, which has no idea of our data and was seen to walk a million rows. A
 * partial index in the wanted order comes first, then whatever leaves few rows to sort, else the order is walked.
 */
const accessFor = (query: TicketPageQuery, statements: Statements): Access => {
  const { filters, scope, sort } = query
  const narrowed = narrowedTo(filters)
  if (narrowed.named) return {}
  if (narrowed.warned) return { index: 'warnedTickets' }
  if (narrowed.over) return { index: 'overByDue' }
  // A dealer's tickets come through two indexes, which only the planner can combine.
  if (!seesAll(scope) && dealersOf(scope).length > 0) return {}
  const few = candidatesOf(query).find((candidate) => isFew(statements, candidate))
  if (few !== undefined) return few
  if (narrowed.open) return { index: sort === 'dueAt' ? 'openByDue' : 'openByRegistration' }
  if (narrowed.repeats && sort === 'dueAt') return { index: 'repeatsByDue' }
  if (narrowed.media && sort === 'dueAt') return { index: 'mediaByDue' }
  return { index: sort === 'dueAt' ? 'ticketsByDue' : 'ticketsByRegistration' }
}

const matchesNothing = ({ filters, scope }: TicketPageQuery): boolean =>
  scope.length === 0 || Object.values(filters).some((value) => Array.isArray(value) && value.length === 0)

/** One page, keyset by the sort's column and then by the order of registration; without a due date comes last. */
export const ticketPage = (statements: Statements, query: TicketPageQuery): TicketPage => {
  // and SQLite finds no use for an index in a condition that is never true
  if (matchesNothing(query)) return { items: [], next: null }
  const { column, direction, beyond } = orders[query.sort]
  const { index, condition } = accessFor(query, statements)
  const conditions = [ticketConditions(query.filters, query.scope, query.now)]
  if (condition !== undefined) conditions.push(condition)
  if (query.after)
    conditions.push({
      sql: `(${column}, id) ${beyond} (?, ?)`,
      params: [query.after.key, query.after.id],
    })
  const { sql, params } = all(conditions)
  const rows = statements.all<FoundRow>(
    `SELECT t.*, c.subjectId, c.customer
     FROM (SELECT id AS found FROM tickets ${index === undefined ? '' : `INDEXED BY ${index}`} WHERE ${sql}
           ORDER BY ${column} ${direction}, id ${direction} LIMIT ?)
     CROSS JOIN tickets t ON t.id = found
     JOIN ticketCustomers c ON c.id = t.id
     ORDER BY t.${column} ${direction}, t.id ${direction}`,
    [...params, query.limit + 1],
  )
  const shown = rows.slice(0, query.limit)
  const last = rows.length > query.limit ? shown.at(-1) : undefined
  return {
    items: shown.map(toTicketView),
    next: last === undefined ? null : { key: last[column], id: last.id },
  }
}
