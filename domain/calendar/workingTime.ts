import { firstPlace } from '../binarySearch.ts'
import {
  DAY,
  type Day,
  dayNumber,
  dayStart,
  type Instant,
  MINUTE,
  numberOfDay,
  toInstant,
} from '../instant.ts'

/** What a year's schedule changes on Monday to Friday: days off, and weekend days worked instead (调休). */
export type CalendarYear = { off: readonly Day[]; work: readonly Day[] }

/** Opening hours on the Shanghai wall clock, `HH:MM`, and the years whose schedule is known. */
export type CalendarDays = {
  opens: string
  closes: string
  years: ReadonlyMap<number, CalendarYear>
}

/** A deadline in epoch milliseconds; `provisional` where it needed a day of a year without a known schedule. */
export type Deadline = { due: number; provisional: boolean }

export type ServiceReason = 'open' | 'closed_hours' | 'weekend' | 'holiday' | 'make_up_day'

export type ServiceInterval = { from: Instant; to: Instant; counted: boolean; reason: ServiceReason }

/**
 * A calendar made ready for counting. Every working day has the same opening hours, so the cumulative open time
 * is the cumulative number of working days times the length of one. Opaque: made by `buildTimetable` only.
 */
export type Timetable = {
  /** Opening and closing, in ms after 00:00. */
  readonly opens: number
  readonly closes: number
  readonly marks: ReadonlyMap<number, 'off' | 'work'>
  readonly knownYears: ReadonlySet<number>
  /** Working days before the day with that index, from 1970-01-01 on. Only ever grows at its end. */
  readonly workingDaysBefore: number[]
}

/** Far enough that the table hardly ever grows while it is used, near enough to be built in a millisecond. */
const builtUntil = numberOfDay('2060-12-31')

/** Later instants have no `Instant` form, so a count that gets here is a mistake and not a long wait. */
const lastDay = numberOfDay('9999-12-30')

const minutesOfDay = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3))

const isWeekend = (day: number): boolean => (day + 3) % 7 >= 5

const worksOn = (marks: Timetable['marks'], day: number): boolean => {
  const mark = marks.get(day)
  return mark === undefined ? !isWeekend(day) : mark === 'work'
}

const coverDay = (table: Timetable, day: number): void => {
  if (!(day >= 0 && day <= lastDay)) throw new RangeError(`day ${day} lies outside the years 1970 to 9999`)
  const counts = table.workingDaysBefore
  for (let next = counts.length; next <= day; next++) {
    counts.push(counts[next - 1]! + (worksOn(table.marks, next - 1) ? 1 : 0))
  }
}

const workingDaysBefore = (table: Timetable, day: number): number => {
  coverDay(table, day)
  return table.workingDaysBefore[day]!
}

/** The day on which the `count`-th working day of the table falls: the last day with fewer before it. */
const dayOfWorkingDay = (table: Timetable, count: number): number => {
  const counts = table.workingDaysBefore
  while (counts[counts.length - 1]! < count) coverDay(table, counts.length + 365)
  return firstPlace(counts.length, (day) => counts[day]! >= count) - 1
}

const yearOf = (day: number): number => new Date(day * DAY).getUTCFullYear()

const needsUnknownYear = (table: Timetable, firstDay: number, finalDay: number): boolean => {
  for (let year = yearOf(firstDay); year <= yearOf(finalDay); year++) {
    if (!table.knownYears.has(year)) return true
  }
  return false
}

/** Open milliseconds from 1970 to `epochMs`. */
const openMsBefore = (table: Timetable, epochMs: number): number => {
  const day = dayNumber(epochMs)
  const daily = table.closes - table.opens
  const before = workingDaysBefore(table, day) * daily
  if (!worksOn(table.marks, day)) return before
  return before + Math.min(Math.max(epochMs - dayStart(day) - table.opens, 0), daily)
}

/**
 * Makes a calendar ready for counting (rulebook §5): a working day is Monday to Friday, minus `off`, plus `work`.
 * @throws RangeError where `opens` is not before `closes`: such a calendar never opens.
 */
export const buildTimetable = (days: CalendarDays): Timetable => {
  const opens = minutesOfDay(days.opens) * MINUTE
  const closes = minutesOfDay(days.closes) * MINUTE
  if (!(opens < closes)) throw new RangeError(`a calendar open ${days.opens}–${days.closes} never opens`)
  const marks = new Map<number, 'off' | 'work'>()
  for (const year of days.years.values()) {
    for (const day of year.off) marks.set(numberOfDay(day), 'off')
    for (const day of year.work) marks.set(numberOfDay(day), 'work')
  }
  const table = { opens, closes, marks, knownYears: new Set(days.years.keys()), workingDaysBefore: [0] }
  coverDay(table, builtUntil)
  return table
}

