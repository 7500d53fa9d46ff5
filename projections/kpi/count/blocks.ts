/**
 * The unit versions of a partition in columns: rates are counted over tens of thousands of them, and SQLite takes more
 * than ten times as long. A block is made from the rows when its partition is first asked about, and kept up with every
 * flush.
 */
import type Database from 'better-sqlite3'
import { never } from '../../../domain/instant.ts'
import { unitTimes } from '../../../domain/ticket/measures.ts'
import { type BlockCache, createBlockCache, defineBlocks } from '../../columns/block.ts'
import type { ChangeCounts } from '../../columns/changeCounts.ts'
import { partitionOfId, rowOfId, type UnitVersion, versionId } from '../unitVersion.ts'
import { absent, outcomeAt, uncountedMask } from './outcome.ts'

/** The verdict times, see `VerdictTimes`. */
const verdictTimes = [
  'responseMetAt',
  'responseFailedAt',
  'closeMetAt',
  'closeFailedAt',
  'firstTimeMetAt',
  'firstTimeFailedAt',
] as const

const definition = defineBlocks({
  // from `settledAt` on the outcome is `settled`
  instants: ['dispatchedAt', 'knownFrom', 'knownTo', ...verdictTimes, 'settledAt'],
  numbers: ['unit', 'dealer', 'rbo', 'category', 'level'],
  bytes: ['uncounted', 'settled', 'channel', 'source'],
})

export type NameColumn = 'unit' | 'dealer' | 'rbo' | 'category' | 'level'

/** A version's row is that of its id. */
export type UnitBlock = {
  partition: number
  /** So many rows have their `channel` and `source`, see `origins.ts`. */
  originsRead: number
} & ReturnType<typeof definition.empty>

type ColumnValues = Omit<UnitVersion, 'ticketNo' | 'term' | 'newest' | 'tier' | 'named'>

const write = (block: UnitBlock, version: ColumnValues): void => {
  const row = rowOfId(version.id)
  definition.take(block, row)
  const { instants, numbers, bytes } = block
  const { response, close, firstTime } = unitTimes(version, version.kept === 1)
  instants.dispatchedAt[row] = version.dispatchedAt
  instants.knownFrom[row] = version.knownFrom ?? never
  instants.knownTo[row] = version.knownTo ?? never
  instants.responseMetAt[row] = response.metAt
  instants.responseFailedAt[row] = response.failedAt
  instants.closeMetAt[row] = close?.metAt ?? never
  instants.closeFailedAt[row] = close?.failedAt ?? never
  instants.firstTimeMetAt[row] = firstTime?.metAt ?? never
  instants.firstTimeFailedAt[row] = firstTime?.failedAt ?? never
  numbers.unit[row] = version.unit
  numbers.dealer[row] = version.dealer
  numbers.rbo[row] = version.rbo
  numbers.category[row] = version.category
  numbers.level[row] = version.level
  bytes.uncounted[row] = uncountedMask(version.kept, version.excluded)
  settle(block, row)
}

/** The outcome when all that is known of a version has happened, and from when on it is that one. */
const settle = (block: UnitBlock, row: number): void => {
  const { instants } = block
  const settled = outcomeAt(block, row, never - 1)
  let settledAt = instants.knownFrom[row] as number
  if (settled === absent) settledAt = settledAt === never ? 0 : (instants.knownTo[row] as number)
  else
    for (const column of verdictTimes) {
      const at = instants[column][row] as number
      if (at !== never && at > settledAt) settledAt = at
    }
  block.bytes.settled[row] = settled
  instants.settledAt[row] = settledAt
}

/** Versions kept in memory, with 104 bytes each: 35 MB. A million tickets in five years are 60,000 a quarter. */
const mostVersions = 340_000

export type Blocks = Pick<BlockCache<UnitBlock>, 'get' | 'reload'> & {
  /** Brings a version that was written up to date. */
  put(version: UnitVersion): void
}

export const createBlocks = (
  db: Database.Database,
  { changes, mostRows = mostVersions }: { changes?: ChangeCounts; mostRows?: number } = {},
): Blocks => {
  const select = db.prepare<[number, number], ColumnValues>(
    `SELECT id, dispatchedAt, knownFrom, knownTo, unit, dealer, rbo, category, level, kept, excluded, responseDueAt, respondedAt,
       closeDueAt, closedAt, repeatWindowEndsAt, repeatLinkedAt
     FROM kpiSpans WHERE id >= ? AND id < ? ORDER BY id DESC`,
  )
  const load = (partition: number): UnitBlock => {
    const block = { partition, originsRead: 0, ...definition.empty(0) }
    // the last row comes first, so that room is made once
    for (const version of select.iterate(versionId(partition, 0), versionId(partition + 1, 0)))
      write(block, version)
    return block
  }
  const cache = createBlockCache<UnitBlock>({
    load,
    roomOf: definition.roomOf,
    mostRows,
    ...(db.readonly && { countOf: (partition: number) => changes?.of(partition) ?? Number.NaN }),
  })
  return {
    get: cache.get,
    put: (version) => {
      const partition = partitionOfId(version.id)
      changes?.note(partition)
      const block = cache.peek(partition)
      if (block !== undefined) write(block, version)
    },
    reload: cache.reload,
  }
}
