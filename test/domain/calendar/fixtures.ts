import { DateTime } from 'luxon'
import { officialYears } from '../../../domain/calendar/officialCalendar.ts'
import { buildTimetable, type CalendarYear } from '../../../domain/calendar/workingTime.ts'
import { toEpoch, toInstant } from '../../../domain/instant.ts'

/** Epoch ms of a Shanghai wall-clock time, `2026-03-02 09:00` with seconds and milliseconds where wanted. */
export const at = (wallClock: string): number =>
  toEpoch(new Date(`${wallClock.replace(' ', 'T')}+08:00`).toISOString())

/** The same as an instant. */
export const instant = (wallClock: string): string => toInstant(at(wallClock))

/** An instant as Shanghai's clocks show it; seconds and milliseconds only where they are not zero. */
export const wallClock = (epochMs: number): string =>
  DateTime.fromMillis(epochMs, { zone: 'Asia/Shanghai' })
    .toFormat('yyyy-MM-dd HH:mm:ss.SSS')
    .replace(/\.000$/, '')
    .replace(/:00$/, '')

export const openFrom = (opens: string, closes: string, years: Record<number, CalendarYear> = {}) =>
  buildTimetable({
    opens,
    closes,
    years: new Map(Object.entries(years).map(([year, days]) => [Number(year), days])),
  })

/** The national calendar and Xinjiang's (rulebook §5). */
export const cn = buildTimetable({ opens: '09:00', closes: '18:00', years: officialYears() })
export const xinjiang = buildTimetable({ opens: '10:00', closes: '19:00', years: officialYears() })