/**
 * Whether the day with that number (see `dayNumber`) is a working day (rulebook §5).
 * @throws RangeError outside the years 1970 to 9999.
 */
export const isWorkingDay = (table: Timetable, day: number): boolean =>
  workingDaysBefore(table, day + 1) > workingDaysBefore(table, day)

/**
 * The instant by which `minutes` service minutes have passed since `fromMs` (rulebook §5, Response). Hours are
 * half-open: at closing time the clock waits for the next opening, yet a due on closing time is that closing
 * time. No minutes at all are due at once.
 * @throws RangeError outside the years 1970 to 9999.
 */
export const addServiceMinutes = (table: Timetable, fromMs: number, minutes: number): Deadline => {
  const daily = table.closes - table.opens
  const wanted = openMsBefore(table, fromMs) + minutes * MINUTE
  const day = dayOfWorkingDay(table, Math.ceil(wanted / daily))
  const intoDay = wanted - workingDaysBefore(table, Math.max(day, 0)) * daily
  const due = Math.max(fromMs, dayStart(day) + table.opens + intoDay)
  // Whether the first day works matters only while it has opening hours left.
  const first = dayNumber(fromMs)
  const firstNeeded = fromMs < dayStart(first) + table.closes ? first : first + 1
  return { due, provisional: needsUnknownYear(table, firstNeeded, day) }
}

/**
 * Service time between two instants, in ms (rulebook §5); 0 where `toMs` is not after `fromMs`.
 * @throws RangeError outside the years 1970 to 9999.
 */
export const serviceMsBetween = (table: Timetable, fromMs: number, toMs: number): number =>
  toMs <= fromMs ? 0 : openMsBefore(table, toMs) - openMsBefore(table, fromMs)

/**
 * Number of the calendar day after the `workingDays`-th working day after the day `fromDay`, which itself does not
 * count (rulebook §5, Close; §9, Freeze, from the quarter's last day). `workingDays` is 1 or more.
 * @throws RangeError outside the years 1970 to 9999.
 */
export const dayAfterWorkingDays = (
  table: Timetable,
  fromDay: number,
  workingDays: number,
): { day: number; provisional: boolean } => {
  const last = dayOfWorkingDay(table, workingDaysBefore(table, fromDay + 1) + workingDays)
  return { day: last + 1, provisional: needsUnknownYear(table, fromDay + 1, last) }
}

/**
 * When a ticket dispatched at `dispatchedMs` must be closed (rulebook §5, Close): the first instant that is too
 * late, 00:00 in Shanghai after the `workingDays`-th working day after the day of dispatch.
 * @throws RangeError outside the years 1970 to 9999.
 */
export const closeDeadline = (table: Timetable, dispatchedMs: number, workingDays: number): Deadline => {
  const { day, provisional } = dayAfterWorkingDays(table, dayNumber(dispatchedMs), workingDays)
  return { due: dayStart(day), provisional }
}

/** The pieces of one day, each from the end of the one before to `until` (epoch ms). */
const piecesOfDay = (table: Timetable, day: number): { until: number; reason: ServiceReason }[] => {
  const end = dayStart(day + 1)
  if (!worksOn(table.marks, day))
    return [{ until: end, reason: table.marks.has(day) ? 'holiday' : 'weekend' }]
  return [
    { until: dayStart(day) + table.opens, reason: 'closed_hours' },
    { until: dayStart(day) + table.closes, reason: isWeekend(day) ? 'make_up_day' : 'open' },
    { until: end, reason: 'closed_hours' },
  ]
}

/**
 * Why a service clock ran or stood between two instants (epoch ms): intervals that follow each other and cover
 * `[fromMs, toMs)`, no two alike in a row (rulebook §5). A weekend day inside a holiday is `holiday`. One interval
 * or more for every day, so a caller bounds the span.
 * @throws RangeError outside the years an `Instant` can name.
 */
export const serviceIntervals = (table: Timetable, fromMs: number, toMs: number): ServiceInterval[] => {
  const merged: { from: number; to: number; reason: ServiceReason }[] = []
  let at = fromMs
  for (let day = dayNumber(fromMs); at < toMs; day++) {
    for (const { until, reason } of piecesOfDay(table, day)) {
      const to = Math.min(until, toMs)
      if (to <= at) continue
      const previous = merged.at(-1)
      if (previous?.reason === reason) previous.to = to
      else merged.push({ from: at, to, reason })
      at = to
    }
  }
  return merged.map(({ from, to, reason }) => ({
    from: toInstant(from),
    to: toInstant(to),
    counted: reason === 'open' || reason === 'make_up_day',
    reason,
  }))
}
