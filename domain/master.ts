/** What the rules need to know beside the ticket, as it is known at one instant: values, looked up by code. */
import { nationalCalendar } from './calendar/calendar.ts'
import type { Timetable } from './calendar/workingTime.ts'
import type { Tier } from './codes.ts'
import type { Policy } from './policy.ts'

export type Dealer = { code: string; name: string; rbo: string; calendar: string; active: boolean }
export type Rbo = { code: string; name: string; calendar: string }
/** `daysOfVersion`: that of the calendar it borrows its days from, where it borrows. */
export type KnownCalendar = { id: string; version: number; daysOfVersion?: number; timetable: Timetable }

export type Master = {
  policy: { version: number; values: Policy }
  dealer(code: string): Dealer | null
  rbo(code: string): Rbo | null
  /** Every calendar that a dealer or an RBO names exists, see `decideDealer` and `decideRbo`. */
  calendar(id: string): KnownCalendar
}

/** Whose hours a unit keeps (rulebook §5). */
export const calendarOf = (master: Master, tier: Tier, unit: string): KnownCalendar => {
  const own = tier === 'dealer' ? master.dealer(unit) : tier === 'rbo' ? master.rbo(unit) : null
  return master.calendar(own?.calendar ?? nationalCalendar)
}
