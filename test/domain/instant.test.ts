import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { DateTime } from 'luxon'
import {
  DAY,
  dayNumber,
  dayOf,
  daySchema,
  dayStart,
  HOUR,
  instantSchema,
  MINUTE,
  monthBounds,
  monthOf,
  numberOfDay,
  quarterBounds,
  quarterOf,
  quarterSchema,
  readInstant,
  toEpoch,
  toInstant,
  weekNumber,
  weekText,
} from '../../domain/instant.ts'

describe('an instant as a caller may write it', () => {
  test.each([
    ['2026-03-02T10:00:00+08:00', '2026-03-02T02:00:00.000Z'],
    ['2026-03-02T10:00:00.123+08:00', '2026-03-02T02:00:00.123Z'],
    ['2026-03-02T02:00:00Z', '2026-03-02T02:00:00.000Z'],
    ['2026-03-02T02:00Z', '2026-03-02T02:00:00.000Z'],
    ['2026-03-01T21:00:00-05:00', '2026-03-02T02:00:00.000Z'],
    ['2026-03-02T07:30:00+0530', '2026-03-02T02:00:00.000Z'],
    ['2026-03-02T04:00:00+02', '2026-03-02T02:00:00.000Z'],
    ['2026-03-02T02:00:00.1239Z', '2026-03-02T02:00:00.123Z'],
    ['2026-03-02', '2026-03-01T16:00:00.000Z'],
    ['1970-01-01T08:00:00+08:00', '1970-01-01T00:00:00.000Z'],
  ])('%s is %s', (text, instant) => {
    expect(readInstant(text)).toBe(instant)
  })

  test.each([
    ['without an offset', '2026-03-02T10:00:00'],
    ['of a day that is not', '2026-02-30'],
    ['of an hour that is not', '2026-03-02T25:00:00Z'],
    ['before 1970', '1969-12-31T00:00:00Z'],
    ['after 9000', '9001-01-01T00:00:00Z'],
    ['that is none', 'yesterday'],
    ['that is empty', ''],
    ['that is a number', '1772416800000'],
    ['that is a month', '2026-03'],
    ['with a space', '2026-03-02 10:00:00Z'],
    ['with words after it', '2026-03-02 and more'],
  ])('one %s is refused', (_, text) => {
    expect(readInstant(text)).toBeNull()
  })
})

test('the usual form is read as any other', () => {
  const pad = (value: number) => String(value).padStart(2, '0')
  const parts = fc.tuple(
    fc.integer({ min: 1970, max: 8999 }),
    fc.integer({ min: 1, max: 12 }),
    fc.integer({ min: 1, max: 31 }),
    fc.integer({ min: 0, max: 24 }),
    fc.integer({ min: -11, max: 14 }),
  )
  fc.assert(
    fc.property(parts, ([year, month, day, hour, offset]) => {
      const zone = `${offset < 0 ? '-' : '+'}${pad(Math.abs(offset))}:30`
      const text = `${year}-${pad(month)}-${pad(day)}T${pad(hour)}:15:00${zone}`
      const parsed = DateTime.fromISO(text).toMillis()
      expect(readInstant(text)).toBe(parsed >= 0 ? toInstant(parsed) : null)
    }),
  )
})

describe('the stored form', () => {
  test('always has milliseconds and Z, so that instants compare as text', () => {
    expect(toInstant(0)).toBe('1970-01-01T00:00:00.000Z')
    const takes = (text: string) => instantSchema.safeParse(text).success
    expect(takes('2026-03-02T02:00:00.000Z')).toBe(true)
    expect(['2026-03-02T02:00:00Z', '2026-03-02T02:00:00.000+00:00', '2026-03-02'].map(takes)).toEqual([
      false,
      false,
      false,
    ])
  })

  test('is what Date writes, of any whole number of milliseconds there is', () => {
    const anywhere = fc.oneof(fc.integer({ min: -8.64e15, max: 8.64e15 }), fc.integer({ min: 0, max: 4e12 }))
    fc.assert(
      fc.property(anywhere, (ms) => {
        expect(toInstant(ms)).toBe(new Date(ms).toISOString())
      }),
    )
    expect(() => toInstant(Number.NaN)).toThrow(RangeError)
  })

  test('goes to epoch milliseconds and back, in the same order', () => {
    const ms = fc.integer({ min: 0, max: Date.parse('9000-01-01') })
    fc.assert(
      fc.property(ms, ms, (a, b) => {
        expect(toEpoch(toInstant(a))).toBe(a)
        expect(toInstant(a) < toInstant(b)).toBe(a < b)
      }),
    )
  })

  test('of a day and of a quarter', () => {
    expect([daySchema.safeParse('2026-02-28').success, daySchema.safeParse('2026-02-30').success]).toEqual([
      true,
      false,
    ])
    const takes = (text: string) => quarterSchema.safeParse(text).success
    expect(['2026Q1', '2026Q4', '2026Q0', '2026Q5', '26Q1', '2026q1'].map(takes)).toEqual([
      true,
      true,
      false,
      false,
      false,
      false,
    ])
  })
})

