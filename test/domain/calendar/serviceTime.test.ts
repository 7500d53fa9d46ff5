import { describe, expect, test } from '@jest/globals'
import { serviceIntervals, serviceMsBetween } from '../../../domain/calendar/workingTime.ts'
import { at, cn, wallClock } from './fixtures.ts'

describe('service time between two instants', () => {
  const minutes = (from: string, to: string) => serviceMsBetween(cn, at(from), at(to)) / 60_000

  test('counts opening hours of working days only', () => {
    expect(minutes('2026-03-02 10:00', '2026-03-02 12:00')).toBe(120)
    expect(minutes('2026-03-06 17:00', '2026-03-09 10:00')).toBe(120)
    expect(minutes('2026-03-07 00:00', '2026-03-08 23:00')).toBe(0)
    expect(minutes('2026-02-14 08:00', '2026-02-24 09:00')).toBe(540)
  })

  test('is exact to the millisecond at opening and closing', () => {
    expect(serviceMsBetween(cn, at('2026-03-02 08:59:59.999'), at('2026-03-02 09:00:00.001'))).toBe(1)
    expect(serviceMsBetween(cn, at('2026-03-02 17:59:59.999'), at('2026-03-03 09:00'))).toBe(1)
  })

  test('is nothing where the end is not after the beginning', () => {
    expect(minutes('2026-03-02 12:00', '2026-03-02 12:00')).toBe(0)
    expect(minutes('2026-03-02 12:00', '2026-03-02 10:00')).toBe(0)
  })
})

describe('the intervals of a service clock', () => {
  const intervals = (from: string, to: string) =>
    serviceIntervals(cn, at(from), at(to)).map(
      ({ from: begins, to: ends, counted, reason }) =>
        `${wallClock(Date.parse(begins))} – ${wallClock(Date.parse(ends))} ${counted ? 'counted' : 'not'} ${reason}`,
    )

  test('say why the clock ran or stood, merged over midnight and the weekend', () => {
    expect(intervals('2026-03-05 17:00', '2026-03-09 10:00')).toEqual([
      '2026-03-05 17:00 – 2026-03-05 18:00 counted open',
      '2026-03-05 18:00 – 2026-03-06 09:00 not closed_hours',
      '2026-03-06 09:00 – 2026-03-06 18:00 counted open',
      '2026-03-06 18:00 – 2026-03-07 00:00 not closed_hours',
      '2026-03-07 00:00 – 2026-03-09 00:00 not weekend',
      '2026-03-09 00:00 – 2026-03-09 09:00 not closed_hours',
      '2026-03-09 09:00 – 2026-03-09 10:00 counted open',
    ])
  })

  test('name make-up days and holidays, the weekend inside a holiday too', () => {
    expect(intervals('2026-02-14 12:00', '2026-02-24 09:30')).toEqual([
      '2026-02-14 12:00 – 2026-02-14 18:00 counted make_up_day',
      '2026-02-14 18:00 – 2026-02-15 00:00 not closed_hours',
      '2026-02-15 00:00 – 2026-02-24 00:00 not holiday',
      '2026-02-24 00:00 – 2026-02-24 09:00 not closed_hours',
      '2026-02-24 09:00 – 2026-02-24 09:30 counted open',
    ])
  })

  test('are none for an empty span', () => {
    expect(intervals('2026-03-05 17:00', '2026-03-05 17:00')).toEqual([])
  })
})
