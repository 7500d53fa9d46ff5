/** Counts of complaints and how long they took, grouped by what they are (rulebook §11, monthly report). */
import { dayNumber, hourOf, MINUTE, monthOf, toInstant, weekdayOf, weekNumber, weekText } from './instant.ts'
import type { Calls } from './ticket/callbacks.ts'
import { createWeightTally, type Weight, type WeightCounts, type WeightTally } from './weightTally.ts'

/** What complaints are counted by. */
export const dimensions = ['level', 'category', 'tier', 'rbo', 'dealer', 'channel', 'source'] as const
export type Dimension = (typeof dimensions)[number]

/**
 * Shanghai periods that rows are counted by too: the month, `2026-03`, the ISO week, `2026-W10`, the day of the week,
 * `1` for Monday to `7`, and the hour of the day, `00` to `23`.
 */
export const periods = ['month', 'week', 'weekday', 'hour'] as const
export type CountedBy = Dimension | (typeof periods)[number]
export const countedBy = [...dimensions, ...periods] as const

/** An hour as its key has it, `09`. */
export const hourText = (hour: number): string => String(hour).padStart(2, '0')

/** What rows are counted by: none, for all together, or one dimension, or two. */
export type GroupBy = readonly CountedBy[]

/** A value of each dimension of a grouping, in its order; `null`: it has none, as an A ticket has no source. */
export type Keys = readonly (string | null)[]

/** A complaint as statistics see it; times are service time in ms by the holder's hours, `null`: not done. */
export type CountedComplaint = Record<Dimension, string | null> & {
  /** Epoch ms. */
  registeredAt: number
  respondMs: number | null
  closeMs: number | null
  rootCauseCode: string | null
  weight: Weight
  /** By when the customer must be told of receipt and handling, and when they were (rulebook §5); epoch ms. */
  notice: { dueAt: number; informedAt: number | null }
  /** The calls to the customer after closing; `null`: it is not closed. */
  calls: Calls | null
}

/** Whole service minutes; `null` where nothing was done yet. */
export type Times = { count: number; medianMinutes: number | null; p90Minutes: number | null }

export type StatisticsGroup = {
  keys: Keys
  tickets: number
  timeToRespond: Times
  timeToClose: Times
  weights: WeightCounts
}

/** Of closed complaints; `null`: closed without a cause. */
export type Cause = { code: string | null; tickets: number; goodwill: number }

type Cell = { keys: Keys; tickets: number; respond: number[]; close: number[]; weights: WeightTally }

const whole = (ms: number): number => Math.floor(ms / MINUTE)

/** The value at a place of the order, counted from 0; brings `values` nearer to it. Sorting all costs five times as much. */
const inOrder = (values: Float64Array, place: number): number => {
  let [low, high] = [0, values.length - 1]
  while (low < high) {
    const pivot = values[(low + high) >> 1] as number
    let [left, right] = [low, high]
    while (left <= right) {
      while ((values[left] as number) < pivot) left++
      while ((values[right] as number) > pivot) right--
      if (left > right) break
      const value = values[left] as number
      values[left++] = values[right] as number
      values[right--] = value
    }
    if (place <= right) high = right
    else if (place >= left) low = left
    else break
  }
  return values[place] as number
}

/** The middle one, of an even number the mean of the two in the middle; the 90th percentile by nearest rank. */
export const timesOf = (spans: readonly number[]): Times => {
  const count = spans.length
  if (count === 0) return { count, medianMinutes: null, p90Minutes: null }
  const values = new Float64Array(spans)
  const middle = (inOrder(values, (count - 1) >> 1) + inOrder(values, count >> 1)) / 2
  const p90 = inOrder(values, Math.ceil((count * 9) / 10) - 1)
  return { count, medianMinutes: whole(middle), p90Minutes: whole(p90) }
}

/** One text for the keys of a row, to find it by; no code holds a NUL. */
export const nameOfKeys = (keys: Keys): string => keys.map((key) => key ?? '').join('\0')

