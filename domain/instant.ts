import { DateTime } from 'luxon'
import { z } from 'zod'

/**
 * An instant as events, rows and JSON carry it: ISO-8601, UTC, always with milliseconds
 * (`2026-03-02T04:00:00.000Z`). The form is fixed, so instants compare with `<` and `<=` as strings.
 */
export type Instant = string

/** A calendar day, `YYYY-MM-DD`, read in Shanghai. */
export type Day = string

/** An assessment period, `2026Q1`. */
export type Quarter = string

/** First instant of the year 9001: later ones are slips of the pen. */
const endOfYears = Date.UTC(9001, 0)

const instantForm = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/

/** `2026-11`: a month that a report can be about. */
export const monthForm = /^(19[89]|2\d\d)\d-(0[1-9]|1[0-2])$/
/** `2026Q4`. */
export const quarterForm = /^\d{4}Q[1-4]$/

/** The stored form of an instant. */
export const instantSchema = z.string().regex(instantForm)
/** The stored form of a day. */
export const daySchema = z.iso.date()
/** The stored form of a quarter. */
export const quarterSchema = z.string().regex(quarterForm)

/** Milliseconds in a minute, an hour and a day; Shanghai has kept one offset since 1992, so its days are all alike. */
export const MINUTE = 60_000
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR

/** Shanghai's clock is ahead of UTC by so many milliseconds. */
export const shanghaiOffset = 8 * HOUR
const shanghai = 'Asia/Shanghai'

const padded = (count: number, digits: number): string[] =>
  Array.from({ length: count }, (_, number) => String(number).padStart(digits, '0'))
const twoDigits = padded(60, 2)
const threeDigits = padded(1_000, 3)

/** `2026-03-02T` by days since 1970-01-01 UTC; lists write the same days over and over. */
const dates = new Map<number, string>()
const mostDates = 10_000
const dateOf = (day: number): string => {
  const known = dates.get(day)
  if (known !== undefined) return known
  if (dates.size >= mostDates) dates.clear()
  const date = new Date(day * DAY).toISOString().slice(0, 11)
  dates.set(day, date)
  return date
}

/** Epoch milliseconds to an `Instant`: what `Date` makes of them, at a third of the cost. @throws RangeError where they are none. */
export const toInstant = (epochMs: number): Instant => {
  if (!Number.isInteger(epochMs) || epochMs < 0 || epochMs >= endOfYears)
    return new Date(epochMs).toISOString()
  const day = Math.floor(epochMs / DAY)
  const ms = epochMs - day * DAY
  const hours = twoDigits[Math.floor(ms / HOUR)]
  const minutes = twoDigits[Math.floor(ms / MINUTE) % 60]
  return `${dateOf(day)}${hours}:${minutes}:${twoDigits[Math.floor(ms / 1_000) % 60]}.${threeDigits[ms % 1_000]}Z`
}

/** Stands for "at no instant that is known" where instants are epoch milliseconds, and comes after all of them. */
export const never = 9_000_000_000_000_000

/** An `Instant` to epoch milliseconds. */
export const toEpoch = (instant: Instant): number => Date.parse(instant)

/** The same where there may be none. */
export const epochOrNull = (instant: Instant | null): number | null =>
  instant === null ? null : toEpoch(instant)

/** Days since 1970-01-01 of the Shanghai day that holds `epochMs`. */
export const dayNumber = (epochMs: number): number => Math.floor((epochMs + shanghaiOffset) / DAY)

/** Epoch milliseconds of 00:00 in Shanghai on the day with that number. */
export const dayStart = (number: number): number => number * DAY - shanghaiOffset

/** The day with that number, as `YYYY-MM-DD`. */
export const dayOf = (number: number): Day => new Date(number * DAY).toISOString().slice(0, 10)

/** The number of a day, see `dayNumber`. */
export const numberOfDay = (day: Day): number => Date.parse(`${day}T00:00:00.000Z`) / DAY

/** The form most callers write, which needs no library: a whole date-time with its offset. */
const usualForm = /^(\d{4}-\d\d-\d\d)T\d\d:\d\d:\d\d(\.\d{1,3})?(Z|[+-]\d\d:\d\d)$/

