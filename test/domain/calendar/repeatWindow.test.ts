import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { DateTime } from 'luxon'
import { isInsideRepeatWindow, repeatWindowEnd } from '../../../domain/calendar/repeatWindow.ts'
import { toInstant } from '../../../domain/instant.ts'
import { at, instant, wallClock } from './fixtures.ts'

const closing = (closedMs: number, days: number) => ({
  closedAt: toInstant(closedMs),
  repeatWindowEndsAt: toInstant(repeatWindowEnd(closedMs, days)),
})
const inside = (closed: string, received: string, days = 7): boolean =>
  isInsideRepeatWindow(closing(at(closed), days), instant(received))

describe('the seven days after closing', () => {
  test('do not count the closing day and end at midnight', () => {
    expect(wallClock(repeatWindowEnd(at('2026-03-02 10:00'), 7))).toBe('2026-03-10 00:00')
    expect(wallClock(repeatWindowEnd(at('2026-03-02 00:00'), 7))).toBe('2026-03-10 00:00')
    expect(wallClock(repeatWindowEnd(at('2026-03-02 23:59:59.999'), 7))).toBe('2026-03-10 00:00')
    expect(wallClock(repeatWindowEnd(at('2026-03-03 00:00'), 7))).toBe('2026-03-11 00:00')
  })

  test('begin strictly after the closing', () => {
    expect(inside('2026-03-02 10:00', '2026-03-02 09:59:59.999')).toBe(false)
    expect(inside('2026-03-02 10:00', '2026-03-02 10:00')).toBe(false)
    expect(inside('2026-03-02 10:00', '2026-03-02 10:00:00.001')).toBe(true)
  })

  test('hold until the last millisecond before midnight', () => {
    expect(inside('2026-03-02 10:00', '2026-03-09 23:59:59.999')).toBe(true)
    expect(inside('2026-03-02 10:00', '2026-03-10 00:00')).toBe(false)
  })

  test('are not extended by holidays', () => {
    expect(inside('2026-02-14 10:00', '2026-02-21 23:59:59.999')).toBe(true)
    expect(inside('2026-02-14 10:00', '2026-02-22 00:00')).toBe(false)
  })

  test('are as many as the policy says', () => {
    expect(inside('2026-03-02 10:00', '2026-03-03 23:59:59.999', 1)).toBe(true)
    expect(inside('2026-03-02 10:00', '2026-03-04 00:00', 1)).toBe(false)
  })

  test('hold nothing while the ticket is not closed', () => {
    const open = { closedAt: null, repeatWindowEndsAt: null }
    expect(isInsideRepeatWindow(open, instant('2026-03-02 10:00'))).toBe(false)
  })

  test('end where a wall calendar says so', () => {
    const instants = fc.integer({ min: at('2014-01-01 00:00'), max: at('2030-01-01 00:00') })
    fc.assert(
      fc.property(
        instants,
        fc.integer({ min: 1, max: 30 }),
        fc.integer({ min: -1, max: 1 }),
        (closed, days, ms) => {
          const end = DateTime.fromMillis(closed, { zone: 'Asia/Shanghai' })
            .startOf('day')
            .plus({ days: days + 1 })
          const received = end.toMillis() + ms
          expect(repeatWindowEnd(closed, days)).toBe(end.toMillis())
          expect(isInsideRepeatWindow(closing(closed, days), toInstant(received))).toBe(ms < 0)
        },
      ),
    )
  })
})
