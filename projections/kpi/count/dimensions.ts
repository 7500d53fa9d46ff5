/** What units are counted by, as numbers: one for each row of a block, and the key each number stands for. */
import { hourOf, weekdayOf, weekNumber, weekText } from '../../../domain/instant.ts'
import { hourText } from '../../../domain/statistics.ts'
import type { UnitTier } from '../../../domain/ticket/units.ts'
import type { Dictionary } from '../../columns/dictionary.ts'
import { monthText } from '../../months.ts'
import type { KpiBy } from '../query.ts'
import { monthOfPartition } from '../unitVersion.ts'
import type { UnitBlock } from './blocks.ts'
import { channels, type OriginReader, sources } from './origins.ts'

export type DimensionColumn = {
  /** By row. */
  numbersOf(block: UnitBlock): Int32Array | Uint8Array
  /** `null`: the unit has none. */
  keyOf(number: number): string | null
  /** `undefined`: no unit has this key. */
  find(key: string | null): number | undefined
  /** All numbers are below this. */
  count(): number
  /** All numbers, those of one key after the other. */
  inOrder(): readonly number[]
}

type Sources = { names: Dictionary; readOrigins: OriginReader }

const upTo = (count: number): number[] => Array.from({ length: count }, (_, number) => number)

/** All units of a block have the same key; numbers come with the blocks, in their order. */
const constant = (keyOfBlock: (block: UnitBlock) => string): DimensionColumn => {
  const keys: string[] = []
  return {
    numbersOf: (block) => {
      const key = keyOfBlock(block)
      if (!keys.includes(key)) keys.push(key)
      return new Int32Array(block.size).fill(keys.indexOf(key))
    },
    keyOf: (number) => keys[number] as string,
    find: (key) => {
      const number = keys.indexOf(key as string)
      return number < 0 ? undefined : number
    },
    count: () => keys.length,
    inOrder: () => upTo(keys.length),
  }
}

/** A period of the dispatch that is shorter than the month of a partition, so each row has its own: as a number, and its key. */
type Period = { numberOf(epochMs: number): number; textOf(period: number): string }

const shortPeriods = {
  week: { numberOf: weekNumber, textOf: weekText },
  weekday: { numberOf: weekdayOf, textOf: String },
  hour: { numberOf: hourOf, textOf: hourText },
} as const satisfies Record<string, Period>

/** Numbers count from the first period met. */
const ofDispatch = ({ numberOf: periodOf, textOf }: Period): DimensionColumn => {
  const known: number[] = []
  const numbers = new Map<number, number>()
  const numberOf = (period: number): number => {
    const number = numbers.get(period) ?? known.push(period) - 1
    numbers.set(period, number)
    return number
  }
  return {
    numbersOf: ({ size, instants }) =>
      Int32Array.from({ length: size }, (_, row) => numberOf(periodOf(instants.dispatchedAt[row] as number))),
    keyOf: (number) => textOf(known[number] as number),
    find: (key) => {
      const number = known.findIndex((period) => textOf(period) === key)
      return number < 0 ? undefined : number
    },
    count: () => known.length,
    inOrder: () => upTo(known.length).sort((a, b) => (known[a] as number) - (known[b] as number)),
  }
}

/** In the order of their codes as texts. */
const ofClosedList = (
  { textOf, find, count }: typeof channels,
  numbersOf: DimensionColumn['numbersOf'],
): DimensionColumn => ({
  numbersOf,
  keyOf: textOf,
  find,
  count,
  inOrder: () => upTo(count()).sort((a, b) => ((textOf(a) ?? '') < (textOf(b) ?? '') ? -1 : 1)),
})

/** A dimension for one query. */
export const columnOf = (
  { names, readOrigins }: Sources,
  { by, tier }: { by: KpiBy; tier: UnitTier },
): DimensionColumn => {
  switch (by) {
    case 'tier':
      return constant(() => tier)
    case 'month':
      return constant(({ partition }) => monthText(monthOfPartition(partition)))
    case 'week':
    case 'weekday':
    case 'hour':
      return ofDispatch(shortPeriods[by])
    case 'channel':
      return ofClosedList(channels, (block) => {
        readOrigins(block)
        return block.bytes.channel
      })
    case 'source':
      return ofClosedList(sources, (block) => {
        readOrigins(block)
        // the ticket of a unit of level A may have come to level B since
        const levelA = names.find('A')
        return block.bytes.source.map((source, row) => (block.numbers.level[row] === levelA ? 0 : source))
      })
    case 'dealer':
    case 'rbo':
    case 'category':
    case 'level':
      return {
        numbersOf: (block) => block.numbers[by],
        keyOf: names.textOf,
        find: names.find,
        count: names.count,
        inOrder: names.inOrder,
      }
  }
}
