/** Working time by a slow and obvious model, and calendars by chance; for property tests. */
import fc from 'fast-check'
import { DateTime } from 'luxon'
import type { CalendarDays } from '../../../domain/calendar/workingTime.ts'
import { dayNumber, dayOf, MINUTE, numberOfDay } from '../../../domain/instant.ts'
import { at } from './fixtures.ts'

// The model walks the wall clock with luxon, day by day or minute by minute, and looks every day up again.

export const shanghai = (epochMs: number) => DateTime.fromMillis(epochMs, { zone: 'Asia/Shanghai' })

export const worksOn = (days: CalendarDays, day: DateTime): boolean => {
  const date = day.toFormat('yyyy-MM-dd')
  const year = days.years.get(day.year)
  if (year?.work.includes(date)) return true
  return day.weekday <= 5 && !year?.off.includes(date)
}

const hoursOf = (days: CalendarDays, day: DateTime) => {
  const time = (text: string) =>
    day.set({ hour: Number(text.slice(0, 2)), minute: Number(text.slice(3)) }).toMillis()
  return { opens: time(days.opens), closes: time(days.closes) }
}

export const isOpen = (days: CalendarDays, epochMs: number): boolean => {
  const now = shanghai(epochMs)
  const { opens, closes } = hoursOf(days, now.startOf('day'))
  return worksOn(days, now) && opens <= epochMs && epochMs < closes
}

export const modelDue = (days: CalendarDays, fromMs: number, minutes: number) => {
  let left = minutes * MINUTE
  let provisional = false
  for (let day = shanghai(fromMs).startOf('day'); ; day = day.plus({ days: 1 })) {
    const { opens, closes } = hoursOf(days, day)
    const start = Math.max(opens, fromMs)
    if (start >= closes) continue
    provisional ||= !days.years.has(day.year)
    if (!worksOn(days, day)) continue
    if (left <= closes - start) return { due: start + left, provisional }
    left -= closes - start
  }
}

export const modelClose = (days: CalendarDays, fromMs: number, workingDays: number) => {
  let day = shanghai(fromMs).startOf('day')
  let provisional = false
  for (let left = workingDays; left > 0; ) {
    day = day.plus({ days: 1 })
    provisional ||= !days.years.has(day.year)
    if (worksOn(days, day)) left--
  }
  return { due: day.plus({ days: 1 }).toMillis(), provisional }
}

const time = (minutes: number) =>
  `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`

const dayIn = (year: number) =>
  fc
    .integer({ min: numberOfDay(`${year}-01-01`), max: numberOfDay(`${year + 1}-01-01`) - 1 })
    .map((number) => dayOf(number))

const yearOfDays = (year: number) =>
  fc
    .record({
      off: fc.uniqueArray(dayIn(year), { maxLength: 60 }),
      work: fc.uniqueArray(dayIn(year), { maxLength: 40 }),
    })
    .map(({ off, work }) => ({ off: off.filter((day) => !work.includes(day)), work }))

export const calendars: fc.Arbitrary<CalendarDays> = fc
  .record({
    hours: fc.uniqueArray(fc.integer({ min: 0, max: 1440 }), { minLength: 2, maxLength: 2 }),
    y2025: yearOfDays(2025),
    y2026: yearOfDays(2026),
    y2027: fc.option(yearOfDays(2027), { nil: undefined }),
  })
  .map(({ hours, y2025, y2026, y2027 }) => ({
    opens: time(Math.min(...hours)),
    closes: time(Math.max(...hours)),
    years: new Map([[2025, y2025], [2026, y2026], ...(y2027 ? [[2027, y2027] as const] : [])]),
  }))

/** Instants of 2025-12 to 2027-01, often a millisecond around opening, closing and midnight. */
export const instantsOf = (days: CalendarDays) => {
  const [first, last] = [at('2025-12-20 00:00'), at('2027-01-10 00:00')]
  const edge = fc
    .tuple(
      fc.integer({ min: dayNumber(first), max: dayNumber(last) }),
      fc.constantFrom('00:00', days.opens, days.closes),
      fc.integer({ min: -1, max: 1 }),
    )
    .map(([day, clock, ms]) => {
      const midnight = at(`${dayOf(day)} 00:00`)
      return midnight + (Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3))) * MINUTE + ms
    })
  return fc.oneof(fc.integer({ min: first, max: last }), edge)
}
