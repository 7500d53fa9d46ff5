import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { DateTime } from 'luxon'
import {
  addServiceMinutes,
  buildTimetable,
  type CalendarDays,
  closeDeadline,
  isWorkingDay,
  serviceIntervals,
  serviceMsBetween,
} from '../../../domain/calendar/workingTime.ts'
import { DAY, dayNumber, dayOf, MINUTE, numberOfDay, toEpoch } from '../../../domain/instant.ts'
import { at } from './fixtures.ts'

// The model walks the wall clock with luxon, day by day or minute by minute, and looks every day up anew.

const shanghai = (epochMs: number) => DateTime.fromMillis(epochMs, { zone: 'Asia/Shanghai' })

const worksOn = (days: CalendarDays, day: DateTime): boolean => {
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

const isOpen = (days: CalendarDays, epochMs: number): boolean => {
  const now = shanghai(epochMs)
  const { opens, closes } = hoursOf(days, now.startOf('day'))
  return worksOn(days, now) && opens <= epochMs && epochMs < closes
}

const modelDue = (days: CalendarDays, fromMs: number, minutes: number) => {
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

const modelClose = (days: CalendarDays, fromMs: number, workingDays: number) => {
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

const calendars: fc.Arbitrary<CalendarDays> = fc
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
const instantsOf = (days: CalendarDays) => {
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

const calendarAndInstants = calendars.chain((days) =>
  fc.tuple(fc.constant(days), instantsOf(days), instantsOf(days)),
)

describe('working time is what a slow walk over the wall clock counts', () => {
  test('due instants of service minutes, and whether they are provisional', () => {
    fc.assert(
      fc.property(calendarAndInstants, fc.integer({ min: 1, max: 3000 }), ([days, from], minutes) => {
        // A due further off than the model can walk says nothing new.
        const daily =
          serviceMsBetween(buildTimetable(days), at('2028-01-03 00:00'), at('2028-01-04 00:00')) / MINUTE
        const asked = Math.min(minutes, daily * 60)
        expect(addServiceMinutes(buildTimetable(days), from, asked)).toEqual(modelDue(days, from, asked))
      }),
      { numRuns: 300 },
    )
  })

  test('a due on closing time, from every millisecond edge', () => {
    fc.assert(
      fc.property(calendarAndInstants, fc.integer({ min: 1, max: 5 }), ([days, from], openings) => {
        const table = buildTimetable(days)
        const midnight = from - ((from + 8 * 60 * MINUTE) % DAY)
        const daily = serviceMsBetween(table, at('2028-01-03 00:00'), at('2028-01-04 00:00')) / MINUTE
        const { due } = addServiceMinutes(table, midnight, daily * openings)
        expect(due).toBe(modelDue(days, midnight, daily * openings).due)
        // round the clock, closing time is the opening of the next day
        const neverCloses = days.opens === '00:00' && days.closes === '24:00'
        if (!neverCloses) expect(isOpen(days, due)).toBe(false)
        expect(isOpen(days, due - 1)).toBe(true)
      }),
      { numRuns: 150 },
    )
  })

  test('closing deadlines, and whether they are provisional', () => {
    fc.assert(
      fc.property(calendarAndInstants, fc.integer({ min: 1, max: 20 }), ([days, from], workingDays) => {
        expect(closeDeadline(buildTimetable(days), from, workingDays)).toEqual(
          modelClose(days, from, workingDays),
        )
      }),
      { numRuns: 300 },
    )
  })

  test('service time, minute by minute', () => {
    fc.assert(
      fc.property(calendarAndInstants, fc.integer({ min: 0, max: 2000 }), ([days, from], minutes) => {
        const begins = Math.floor(from / MINUTE) * MINUTE
        const open = Array.from({ length: minutes }, (_, minute) => isOpen(days, begins + minute * MINUTE))
        const counted = serviceMsBetween(buildTimetable(days), begins, begins + minutes * MINUTE)
        expect(counted).toBe(open.filter(Boolean).length * MINUTE)
      }),
      { numRuns: 25 },
    )
  })

  test('service time grows by a millisecond exactly in the open ones', () => {
    fc.assert(
      fc.property(calendarAndInstants, ([days, from]) => {
        expect(serviceMsBetween(buildTimetable(days), from, from + 1)).toBe(isOpen(days, from) ? 1 : 0)
      }),
      { numRuns: 300 },
    )
  })

  test('adding minutes and counting them again agree', () => {
    fc.assert(
      fc.property(calendarAndInstants, fc.integer({ min: 1, max: 3000 }), ([days, from], minutes) => {
        const table = buildTimetable(days)
        const { due } = addServiceMinutes(table, from, minutes)
        expect(serviceMsBetween(table, from, due)).toBe(minutes * MINUTE)
        expect(serviceMsBetween(table, from, due - 1)).toBe(minutes * MINUTE - 1)
      }),
      { numRuns: 300 },
    )
  })

  test('working days', () => {
    fc.assert(
      fc.property(calendarAndInstants, ([days, from]) => {
        expect(isWorkingDay(buildTimetable(days), dayNumber(from))).toBe(worksOn(days, shanghai(from)))
      }),
      { numRuns: 200 },
    )
  })

  test('intervals follow each other, cover the span, and their counted ones are the service time', () => {
    fc.assert(
      fc.property(calendarAndInstants, ([days, one, other]) => {
        const [from, to] = [
          Math.min(one, other),
          Math.min(Math.max(one, other), Math.min(one, other) + 15 * DAY),
        ]
        const table = buildTimetable(days)
        const intervals = serviceIntervals(table, from, to).map((interval) => ({
          ...interval,
          from: toEpoch(interval.from),
          to: toEpoch(interval.to),
        }))
        let end = from
        for (const [index, interval] of intervals.entries()) {
          expect(interval.from).toBe(end)
          expect(interval.to).toBeGreaterThan(interval.from)
          expect(interval.reason).not.toBe(intervals[index + 1]?.reason)
          expect(isOpen(days, interval.from)).toBe(interval.counted)
          expect(isOpen(days, interval.to - 1)).toBe(interval.counted)
          const weekend = shanghai(interval.from).weekday > 5
          if (interval.counted) expect(interval.reason).toBe(weekend ? 'make_up_day' : 'open')
          end = interval.to
        }
        expect(end).toBe(to)
        const counted = intervals.filter((interval) => interval.counted)
        expect(counted.reduce((sum, interval) => sum + interval.to - interval.from, 0)).toBe(
          serviceMsBetween(table, from, to),
        )
      }),
      { numRuns: 200 },
    )
  })
})
