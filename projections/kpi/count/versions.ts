/** The versions of a tier in the order of their rows, to compute units again under a draft; no column block is touched. */
import type Database from 'better-sqlite3'
import { toEpoch } from '../../../domain/instant.ts'
import type { KpiVersion, KpiVersionsQuery } from '../query.ts'
import { rowOfId, tierNumbers, versionId } from '../unitVersion.ts'
import type { UnitColumns } from './counter.ts'

/** Slice by slice, dispatched in the period; each is read when it is asked for. */
export const createVersionSlices = (
  db: Database.Database,
  { names, partitions }: Pick<UnitColumns, 'names' | 'partitions'>,
) => {
  const select = db.prepare<[number, number, number], Omit<KpiVersion, 'unit'> & { unit: number }>(
    `SELECT id, ticketNo, newest, unit, named, kept, excluded, dispatchedAt, knownFrom, knownTo, responseDueAt, respondedAt,
       closeDueAt, closedAt, repeatWindowEndsAt, repeatLinkedAt
     FROM kpiSpans WHERE id >= ? AND id < ? ORDER BY id LIMIT ?`,
  )
  return function* ({ tier, slice, ...period }: KpiVersionsQuery): Generator<KpiVersion[]> {
    const [from, to] = [toEpoch(period.from), toEpoch(period.to)]
    for (const partition of partitions.within(tierNumbers[tier], { from, to })) {
      for (let row = 0; ; ) {
        const versions = select.all(versionId(partition, row), versionId(partition + 1, 0), slice)
        if (versions.length > 0)
          yield versions
            .filter(({ dispatchedAt }) => dispatchedAt >= from && dispatchedAt < to)
            .map((version) => ({ ...version, unit: names.textOf(version.unit) as string }))
        if (versions.length < slice) break
        row = rowOfId((versions.at(-1) as { id: number }).id) + 1
      }
    }
  }
}
