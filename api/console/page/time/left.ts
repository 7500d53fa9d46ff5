/** What is left of a due, as a value: pure functions. */
import {
  dailyMs,
  dayOf,
  isOpenAt,
  nextOpening,
  type Schedule,
  serviceMsBetween,
  workingDaysLeft,
} from './serviceTime.ts'

/** Service minutes count towards responses and acknowledgements, working days towards closing, natural days towards callbacks. */
export type TimeUnit = 'minutes' | 'days' | 'naturalDays'

export type RemainingTime =
  | { kind: 'left'; ms: number; standsUntil: number | null }
  | { kind: 'days'; days: number }
  /** `days`: whole days of its unit that are over. */
  | { kind: 'overdue'; ms: number; days: number }

/** What is left at `now` (epoch ms) of a due. On time means up to the due by minutes, and before it by days. */
export const leftOf = (
  schedule: Schedule,
  due: { unit: TimeUnit; dueAt: number },
  now: number,
): RemainingTime => {
  const { unit, dueAt } = due
  const isOver = unit === 'minutes' ? now > dueAt : now >= dueAt
  if (isOver) {
    if (unit === 'naturalDays')
      return { kind: 'overdue', ms: now - dueAt, days: dayOf(now) - dayOf(dueAt) + 1 }
    const ms = serviceMsBetween(schedule, dueAt, now)
    return { kind: 'overdue', ms, days: Math.floor(ms / dailyMs(schedule)) }
  }
  if (unit === 'naturalDays') return { kind: 'days', days: dayOf(dueAt - 1) - dayOf(now) }
  if (unit === 'days') return { kind: 'days', days: workingDaysLeft(schedule, now, dueAt) }
  const standsUntil = isOpenAt(schedule, now) ? null : nextOpening(schedule, now)
  return { kind: 'left', ms: serviceMsBetween(schedule, now, dueAt), standsUntil }
}