describe('days of Shanghai', () => {
  test('begin at 16:00 UTC', () => {
    expect(dayOf(dayNumber(toEpoch('2026-03-01T15:59:59.999Z')))).toBe('2026-03-01')
    expect(dayOf(dayNumber(toEpoch('2026-03-01T16:00:00.000Z')))).toBe('2026-03-02')
    expect(toInstant(dayStart(numberOfDay('2026-03-02')))).toBe('2026-03-01T16:00:00.000Z')
  })

  test('are as a wall calendar has them', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: toEpoch('1992-01-01T00:00:00.000Z'), max: toEpoch('2100-01-01T00:00:00.000Z') }),
        (ms) => {
          const wall = DateTime.fromMillis(ms, { zone: 'Asia/Shanghai' })
          const day = dayNumber(ms)
          expect(dayOf(day)).toBe(wall.toISODate())
          expect(numberOfDay(dayOf(day))).toBe(day)
          expect(dayStart(day)).toBe(wall.startOf('day').toMillis())
          expect(monthOf(toInstant(ms))).toBe(wall.toFormat('yyyy-MM'))
          expect(quarterOf(toInstant(ms))).toBe(wall.toFormat("yyyy'Q'q"))
        },
      ),
    )
  })

  test('are all alike', () => {
    expect([MINUTE, HOUR, DAY]).toEqual([60_000, 3_600_000, 86_400_000])
  })
})

describe('quarters', () => {
  test('2026-03-31T23:59:59.999+08:00 is Q1, one millisecond later Q2', () => {
    expect(quarterOf(readInstant('2026-03-31T23:59:59.999+08:00') as string)).toBe('2026Q1')
    expect(quarterOf(readInstant('2026-04-01T00:00:00.000+08:00') as string)).toBe('2026Q2')
  })

  test('and months turn in Shanghai, not in UTC', () => {
    expect([monthOf('2025-12-31T15:59:59.999Z'), monthOf('2025-12-31T16:00:00.000Z')]).toEqual([
      '2025-12',
      '2026-01',
    ])
    expect(quarterOf('2025-12-31T16:00:00.000Z')).toBe('2026Q1')
  })

  test('include their first instant and exclude their last', () => {
    expect(quarterBounds('2026Q1')).toEqual({
      from: '2025-12-31T16:00:00.000Z',
      to: '2026-03-31T16:00:00.000Z',
    })
    expect(quarterBounds('2026Q4')).toEqual({
      from: '2026-09-30T16:00:00.000Z',
      to: '2026-12-31T16:00:00.000Z',
    })
    for (const quarter of ['2014Q4', '2026Q1', '2026Q2', '2026Q3', '2026Q4']) {
      const { from, to } = quarterBounds(quarter)
      expect([quarterOf(from), quarterOf(toInstant(toEpoch(to) - 1))]).toEqual([quarter, quarter])
      expect(quarterOf(to)).not.toBe(quarter)
    }
  })
})

test.each([
  ['2026-01-01T04:00:00.000Z', '2026-W01'],
  // a Sunday evening in UTC is Monday in Shanghai
  ['2026-03-01T15:59:59.999Z', '2026-W09'],
  ['2026-03-01T16:00:00.000Z', '2026-W10'],
  // the year that has the Thursday
  ['2024-12-30T04:00:00.000Z', '2025-W01'],
  ['2027-01-01T04:00:00.000Z', '2026-W53'],
  ['2021-01-03T04:00:00.000Z', '2020-W53'],
])('%s is in the ISO week %s', (instant, week) => {
  expect(weekText(weekNumber(toEpoch(instant)))).toBe(week)
})

test('a month and a quarter include their first instant and exclude their last', () => {
  expect(monthBounds('2026-12')).toEqual({ from: '2026-11-30T16:00:00.000Z', to: '2026-12-31T16:00:00.000Z' })
  expect(quarterBounds('2026Q4')).toEqual({
    from: '2026-09-30T16:00:00.000Z',
    to: '2026-12-31T16:00:00.000Z',
  })
})
