/** The dealers' rates of settled quarters as they were when each revision was made: nothing recorded later moves them. */
import type Database from 'better-sqlite3'
import type { StoredEvent } from '../../../domain/eventStore.ts'
import { type Instant, type Quarter, quarterBounds } from '../../../domain/instant.ts'
import { quarterOfStream, type SettlementEvent } from '../../../domain/settlement.ts'
import { createBlocks } from '../count/blocks.ts'
import { createCounter, ratesOf, type UnitColumns } from '../count/counter.ts'
import { partitionsOf } from '../count/filter.ts'
import type { KpiQuery, KpiRow } from '../query.ts'
import type { UnitVersion } from '../unitVersion.ts'

/** The rows of a revision are read together or not at all, so they are one JSON. */
export const settledSql = `CREATE TABLE kpiSettled (quarter TEXT NOT NULL, revision INTEGER NOT NULL,
  rates TEXT NOT NULL, PRIMARY KEY (quarter, revision)) STRICT, WITHOUT ROWID`

/** The events at which units are counted; a decision on a tie leaves them as they are. */
const counting = { QuarterFrozen: true, QuarterRevised: true, TieDecided: false } as const satisfies Record<
  SettlementEvent['type'],
  boolean
>

export const settlingTypes: readonly string[] = Object.entries(counting).flatMap(([type, counts]) =>
  counts ? [type] : [],
)

/** What a revision counts: every dealer's units of the quarter, as known when it was made. */
const queryOf = (quarter: Quarter, asOf: Instant): KpiQuery => ({
  ...quarterBounds(quarter),
  by: 'dealer',
  tier: 'dealer',
  asOf,
  scope: [{ kind: 'all' }],
})

type RateSources = Pick<UnitColumns, 'names' | 'partitions' | 'readOrigins'> & {
  /** Versions that are not written yet. */
  unwritten(): readonly UnitVersion[]
}

export const createSettled = (db: Database.Database, { unwritten, ...columns }: RateSources) => {
  const write = db.prepare<[string, number, string]>('INSERT INTO kpiSettled VALUES (?, ?, ?)')
  const read = db
    .prepare<[string, number], string>('SELECT rates FROM kpiSettled WHERE quarter = ? AND revision = ?')
    .pluck()
  let added: { quarter: Quarter; revision: number; rates: string }[] = []

  /** From the rows, and from what is not in them yet: a handler writes nothing by itself. */
  const count = (query: KpiQuery): KpiRow[] => {
    const blocks = createBlocks(db, { mostRows: Number.POSITIVE_INFINITY })
    for (const partition of partitionsOf(columns.partitions, query)) blocks.get(partition)
    for (const version of unwritten()) blocks.put(version)
    return ratesOf(createCounter({ ...columns, blocks }), query).rows
  }

  return {
    apply: ({ type, stream, version, metadata }: StoredEvent): void => {
      const quarter = settlingTypes.includes(type) ? quarterOfStream(stream) : null
      if (quarter === null) return
      const rates = JSON.stringify(count(queryOf(quarter, metadata.recordedAt)))
      added.push({ quarter, revision: version, rates })
    },
    flush: (): void => {
      for (const { quarter, revision, rates } of added) write.run(quarter, revision, rates)
      added = []
    },
    discard: (): void => {
      added = []
    },
    /** By dealer; `null`: no units are counted at that revision, as at a decision on a tie, or it is not folded yet. */
    rates: (quarter: Quarter, revision: number): KpiRow[] | null => {
      const rates = read.get(quarter, revision)
      return rates === undefined ? null : (JSON.parse(rates) as KpiRow[])
    },
  }
}
