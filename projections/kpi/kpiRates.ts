/** Counts the three rates over columns (rulebook §8): periods half-open, `asOf` inclusive. */
import { toEpoch } from '../../domain/instant.ts'
import type { Counts } from '../../domain/ticket/measures.ts'
import { dealersOf, rbosOf, type Scopes, seesAll } from '../scope.ts'
import type { Block, Columns, NameColumn, Names } from './kpiColumns.ts'
import type { KpiBy, KpiCounts, KpiQuery, KpiRow } from './kpiQueries.ts'
import { monthNumber } from './ticketTurns.ts'

/** Places of a row's sums: all units, those that count in all measures, then met and failed of each measure. */
const total = 0
const whole = 1
const responseMet = 2
const closeMet = 4
const firstTimeMet = 6
const places = 8

/** Which numbers of names pass; `null`: every one. */
const passing = (known: Names, list: readonly string[] | undefined): Uint8Array | null => {
  if (list === undefined) return null
  const marks = new Uint8Array(known.count() + list.length)
  for (const name of list) marks[known.numberOf(name)] = 1
  return marks
}

type Test = { column: NameColumn; marks: Uint8Array }

/** All must pass, and of the scope's one, where it has any. */
const testsOf = (known: Names, query: KpiQuery): { every: Test[]; scope: Test[] | null } => {
  const every = (['dealer', 'rbo', 'category'] as const).flatMap((column) => {
    const marks = passing(known, query[column])
    return marks === null ? [] : [{ column, marks }]
  })
  return { every, scope: scopeTests(known, query.scope, query.tier) }
}

const scopeTests = (known: Names, scopes: Scopes, tier: string): Test[] | null => {
  if (seesAll(scopes)) return null
  const dealers = tier === 'dealer' ? dealersOf(scopes) : []
  return [
    { column: 'unit', marks: passing(known, dealers) as Uint8Array },
    { column: 'rbo', marks: passing(known, rbosOf(scopes)) as Uint8Array },
  ]
}

const months = (from: number, to: number): number[] => {
  const list: number[] = []
  const last = monthNumber(to - 1)
  for (let month = monthNumber(from); month <= last; month += month % 100 === 12 ? 89 : 1) list.push(month)
  return list
}

type Sums = Map<number, Float64Array>
type Asked = { from: number; to: number; asOf: number; by: KpiBy }
type Tests = ReturnType<typeof testsOf>

const passes = (block: Block, place: number, { every, scope }: Tests): boolean => {
  const isIn = ({ column, marks }: Test): boolean => marks[block.names[column][place] as number] === 1
  return every.every(isIn) && (scope === null || scope.some(isIn))
}

/** Adds a block's units to the sums of their keys. */
const addBlock = (sums: Sums, block: Block, { from, to, asOf, by }: Asked, tests: Tests): void => {
  const { dispatchedAt, knownFrom, knownTo, ...turns } = block.instants
  const keys = by === 'month' ? null : block.names[by]
  const unconditional = tests.every.length === 0 && tests.scope === null
  for (let place = 0; place < block.size; place++) {
    const at = dispatchedAt[place] as number
    if (at < from || at >= to) continue
    if ((knownFrom[place] as number) > asOf || (knownTo[place] as number) <= asOf) continue
    if (!unconditional && !passes(block, place, tests)) continue
    const key = keys === null ? block.month : (keys[place] as number)
    let row = sums.get(key)
    if (row === undefined) {
      row = new Float64Array(places)
      sums.set(key, row)
    }
    row[total]! += 1
    row[whole]! += 1 - (block.onlyResponse[place] as number)
    if ((turns.responseFailedAt[place] as number) <= asOf) row[responseMet + 1]! += 1
    else if ((turns.responseMetAt[place] as number) <= asOf) row[responseMet]! += 1
    if ((turns.closeFailedAt[place] as number) <= asOf) row[closeMet + 1]! += 1
    else if ((turns.closeMetAt[place] as number) <= asOf) row[closeMet]! += 1
    if ((turns.firstTimeFailedAt[place] as number) <= asOf) row[firstTimeMet + 1]! += 1
    else if ((turns.firstTimeMetAt[place] as number) <= asOf) row[firstTimeMet]! += 1
  }
}

const countsOf = (sums: Float64Array): KpiCounts => {
  const measure = (place: number, of: number): Counts => {
    const [met, failed] = [sums[place] as number, sums[place + 1] as number]
    return { met, failed, pending: of - met - failed }
  }
  const [all, wholes] = [sums[total] as number, sums[whole] as number]
  return {
    total: all,
    response: measure(responseMet, all),
    close: measure(closeMet, wholes),
    firstTime: measure(firstTimeMet, wholes),
  }
}

const keyOf = (by: KpiBy, key: number, known: Names): string => {
  if (by !== 'month') return known.nameOf(key) ?? ''
  return `${Math.floor(key / 100)}-${String(key % 100).padStart(2, '0')}`
}

/** By key, in the order of the keys, and all together. */
export const ratesOf = (columns: Columns, query: KpiQuery): { rows: KpiRow[]; totals: KpiCounts } => {
  const asOf = toEpoch(query.asOf)
  // nothing is dispatched before the first dispatch, and nothing is known before it is dispatched
  const from = Math.max(toEpoch(query.from), columns.firstDispatch(query.tier))
  const to = Math.min(toEpoch(query.to), asOf + 1)
  const asked = { from, to, asOf, by: query.by }
  const sums: Sums = new Map()
  for (const month of months(from, to)) {
    const block = columns.block(query.tier, month)
    // loading a block may have brought new names
    addBlock(sums, block, asked, testsOf(columns.names, query))
  }
  const all = new Float64Array(places)
  for (const row of sums.values())
    for (let place = 0; place < places; place++) all[place]! += row[place] as number
  const rows = [...sums]
    .map(([key, row]) => ({ key: keyOf(query.by, key, columns.names), ...countsOf(row) }))
    .sort((a, b) => (a.key < b.key ? -1 : 1))
  return { rows, totals: countsOf(all) }
}
