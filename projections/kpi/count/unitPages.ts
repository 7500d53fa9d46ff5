/** The units behind the rates, page by page: found in the column blocks, read from their rows (rulebook §8). */
import type Database from 'better-sqlite3'
import { HOUR, MINUTE, toEpoch, toInstant } from '../../../domain/instant.ts'
import { measuresOfBits, unitVerdicts } from '../../../domain/ticket/measures.ts'
import type { Category } from '../../../domain/ticket/routing.ts'
import type { UnitTier } from '../../../domain/ticket/units.ts'
import { instantOrNull } from '../../epoch.ts'
import { monthStart, monthText } from '../../months.ts'
import type { KpiMeasure, KpiUnit, KpiUnitsQuery, TicketsQuery, UnitKeyset, UnitsPage } from '../query.ts'
import { monthOfPartition, tierNumbers, type UnitVersion, versionId } from '../unitVersion.ts'
import type { UnitBlock } from './blocks.ts'
import type { UnitColumns } from './counter.ts'
import { columnOf } from './dimensions.ts'
import { filterOf, partitionsOf } from './filter.ts'
import { absent, outcomeAt } from './outcome.ts'

type FoundUnit = UnitVersion & { unitName: string; categoryName: Category; unitTier: UnitTier }
/** Where a unit comes in the order of the pages. */
type Order = { dispatchedAt: number; ticketNo: string; unitName: string }

const compare = (a: Order, b: Order): number => {
  if (a.dispatchedAt !== b.dispatchedAt) return a.dispatchedAt - b.dispatchedAt
  if (a.ticketNo !== b.ticketNo) return a.ticketNo < b.ticketNo ? -1 : 1
  return a.unitName === b.unitName ? 0 : a.unitName < b.unitName ? -1 : 1
}

const stateOf = ({ kept, closedAt, respondedAt }: UnitVersion, asOf: number): KpiUnit['state'] => {
  if (kept === 1) return null
  if (closedAt !== null && closedAt <= asOf) return 'completed'
  return respondedAt !== null && respondedAt <= asOf ? 'in_progress' : 'unhandled'
}

const lateMinutes = (verdict: KpiMeasure['verdict'], dueAt: number | null, until: number): number | null =>
  verdict !== 'failed' || dueAt === null || until < dueAt ? null : Math.floor((until - dueAt) / MINUTE)

const toUnit = (version: FoundUnit, asOf: number): KpiUnit => {
  const known = (doneAt: number | null) => (doneAt !== null && doneAt <= asOf ? toInstant(doneAt) : null)
  const excluded = measuresOfBits(version.excluded)
  const verdicts = unitVerdicts(version, { onlyResponse: version.kept === 1, excluded, asOf })
  const measure = (
    verdict: KpiMeasure['verdict'],
    dueAt: number | null,
    doneAt: number | null,
  ): KpiMeasure =>
    verdict === null
      ? { verdict, dueAt: null, doneAt: null, lateMinutes: null }
      : {
          verdict,
          dueAt: instantOrNull(dueAt),
          doneAt: known(doneAt),
          lateMinutes: lateMinutes(verdict, dueAt, known(doneAt) === null ? asOf : (doneAt as number)),
        }
  const { closedAt, repeatWindowEndsAt } = version
  // its due is the end of the days in which a repeat counts, known once the ticket is closed
  const firstTimeDueAt = known(closedAt) === null ? null : repeatWindowEndsAt
  return {
    ticketNo: version.ticketNo,
    tier: version.unitTier,
    unit: version.unitName,
    category: version.categoryName,
    state: stateOf(version, asOf),
    dispatchedAt: toInstant(version.dispatchedAt),
    response: measure(verdicts.response, version.responseDueAt, version.respondedAt),
    close: measure(verdicts.close, version.closeDueAt, closedAt),
    // a repeat fails it, and no time does
    firstTime: { ...measure(verdicts.firstTime, firstTimeDueAt, closedAt), lateMinutes: null },
  }
}

type RowSearch = { isAsked: (row: number) => boolean; asOf: number; since: number; most: number }

/**
 * The rows a page can come from: versions that count, dispatched at or after `since`, by whole hours until there are
 * `most` beside those at `since` itself, which may have been on the page before.
 */
