/** Counts the three rates over columns (rulebook §8): periods half-open, `asOf` inclusive. */
import { toEpoch } from '../../domain/instant.ts'
import type { Counts } from '../../domain/ticket/measures.ts'
import type { Block } from './kpiColumns.ts'
import {
  closeOf,
  failed,
  firstTimeOf,
  met,
  type Outcome,
  outcomeAt,
  outcomes,
  pending,
  responseOf,
} from './kpiOutcome.ts'
import { pickerOf, shelvesOf } from './kpiPicking.ts'
import type { KpiCounts, KpiQuery, KpiRow, KpiView } from './kpiQueries.ts'
import { monthOfShelf, monthText } from './kpiSpan.ts'

/** Adds a block's spans to the cells of their key and outcome; `keys` by place. */
const count = (cells: Int32Array, keys: Int32Array, block: Block, asOf: number): void => {
  const { size, settled } = block
  const { settledAt } = block.instants
  for (let place = 0; place < size; place++) {
    const outcome: Outcome =
      (settledAt[place] as number) <= asOf ? (settled[place] as number) : outcomeAt(block, place, asOf)
    cells[(keys[place] as number) * outcomes + outcome]! += 1
  }
}

/** Where a measure's sums by verdict start in a key's; what does not count in a measure is summed too and left unread. */
const response = 0
const close = 4
const firstTime = 8
const sumsOfKey = 12

/** Sums of the keys below `keyCount`, and after them all together. */
const sumUp = (cells: Int32Array, keyCount: number): Int32Array => {
  const sums = new Int32Array((keyCount + 1) * sumsOfKey)
  const all = keyCount * sumsOfKey
  for (let cell = 0; cell < keyCount * outcomes; cell++) {
    const units = cells[cell] as number
    if (units === 0) continue
    const outcome: Outcome = cell % outcomes
    const own = Math.floor(cell / outcomes) * sumsOfKey
    for (const at of [own, all]) {
      sums[at + response + responseOf(outcome)]! += units
      sums[at + close + closeOf(outcome)]! += units
      sums[at + firstTime + firstTimeOf(outcome)]! += units
    }
  }
  return sums
}

const countsAt = (sums: Int32Array, place: number): Counts => ({
  met: sums[place + met] as number,
  failed: sums[place + failed] as number,
  pending: sums[place + pending] as number,
})

/** Every unit has a verdict on response. */
const totalAt = (sums: Int32Array, place: number): number =>
  (sums[place + met] as number) + (sums[place + failed] as number) + (sums[place + pending] as number)

const rowOf = (key: string, sums: Int32Array, place: number): KpiRow => ({
  key,
  total: totalAt(sums, place + response),
  response: countsAt(sums, place + response),
  close: countsAt(sums, place + close),
  firstTime: countsAt(sums, place + firstTime),
})

/** By key, in the order of the keys, and all together. */
export const ratesOf = (
  { columns, names, shelves }: Omit<KpiView, 'origins'>,
  query: KpiQuery,
): { rows: KpiRow[]; totals: KpiCounts } => {
  const { by } = query
  const asOf = toEpoch(query.asOf)
  const pick = pickerOf(names, query)
  const asked = shelvesOf(shelves, query)
  // the key of a span is the number of its name, or its month's among those asked for
  const keyCount = by === 'month' ? asked.length : names.count()
  const cells = new Int32Array((keyCount + 1) * outcomes)
  for (const [index, shelf] of asked.entries()) {
    const block = columns.block(shelf)
    const keys = by === 'month' ? new Int32Array(block.size).fill(index) : block.names[by]
    count(cells, pick(block, keys, keyCount), block, asOf)
  }
  const sums = sumUp(cells, keyCount)
  const rows: KpiRow[] = []
  const add = (name: string, key: number): void => {
    if (totalAt(sums, key * sumsOfKey + response) > 0) rows.push(rowOf(name, sums, key * sumsOfKey))
  }
  if (by === 'month') for (const [key, shelf] of asked.entries()) add(monthText(monthOfShelf(shelf)), key)
  else for (const key of names.inOrder()) add(names.nameOf(key), key)
  const { key: _, ...totals } = rowOf('', sums, keyCount * sumsOfKey)
  return { rows, totals }
}
