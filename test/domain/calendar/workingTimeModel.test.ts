import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import {
  addServiceMinutes,
  buildTimetable,
  closeDeadline,
  isWorkingDay,
  serviceIntervals,
  serviceMsBetween,
} from '../../../domain/calendar/workingTime.ts'
import { DAY, dayNumber, MINUTE, toEpoch } from '../../../domain/instant.ts'
import { at } from './fixtures.ts'
import { calendars, instantsOf, isOpen, modelClose, modelDue, shanghai, worksOn } from './workingTimeModel.ts'

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
