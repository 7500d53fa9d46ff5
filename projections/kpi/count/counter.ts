/**
 * Counts units by up to two dimensions at once, over column blocks (rulebook §8): periods half-open, `asOf` inclusive.
 * The rates by one key are the case of one dimension.
 */
import { toEpoch } from '../../../domain/instant.ts'
import type { Keys } from '../../../domain/statistics.ts'
import { type Counts, verdictNumbers } from '../../../domain/ticket/measures.ts'
import type { Dictionary } from '../../columns/dictionary.ts'
import type { Partitions } from '../partitions.ts'
import type { KpiBy, KpiCounts, KpiGroup, KpiQuery, KpiRow, UnitsQuery } from '../query.ts'
import type { Blocks, UnitBlock } from './blocks.ts'
import { columnOf, type DimensionColumn } from './dimensions.ts'
import { filterOf, partitionsOf } from './filter.ts'
import type { OriginReader } from './origins.ts'
import {
  absent,
  closeOf,
  firstTimeOf,
  type OutcomeNumber,
  outcomeAt,
  outcomes,
  responseOf,
} from './outcome.ts'

/** What is counted, all of it made from the rows. */
export type UnitColumns = {
  blocks: Pick<Blocks, 'get' | 'reload'>
  names: Dictionary
  partitions: Partitions
  readOrigins: OriginReader
}

/** The groups of one grouping: a number for each row of a block, and for each number in order its keys. */
type Groups = {
  numbersOf(block: UnitBlock): Int32Array | Uint8Array
  count(): number
  inOrder(): readonly number[]
  keysOf(number: number): Keys
}

const ofColumn = ({ keyOf, ...column }: DimensionColumn): Groups => ({
  ...column,
  keysOf: (number) => [keyOf(number)],
})

/** Above every number of a column. */
const base = 2 ** 24

/** A pair gets a number when it first occurs. */
const ofPair = (one: DimensionColumn, other: DimensionColumn): Groups => {
  const numbers = new Map<number, number>()
  const keys: Keys[] = []
  return {
    numbersOf: (block) => {
      const [first, second] = [one.numbersOf(block), other.numbersOf(block)]
      const found = new Int32Array(block.size)
      for (let row = 0; row < block.size; row++) {
        const [a, b] = [first[row] as number, second[row] as number]
        let number = numbers.get(a * base + b)
        if (number === undefined) {
          number = keys.push([one.keyOf(a), other.keyOf(b)]) - 1
          numbers.set(a * base + b, number)
        }
        found[row] = number
      }
      return found
    },
    count: () => keys.length,
    inOrder: () => keys.map((_, number) => number),
    keysOf: (number) => keys[number] as Keys,
  }
}

const groupsOf = (columns: UnitColumns, grouping: readonly KpiBy[], query: UnitsQuery): Groups => {
  const [one, other] = grouping.map((by) => columnOf(columns, { by, tier: query.tier }))
  if (one === undefined)
    return {
      numbersOf: ({ size }) => new Uint8Array(size),
      count: () => 1,
      inOrder: () => [0],
      keysOf: () => [],
    }
  return other === undefined ? ofColumn(one) : ofPair(one, other)
}

/** The outcomes of a block's versions at `asOf`; those not asked for are `absent`. */
const outcomesOf = (block: UnitBlock, excluded: Uint8Array, asOf: number): Uint8Array => {
  const { settled } = block.bytes
  const { settledAt } = block.instants
  for (let row = 0; row < block.size; row++)
    excluded[row]! |=
      (settledAt[row] as number) <= asOf ? (settled[row] as number) : outcomeAt(block, row, asOf)
  return excluded
}

const noUnits = (): Counts => ({ met: 0, failed: 0, pending: 0 })

/** What the cells of one group come to: units by outcome. */
const countsOf = (cells: Int32Array, group: number): KpiCounts => {
  // by verdict number; what does not count in a measure is summed last and left unread
  const sums = [new Int32Array(4), new Int32Array(4), new Int32Array(4)] as const
  let total = 0
  // the last outcome is `absent`
  for (let outcome: OutcomeNumber = 0; outcome < absent; outcome++) {
    const units = cells[group * outcomes + outcome] as number
    if (units === 0) continue
    total += units
    sums[0][responseOf(outcome)]! += units
    sums[1][closeOf(outcome)]! += units
    sums[2][firstTimeOf(outcome)]! += units
  }
  const [response, close, firstTime] = sums.map(
    (sum): Counts => ({
      met: sum[verdictNumbers.met] as number,
      failed: sum[verdictNumbers.failed] as number,
      pending: sum[verdictNumbers.pending] as number,
    }),
  ) as [Counts, Counts, Counts]
  return { total, response, close, firstTime }
}

/** Counts the units of a query by several groupings at once: for each its groups, in the order of the key where it has one. */
export type Counter = (query: UnitsQuery, groupings: readonly (readonly KpiBy[])[]) => KpiGroup[][]

export const createCounter =
  (columns: UnitColumns): Counter =>
  (query, groupings) => {
    const asOf = toEpoch(query.asOf)
    const filter = filterOf(columns.names, query)
    const counted = groupings.map((grouping) => ({
      groups: groupsOf(columns, grouping, query),
      cells: new Int32Array(0),
    }))
    for (const partition of partitionsOf(columns.partitions, query)) {
      const block = columns.blocks.get(partition)
      const outcome = outcomesOf(block, filter(block), asOf)
      for (const each of counted) {
        const numbers = each.groups.numbersOf(block)
        const room = each.groups.count() * outcomes
        if (each.cells.length < room) {
          const cells = new Int32Array(room)
          cells.set(each.cells)
          each.cells = cells
        }
        const { cells } = each
        for (let row = 0; row < block.size; row++)
          cells[(numbers[row] as number) * outcomes + (outcome[row] as number)]! += 1
      }
    }
    return counted.map(({ groups, cells }) =>
      groups.inOrder().flatMap((number) => {
        if (number * outcomes >= cells.length) return []
        const counts = countsOf(cells, number)
        return counts.total === 0 ? [] : [{ keys: groups.keysOf(number), ...counts }]
      }),
    )
  }

const added = (a: Counts, b: Counts): Counts => ({
  met: a.met + b.met,
  failed: a.failed + b.failed,
  pending: a.pending + b.pending,
})

/** All together. */
export const sumOf = (counts: readonly KpiCounts[]): KpiCounts =>
  counts.reduce<KpiCounts>(
    (sum, each) => ({
      total: sum.total + each.total,
      response: added(sum.response, each.response),
      close: added(sum.close, each.close),
      firstTime: added(sum.firstTime, each.firstTime),
    }),
    { total: 0, response: noUnits(), close: noUnits(), firstTime: noUnits() },
  )

/** The rates by one key, in the order of the keys, and all together. */
export const ratesOf = (
  count: Counter,
  { by, ...query }: KpiQuery,
): { rows: KpiRow[]; totals: KpiCounts } => {
  const [groups = []] = count(query, [[by]])
  return {
    rows: groups.map(({ keys: [key], ...counts }) => ({ key: key ?? '', ...counts })),
    totals: sumOf(groups),
  }
}
