/** Natural days and months in Shanghai, by the day rule of the seven days (rulebook §5). Epoch milliseconds. */
import { DAY, dayNumber, dayStart } from '../instant.ts'

/** The first instant after the N-th natural day after an instant, whose own day does not count. Holidays do not extend it. */
export const endOfDays = (from: number, days: number): number => dayStart(dayNumber(from) + days + 1)

/** The day with that number so many months later; where that month is shorter, its last day (Civil Code art. 202). */
export const monthsLater = (day: number, months: number): number => {
  const date = new Date(day * DAY)
  const month = date.getUTCMonth() + months
  const lastDay = new Date(Date.UTC(date.getUTCFullYear(), month + 1, 0)).getUTCDate()
  return Date.UTC(date.getUTCFullYear(), month, Math.min(date.getUTCDate(), lastDay)) / DAY
}
