import { describe, expect, test } from '@jest/globals'
import {
  addServiceMinutes,
  buildTimetable,
  closeDeadline,
  dayAfterWorkingDays,
  isWorkingDay,
  type Timetable,
} from '../../../domain/calendar/workingTime.ts'
import { dayOf, numberOfDay } from '../../../domain/instant.ts'
import { at, cn, openFrom, wallClock, xinjiang } from './fixtures.ts'

const responseDue = (table: Timetable, from: string, minutes = 120): string =>
  wallClock(addServiceMinutes(table, at(from), minutes).due)

const closeDue = (from: string, workingDays = 3): string =>
  wallClock(closeDeadline(cn, at(from), workingDays).due)

const onWorkingDays = (...days: string[]): boolean[] => days.map((day) => isWorkingDay(cn, numberOfDay(day)))

describe('a response is due after so many service minutes', () => {
  test('inside opening hours they simply pass', () => {
    expect(responseDue(cn, '2026-03-02 10:00')).toBe('2026-03-02 12:00')
  })

  test('seconds and milliseconds are kept', () => {
    expect(responseDue(cn, '2026-03-02 10:00:00.001')).toBe('2026-03-02 12:00:00.001')
    expect(responseDue(cn, '2026-03-02 17:59:59.999')).toBe('2026-03-03 10:59:59.999')
  })

  test('what closing time cuts off goes on at the next opening', () => {
    expect(responseDue(cn, '2026-03-02 17:00')).toBe('2026-03-03 10:00')
    expect(responseDue(cn, '2026-03-02 16:00:00.001')).toBe('2026-03-03 09:00:00.001')
  })

  test('dispatched outside hours the clock starts at the next opening', () => {
    expect(responseDue(cn, '2026-03-02 07:30')).toBe('2026-03-02 11:00')
    expect(responseDue(cn, '2026-03-02 20:00')).toBe('2026-03-03 11:00')
    expect(responseDue(cn, '2026-03-07 12:00')).toBe('2026-03-09 11:00')
    expect(responseDue(cn, '2026-03-06 23:59:59.999')).toBe('2026-03-09 11:00')
  })

  test('opening time belongs to the hours, closing time does not', () => {
    expect(responseDue(cn, '2026-03-02 08:59:59.999')).toBe('2026-03-02 11:00')
    expect(responseDue(cn, '2026-03-02 09:00')).toBe('2026-03-02 11:00')
    expect(responseDue(cn, '2026-03-02 09:00:00.001')).toBe('2026-03-02 11:00:00.001')
    expect(responseDue(cn, '2026-03-02 18:00')).toBe('2026-03-03 11:00')
  })

  test('a due on closing time is that closing time, not the next opening', () => {
    expect(responseDue(cn, '2026-03-02 16:00')).toBe('2026-03-02 18:00')
    expect(responseDue(cn, '2026-03-06 16:00')).toBe('2026-03-06 18:00')
    expect(responseDue(cn, '2026-03-02 09:00', 540)).toBe('2026-03-02 18:00')
    expect(responseDue(cn, '2026-03-02 18:00', 1080)).toBe('2026-03-04 18:00')
  })

  test('no minutes at all are due at once', () => {
    expect(responseDue(cn, '2026-03-02 10:00', 0)).toBe('2026-03-02 10:00')
    expect(responseDue(cn, '2026-03-07 10:00', 0)).toBe('2026-03-07 10:00')
    expect(responseDue(cn, '1970-01-01 00:00', 0)).toBe('1970-01-01 00:00')
  })

  test('holidays are skipped and make-up days worked', () => {
    expect(responseDue(cn, '2026-02-14 17:00')).toBe('2026-02-24 10:00')
    expect(responseDue(cn, '2026-02-27 17:30')).toBe('2026-02-28 10:30')
    expect(responseDue(cn, '2026-10-10 09:00')).toBe('2026-10-10 11:00')
  })

  test('Xinjiang opens and closes an hour later', () => {
    expect(responseDue(xinjiang, '2026-03-02 09:00')).toBe('2026-03-02 12:00')
    expect(responseDue(xinjiang, '2026-03-02 18:00')).toBe('2026-03-03 11:00')
    expect(responseDue(xinjiang, '2026-03-02 17:00')).toBe('2026-03-02 19:00')
  })

  test('a calendar may close at midnight', () => {
    const late = openFrom('00:00', '24:00')
    expect(responseDue(late, '2026-03-06 23:00', 60)).toBe('2026-03-07 00:00')
    expect(responseDue(late, '2026-03-06 23:00', 61)).toBe('2026-03-09 00:01')
  })
})

