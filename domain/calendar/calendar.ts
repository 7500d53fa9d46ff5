import { z } from 'zod'
import { type Aggregate, authoriseBy } from '../aggregate.ts'
import { asKnown, entriesOf, type RecordedEvent } from '../asKnown.ts'
import { type Day, daySchema, dayStart, type Instant, numberOfDay } from '../instant.ts'
import { Refusal } from '../refusal.ts'
import { sameData } from '../sameData.ts'
import { unitCodeSchema } from '../unitCode.ts'
import { buildTimetable, type CalendarDays, serviceMsBetween } from './workingTime.ts'

export const wallClockForm = /^(([01]\d|2[0-3]):[0-5]\d|24:00)$/

/** Time of day on the Shanghai wall clock; `24:00` is the end of the day, for calendars that close at midnight. */
export const wallClockSchema = z.string().regex(wallClockForm)

/** A year a schedule can be given for. */
export const calendarYearSchema = z.int().min(2000).max(2100)

/** The events of stream `calendar-<id>`. */
export const calendarEventData = {
  CalendarDefined: z.strictObject({
    opens: wallClockSchema,
    closes: wallClockSchema,
    /** The calendar whose years count where this one has none of its own. */
    daysOf: unitCodeSchema.nullable(),
  }),
  CalendarYearSet: z.strictObject({
    year: calendarYearSchema,
    off: z.array(daySchema).max(366),
    work: z.array(daySchema).max(366),
    /** Where the schedule was published. */
    source: z.string().max(500),
  }),
}

type Data = typeof calendarEventData
export type CalendarEvent = { [T in keyof Data]: { type: T; data: z.infer<Data[T]> } }[keyof Data]

type Hours = z.infer<Data['CalendarDefined']>
type Year = z.infer<Data['CalendarYearSet']>

/** A calendar as its stream tells it; `years` are its own only. */
export type Calendar = Hours & { years: ReadonlyMap<number, Year> }

export type CalendarCommand =
  | (Hours & {
      type: 'DefineCalendar'
      calendar: string
      /** The calendar `daysOf` names, `null` where there is none. */
      lender: Pick<Calendar, 'daysOf'> | null
      /** Ids of the calendars that borrow their days from this one. */
      borrowers: readonly string[]
    })
  | (Year & { type: 'SetCalendarYear'; calendar: string })

type Decide<T extends CalendarCommand['type']> = (
  state: Calendar | null,
  command: Extract<CalendarCommand, { type: T }>,
) => CalendarEvent[]

/** The calendar whose hours and days count where nothing else is set (rulebook §5). */
export const nationalCalendar = 'CN'

export const calendarStream = (id: string): string => `calendar-${id}`

/** Folds one event into a calendar; never throws. */
export const evolveCalendar = (state: Calendar | null, event: CalendarEvent): Calendar | null => {
  switch (event.type) {
    case 'CalendarDefined':
      return { ...event.data, years: state?.years ?? new Map() }
    case 'CalendarYearSet':
      return state && { ...state, years: new Map(state.years).set(event.data.year, event.data) }
  }
}

const defineCalendar: Decide<'DefineCalendar'> = (state, command) => {
  const { calendar, opens, closes, daysOf, lender, borrowers } = command
  if (opens >= closes) {
    throw new Refusal('calendar_without_working_time', { why: `${opens}–${closes}` }, '#/closes')
  }
  if (daysOf !== null) {
    if (daysOf === calendar) throw new Refusal('calendar_cycle', { code: calendar, daysOf }, '#/daysOf')
    if (lender === null) throw new Refusal('unknown_calendar', { code: daysOf }, '#/daysOf')
    if (lender.daysOf !== null) throw new Refusal('calendar_cycle', { code: calendar, daysOf }, '#/daysOf')
    // A chain of two would make the days of a calendar depend on a third one nobody looks at.
    const [borrower] = borrowers
    if (borrower !== undefined) {
      throw new Refusal('calendar_cycle', { code: borrower, daysOf: calendar }, '#/daysOf')
    }
  }
  const hours: Hours = { opens, closes, daysOf }
  if (state && sameData(hours, { opens: state.opens, closes: state.closes, daysOf: state.daysOf })) return []
  return [{ type: 'CalendarDefined', data: hours }]
}