/** By key, each in its order; what has none comes last. */
export const byKeys = (a: { keys: Keys }, b: { keys: Keys }): number => {
  for (const [index, left] of a.keys.entries()) {
    const right = b.keys[index] as string | null
    if (left === right) continue
    if (left === null) return 1
    return right === null || left < right ? -1 : 1
  }
  return 0
}

const tallied = ({ keys, tickets, respond, close, weights }: Cell): StatisticsGroup => ({
  keys,
  tickets,
  timeToRespond: timesOf(respond),
  timeToClose: timesOf(close),
  weights: weights.counts(),
})

export type Tally = {
  add(complaint: CountedComplaint): void
  /** The rows of the grouping with that index, in the order of their keys. */
  rows(index: number): StatisticsGroup[]
  /** The most frequent first, then by code. */
  causes(): Cause[]
}

type Period = (typeof periods)[number]
const isPeriod = (by: CountedBy): by is Period => (periods as readonly CountedBy[]).includes(by)

/** Finds the Shanghai periods of instants, epoch ms; each day is looked up once, for many are of the same days. */
export const createPeriodNames = (): ((at: number) => Record<Period, string>) => {
  const ofDays = new Map<number, Record<Exclude<Period, 'hour'>, string>>()
  const ofDay = (at: number) => {
    const day = dayNumber(at)
    const known = ofDays.get(day)
    if (known !== undefined) return known
    const found = {
      month: monthOf(toInstant(at)),
      week: weekText(weekNumber(at)),
      weekday: String(weekdayOf(at)),
    }
    ofDays.set(day, found)
    return found
  }
  return (at) => ({ ...ofDay(at), hour: hourText(hourOf(at)) })
}

/** Finds what a complaint is counted under. */
export const createKeyOf = (): ((complaint: CountedComplaint, by: CountedBy) => string | null) => {
  const periodNames = createPeriodNames()
  return (complaint, by) => (isPeriod(by) ? periodNames(complaint.registeredAt)[by] : complaint[by])
}

/** Counts complaints by several groupings at once. */
export const createTally = (groupings: readonly GroupBy[]): Tally => {
  const cells = groupings.map(() => new Map<string, Cell>())
  const causes = new Map<string | null, Cause>()
  const keyOf = createKeyOf()

  const cellOf = (complaint: CountedComplaint, grouping: GroupBy, known: Map<string, Cell>): Cell => {
    const [one, other] = grouping
    const first = one === undefined ? '' : (keyOf(complaint, one) ?? '')
    const name = other === undefined ? first : `${first}\0${keyOf(complaint, other) ?? ''}`
    const found = known.get(name)
    if (found !== undefined) return found
    const keys = grouping.map((by) => keyOf(complaint, by))
    const cell = { keys, tickets: 0, respond: [], close: [], weights: createWeightTally() }
    known.set(name, cell)
    return cell
  }

  return {
    add: (complaint) => {
      const { respondMs, closeMs, rootCauseCode: code, weight } = complaint
      for (const [index, grouping] of groupings.entries()) {
        const cell = cellOf(complaint, grouping, cells[index] as Map<string, Cell>)
        cell.tickets += 1
        cell.weights.add(weight)
        if (respondMs !== null) cell.respond.push(respondMs)
        if (closeMs !== null) cell.close.push(closeMs)
      }
      if (closeMs === null) return
      const { tickets, goodwill } = causes.get(code) ?? { tickets: 0, goodwill: 0 }
      causes.set(code, { code, tickets: tickets + 1, goodwill: goodwill + weight.goodwill })
    },
    rows: (index) => [...(cells[index] as Map<string, Cell>).values()].map(tallied).sort(byKeys),
    causes: () =>
      [...causes.values()].sort(
        (a, b) => b.tickets - a.tickets || byKeys({ keys: [a.code] }, { keys: [b.code] }),
      ),
  }
}

/** A row of nothing, for keys that only another period has. */
export const noTally = (keys: Keys): StatisticsGroup =>
  tallied({ keys, tickets: 0, respond: [], close: [], weights: createWeightTally() })
