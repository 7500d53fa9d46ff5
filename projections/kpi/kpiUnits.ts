/** The units behind the rates, page by page: found in the columns, told from their rows (rulebook §8). */
import type Database from 'better-sqlite3'
import { HOUR, type Instant, toEpoch, toInstant } from '../../domain/instant.ts'
import { type Turns, verdictAt } from '../../domain/ticket/measures.ts'
import { instantOrNull } from '../epoch.ts'
import type { Block } from './kpiColumns.ts'
import { absent, outcomeAt } from './kpiOutcome.ts'
import { pickerOf, shelvesOf } from './kpiPicking.ts'
import type { KpiMeasure, KpiUnit, KpiUnitsQuery, KpiView, UnitKeyset, UnitsPage } from './kpiQueries.ts'
import {
  closeTurning,
  type KpiSpan,
  monthOfShelf,
  monthStart,
  monthText,
  responseTurning,
  spanId,
  tierNumbers,
} from './kpiSpan.ts'

type Found = KpiSpan & { unitName: string }
type Place = { dispatchedAt: number; ticketNo: string; unitName: string }

const compare = (a: Place, b: Place): number => {
  if (a.dispatchedAt !== b.dispatchedAt) return a.dispatchedAt - b.dispatchedAt
  if (a.ticketNo !== b.ticketNo) return a.ticketNo < b.ticketNo ? -1 : 1
  return a.unitName === b.unitName ? 0 : a.unitName < b.unitName ? -1 : 1
}

const turnsOf = ({ at, met }: { at: number; met: boolean }): Turns => ({
  metAt: met ? instantOrNull(at) : null,
  failedAt: met ? null : instantOrNull(at),
})

const toUnit = (span: Found, asOf: number): KpiUnit => {
  const known = (doneAt: number | null) => (doneAt !== null && doneAt <= asOf ? toInstant(doneAt) : null)
  const measure = (turns: Turns, dueAt: number | null, doneAt: number | null): KpiMeasure => ({
    verdict: verdictAt(turns, toInstant(asOf)),
    dueAt: instantOrNull(dueAt),
    doneAt: known(doneAt),
  })
  const uncounted: KpiMeasure = { verdict: null, dueAt: null, doneAt: null }
  const { closedAt, repeatWindowEndsAt, repeatLinkedAt } = span
  const firstTime = { metAt: instantOrNull(repeatWindowEndsAt), failedAt: instantOrNull(repeatLinkedAt) }
  // its due is the end of the days in which a repeat counts, known once the ticket is closed
  const firstTimeDueAt = known(closedAt) === null ? null : repeatWindowEndsAt
  return {
    ticketNo: span.ticketNo,
    unit: span.unitName,
    dispatchedAt: toInstant(span.dispatchedAt),
    response: measure(turnsOf(responseTurning(span)), span.responseDueAt, span.respondedAt),
    close: span.kept === 1 ? uncounted : measure(turnsOf(closeTurning(span)), span.closeDueAt, closedAt),
    firstTime: span.kept === 1 ? uncounted : measure(firstTime, firstTimeDueAt, closedAt),
  }
}

type Wanted = { key: number | null; asOf: number; since: number; most: number }

/**
 * The places a page can come from: spans that count, dispatched at or after `since`, by whole hours until there are
 * `most` beside those at `since` itself, which may have been on the page before.
 */
const earliest = (block: Block, keys: Int32Array, { key, asOf, since, most }: Wanted): number[] => {
  const { dispatchedAt } = block.instants
  const start = monthStart(block.month)
  const hourOf = (at: number): number => Math.floor((at - start) / HOUR)
  const inHour = new Int32Array(31 * 24)
  const places: number[] = []
  for (let place = 0; place < block.size; place++) {
    const [own, at] = [keys[place] as number, dispatchedAt[place] as number]
    if (own === nowhere || (key !== null && own !== key) || at < since) continue
    if (outcomeAt(block, place, asOf) === absent) continue
    places.push(place)
    if (at > since) inHour[hourOf(at)]! += 1
  }
  let lastHour = 0
  for (let units = 0; lastHour < inHour.length; lastHour++) {
    units += inHour[lastHour] as number
    if (units >= most) break
  }
  return places.filter((place) => hourOf(dispatchedAt[place] as number) <= lastHour)
}

