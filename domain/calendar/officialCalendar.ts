import published from 'chinese-days/dist/chinese-days.json' with { type: 'json' }
import type { Day } from '../instant.ts'
import { nationalCalendar } from './calendar.ts'
import type { CalendarYear } from './workingTime.ts'

/** The calendars a new installation begins with (rulebook §5); the national one comes first, for the other borrows. */
export const seedCalendars = [
  { id: nationalCalendar, opens: '09:00', closes: '18:00', daysOf: null },
  { id: 'CN-XJ', opens: '10:00', closes: '19:00', daysOf: nationalCalendar },
] as const

const source = '国务院办公厅节假日安排 (npm chinese-days 1.5.7)'

/** A make-up day of the schedule of 2006 (Saturday 31 December 2005 for Tuesday 3 January) that the table lacks. */
const missingWorkDays: readonly Day[] = ['2005-12-31']

/**
 * The State Council's schedules 2004 to 2026 by year: holidays as published, weekends inside them included, and
 * make-up days (rulebook §5). A year that is not here is not known.
 */
export const officialYears = (): Map<number, CalendarYear & { source: string }> => {
  const [off, work] = [
    Object.keys(published.holidays).sort(),
    [...Object.keys(published.workdays), ...missingWorkDays].sort(),
  ]
  const years = new Set(off.map(yearOf))
  const of = (days: Day[], year: number) => days.filter((day) => yearOf(day) === year)
  return new Map([...years].map((year) => [year, { off: of(off, year), work: of(work, year), source }]))
}

const yearOf = (day: Day): number => Number(day.slice(0, 4))
