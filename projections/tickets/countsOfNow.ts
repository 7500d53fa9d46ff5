/** What there is to do now (rulebook §4, §7): counted from the lists in memory, by who holds it and what it is. */

import { overStates } from '../../domain/codes.ts'
import { type Instant, toEpoch } from '../../domain/instant.ts'
import { unresolvedOf, warningBits } from '../closedLists.ts'
import { end, first, type SortedIds } from '../columns/sortedIds.ts'
import { type Scopes, seesAll } from '../scope.ts'
import { isInScope } from './ticketFilters.ts'
import type { TicketIndex } from './ticketIndex.ts'

/** `overdue`: as the lists' filter `overdue=response,close` has it. `dueSoon`: the current due comes within the time asked. */
export type NowCounts = {
  unhandled: number
  inProgress: number
  overdue: number
  dueSoon: number
  /** Warnings that are not resolved, those of completed tickets too. */
  openWarnings: number
}

/** What the counts are divided by. A holder is a tier and a unit. */
export const nowDimensions = ['holder', 'rbo', 'category'] as const
export type NowDimension = (typeof nowDimensions)[number]

/** `tier` is of holders only; `key` is `null` for what has none. */
export type NowRow = NowCounts & { dimension: NowDimension; tier: string | null; key: string | null }

export type NowQuery = { now: Instant; dueSoonMs: number; scope: Scopes }

const noCounts = (): NowCounts => ({ unhandled: 0, inProgress: 0, overdue: 0, dueSoon: 0, openWarnings: 0 })

const eachOf = (list: SortedIds | undefined, take: (id: number) => void): void => {
  const next = list?.ascending(first, end)
  for (let run = next?.() ?? null; run !== null && next !== undefined; run = next())
    for (const id of run) take(id)
}

/** The counts under a number, made when it is first met. */
const under = (cells: NowCounts[], number: number): NowCounts => {
  cells[number] ??= noCounts()
  return cells[number]
}

/** Counts of open tickets and unresolved warnings; only these are looked at, whatever else there is. */
export const countsOfNow = (
  index: TicketIndex,
  { now, dueSoonMs, scope }: NowQuery,
): { rows: NowRow[]; totals: NowCounts } => {
  const { numbers, instants } = index
  const at = toEpoch(now)
  const isMine = seesAll(scope) ? () => true : isInScope(index, scope).passes
  const totals = noCounts()
  const cells = {
    holder: new Map<number, NowCounts[]>(),
    rbo: [] as NowCounts[],
    category: [] as NowCounts[],
  }

  const count = (id: number, add: (counts: NowCounts) => void): void => {
    const tier = numbers.tier[id] as number
    let units = cells.holder.get(tier)
    if (units === undefined) {
      units = []
      cells.holder.set(tier, units)
    }
    add(totals)
    add(under(units, numbers.unit[id] as number))
    add(under(cells.rbo, numbers.rbo[id] as number))
    add(under(cells.category, numbers.category[id] as number))
  }
  const countOpen = (state: 'unhandled' | 'inProgress') => (id: number) => {
    if (!isMine(id)) return
    const due = instants.sortDue[id] as number
    const isLate = (state === 'unhandled' && due < at) || (instants.closeDueAt[id] as number) <= at
    const isSoon = !isLate && due <= at + dueSoonMs
    count(id, (counts) => {
      counts[state] += 1
      if (isLate) counts.overdue += 1
      if (isSoon) counts.dueSoon += 1
    })
  }
  const ofState = (state: string): SortedIds | undefined => {
    const number = index.numberOf(state)
    return number === undefined ? undefined : index.lists('state')[number]?.registered
  }
  eachOf(ofState('unhandled'), countOpen('unhandled'))
  eachOf(ofState('in_progress'), countOpen('inProgress'))

  const over = new Set(overStates.map((state) => index.numberOf(state)))
  for (const bit of warningBits)
    eachOf(index.warned(bit).registered, (id) => {
      const open = numbers.openWarnings[id] as number
      // a ticket is in the list of each of its codes, and is counted in the first
      if ((open & -open) !== bit || over.has(numbers.state[id]) || !isMine(id)) return
      const unresolved = unresolvedOf(numbers.marks[id] as number)
      count(id, (counts) => {
        counts.openWarnings += unresolved
      })
    })

  const rowsOf = (
    dimension: NowDimension,
    of: readonly (NowCounts | undefined)[],
    tier: string | null,
  ): NowRow[] =>
    [...of.entries()].flatMap(([number, counts]) =>
      counts === undefined ? [] : [{ dimension, tier, key: index.wordOf(number), ...counts }],
    )
  const byKey = (a: NowRow, b: NowRow): number => {
    const [left, right] = [a, b].map(({ tier, key }) => `${tier ?? ''}\0${key ?? '\uFFFF'}`) as [
      string,
      string,
    ]
    return left < right ? -1 : left > right ? 1 : 0
  }
  const holders = [...cells.holder].flatMap(([tier, units]) => rowsOf('holder', units, index.wordOf(tier)))
  return {
    totals,
    rows: [
      ...holders.sort(byKey),
      ...rowsOf('rbo', cells.rbo, null).sort(byKey),
      ...rowsOf('category', cells.category, null).sort(byKey),
    ],
  }
}
