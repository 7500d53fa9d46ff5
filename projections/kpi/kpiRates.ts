/** Counts the three rates over columns (rulebook §8): periods half-open, `asOf` inclusive. */
import { toEpoch } from '../../domain/instant.ts'
import type { Counts } from '../../domain/ticket/measures.ts'
import type { Block } from './kpiColumns.ts'
import {
  absent,
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

/** Sums by verdict; what does not count in a measure is summed too and left unread. */
const sumsOf = (cells: Int32Array, key: number): KpiCounts | null => {
  let total = 0
  const [response, close, firstTime] = [
    [0, 0, 0, 0],
    [0, 0, 0, 0],
    [0, 0, 0, 0],
  ] as [number[], number[], number[]]
  for (let outcome = 0; outcome < absent; outcome++) {
    const units = cells[key * outcomes + outcome] as number
    if (units === 0) continue
    total += units
    response[responseOf(outcome)]! += units
    close[closeOf(outcome)]! += units
    firstTime[firstTimeOf(outcome)]! += units
  }
  const counts = (sums: number[]): Counts => ({
    met: sums[met] as number,
    failed: sums[failed] as number,
    pending: sums[pending] as number,
  })
  if (total === 0) return null
  return { total, response: counts(response), close: counts(close), firstTime: counts(firstTime) }
}

const measures = ['response', 'close', 'firstTime'] as const

const together = (rows: readonly KpiCounts[]): KpiCounts => {
  const none = (): Counts => ({ met: 0, failed: 0, pending: 0 })
  const totals: KpiCounts = { total: 0, response: none(), close: none(), firstTime: none() }
  for (const row of rows) {
    totals.total += row.total
    for (const measure of measures) {
      totals[measure].met += row[measure].met
      totals[measure].failed += row[measure].failed
      totals[measure].pending += row[measure].pending
    }
  }
  return totals
}

/** By key, in the order of the keys, and all together. */
export const ratesOf = ({ columns, names, shelves }: KpiView, query: KpiQuery): ReturnType<RatesOf> => {
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
  const rows: KpiRow[] = []
  const add = (name: string, key: number): void => {
    const sums = sumsOf(cells, key)
    if (sums !== null) rows.push({ key: name, ...sums })
  }
  if (by === 'month') for (const [key, shelf] of asked.entries()) add(monthText(monthOfShelf(shelf)), key)
  else for (const key of names.inOrder()) add(names.nameOf(key), key)
  return { rows, totals: together(rows) }
}

type RatesOf = (view: KpiView, query: KpiQuery) => { rows: KpiRow[]; totals: KpiCounts }
