import { describe, expect, test } from '@jest/globals'
import { calendarEventData, decideCalendar, evolveCalendar } from '../../../domain/calendar/calendar.ts'
import { officialYears, seedCalendars } from '../../../domain/calendar/officialCalendar.ts'

describe('the official calendar', () => {
  const years = officialYears()

  test('knows every year from 2004 to 2026 and nothing of 2027', () => {
    expect([...years.keys()]).toEqual(Array.from({ length: 23 }, (_, index) => 2004 + index))
  })

  test('lists no day as off and as work, and only days of the year', () => {
    for (const [year, { off, work }] of years) {
      expect(off.filter((day) => work.includes(day))).toEqual([])
      expect([...off, ...work].filter((day) => !day.startsWith(`${year}-`))).toEqual([])
    }
  })

  test('make-up days are weekend days', () => {
    const work = [...years.values()].flatMap((year) => year.work)
    expect(work.filter((day) => ![0, 6].includes(new Date(day).getUTCDay()))).toEqual([])
  })

  test('has 2026 as the State Council published it', () => {
    expect(years.get(2026)?.work).toEqual([
      '2026-01-04',
      '2026-02-14',
      '2026-02-28',
      '2026-05-09',
      '2026-09-20',
      '2026-10-10',
    ])
    expect(years.get(2026)?.off.slice(0, 5)).toEqual([
      '2026-01-01',
      '2026-01-02',
      '2026-01-03',
      '2026-02-15',
      '2026-02-16',
    ])
    expect(years.get(2026)?.off).toHaveLength(33)
  })

  test.each([
    // from the State Council's notices: what was off and what was worked between 25 December and 10 January
    [2005, '01-01 01-02 01-03', '12-31'],
    [2006, '01-01 01-02 01-03', '12-30 12-31'],
    [2007, '01-01 01-02 01-03 12-30 12-31', '12-29'],
    [2008, '01-01', ''],
    [2009, '01-01 01-02 01-03', '01-04'],
    [2010, '01-01 01-02 01-03', ''],
    [2011, '01-01 01-02 01-03', '12-31'],
    [2012, '01-01 01-02 01-03', ''],
    [2013, '01-01 01-02 01-03', '01-05 01-06'],
    [2014, '01-01', ''],
    [2015, '01-01 01-02 01-03', '01-04'],
    [2016, '01-01', ''],
    [2017, '01-01 01-02', ''],
    [2018, '01-01 12-30 12-31', '12-29'],
    [2019, '01-01', ''],
    [2020, '01-01', ''],
    [2021, '01-01 01-02 01-03', ''],
    [2022, '01-01 01-02 01-03 12-31', ''],
    [2023, '01-01 01-02', ''],
    [2024, '01-01', ''],
    [2025, '01-01', ''],
    [2026, '01-01 01-02 01-03', '01-04'],
  ])('has the turn of the year as it was published: %i', (year, off, work) => {
    const near = (days: readonly string[] = []) =>
      days
        .map((day) => day.slice(5))
        .filter((day) => day >= '12-25' || day <= '01-10')
        .join(' ')
    expect([near(years.get(year)?.off), near(years.get(year)?.work)]).toEqual([off, work])
  })

  test('can be entered as it is', () => {
    const [cn] = seedCalendars
    const define = decideCalendar(null, {
      type: 'DefineCalendar',
      calendar: cn.id,
      ...cn,
      lender: null,
      borrowers: [],
    })
    const state = define.reduce(evolveCalendar, null)
    for (const [year, { off, work, source }] of years) {
      const days = { off: [...off], work: [...work] }
      const events = decideCalendar(state, {
        type: 'SetCalendarYear',
        calendar: cn.id,
        year,
        ...days,
        source,
      })
      expect(events).toEqual([{ type: 'CalendarYearSet', data: { year, ...days, source } }])
      expect(calendarEventData.CalendarYearSet.safeParse(events[0]?.data).success).toBe(true)
    }
  })

  test('Xinjiang opens an hour later and takes its days from the national calendar', () => {
    expect(seedCalendars).toEqual([
      { id: 'CN', opens: '09:00', closes: '18:00', daysOf: null },
      { id: 'CN-XJ', opens: '10:00', closes: '19:00', daysOf: 'CN' },
    ])
  })
})
