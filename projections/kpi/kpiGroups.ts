/** The three rates by up to two dimensions at once, over columns (rulebook §8): the same units as those of the rates. */
import { toEpoch } from '../../domain/instant.ts'
import type { Dimension, Grouping, Keys } from '../../domain/statistics.ts'
import type { Counts } from '../../domain/ticket/measures.ts'
import type { Block } from './kpiColumns.ts'
import { channelOf, type Origin, sourceOf } from './kpiOrigins.ts'
import {
  absent,
  closeOf,
  failed,
  firstTimeOf,
  met,
  outcomeAt,
  outcomes,
  pending,
  responseOf,
} from './kpiOutcome.ts'
import { pickerOf, shelvesOf } from './kpiPicking.ts'
import type { KpiCounts, KpiQuery, KpiView } from './kpiQueries.ts'

export type KpiGroupsQuery = Pick<KpiQuery, 'from' | 'to' | 'tier' | 'asOf' | 'scope'> & {
  groupings: readonly Grouping[]
}

export type KpiGroup = KpiCounts & { keys: Keys }

/** A dimension's number by place on a shelf; `null`: all have the same. */
type Column = { at: ((place: number) => number) | null; keyOf(number: number): string | null }

/** Units by outcome. */
type Cell = { keys: Keys; units: Int32Array }

/** Places of the verdicts in sums. */
const places = 4

const groupOf = ({ keys, units }: Cell): KpiGroup => {
  const sums = {
    response: new Int32Array(places),
    close: new Int32Array(places),
    firstTime: new Int32Array(places),
  }
  for (let outcome = 0; outcome < outcomes; outcome++) {
    const count = units[outcome] as number
    if (count === 0) continue
    sums.response[responseOf(outcome)]! += count
    sums.close[closeOf(outcome)]! += count
    sums.firstTime[firstTimeOf(outcome)]! += count
  }
  const countsOf = (sum: Int32Array): Counts => ({
    met: sum[met] as number,
    failed: sum[failed] as number,
    pending: sum[pending] as number,
  })
  const response = countsOf(sums.response)
  return {
    keys,
    // every unit has a verdict on response
    total: response.met + response.failed + response.pending,
    response,
    close: countsOf(sums.close),
    firstTime: countsOf(sums.firstTime),
  }
}

/** No outcome: the span is not asked for, or counts in no measure. */
const nowhere = outcomes

/** Above every number of a name. */
const base = 2 ** 24

const isAsked = (groupings: readonly Grouping[], ...wanted: Dimension[]): boolean =>
  groupings.some((grouping) => grouping.some((dimension) => wanted.includes(dimension)))

export const createGroups = ({ columns, names, shelves, origins }: KpiView) => {
  const columnOf = (dimension: Dimension, block: Block, origin: Origin, tier: string): Column => {
    switch (dimension) {
      case 'tier':
        return { at: null, keyOf: () => tier }
      case 'channel':
        return { at: (place) => origin.channel[place] as number, keyOf: channelOf }
      case 'source': {
        const levelA = names.find('A')
        return {
          at: (place) => (block.names.level[place] === levelA ? 0 : (origin.source[place] as number)),
          keyOf: sourceOf,
        }
      }
      default: {
        const column = block.names[dimension]
        return { at: (place) => column[place] as number, keyOf: (number) => names.nameOf(number) || null }
      }
    }
  }

  const count = (
    cells: Map<number, Cell>,
    [one, other]: readonly (Column | undefined)[],
    { block, outcome }: { block: Block; outcome: Uint8Array },
  ): void => {
    const [first, second] = [one?.at, other?.at]
    for (let place = 0; place < block.size; place++) {
      const own = outcome[place] as number
      if (own === nowhere) continue
      const [a, b] = [first?.(place) ?? 0, second?.(place) ?? 0]
      let cell = cells.get(a * base + b)
      if (cell === undefined) {
        const keys = [...(one ? [one.keyOf(a)] : []), ...(other ? [other.keyOf(b)] : [])]
        cell = { keys, units: new Int32Array(outcomes) }
        cells.set(a * base + b, cell)
      }
      cell.units[own]! += 1
    }
  }

  return ({ groupings, ...asked }: KpiGroupsQuery): KpiGroup[][] => {
    const query: KpiQuery = { ...asked, by: 'dealer' }
    const asOf = toEpoch(query.asOf)
    const pick = pickerOf(names, query)
    const cells = groupings.map(() => new Map<number, Cell>())
    const needsOrigin = isAsked(groupings, 'channel', 'source')
    for (const shelf of shelvesOf(shelves, query)) {
      const block = columns.block(shelf)
      const origin = origins.of(shelf, needsOrigin ? block.size : 0)
      const picked = pick(block, new Int32Array(block.size), nowhere)
      const outcome = new Uint8Array(block.size)
      for (let place = 0; place < block.size; place++) {
        const own = picked[place] === nowhere ? nowhere : outcomeAt(block, place, asOf)
        outcome[place] = own === absent ? nowhere : own
      }
      for (const [index, grouping] of groupings.entries()) {
        const own = grouping.map((dimension) => columnOf(dimension, block, origin, query.tier))
        count(cells[index] as Map<number, Cell>, own, { block, outcome })
      }
    }
    return cells.map((ofGrouping) => [...ofGrouping.values()].map(groupOf))
  }
}
