/** The turns of a tier as their spans lie in the table, for whoever computes them anew; nothing kept in memory is touched. */
import type Database from 'better-sqlite3'
import { toEpoch } from '../../domain/instant.ts'
import type { KpiQuery, KpiView } from './kpiQueries.ts'
import { type KpiSpan, monthOfShelf, monthStart, placeOfId, spanId, tierNumbers } from './kpiSpan.ts'

export type KpiTurn = Omit<KpiSpan, 'unit' | 'dealer' | 'rbo' | 'category' | 'level' | 'turn' | 'tier'> & {
  unit: string
}

export type KpiTurnsQuery = Pick<KpiQuery, 'from' | 'to' | 'tier'> & { slice: number }

/** Slice by slice, dispatched in the period; each is read when it is asked for. */
export const createTurnsOf = (db: Database.Database, { names, shelves }: KpiView) => {
  const select = db.prepare<[number, number, number], Omit<KpiTurn, 'unit'> & { unit: number }>(
    `SELECT id, ticketNo, newest, unit, named, kept, dispatchedAt, knownFrom, knownTo, responseDueAt, respondedAt,
       closeDueAt, closedAt, repeatWindowEndsAt, repeatLinkedAt
     FROM kpiSpans WHERE id >= ? AND id < ? ORDER BY id LIMIT ?`,
  )
  return function* ({ from, to, tier, slice }: KpiTurnsQuery): Generator<KpiTurn[]> {
    const [first, end] = [toEpoch(from), toEpoch(to)]
    const asked = shelves.ofTier(tierNumbers[tier]).filter((shelf) => {
      const month = monthOfShelf(shelf)
      return monthStart(month) < end && monthStart(month + 1) > first
    })
    for (const shelf of asked) {
      for (let place = 0; ; ) {
        const spans = select.all(spanId(shelf, place), spanId(shelf + 1, 0), slice)
        if (spans.length > 0)
          yield spans
            .filter(({ dispatchedAt }) => dispatchedAt >= first && dispatchedAt < end)
            .map((span) => ({ ...span, unit: names.nameOf(span.unit) }))
        if (spans.length < slice) break
        place = placeOfId((spans.at(-1) as { id: number }).id) + 1
      }
    }
  }
}
