/** Natural days of a step (rulebook §16, by the day rule of §5): pure functions. Epoch milliseconds, Shanghai's days. */
import { dayOf } from '../time/serviceTime.ts'

export type RemainingDays =
  | { kind: 'left'; days: number }
  /** `days`: whole days that are over. */
  | { kind: 'overdue'; days: number }

/** What is left at `now` of a due, which is the first instant that is too late: the days after today. */
export const daysLeft = (dueAt: number, now: number): RemainingDays => {
  if (now >= dueAt) return { kind: 'overdue', days: dayOf(now) - dayOf(dueAt) }
  return { kind: 'left', days: dayOf(dueAt - 1) - dayOf(now) }
}

/** The natural days between a start, whose day does not count, and a due at 00:00 after the last of them. */
export const daysCounted = (startedAt: number, dueAt: number): number => dayOf(dueAt - 1) - dayOf(startedAt)

/** The day of `YYYY-MM-DD` at its last millisecond in Shanghai. */
export const endOfDay = (day: string): number => Date.parse(`${day}T23:59:59.999+08:00`)