describe('cases known from other systems', () => {
  const nineToFive = openFrom('09:00', '17:00')

  test('9–17: two hours from Friday 16:00 end on Monday 10:00', () => {
    expect(responseDue(nineToFive, '2026-03-06 16:00')).toBe('2026-03-09 10:00')
  })

  test('9–17: two hours from Wednesday 07:00 end at 11:00', () => {
    expect(responseDue(nineToFive, '2026-03-04 07:00')).toBe('2026-03-04 11:00')
  })

  test('9–17: two hours from Saturday 10:00 end on Monday 11:00', () => {
    expect(responseDue(nineToFive, '2026-03-07 10:00')).toBe('2026-03-09 11:00')
  })

  // Theirs has a lunch hour, 8–13 and 14–18; with the afternoon moved up by that hour it is 8–17.
  test('8–17: five hours from 12:25:30 end the next day at 08:25:30', () => {
    expect(responseDue(openFrom('08:00', '17:00'), '2016-02-01 12:25:30', 300)).toBe('2016-02-02 08:25:30')
  })

  test('8–17, 24–26 December closed: twenty hours from the 22nd 15:24:49 end on the 29th 08:24:49', () => {
    const closed = openFrom('08:00', '17:00', {
      2015: { off: ['2015-12-24', '2015-12-25', '2015-12-26'], work: [] },
    })
    expect(responseDue(closed, '2015-12-22 15:24:49', 1200)).toBe('2015-12-29 08:24:49')
  })

  test('a calendar that never opens is an error, not 24/7', () => {
    expect(() => openFrom('18:00', '09:00')).toThrow(RangeError)
    expect(() => openFrom('09:00', '09:00')).toThrow(RangeError)
  })
})

describe('a ticket must be closed by the end of the N-th working day', () => {
  test('the day of dispatch does not count, whatever the hour', () => {
    expect(closeDue('2026-03-02 00:00')).toBe('2026-03-06 00:00')
    expect(closeDue('2026-03-02 23:59:59.999')).toBe('2026-03-06 00:00')
    expect(closeDue('2026-03-03 00:00')).toBe('2026-03-07 00:00')
  })

  test('the due is the first instant after that day, so closing at 23:59:59.999 is in time', () => {
    const { due } = closeDeadline(cn, at('2026-03-02 10:00'), 3)
    expect(at('2026-03-05 23:59:59.999') < due).toBe(true)
    expect(at('2026-03-06 00:00') < due).toBe(false)
  })

  test('it is the calendar day after, be it a day off', () => {
    expect(closeDue('2026-03-03 10:00')).toBe('2026-03-07 00:00')
    expect(closeDue('2026-02-11 10:00')).toBe('2026-02-15 00:00')
  })

  test('days off do not count, make-up days do', () => {
    expect(closeDue('2026-02-12 10:00')).toBe('2026-02-25 00:00')
    expect(closeDue('2026-02-25 10:00')).toBe('2026-03-01 00:00')
    expect(closeDue('2026-09-30 10:00', 7)).toBe('2026-10-16 00:00')
  })

  test('dispatched on a day off it counts from the next working day', () => {
    expect(closeDue('2026-03-07 10:00')).toBe('2026-03-12 00:00')
  })
})

