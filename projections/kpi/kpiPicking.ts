/** Which months and spans a query is about: period, filters and scope, resolved to numbers before any span is looked at. */
import { toEpoch } from '../../domain/instant.ts'
import { dealersOf, rbosOf, seesAll } from '../scope.ts'
import type { Block, NameColumn } from './kpiColumns.ts'
import type { Names } from './kpiNames.ts'
import type { KpiQuery } from './kpiQueries.ts'
import type { Shelves } from './kpiShelves.ts'
import { monthOfShelf, monthStart, tierNumbers } from './kpiSpan.ts'

/** The shelves of a query's period; nothing is known before it is dispatched, so none after `asOf`. */
export const shelvesOf = (shelves: Shelves, { from, to, tier, asOf }: KpiQuery): number[] => {
  const [first, end] = [toEpoch(from), Math.min(toEpoch(to), toEpoch(asOf) + 1)]
  return shelves.ofTier(tierNumbers[tier]).filter((shelf) => {
    const month = monthOfShelf(shelf)
    return monthStart(month) < end && monthStart(month + 1) > first
  })
}

/** By number of a name, 1 where it is in the list. */
const marksOf = (names: Names, list: readonly string[]): Uint8Array => {
  const marks = new Uint8Array(names.count())
  for (const name of list) {
    const number = names.find(name)
    if (number !== undefined) marks[number] = 1
  }
  return marks
}

/** A span passes where the name in one of the columns is marked. */
type Test = { column: NameColumn; marks: Uint8Array }[]

const testsOf = (names: Names, query: KpiQuery): Test[] => {
  const tests = (['dealer', 'rbo', 'category'] as const).flatMap((column): Test[] => {
    const list = query[column]
    return list === undefined ? [] : [[{ column, marks: marksOf(names, list) }]]
  })
  const { scope, tier } = query
  if (seesAll(scope)) return tests
  const dealers = tier === 'dealer' ? dealersOf(scope) : []
  return [
    ...tests,
    [
      { column: 'unit', marks: marksOf(names, dealers) },
      { column: 'rbo', marks: marksOf(names, rbosOf(scope)) },
    ],
  ]
}

/** `keys` by place, with `nowhere` for the spans that do not pass: so whoever counts need not ask. */
export type Picker = (block: Block, keys: Int32Array, nowhere: number) => Int32Array

/** Leaves `keys` as they are; returns a copy where anything may be left out. */
export const pickerOf = (names: Names, query: KpiQuery): Picker => {
  const tests = testsOf(names, query)
  const [from, to] = [toEpoch(query.from), toEpoch(query.to)]
  return (block, keys, nowhere) => {
    const isWhole = from <= monthStart(block.month) && monthStart(block.month + 1) <= to
    if (isWhole && tests.length === 0) return keys
    const picked = keys.slice(0, block.size)
    const { dispatchedAt } = block.instants
    if (!isWhole)
      for (let place = 0; place < block.size; place++) {
        const at = dispatchedAt[place] as number
        if (at < from || at >= to) picked[place] = nowhere
      }
    for (const test of tests) leaveOut(block, test, { picked, nowhere })
    return picked
  }
}

const leaveOut = (
  block: Block,
  test: Test,
  { picked, nowhere }: { picked: Int32Array; nowhere: number },
): void => {
  const [one, other = one] = test as [Test[number], Test[number]?]
  const [numbers, marks] = [block.names[one.column], one.marks]
  const [others, otherMarks] = [block.names[other.column], other.marks]
  for (let place = 0; place < block.size; place++) {
    const passes =
      (marks[numbers[place] as number] as number) | (otherMarks[others[place] as number] as number)
    // the same as asking, without a branch nobody can foresee
    picked[place] = nowhere + passes * ((picked[place] as number) - nowhere)
  }
}
