/** Days and months after a handover (rulebook §15). Epoch milliseconds; Shanghai's days. */
import { monthsLater } from '../calendar/naturalDays.ts'
import { dayNumber, dayStart } from '../instant.ts'

/** The first instant after the N-th month; of month 0 that after the day itself. */
export const endOfMonth = (from: number, months: number): number =>
  dayStart(monthsLater(dayNumber(from), months) + 1)

/** The first instant of the N-th month. */
export const startOfMonth = (from: number, month: number): number => endOfMonth(from, month - 1)

/** 00:00 of the N-th day after. */
export const startOfDay = (from: number, days: number): number => dayStart(dayNumber(from) + days)