const earliest = (block: UnitBlock, { isAsked, asOf, since, most }: RowSearch): number[] => {
  const { dispatchedAt } = block.instants
  const start = monthStart(monthOfPartition(block.partition))
  const hourOf = (at: number): number => Math.floor((at - start) / HOUR)
  const inHour = new Int32Array(31 * 24)
  const rows: number[] = []
  for (let row = 0; row < block.size; row++) {
    const at = dispatchedAt[row] as number
    if (at < since || !isAsked(row) || outcomeAt(block, row, asOf) === absent) continue
    rows.push(row)
    if (at > since) inHour[hourOf(at)]! += 1
  }
  let lastHour = 0
  for (let units = 0; lastHour < inHour.length; lastHour++) {
    units += inHour[lastHour] as number
    if (units >= most) break
  }
  return rows.filter((row) => hourOf(dispatchedAt[row] as number) <= lastHour)
}

const afterOf = ({ after }: KpiUnitsQuery): Order => ({
  dispatchedAt: after ? toEpoch(after.dispatchedAt) : Number.NEGATIVE_INFINITY,
  ticketNo: after?.ticketNo ?? '',
  unitName: after?.unit ?? '',
})

const keysetOf = ({ dispatchedAt, ticketNo, unit }: KpiUnit): UnitKeyset => ({ dispatchedAt, ticketNo, unit })

/** The pages; partitions come one after the other, so that a page is looked for in one or two of them. */
export const createUnitPages = (db: Database.Database, columns: UnitColumns) => {
  const { blocks, names, partitions } = columns
  const select = db.prepare<[number], UnitVersion>('SELECT * FROM kpiSpans WHERE id = ?')
  const find = (partition: number, row: number, unitTier: UnitTier): FoundUnit => {
    const version = select.get(versionId(partition, row)) as UnitVersion
    const [unitName, categoryName] = [version.unit, version.category].map(names.textOf) as [string, Category]
    return { ...version, unitName, categoryName, unitTier }
  }

  return ({ by, key, limit, ...query }: KpiUnitsQuery): UnitsPage => {
    const asOf = toEpoch(query.asOf)
    const after = afterOf({ by, limit, ...query })
    const filter = filterOf(names, query)
    const column = columnOf(columns, { by, tier: query.tier })
    const found: FoundUnit[] = []
    for (const partition of partitionsOf(partitions, query)) {
      const month = monthOfPartition(partition)
      if (monthStart(month + 1) <= after.dispatchedAt) continue
      if (by === 'month' && key !== undefined && monthText(month) !== key) continue
      const block = blocks.get(partition)
      const excluded = filter(block)
      const numbers = column.numbersOf(block)
      // a key that never occurred is no unit's
      const number = key === undefined ? undefined : (column.find(key === '' ? null : key) ?? Number.NaN)
      const isAsked = (row: number): boolean =>
        excluded[row] === 0 && (number === undefined || numbers[row] === number)
      const most = limit + 1 - found.length
      const versions = earliest(block, { isAsked, asOf, since: after.dispatchedAt, most })
        .map((row) => find(partition, row, query.tier))
        .filter((version) => compare(version, after) > 0)
      found.push(...versions.sort(compare).slice(0, most))
      if (found.length > limit) break
    }
    const items = found.slice(0, limit).map((version) => toUnit(version, asOf))
    const last = found.length > limit ? items.at(-1) : undefined
    return { items, next: last ? keysetOf(last) : null }
  }
}

/** Tickets a dealer had a term at, in the order of their numbers: versions are never deleted, so none is missing. */
export const createTicketsOf = (db: Database.Database, { blocks, names, partitions }: UnitColumns) => {
  const ticketNo = db.prepare<[number], string>('SELECT ticketNo FROM kpiSpans WHERE id = ?').pluck()
  return ({ dealer, ...period }: TicketsQuery): string[] => {
    const unit = names.find(dealer)
    const [from, to] = [toEpoch(period.from), toEpoch(period.to)]
    const found = new Set<string>()
    for (const partition of partitions.within(tierNumbers.dealer, { from, to })) {
      const { size, numbers, instants } = blocks.get(partition)
      for (let row = 0; row < size; row++) {
        const at = instants.dispatchedAt[row] as number
        if (numbers.unit[row] !== unit || at < from || at >= to) continue
        found.add(ticketNo.get(versionId(partition, row)) as string)
      }
    }
    return [...found].sort()
  }
}
