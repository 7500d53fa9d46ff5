/** The days of a sheet (rulebook §16, by the day rule of §5). Epoch milliseconds; Shanghai's days. */
import { DAY, type Day, dayNumber, dayOf, dayStart, type Instant, toEpoch, toInstant } from '../instant.ts'

/** The day with that number so many months later; where that month is shorter, its last day (Civil Code art. 202). */
const monthsLater = (day: number, months: number): number => {
  const date = new Date(day * DAY)
  const month = date.getUTCMonth() + months
  const lastDay = new Date(Date.UTC(date.getUTCFullYear(), month + 1, 0)).getUTCDate()
  return Date.UTC(date.getUTCFullYear(), month, Math.min(date.getUTCDate(), lastDay)) / DAY
}

/** The first instant that is too late: 00:00 after the N-th natural day; the starting day does not count. */
export const dueAfterDays = (start: Instant, days: number): Instant =>
  toInstant(dayStart(dayNumber(toEpoch(start)) + days + 1))

/** The day of an instant in Shanghai. */
export const dayOfInstant = (instant: Instant): Day => dayOf(dayNumber(toEpoch(instant)))

/** The last day on which a plan may end, so many months after the meeting's day. */
export const latestPlanEnd = (heldAt: Instant, months: number): Day =>
  dayOf(monthsLater(dayNumber(toEpoch(heldAt)), months))
