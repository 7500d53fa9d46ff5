/** Early warnings as they are asked for. */
import type { Level, State, Tier, WarningCode } from '../../domain/codes.ts'
import { type Instant, toInstant } from '../../domain/instant.ts'
import type { UnitsOfTicket } from '../../domain/scope.ts'
import type { SealedText } from '../../domain/sealed.ts'
import type { TicketNo } from '../../domain/ticket/events.ts'
import type { Category } from '../../domain/ticket/routing.ts'
import { countsSql } from '../closedLists.ts'
import { instantOrNull } from '../epoch.ts'
import { type Page, type PageParts, pageOf } from '../keysetPage.ts'
import { all, type Condition, either, oneOf, rbosOf, type Scopes, ticketsInScope } from '../scope.ts'
import type { Statements } from '../statements.ts'
import { type RaisedQuery, type RaisedWarning, raisedWarnings } from './raisedWarnings.ts'
import type { WarningRow } from './warningRow.ts'

export type WarningStatus = 'open' | 'acknowledged' | 'resolved'

/** A row of `GET /v1/warnings`; `reason`, `content` and `result` are sealed. */
export type WarningView = {
  id: number
  warningId: string
  code: WarningCode
  ticketNo: TicketNo
  from: { tier: Tier; unit: string }
  sentTo: { tier: Tier; unit: string }
  raisedAt: Instant
  raisedBy: string
  reason: SealedText | null
  /** Text of the contact or registration that gave cause, where one did. */
  content: SealedText | null
  ackDueAt: Instant
  /** Whether `ackDueAt` needed a year whose schedule was not known. */
  provisional: boolean
  acknowledgedAt: Instant | null
  acknowledgedBy: string | null
  resolvedAt: Instant | null
  resolvedBy: string | null
  result: SealedText | null
  level: Level
  category: Category
  state: State
  dealer: string | null
  dueAt: Instant | null
  /** Whose the ticket is now. */
  place: UnitsOfTicket
}

export type WarningPageQuery = PageParts & {
  status: readonly WarningStatus[]
  scope: Scopes
  /** The ids of the few tickets in scope, as JSON, where they are few; the view of tickets knows. */
  among?: string | null
}

export type WarningQueries = {
  /** By when they must be acknowledged, the earliest first; none of rescinded or duplicate tickets. */
  page(query: WarningPageQuery): Page<WarningView>
  byId(warningId: string): WarningView | null
  /** Those raised in a period, by when they were raised, whatever became of their tickets. */
  raised(query: RaisedQuery): RaisedWarning[]
}

/** Of tickets in scope, and those still open that were sent to the unit, wherever the ticket went since (rulebook §7). */
const inScope = (scopes: Scopes): Condition | null => {
  const ofTicket = ticketsInScope(scopes, 't')
  if (ofTicket === null) return null
  const sent = all([
    { sql: `w.tier = 'rbo' AND w.status <> 'resolved'`, params: [] },
    oneOf('w.unit', rbosOf(scopes)),
  ])
  return either([ofTicket, sent])
}

type FoundWarning = WarningRow & {
  level: Level
  category: string
  state: string
  dealer: string | null
  sortDue: number
  rbo: string | null
  responsibleDealer: string | null
  holderTier: string
  holderUnit: string
}

const toView = (row: FoundWarning): WarningView => ({
  id: row.id,
  warningId: row.warningId,
  code: row.code as WarningCode,
  ticketNo: row.ticketNo,
  from: { tier: row.fromTier as Tier, unit: row.fromUnit },
  sentTo: { tier: row.tier as Tier, unit: row.unit },
  raisedAt: toInstant(row.raisedAt),
  raisedBy: row.raisedBy,
  reason: row.reason as SealedText | null,
  content: row.content as SealedText | null,
  ackDueAt: toInstant(row.ackDueAt),
  provisional: row.provisional === 1,
  acknowledgedAt: instantOrNull(row.acknowledgedAt),
  acknowledgedBy: row.acknowledgedBy,
  resolvedAt: instantOrNull(row.resolvedAt),
  resolvedBy: row.resolvedBy,
  result: row.result as SealedText | null,
  level: row.level as Level,
  category: row.category as Category,
  state: row.state as State,
  dealer: row.dealer,
  dueAt: instantOrNull(row.sortDue),
  place: {
    holder: { tier: row.holderTier, unit: row.holderUnit },
    dealer: row.dealer,
    rbo: row.rbo,
    responsibleDealer: row.responsibleDealer,
  },
})

const selectWarning = `SELECT w.*, t.level, t.category, t.state, t.dealer, t.sortDue, t.rbo, t.responsibleDealer,
  t.tier AS holderTier, t.unit AS holderUnit`

/** Few tickets are looked at one by one; else the order is walked, that of the unresolved ones where no other is asked for. */
const warningsFor = ({ status, among }: WarningPageQuery): Condition => {
  if (among != null)
    return {
      sql: `json_each(?) j CROSS JOIN tickets t ON t.id = j.value
        CROSS JOIN warnings w INDEXED BY warningsByTicket ON w.ticketNo = t.ticketNo`,
      params: [among],
    }
  const index = status.includes('resolved') ? 'warningsByDue' : 'unresolvedByDue'
  return {
    sql: `warnings w INDEXED BY ${index} CROSS JOIN tickets t ON t.ticketNo = w.ticketNo`,
    params: [],
  }
}

const warningPage = (statements: Statements, query: WarningPageQuery) => {
  const { status, scope, limit, after } = query
  // SQLite finds no use for an index in a condition that is never true
  if (status.length === 0 || scope.length === 0) return { items: [], next: null }
  const conditions: Condition[] = [oneOf('w.status', status), { sql: countsSql('t.state'), params: [] }]
  if (!status.includes('resolved')) conditions.push({ sql: `w.status <> 'resolved'`, params: [] })
  const scoped = inScope(scope)
  if (scoped !== null) conditions.push(scoped)
  if (after) conditions.push({ sql: '(w.ackDueAt, w.id) > (?, ?)', params: [after.key, after.id] })
  const { sql, params } = all(conditions)
  const from = warningsFor(query)
  const rows = statements.all<FoundWarning>(
    `${selectWarning} FROM ${from.sql} WHERE ${sql} ORDER BY w.ackDueAt, w.id LIMIT ?`,
    [...from.params, ...params, limit + 1],
  )
  return pageOf(rows, limit, { view: toView, key: ({ ackDueAt }) => ackDueAt })
}

export const warningQueries = (statements: Statements): WarningQueries => ({
  page: (query) => warningPage(statements, query),
  raised: (query) => raisedWarnings(statements, query),
  byId: (warningId) =>
    statements.find(
      `${selectWarning} FROM warnings w JOIN tickets t ON t.ticketNo = w.ticketNo WHERE w.warningId = ?`,
      [warningId],
      toView,
    ),
})