describe('a deadline that needed a day of an unknown year is provisional', () => {
  const close = (from: string, days: number) => {
    const { due, provisional } = closeDeadline(cn, at(from), days)
    return [wallClock(due), provisional]
  }
  const response = (from: string) => {
    const { due, provisional } = addServiceMinutes(cn, at(from), 120)
    return [wallClock(due), provisional]
  }

  test('closing: the day was walked over in counting', () => {
    expect(close('2026-12-29 10:00', 3)).toEqual(['2027-01-02 00:00', true])
  })

  test('closing: a due instant of next year is none of its days', () => {
    expect(close('2026-12-28 10:00', 3)).toEqual(['2027-01-01 00:00', false])
    expect(close('2026-12-29 10:00', 2)).toEqual(['2027-01-01 00:00', false])
  })

  test('closing: the day of dispatch is not needed', () => {
    const only2026 = openFrom('09:00', '18:00', { 2026: { off: [], work: [] } })
    const { due, provisional } = closeDeadline(only2026, at('2025-12-31 10:00'), 2)
    expect([wallClock(due), provisional]).toEqual(['2026-01-03 00:00', false])
  })

  test('closing: an unknown year between two known ones is seen', () => {
    const gap = openFrom('09:00', '18:00', { 2026: { off: [], work: [] }, 2028: { off: [], work: [] } })
    expect(closeDeadline(gap, at('2026-12-31 10:00'), 262).provisional).toBe(true)
  })

  test('response: it went on into the unknown year', () => {
    expect(response('2026-12-31 16:00')).toEqual(['2026-12-31 18:00', false])
    expect(response('2026-12-31 16:00:00.001')).toEqual(['2027-01-01 09:00:00.001', true])
    expect(response('2026-12-31 18:00')).toEqual(['2027-01-01 11:00', true])
  })

  test('response: dispatched in the unknown year', () => {
    expect(response('2027-03-01 10:00')).toEqual(['2027-03-01 12:00', true])
  })

  test('response: after hours of an unknown year only the next one is needed', () => {
    const only2026 = openFrom('09:00', '18:00', { 2026: { off: [], work: [] } })
    expect(addServiceMinutes(only2026, at('2025-12-31 17:59'), 120).provisional).toBe(true)
    expect(addServiceMinutes(only2026, at('2025-12-31 18:00'), 120).provisional).toBe(false)
  })

  test('an unknown year is Monday to Friday', () => {
    expect(onWorkingDays('2027-01-01', '2027-01-02', '2027-01-03', '2027-01-04')).toEqual([
      true,
      false,
      false,
      true,
    ])
  })
})

describe('working days', () => {
  test('are Monday to Friday, minus holidays, plus make-up days', () => {
    expect(onWorkingDays('2026-03-06', '2026-03-07', '2026-03-08', '2026-03-09')).toEqual([
      true,
      false,
      false,
      true,
    ])
    expect(onWorkingDays('2026-02-16', '2026-02-14', '2026-02-28')).toEqual([false, true, true])
  })

  test('the 15th after a quarter ends before the first day it may be frozen', () => {
    const quarterEnd = numberOfDay('2026-03-31')
    const { day, provisional } = dayAfterWorkingDays(cn, quarterEnd, 15)
    expect([dayOf(day), provisional]).toEqual(['2026-04-23', false])
    expect(dayAfterWorkingDays(cn, numberOfDay('2026-12-31'), 15).provisional).toBe(true)
  })

  test('the table grows past its end', () => {
    expect(wallClock(closeDeadline(cn, at('2060-12-31 10:00'), 1).due)).toBe('2061-01-04 00:00')
    expect(isWorkingDay(cn, numberOfDay('2093-05-05'))).toBe(true)
    expect(responseDue(openFrom('09:00', '18:00'), '2060-12-31 17:00')).toBe('2061-01-03 10:00')
  })

  test('days no instant can name are an error, not an endless count', () => {
    expect(() => isWorkingDay(cn, -1)).toThrow(RangeError)
    expect(() => isWorkingDay(cn, Number.NaN)).toThrow(RangeError)
    expect(() => addServiceMinutes(openFrom('09:00', '18:00'), at('2026-03-02 10:00'), 1e12)).toThrow(
      RangeError,
    )
  })

  test('a calendar is ready within milliseconds', () => {
    const years = new Map([[2026, { off: ['2026-01-01'], work: [] }]])
    // by the time of the processor, for the machine may be busy with others
    const times = Array.from({ length: 9 }, () => {
      const began = process.cpuUsage()
      buildTimetable({ opens: '09:00', closes: '18:00', years })
      const { user, system } = process.cpuUsage(began)
      return (user + system) / 1_000
    })
    expect(Math.min(...times)).toBeLessThan(5)
  })
})
