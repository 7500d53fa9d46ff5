/** The three rates and their units over a period, as known at `asOf` (rulebook §8). */
import type Database from 'better-sqlite3'
import type { Verdict } from '../../domain/codes.ts'
import type { Instant } from '../../domain/instant.ts'
import type { Counts } from '../../domain/ticket/measures.ts'
import type { Category } from '../../domain/ticket/routing.ts'
import type { UnitTier } from '../../domain/ticket/units.ts'
import type { Scopes } from '../scope.ts'
import type { Columns } from './kpiColumns.ts'
import { createGroups, type KpiGroup, type KpiGroupsQuery } from './kpiGroups.ts'
import type { Names } from './kpiNames.ts'
import type { Origins } from './kpiOrigins.ts'
import { ratesOf } from './kpiRates.ts'
import type { Settled } from './kpiSettled.ts'
import type { Shelves } from './kpiShelves.ts'
import { createTurnsOf, type KpiTurn, type KpiTurnsQuery } from './kpiTurns.ts'
import { createTicketsOf, createUnits, type TicketsQuery } from './kpiUnits.ts'

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

export type UnitsPage = { items: KpiUnit[]; next: UnitKeyset | null }

export type KpiQueries = {
  /** By key, in the order of the keys, and all together. */
  rates(query: KpiQuery): { rows: KpiRow[]; totals: KpiCounts }
  /** The units behind a row, in order of dispatch. */
  units(query: KpiUnitsQuery): UnitsPage
  /** Numbers of all tickets that a dealer ever had a turn at which began in the period, whether it counts or not. */
  ticketsOf(query: TicketsQuery): string[]
  /** By dealer, as counted at a revision of the quarter; `null`: it counts none itself, or is not folded yet. */
  settled: Settled['rates']
  /** Counted by several groupings at once: for each of them its groups, in no order. */
  groups(query: KpiGroupsQuery): KpiGroup[][]
  /** Spans in slices, those no longer known too; each slice is read when it is asked for. */
  turns(query: KpiTurnsQuery): Iterable<KpiTurn[]>
}

/** What the queries look at, all of it made from the rows. */
export type KpiView = { columns: Columns; names: Names; shelves: Shelves; origins: Origins }

export const kpiQueries = (db: Database.Database, view: KpiView, settled: Settled): KpiQueries => {
  const units = createUnits(db, view)
  const ticketsOf = createTicketsOf(db, view)
  const groups = createGroups(view)
  const turns = createTurnsOf(db, view)
  const refresh = (): void => {
    // a connection that only reads is not told of changes, so it keeps nothing
    if (db.readonly) for (const kept of Object.values(view)) kept.forget()
  }
  return {
    rates: (query) => {
      refresh()
      return ratesOf(view, query)
    },
    units: (query) => {
      refresh()
      return units(query)
    },
    ticketsOf: (query) => {
      refresh()
      return ticketsOf(query)
    },
    settled: settled.rates,
    groups: (query) => {
      refresh()
      return groups(query)
    },
    turns: (query) => {
      refresh()
      return turns(query)
    },
  }
}
