/** The three rates and their units over a period, as known at `asOf` (rulebook §8). */
import type { Verdict } from '../../domain/codes.ts'
import { type Instant, toEpoch, toInstant } from '../../domain/instant.ts'
import { type Counts, verdictAt } from '../../domain/ticket/measures.ts'
import type { Category } from '../../domain/ticket/routing.ts'
import type { UnitTier } from '../../domain/ticket/units.ts'
import { instantOrNull } from '../epoch.ts'
import { all, type Condition, dealersOf, either, oneOf, rbosOf, type Scopes, seesAll } from '../scope.ts'
import type { Statements } from '../statements.ts'
import type { Columns } from './kpiColumns.ts'
import { ratesOf } from './kpiRates.ts'
import type { KpiSpan } from './ticketTurns.ts'

export type KpiBy = 'dealer' | 'rbo' | 'category' | 'level' | 'month'

export type KpiQuery = {
  /** Of the dispatch; half-open. */
  from: Instant
  to: Instant
  by: KpiBy
  /** Whose units: those of dealers, or those of RBOs. */
  tier: UnitTier
  dealer?: readonly string[]
  rbo?: readonly string[]
  category?: readonly Category[]
  /** Inclusive. */
  asOf: Instant
  scope: Scopes
}

/** A unit that was kept counts in `total` and as failed on response, so the other two may sum to less. */
export type KpiCounts = { total: number; response: Counts; close: Counts; firstTime: Counts }

export type KpiRow = KpiCounts & { key: string }

export type KpiUnit = {
  ticketNo: string
  unit: string
  dispatchedAt: Instant
  response: KpiMeasure
  close: KpiMeasure
  firstTime: KpiMeasure
}
/** `verdict` is `null` where the unit does not count in the measure; `doneAt` only what was known at `asOf`. */
export type KpiMeasure = { verdict: Verdict | null; dueAt: Instant | null; doneAt: Instant | null }

export type UnitKeyset = { dispatchedAt: Instant; ticketNo: string; unit: string }

export type KpiUnitsQuery = KpiQuery & { key?: string; limit: number; after?: UnitKeyset | null }

export type KpiQueries = {
  /** By key, in the order of the keys, and all together. */
  rates(query: KpiQuery): { rows: KpiRow[]; totals: KpiCounts }
  /** The units behind a row, in order of dispatch. */
  units(query: KpiUnitsQuery): { items: KpiUnit[]; next: UnitKeyset | null }
}

const columnValue = (by: KpiBy, key: string): string | number =>
  by === 'month' ? Number(key.replace('-', '')) : key

const inScope = (scopes: Scopes, tier: UnitTier): Condition | null => {
  if (seesAll(scopes)) return null
  const [dealers, rbos] = [dealersOf(scopes), rbosOf(scopes)]
  const conditions: Condition[] = []
  if (dealers.length > 0 && tier === 'dealer') conditions.push(oneOf('s.unit', dealers))
  if (rbos.length > 0) conditions.push(oneOf('s.rbo', rbos))
  return either(conditions)
}

/** One seek a unit: a period is scattered over them, and SQLite by itself would read every period. */
const spansOfPeriod = `kpiUnits u CROSS JOIN kpiSpans s ON s.tier = u.tier AND s.unit = u.unit
  AND s.dispatchedAt >= ? AND s.dispatchedAt < ?`

const conditionsOf = (query: KpiQuery): Condition[] => {
  const asOf = toEpoch(query.asOf)
  const conditions: Condition[] = [
    { sql: 'u.tier = ? AND s.knownFrom <= ? AND s.knownTo > ?', params: [query.tier, asOf, asOf] },
  ]
  if (query.dealer !== undefined) conditions.push(oneOf('s.dealer', query.dealer))
  if (query.rbo !== undefined) conditions.push(oneOf('s.rbo', query.rbo))
  if (query.category !== undefined) conditions.push(oneOf('s.category', query.category))
  const scope = inScope(query.scope, query.tier)
  if (scope !== null) conditions.push(scope)
  return conditions
}

const periodOf = ({ from, to }: KpiQuery) => [toEpoch(from), toEpoch(to)]

const measureOf = (
  unit: KpiSpan,
  measure: 'response' | 'close' | 'firstTime',
  { asOf, dueAt, doneAt }: { asOf: number; dueAt: number | null; doneAt: number | null },
): KpiMeasure => {
  const turns = {
    metAt: instantOrNull(unit[`${measure}MetAt`]),
    failedAt: instantOrNull(unit[`${measure}FailedAt`]),
  }
  return {
    verdict: unit.onlyResponse === 1 && measure !== 'response' ? null : verdictAt(turns, toInstant(asOf)),
    dueAt: instantOrNull(dueAt),
    doneAt: doneAt !== null && doneAt <= asOf ? toInstant(doneAt) : null,
  }
}

const toUnit = (unit: KpiSpan, asOf: number): KpiUnit => {
  const { closedAt, repeatWindowEndsAt } = unit
  const closedByThen = closedAt !== null && closedAt <= asOf
  return {
    ticketNo: unit.ticketNo,
    unit: unit.unit,
    dispatchedAt: toInstant(unit.dispatchedAt),
    response: measureOf(unit, 'response', { asOf, dueAt: unit.responseDueAt, doneAt: unit.respondedAt }),
    close: measureOf(unit, 'close', { asOf, dueAt: unit.closeDueAt, doneAt: closedAt }),
    // its due is the end of the days in which a repeat counts, known once the ticket is closed
    firstTime: measureOf(unit, 'firstTime', {
      asOf,
      dueAt: closedByThen ? repeatWindowEndsAt : null,
      doneAt: closedAt,
    }),
  }
}

const units = (statements: Statements, query: KpiUnitsQuery): ReturnType<KpiQueries['units']> => {
  const conditions = conditionsOf(query)
  if (query.key !== undefined)
    conditions.push({ sql: `s.${query.by} = ?`, params: [columnValue(query.by, query.key)] })
  if (query.after) {
    const { dispatchedAt, ticketNo, unit } = query.after
    conditions.push({
      sql: '(s.dispatchedAt, s.ticketNo, s.unit) > (?, ?, ?)',
      params: [toEpoch(dispatchedAt), ticketNo, unit],
    })
  }
  const { sql, params } = all(conditions)
  const found = statements.all<KpiSpan>(
    `SELECT s.* FROM ${spansOfPeriod} WHERE ${sql} ORDER BY s.dispatchedAt, s.ticketNo, s.unit LIMIT ?`,
    [...periodOf(query), ...params, query.limit + 1],
  )
  const items = found.slice(0, query.limit).map((unit) => toUnit(unit, toEpoch(query.asOf)))
  const last = found.length > query.limit ? items.at(-1) : undefined
  return {
    items,
    next: last ? { dispatchedAt: last.dispatchedAt, ticketNo: last.ticketNo, unit: last.unit } : null,
  }
}

export const kpiQueries = (statements: Statements, columns: Columns): KpiQueries => ({
  rates: (query) => ratesOf(columns, query),
  units: (query) => units(statements, query),
})
