/** The partitions that have unit versions, and how many: which of them a period needs, and the id of the next version. */
import type Database from 'better-sqlite3'
import { monthStart } from '../months.ts'
import { monthOfPartition, partitionOfId, rowOfId, tierOfPartition, versionId } from './unitVersion.ts'

/** Half-open, of the dispatch; epoch ms. */
export type DispatchPeriod = { from: number; to: number }

export type Partitions = {
  /** The id of a new version. */
  nextId(partition: number): number
  /** The partitions of a tier that reach into the period, in the order of their months. */
  within(tier: number, period: DispatchPeriod): number[]
  /** Drops what is in memory; it is read again when next needed. */
  reload(): void
}

export const createPartitions = (db: Database.Database): Partitions => {
  const firstFrom = db
    .prepare<[number], number>('SELECT id FROM kpiSpans WHERE id >= ? ORDER BY id LIMIT 1')
    .pluck()
  const lastBelow = db
    .prepare<[number], number>('SELECT id FROM kpiSpans WHERE id < ? ORDER BY id DESC LIMIT 1')
    .pluck()
  let sizes: Map<number, number> | undefined

  /** Two seeks a partition, however many versions it has. */
  const load = (): Map<number, number> => {
    sizes = new Map()
    for (let first = firstFrom.get(0); first !== undefined; ) {
      const partition = partitionOfId(first)
      const end = versionId(partition + 1, 0)
      sizes.set(partition, rowOfId(lastBelow.get(end) as number) + 1)
      first = firstFrom.get(end)
    }
    return sizes
  }

  return {
    nextId: (partition) => {
      const known = sizes ?? load()
      const row = known.get(partition) ?? 0
      known.set(partition, row + 1)
      return versionId(partition, row)
    },
    within: (tier, { from, to }) =>
      [...(sizes ?? load()).keys()]
        .filter((partition) => {
          const month = monthOfPartition(partition)
          return tierOfPartition(partition) === tier && monthStart(month) < to && monthStart(month + 1) > from
        })
        .sort((a, b) => a - b),
    reload: () => {
      sizes = undefined
    },
  }
}
