/** What the view of the three rates is asked, and what it answers (rulebook §8). */
import type { Verdict } from '../../domain/codes.ts'
import type { Instant, Quarter } from '../../domain/instant.ts'
import type { CountedBy, GroupBy, Keys } from '../../domain/statistics.ts'
import type { Counts } from '../../domain/ticket/measures.ts'
import type { Category } from '../../domain/ticket/routing.ts'
import type { UnitTier } from '../../domain/ticket/units.ts'
import type { Scopes } from '../scope.ts'
import type { UnitVersion } from './unitVersion.ts'

/** What units are counted by: whatever complaints are counted by; month and week are those of their dispatch. */
export type KpiBy = CountedBy

export type UnitsQuery = {
  /** Of the dispatch; half-open. */
  from: Instant
  to: Instant
  /** Whose units: those of dealers, or those of RBOs. */
  tier: UnitTier
  dealer?: readonly string[]
  rbo?: readonly string[]
  category?: readonly Category[]
  /** Inclusive. */
  asOf: Instant
  scope: Scopes
}

export type KpiQuery = UnitsQuery & { by: KpiBy }

/** A unit that was kept counts in `total` and as failed on response, so the other two may sum to less. */
export type KpiCounts = { total: number; response: Counts; close: Counts; firstTime: Counts }

/** `key` is empty for units that have none, as those of A tickets have no source. */
export type KpiRow = KpiCounts & { key: string }

export type KpiGroupsQuery = UnitsQuery & { groupings: readonly GroupBy[] }

export type KpiGroup = KpiCounts & { keys: Keys }

export type KpiUnit = {
  ticketNo: string
  tier: UnitTier
  unit: string
  category: Category
  /** Of the unit at `asOf`; `null`: it was taken away, and counts as failed on response only. */
  state: 'unhandled' | 'in_progress' | 'completed' | null
  dispatchedAt: Instant
  response: KpiMeasure
  close: KpiMeasure
  firstTime: KpiMeasure
}
/** `verdict` is `null` where the unit does not count in the measure; `doneAt` only what was known at `asOf`. */
export type KpiMeasure = {
  verdict: Verdict | null
  dueAt: Instant | null
  doneAt: Instant | null
  /** Whole natural minutes from the due to when it was done, else to `asOf`; `null` where it is not failed by its time. */
  lateMinutes: number | null
}

export type UnitKeyset = { dispatchedAt: Instant; ticketNo: string; unit: string }

export type KpiUnitsQuery = KpiQuery & { key?: string; limit: number; after?: UnitKeyset | null }

export type UnitsPage = { items: KpiUnit[]; next: UnitKeyset | null }

export type TicketsQuery = {
  dealer: string
  /** Of the dispatch; half-open. */
  from: Instant
  to: Instant
}

/** A version as its row has it, with the name of its unit. */
export type KpiVersion = Omit<
  UnitVersion,
  'unit' | 'dealer' | 'rbo' | 'category' | 'level' | 'term' | 'tier'
> & {
  unit: string
}

export type KpiVersionsQuery = Pick<UnitsQuery, 'from' | 'to' | 'tier'> & { slice: number }

export type KpiQueries = {
  /** By key, in the order of the keys, and all together. */
  rates(query: KpiQuery): { rows: KpiRow[]; totals: KpiCounts }
  /** The units behind a row, in order of dispatch. */
  units(query: KpiUnitsQuery): UnitsPage
  /** Numbers of all tickets that a dealer ever had a term at which began in the period, whether it counts or not. */
  ticketsOf(query: TicketsQuery): string[]
  /** By dealer, as counted at a revision of the quarter; `null`: it counts none itself, or is not folded yet. */
  settled(quarter: Quarter, revision: number): KpiRow[] | null
  /** Counted by several groupings at once: for each of them its groups, in no order. */
  groups(query: KpiGroupsQuery): KpiGroup[][]
  /** Versions in slices, those no longer known too; each slice is read when it is asked for. */
  versions(query: KpiVersionsQuery): Iterable<KpiVersion[]>
}