const isDay = (day: Day): boolean => {
  const epoch = Date.parse(`${day}T00:00:00.000Z`)
  // Date takes February 30th for March 2nd
  return !Number.isNaN(epoch) && new Date(epoch).toISOString().startsWith(day)
}

const readUsual = (text: string, day: Day): number => (isDay(day) ? Date.parse(text) : Number.NaN)

const readOther = (text: string): number => {
  const bareDate = /^\d{4}-\d\d-\d\d$/.test(text)
  if (!bareDate && !/T.*(Z|[+-]\d\d(:?\d\d)?)$/i.test(text)) return Number.NaN
  return DateTime.fromISO(text, { zone: shanghai }).toMillis()
}

/**
 * Reads an instant as a caller may write it: ISO-8601 with any offset, or a bare date, which is 00:00 in
 * Shanghai. A date-time without an offset is refused, for nobody can say whose clock it was.
 * Returns `null` where the text is no instant, or one outside the years 1970 to 9000.
 */
export const readInstant = (text: string): Instant | null => {
  const day = usualForm.exec(text)?.[1]
  const epoch = day === undefined ? readOther(text) : readUsual(text, day)
  return epoch >= 0 && epoch < endOfYears ? toInstant(epoch) : null
}

/** The Shanghai month of an instant, `2026-03`. */
export const monthOf = (instant: Instant): string => dayOf(dayNumber(toEpoch(instant))).slice(0, 7)

/** The Shanghai quarter of an instant, `2026Q1` (rulebook §8). */
export const quarterOf = (instant: Instant): Quarter => {
  const month = monthOf(instant)
  return `${month.slice(0, 4)}Q${Math.ceil(Number(month.slice(5)) / 3)}`
}

/** Whole weeks since the one that holds 1970-01-01, of the Shanghai day that holds `epochMs`; they begin on Monday. */
export const weekNumber = (epochMs: number): number => Math.floor((dayNumber(epochMs) + 3) / 7)

/** The ISO week with that number, `2026-W10`: it is of the year that has its Thursday. */
export const weekText = (week: number): string => {
  // 1970-01-01 was a Thursday
  const year = new Date(week * 7 * DAY).getUTCFullYear()
  const ofYear = Math.floor((week * 7 - Date.UTC(year, 0) / DAY) / 7) + 1
  return `${year}-W${String(ofYear).padStart(2, '0')}`
}

/** The day of the week in Shanghai, Monday 1 to Sunday 7, as ISO 8601 counts them. */
export const weekdayOf = (epochMs: number): number => ((dayNumber(epochMs) + 3) % 7) + 1

/** The hour of the day in Shanghai, 0 to 23. */
export const hourOf = (epochMs: number): number => Math.floor((epochMs + shanghaiOffset) / HOUR) % 24

/** First instant of a number of months from a Shanghai month on, and the first after them. */
const monthsFrom = (year: number, month: number, months: number): { from: Instant; to: Instant } => {
  const from = DateTime.fromObject({ year, month }, { zone: shanghai })
  return { from: toInstant(from.toMillis()), to: toInstant(from.plus({ months }).toMillis()) }
}

/** The month a number of months after one, `2026-03`; before it where the number is negative. */
export const monthsAfter = (month: string, count: number): string => {
  const months = Number(month.slice(0, 4)) * 12 + Number(month.slice(5)) - 1 + count
  return `${String(Math.floor(months / 12)).padStart(4, '0')}-${String((months % 12) + 1).padStart(2, '0')}`
}

/** First instant of a month, `2026-03`, and the first after it. */
export const monthBounds = (month: string): { from: Instant; to: Instant } =>
  monthsFrom(Number(month.slice(0, 4)), Number(month.slice(5)), 1)

/** First instant of a quarter and the first after it (rulebook §8: periods are half-open). */
export const quarterBounds = (quarter: Quarter): { from: Instant; to: Instant } =>
  monthsFrom(Number(quarter.slice(0, 4)), Number(quarter.slice(5)) * 3 - 2, 3)