const nowhere = -1

const afterOf = ({ after }: KpiUnitsQuery): Place => ({
  dispatchedAt: after ? toEpoch(after.dispatchedAt) : Number.NEGATIVE_INFINITY,
  ticketNo: after?.ticketNo ?? '',
  unitName: after?.unit ?? '',
})

const keysetOf = ({ dispatchedAt, ticketNo, unit }: KpiUnit): UnitKeyset => ({ dispatchedAt, ticketNo, unit })

/** The pages; months come one after the other, so that a page is looked for in one or two of them. */
export const createUnits = (db: Database.Database, { columns, names, shelves }: KpiView) => {
  const select = db.prepare<[number], KpiSpan>('SELECT * FROM kpiSpans WHERE id = ?')
  const find = (shelf: number, place: number): Found => {
    const span = select.get(spanId(shelf, place)) as KpiSpan
    return { ...span, unitName: names.nameOf(span.unit) }
  }

  return (query: KpiUnitsQuery): UnitsPage => {
    const { by, key, limit } = query
    const asOf = toEpoch(query.asOf)
    const after = afterOf(query)
    const pick = pickerOf(names, query)
    // a name that never occurred is nobody's key
    const number = key === undefined || by === 'month' ? null : (names.find(key) ?? Number.NaN)
    const found: Found[] = []
    for (const shelf of shelvesOf(shelves, query)) {
      const month = monthOfShelf(shelf)
      if (monthStart(month + 1) <= after.dispatchedAt) continue
      if (by === 'month' && key !== undefined && monthText(month) !== key) continue
      const block = columns.block(shelf)
      const keys = pick(block, by === 'month' ? block.names.unit : block.names[by], nowhere)
      const most = limit + 1 - found.length
      const spans = earliest(block, keys, { key: number, asOf, since: after.dispatchedAt, most })
        .map((place) => find(shelf, place))
        .filter((span) => compare(span, after) > 0)
      found.push(...spans.sort(compare).slice(0, most))
      if (found.length > limit) break
    }
    const items = found.slice(0, limit).map((span) => toUnit(span, asOf))
    const last = found.length > limit ? items.at(-1) : undefined
    return { items, next: last ? keysetOf(last) : null }
  }
}

export type TicketsQuery = {
  dealer: string
  /** Of the dispatch; half-open. */
  from: Instant
  to: Instant
}

/** Tickets a dealer had a turn at, in the order of their numbers: spans are never deleted, so none is missing. */
export const createTicketsOf = (db: Database.Database, { columns, names, shelves }: KpiView) => {
  const ticketNo = db.prepare<[number], string>('SELECT ticketNo FROM kpiSpans WHERE id = ?').pluck()
  return ({ dealer, from, to }: TicketsQuery): string[] => {
    const unit = names.find(dealer)
    const [first, end] = [toEpoch(from), toEpoch(to)]
    const found = new Set<string>()
    for (const shelf of shelves.ofTier(tierNumbers.dealer)) {
      const start = monthStart(monthOfShelf(shelf))
      if (start >= end || monthStart(monthOfShelf(shelf) + 1) <= first) continue
      const { size, names: columnOf, instants } = columns.block(shelf)
      for (let place = 0; place < size; place++) {
        const at = instants.dispatchedAt[place] as number
        if (columnOf.unit[place] !== unit || at < first || at >= end) continue
        found.add(ticketNo.get(spanId(shelf, place)) as string)
      }
    }
    return [...found].sort()
  }
}
