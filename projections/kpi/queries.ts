/** Answers the queries of the view from the column blocks and the rows (rulebook §8). */
import type Database from 'better-sqlite3'
import { createCounter, ratesOf, type UnitColumns } from './count/counter.ts'
import { createTicketsOf, createUnitPages } from './count/unitPages.ts'
import { createVersionSlices } from './count/versions.ts'
import type { KpiQueries } from './query.ts'

export const kpiQueries = (
  db: Database.Database,
  columns: UnitColumns,
  settled: KpiQueries['settled'],
): KpiQueries => {
  const count = createCounter(columns)
  const units = createUnitPages(db, columns)
  const ticketsOf = createTicketsOf(db, columns)
  const versions = createVersionSlices(db, columns)
  /** A connection that only reads is not told of changes; its blocks know theirs by their counts. */
  const fresh =
    <Query, Answer>(answer: (query: Query) => Answer) =>
    (query: Query): Answer => {
      if (db.readonly) for (const part of [columns.names, columns.partitions]) part.reload()
      return answer(query)
    }
  return {
    rates: fresh((query) => ratesOf(count, query)),
    units: fresh(units),
    ticketsOf: fresh(ticketsOf),
    settled,
    groups: fresh(({ groupings, ...query }) => count(query, groupings)),
    versions: fresh(versions),
  }
}