const setCalendarYear: Decide<'SetCalendarYear'> = (state, command) => {
  const { calendar, year, source } = command
  if (state === null) throw new Refusal('calendar_not_found', { code: calendar })
  const [off, work] = [inOrder(command.off), inOrder(command.work)]
  const both = work.find((day) => off.includes(day))
  if (both !== undefined) throw new Refusal('day_in_both_lists', { day: both }, '#/work')
  for (const [list, days] of Object.entries({ off, work })) {
    const stray = days.find((day) => Number(day.slice(0, 4)) !== year)
    if (stray !== undefined) throw new Refusal('day_outside_year', { day: stray, year }, `#/${list}`)
  }
  const table = buildTimetable({ ...state, years: new Map([[year, { off, work }]]) })
  if (serviceMsBetween(table, newYear(year), newYear(year + 1)) === 0) {
    throw new Refusal('calendar_without_working_time', { why: year }, '#/off')
  }
  const data: Year = { year, off, work, source }
  return sameData(data, state.years.get(year)) ? [] : [{ type: 'CalendarYearSet', data }]
}

const inOrder = (days: readonly Day[]): Day[] => [...new Set(days)].sort()

const newYear = (year: number): number => dayStart(numberOfDay(`${year}-01-01`))

/**
 * What a command makes of a calendar (`null`: there is none yet); `[]` where nothing changes (rulebook §5).
 * @throws Refusal `calendar_without_working_time`, `unknown_calendar`, `calendar_cycle`, `calendar_not_found`,
 * `day_in_both_lists`, `day_outside_year`.
 */
export const decideCalendar = (state: Calendar | null, command: CalendarCommand): CalendarEvent[] => {
  switch (command.type) {
    case 'DefineCalendar':
      return defineCalendar(state, command)
    case 'SetCalendarYear':
      return setCalendarYear(state, command)
  }
}

/** A calendar as an aggregate: stream `calendar-<id>`. */
export const calendarAggregate: Aggregate<Calendar, CalendarCommand, CalendarEvent> = {
  stream: calendarStream,
  evolve: evolveCalendar,
  decide: decideCalendar,
  authorise: authoriseBy({ DefineCalendar: 'keep_master_data', SetCalendarYear: 'keep_master_data' }),
}

/**
 * A calendar as it counted at an instant; `restsOn` are the versions of the stream's events it is made of, `version`
 * the newest of them. A year first entered late counts backwards, so only `restsOn` tells two states apart.
 */
export type CalendarAtInstant = Calendar & { version: number; restsOn: readonly number[] }

/**
 * The calendar that counted at `at`: its hours and each of its years from their first entry backwards to the
 * beginning, later changes from when they were recorded (rulebook §9, last point). `null` where there is none.
 */
export const calendarAsKnown = (
  history: readonly RecordedEvent<CalendarEvent>[],
  at: Instant,
): CalendarAtInstant | null => {
  const hours = asKnown(entriesOf(history, 'CalendarDefined'), at)
  if (hours === undefined) return null
  const byYear = Map.groupBy(entriesOf(history, 'CalendarYearSet'), ({ event }) => event.data.year)
  // A group has an entry at least, so one of them is known.
  const years = [...byYear.values()].map((entries) => asKnown(entries, at)!)
  const restsOn = [hours, ...years].map(({ version }) => version)
  return {
    ...hours.event.data,
    version: Math.max(...restsOn),
    restsOn,
    years: new Map(years.map(({ event }) => [event.data.year, event.data])),
  }
}

/** The days a calendar counts by: its own years, else those of the calendar it borrows from (`api.md`). */
export const calendarDays = (own: Calendar, lender: Calendar | null): CalendarDays => ({
  opens: own.opens,
  closes: own.closes,
  years: lender === null ? own.years : new Map([...lender.years, ...own.years]),
})
