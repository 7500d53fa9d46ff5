/** The days of a sheet (rulebook §16, by the day rule of §5). Epoch milliseconds; Shanghai's days. */
import { endOfDays, monthsLater } from '../calendar/naturalDays.ts'
import { type Day, dayNumber, dayOf, type Instant, toEpoch, toInstant } from '../instant.ts'

/** The first instant that is too late: 00:00 after the N-th natural day; the starting day does not count. */
export const dueAfterDays = (start: Instant, days: number): Instant =>
  toInstant(endOfDays(toEpoch(start), days))

/** The day of an instant in Shanghai. */
export const dayOfInstant = (instant: Instant): Day => dayOf(dayNumber(toEpoch(instant)))

/** The last day on which a plan may end, so many months after the meeting's day. */
export const latestPlanEnd = (heldAt: Instant, months: number): Day =>
  dayOf(monthsLater(dayNumber(toEpoch(heldAt)), months))
