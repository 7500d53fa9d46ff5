import { describe, expect, test } from '@jest/globals'
import {
  type Calendar,
  type CalendarCommand,
  type CalendarEvent,
  calendarAsKnown,
  calendarDays,
  calendarEventData,
  calendarStream,
  decideCalendar,
  evolveCalendar,
} from '../../../domain/calendar/calendar.ts'
import { Refusal } from '../../../domain/refusal.ts'

type Define = Extract<CalendarCommand, { type: 'DefineCalendar' }>
type SetYear = Extract<CalendarCommand, { type: 'SetCalendarYear' }>

const defined = (data: Partial<Calendar> = {}): CalendarEvent => ({
  type: 'CalendarDefined',
  data: { opens: '09:00', closes: '18:00', daysOf: null, ...data },
})
const yearSet = (
  year: number,
  off: string[] = [],
  work: string[] = [],
  source = 'notice',
): CalendarEvent => ({
  type: 'CalendarYearSet',
  data: { year, off, work, source },
})

const given = (...events: CalendarEvent[]) => events.reduce(evolveCalendar, null)

const define = (state: Calendar | null, command: Partial<Define> = {}) =>
  decideCalendar(state, {
    type: 'DefineCalendar',
    calendar: 'CN',
    opens: '09:00',
    closes: '18:00',
    daysOf: null,
    lender: null,
    borrowers: [],
    ...command,
  })

const setYear = (state: Calendar | null, command: Partial<SetYear> = {}) =>
  decideCalendar(state, {
    type: 'SetCalendarYear',
    calendar: 'CN',
    year: 2027,
    off: [],
    work: [],
    source: 'notice',
    ...command,
  })

const refused = (act: () => unknown) => {
  try {
    act()
  } catch (error) {
    if (error instanceof Refusal) return [error.code, error.params, error.pointer]
    throw error
  }
  return 'not refused'
}

describe('defining a calendar', () => {
  test('records its hours and whose days it borrows', () => {
    expect(define(null)).toEqual([defined()])
    expect(define(null, { calendar: 'CN-XJ', daysOf: 'CN', lender: { daysOf: null } })).toEqual([
      defined({ daysOf: 'CN' }),
    ])
    expect(define(given(defined()), { closes: '17:30' })).toEqual([defined({ closes: '17:30' })])
  })

  test('changes nothing where it is so already', () => {
    expect(define(given(defined(), yearSet(2026)))).toEqual([])
  })

  test('refuses hours that never open', () => {
    for (const [opens, closes] of [
      ['18:00', '09:00'],
      ['09:00', '09:00'],
    ] as const) {
      expect(refused(() => define(null, { opens, closes }))).toEqual([
        'calendar_without_working_time',
        { why: `${opens}–${closes}` },
        '#/closes',
      ])
    }
  })

  test('refuses to borrow from a calendar that is not there', () => {
    expect(refused(() => define(null, { calendar: 'CN-XJ', daysOf: 'XX' }))).toEqual([
      'unknown_calendar',
      { code: 'XX' },
      '#/daysOf',
    ])
  })

  test('refuses to borrow from itself', () => {
    expect(refused(() => define(given(defined()), { daysOf: 'CN', lender: { daysOf: null } }))).toEqual([
      'calendar_cycle',
      { code: 'CN', daysOf: 'CN' },
      '#/daysOf',
    ])
  })

  test('refuses to borrow from a borrower', () => {
    expect(
      refused(() => define(null, { calendar: 'KS', daysOf: 'CN-XJ', lender: { daysOf: 'CN' } })),
    ).toEqual(['calendar_cycle', { code: 'KS', daysOf: 'CN-XJ' }, '#/daysOf'])
  })

  test('refuses to start borrowing while others borrow from it', () => {
    const act = () =>
      define(given(defined()), { daysOf: 'BASE', lender: { daysOf: null }, borrowers: ['CN-XJ', 'KS'] })
    expect(refused(act)).toEqual(['calendar_cycle', { code: 'CN-XJ', daysOf: 'CN' }, '#/daysOf'])
  })

  test('lets a calendar others borrow from change its hours', () => {
    expect(define(given(defined()), { opens: '08:30', borrowers: ['CN-XJ'] })).toEqual([
      defined({ opens: '08:30' }),
    ])
  })
})

describe('setting a year', () => {
  const cn = given(defined())

  test('records its days in order, each once', () => {
    const off = ['2027-01-02', '2027-01-01', '2027-01-02']
    expect(setYear(cn, { off, work: ['2027-01-10', '2027-01-09'] })).toEqual([
      yearSet(2027, ['2027-01-01', '2027-01-02'], ['2027-01-09', '2027-01-10']),
    ])
  })

  test('changes nothing where it is so already, in whatever order', () => {
    const known = given(defined(), yearSet(2027, ['2027-01-01', '2027-01-02']))
    expect(setYear(known, { off: ['2027-01-02', '2027-01-01'] })).toEqual([])
    expect(setYear(known, { off: ['2027-01-01'] })).toEqual([yearSet(2027, ['2027-01-01'])])
    expect(setYear(known, { off: ['2027-01-01', '2027-01-02'], source: 'other' })).toHaveLength(1)
  })

  test('refuses a calendar that is not there', () => {
    expect(refused(() => setYear(null))).toEqual(['calendar_not_found', { code: 'CN' }, undefined])
  })

  test('refuses a day listed as off and as work', () => {
    const act = () => setYear(cn, { off: ['2027-01-01', '2027-01-02'], work: ['2027-01-02'] })
    expect(refused(act)).toEqual(['day_in_both_lists', { day: '2027-01-02' }, '#/work'])
  })

  test('refuses a day of another year', () => {
    expect(refused(() => setYear(cn, { off: ['2026-12-31', '2027-01-01'] }))).toEqual([
      'day_outside_year',
      { day: '2026-12-31', year: 2027 },
      '#/off',
    ])
    expect(refused(() => setYear(cn, { work: ['2028-01-01'] }))).toEqual([
      'day_outside_year',
      { day: '2028-01-01', year: 2027 },
      '#/work',
    ])
  })

  test('refuses a year without a working day, but not one with a single one', () => {
    const off = Array.from({ length: 365 }, (_, day) =>
      new Date(Date.UTC(2027, 0, 1 + day)).toISOString().slice(0, 10),
    )
    expect(refused(() => setYear(cn, { off }))).toEqual([
      'calendar_without_working_time',
      { why: 2027 },
      '#/off',
    ])
    expect(setYear(cn, { off: off.slice(0, -1) })).toHaveLength(1)
    expect(
      setYear(cn, { off: off.filter((day) => day !== '2027-02-06'), work: ['2027-02-06'] }),
    ).toHaveLength(1)
  })
})

