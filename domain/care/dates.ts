/** Days and months after a handover (rulebook §15, by the day rule of §5). Epoch milliseconds; Shanghai's days. */
import { DAY, dayNumber, dayStart } from '../instant.ts'

/** The day with that number so many months later; where that month is shorter, its last day (Civil Code art. 202). */
export const monthsLater = (day: number, months: number): number => {
  const date = new Date(day * DAY)
  const month = date.getUTCMonth() + months
  const lastDay = new Date(Date.UTC(date.getUTCFullYear(), month + 1, 0)).getUTCDate()
  return Date.UTC(date.getUTCFullYear(), month, Math.min(date.getUTCDate(), lastDay)) / DAY
}

/** The first instant after the N-th natural day after an instant, whose own day does not count. */
export const endOfDays = (from: number, days: number): number => dayStart(dayNumber(from) + days + 1)

/** The first instant after the N-th month; of month 0 that after the day itself. */
export const endOfMonth = (from: number, months: number): number =>
  dayStart(monthsLater(dayNumber(from), months) + 1)

/** The first instant of the N-th month. */
export const startOfMonth = (from: number, month: number): number => endOfMonth(from, month - 1)

/** 00:00 of the N-th day after. */
export const startOfDay = (from: number, days: number): number => dayStart(dayNumber(from) + days)
