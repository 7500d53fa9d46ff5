/** Which partitions and versions a query is about: period, filters and scope as numbers, before any version is looked at. */
import { toEpoch } from '../../../domain/instant.ts'
import type { Dictionary } from '../../columns/dictionary.ts'
import { monthStart } from '../../months.ts'
import { dealersOf, rbosOf, seesAll } from '../../scope.ts'
import type { Partitions } from '../partitions.ts'
import type { UnitsQuery } from '../query.ts'
import { monthOfPartition, tierNumbers } from '../unitVersion.ts'
import type { NameColumn, UnitBlock } from './blocks.ts'
import { absent } from './outcome.ts'

/** The partitions of a query's period; nothing is known before it is dispatched, so none after `asOf`. */
export const partitionsOf = (partitions: Partitions, { from, to, tier, asOf }: UnitsQuery): number[] =>
  partitions.within(tierNumbers[tier], {
    from: toEpoch(from),
    to: Math.min(toEpoch(to), toEpoch(asOf) + 1),
  })

/** By number of a name: 0 where it is in the list, else `absent`. */
const marksOf = (names: Dictionary, list: readonly string[]): Uint8Array => {
  const marks = new Uint8Array(names.count()).fill(absent)
  for (const name of list) {
    const number = names.find(name)
    if (number !== undefined) marks[number] = 0
  }
  return marks
}

/** A version passes where the name in one of the columns is in its list. */
type Test = readonly { column: NameColumn; marks: Uint8Array }[]

const testsOf = (names: Dictionary, query: UnitsQuery): Test[] => {
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

/** By row: 0 where the version is asked for, else `absent`. */
export type UnitFilter = (block: UnitBlock) => Uint8Array

export const filterOf = (names: Dictionary, query: UnitsQuery): UnitFilter => {
  const tests = testsOf(names, query)
  const [from, to] = [toEpoch(query.from), toEpoch(query.to)]
  return (block) => {
    const excluded = new Uint8Array(block.size)
    const month = monthOfPartition(block.partition)
    if (monthStart(month) < from || to < monthStart(month + 1)) {
      const { dispatchedAt } = block.instants
      for (let row = 0; row < block.size; row++) {
        const at = dispatchedAt[row] as number
        if (at < from || at >= to) excluded[row] = absent
      }
    }
    for (const test of tests) exclude(block, test, excluded)
    return excluded
  }
}

const exclude = (block: UnitBlock, test: Test, excluded: Uint8Array): void => {
  const [one, other = one] = test as [Test[number], Test[number]?]
  const [numbers, marks] = [block.numbers[one.column], one.marks]
  const [others, otherMarks] = [block.numbers[other.column], other.marks]
  for (let row = 0; row < block.size; row++)
    excluded[row]! |=
      (marks[numbers[row] as number] as number) & (otherMarks[others[row] as number] as number)
}