describe('a calendar folded from its stream', () => {
  test('keeps its years when its hours change', () => {
    expect(
      given(defined(), yearSet(2026), defined({ closes: '17:00' }), yearSet(2027, ['2027-01-01'])),
    ).toEqual({
      opens: '09:00',
      closes: '17:00',
      daysOf: null,
      years: new Map([
        [2026, { year: 2026, off: [], work: [], source: 'notice' }],
        [2027, { year: 2027, off: ['2027-01-01'], work: [], source: 'notice' }],
      ]),
    })
  })

  test('a year without a calendar is nothing', () => {
    expect(given(yearSet(2026))).toBeNull()
  })

  test('has a stream of its own', () => {
    expect(calendarStream('CN-XJ')).toBe('calendar-CN-XJ')
  })
})

describe('the calendar as it counted at an instant', () => {
  const history = [
    { event: defined(), version: 1, recordedAt: '2026-01-10T00:00:00.000Z' },
    { event: yearSet(2026, ['2026-01-01']), version: 2, recordedAt: '2026-01-10T00:00:00.000Z' },
    { event: defined({ opens: '10:00' }), version: 3, recordedAt: '2026-03-01T00:00:00.000Z' },
    { event: yearSet(2027, ['2027-01-01']), version: 4, recordedAt: '2026-11-20T00:00:00.000Z' },
    { event: yearSet(2026, ['2026-01-02']), version: 5, recordedAt: '2026-12-01T00:00:00.000Z' },
  ]
  const known = (at: string) => {
    const { version, opens, years } = calendarAsKnown(history, at)!
    return [version, opens, ...[...years].map(([year, { off }]) => `${year}: ${off}`)]
  }

  test('first entries count backwards to the beginning, of the hours and of every year', () => {
    expect(known('2020-01-01T00:00:00.000Z')).toEqual([4, '09:00', '2026: 2026-01-01', '2027: 2027-01-01'])
  })

  test('later changes count from the instant they are recorded', () => {
    expect(known('2026-02-28T23:59:59.999Z')[1]).toBe('09:00')
    expect(known('2026-03-01T00:00:00.000Z')).toEqual([4, '10:00', '2026: 2026-01-01', '2027: 2027-01-01'])
    expect(known('2026-11-30T23:59:59.999Z')[2]).toBe('2026: 2026-01-01')
    expect(known('2026-12-01T00:00:00.000Z')).toEqual([5, '10:00', '2026: 2026-01-02', '2027: 2027-01-01'])
  })

  test('its version is the newest of the events it rests on', () => {
    expect(calendarAsKnown(history.slice(0, 3), '2026-02-01T00:00:00.000Z')?.version).toBe(2)
    expect(calendarAsKnown(history.slice(0, 3), '2026-03-01T00:00:00.000Z')?.version).toBe(3)
    expect(calendarAsKnown(history.slice(0, 1), '2026-03-01T00:00:00.000Z')?.version).toBe(1)
  })

  test('there is none without an entry', () => {
    expect(calendarAsKnown([], '2026-03-01T00:00:00.000Z')).toBeNull()
  })
})

describe('a calendar that borrows', () => {
  const lender = given(defined(), yearSet(2026, ['2026-01-01']), yearSet(2027, ['2027-01-01']))
  const own = given(
    defined({ opens: '10:00', closes: '19:00', daysOf: 'CN' }),
    yearSet(2027, ['2027-01-04']),
  )!

  test('has its own hours, its own years, and the lender’s where it has none', () => {
    const { opens, closes, years } = calendarDays(own, lender)
    expect([opens, closes, years.get(2026)?.off, years.get(2027)?.off]).toEqual([
      '10:00',
      '19:00',
      ['2026-01-01'],
      ['2027-01-04'],
    ])
  })

  test('without a lender has its own years only', () => {
    expect([...calendarDays(own, null).years.keys()]).toEqual([2027])
  })
})

describe('the stored shape', () => {
  test('takes wall-clock times, the end of the day included', () => {
    const takes = (opens: string, closes: string) =>
      calendarEventData.CalendarDefined.safeParse({ opens, closes, daysOf: null }).success
    expect([takes('00:00', '23:59'), takes('09:00', '24:00')]).toEqual([true, true])
    expect([takes('9:00', '18:00'), takes('09:00', '24:01'), takes('09:60', '18:00')]).toEqual([
      false,
      false,
      false,
    ])
  })

  test('takes days that exist only', () => {
    const takes = (day: string) =>
      calendarEventData.CalendarYearSet.safeParse({ year: 2027, off: [day], work: [], source: '' }).success
    expect([takes('2027-02-28'), takes('2027-02-29'), takes('2027-2-1')]).toEqual([true, false, false])
  })
})
