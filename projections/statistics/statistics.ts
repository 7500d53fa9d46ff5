/** Statistics of a period (rulebook §11): its complaints counted and timed, with the rates of its units (§8). */
import { setImmediate as yieldToEventLoop } from 'node:timers/promises'
import { toEpoch, toInstant } from '../../domain/instant.ts'
import {
  byKeys,
  type Cause,
  type CountedComplaint,
  createTally,
  type GroupBy,
  type Keys,
  nameOfKeys,
  noTally,
  type StatisticsGroup,
} from '../../domain/statistics.ts'
import type { Ticket } from '../../domain/ticket/state.ts'
import type { Queries } from '../allProjections.ts'
import { sumOf } from '../kpi/count/counter.ts'
import type { KpiCounts, KpiGroup } from '../kpi/query.ts'
import { monthIndex, monthStart } from '../months.ts'
import { complaintOfTicket } from './complaintOfTicket.ts'
import { type ComplaintPeriod, complaintsOfMonth } from './complaintsOfMonth.ts'
import { createHolderTimes } from './holderTimes.ts'

/** Complaints registered in a period, and whose: of one of these units; left out: of any. */
export type ComplaintsQuery = ComplaintPeriod & { rbo?: readonly string[]; dealer?: readonly string[] }

export type StatisticsQuery = ComplaintsQuery & { groupings: readonly GroupBy[] }

/** Of the complaints registered in the period, and of the units dispatched in it. */
export type StatisticsRow = StatisticsGroup & { rates: KpiCounts }

export type Statistics = {
  /** For each grouping its rows, in the order of their keys. */
  rows: StatisticsRow[][]
  totals: StatisticsRow
  /** The rates of the RBOs' own units. */
  rboRates: KpiCounts
  causes: Cause[]
}

export type ComplaintSources = Pick<Queries, 'tickets' | 'master'> & {
  /** A ticket as it was known at an instant. */
  ticketAsOf(ticketNo: string, asOf: string): Promise<Ticket | null>
}
type Sources = ComplaintSources & Pick<Queries, 'kpi'>

const noUnits = sumOf([])

/** A row of nothing, for keys only another period has. */
export const noRow = (keys: Keys): StatisticsRow => ({ ...noTally(keys), rates: noUnits })

/** Tickets folded from the log before yielding to the event loop: some milliseconds of work. */
const ticketsATurn = 50

/** Adds what was counted of one month to what was counted before it, by grouping and keys. */
const addGroups = (sums: Map<string, KpiGroup>[], groups: readonly KpiGroup[][]): void => {
  for (const [index, ofGrouping] of groups.entries()) {
    const known = sums[index] as Map<string, KpiGroup>
    for (const group of ofGrouping) {
      const name = nameOfKeys(group.keys)
      known.set(name, { keys: group.keys, ...sumOf([known.get(name) ?? noUnits, group]) })
    }
  }
}

const ratesOf = ({ keys: _, ...counts }: KpiGroup): KpiCounts => counts

/** Rows of complaints beside the rates of the same keys; either may be missing. */
const joined = (tallied: readonly StatisticsGroup[], groups: readonly KpiGroup[]): StatisticsRow[] => {
  const ratesByKeys = new Map(groups.map((group) => [nameOfKeys(group.keys), group]))
  const rows = tallied.map((row): StatisticsRow => {
    const name = nameOfKeys(row.keys)
    const group = ratesByKeys.get(name)
    ratesByKeys.delete(name)
    return { ...row, rates: group === undefined ? noUnits : ratesOf(group) }
  })
  const others = [...ratesByKeys.values()].map((group) => ({ ...noTally(group.keys), rates: ratesOf(group) }))
  return [...rows, ...others].sort(byKeys)
}

/** The Shanghai months of a period up to `asOf`, each with what of the period lies in it. */
const monthsOf = (period: ComplaintPeriod): { month: number; from: string; to: string }[] => {
  const [from, to] = [toEpoch(period.from), Math.min(toEpoch(period.to), toEpoch(period.asOf) + 1)]
  if (from >= to) return []
  const first = monthIndex(from)
  return Array.from({ length: monthIndex(to - 1) - first + 1 }, (_, place) => ({
    month: first + place,
    from: toInstant(Math.max(from, monthStart(first + place))),
    to: toInstant(Math.min(to, monthStart(first + place + 1))),
  }))
}

/** Whether a unit is one of those asked for; where none was, every unit is. */
export const isOneOf = (units: readonly string[] | undefined, unit: string | null): boolean =>
  units === undefined || (unit !== null && units.includes(unit))

/**
 * Gives each complaint of a period as it was known at `asOf`; those that were rescinded or duplicates are none. The event
 * loop runs between two months, and whatever has changed since `asOf` is folded from the log some at a time, so that
 * others are served between.
 */
export const eachComplaint = async (
  { tickets, master, ticketAsOf }: ComplaintSources,
  { rbo, dealer, ...period }: ComplaintsQuery,
  take: (complaint: CountedComplaint) => void,
): Promise<void> => {
  const timesOf = createHolderTimes(master)
  const add = (complaint: CountedComplaint): void => {
    if (isOneOf(rbo, complaint.rbo) && isOneOf(dealer, complaint.dealer)) take(complaint)
  }
  const changed: number[] = []
  for (const { month } of monthsOf(period)) {
    for (const id of complaintsOfMonth({ tickets, timesOf }, month, period, add)) changed.push(id)
    await yieldToEventLoop()
  }
  for (const [index, id] of changed.entries()) {
    const complaint = complaintOfTicket(await ticketAsOf(tickets.ticketNoOf(id), period.asOf), timesOf)
    if (complaint !== null) add(complaint)
    if (index % ticketsATurn === ticketsATurn - 1) await yieldToEventLoop()
  }
}

/** A period's statistics as known at `asOf`: of dealers' units the rates, and by tier of RBOs' too. */
export const statisticsOf = async (
  sources: Sources,
  { groupings, ...query }: StatisticsQuery,
): Promise<Statistics> => {
  const all = [[] as const, ...groupings]
  const tally = createTally(all)
  await eachComplaint(sources, query, tally.add)
  const noGroups = () => all.map(() => new Map<string, KpiGroup>())
  const units = { dealer: noGroups(), rbo: noGroups() }
  for (const { from, to } of monthsOf(query))
    for (const tier of ['dealer', 'rbo'] as const) {
      addGroups(units[tier], sources.kpi.groups({ ...query, from, to, tier, groupings: all }))
      await yieldToEventLoop()
    }
  const rowsOf = (index: number): StatisticsRow[] => {
    const ofRbos = all[index]?.includes('tier') ? units.rbo[index] : undefined
    return joined(tally.rows(index), [...(units.dealer[index]?.values() ?? []), ...(ofRbos?.values() ?? [])])
  }
  const ofAllRbos = units.rbo[0]?.get(nameOfKeys([]))
  return {
    rows: groupings.map((_, index) => rowsOf(index + 1)),
    totals: rowsOf(0)[0] ?? noRow([]),
    rboRates: ofAllRbos === undefined ? noUnits : ratesOf(ofAllRbos),
    causes: tally.causes(),
  }
}
