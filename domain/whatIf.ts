/**
 * What a quarter would have come to under a draft policy or draft calendars (rulebook §9), from what is recorded: who
 * held which ticket, and who did what when, stays; deadlines and the days in which a repeat counts are computed again.
 */
import {
  type Calendar,
  type CalendarAtInstant,
  calendarDays,
  decideCalendar,
  evolveCalendar,
} from './calendar/calendar.ts'
import { repeatWindowEnd } from './calendar/repeatWindow.ts'
import { addServiceMinutes, buildTimetable, closeDeadline, type Timetable } from './calendar/workingTime.ts'
import type { HolderTier, Level } from './codes.ts'
import type { Day, Instant } from './instant.ts'
import type { Master } from './master.ts'
import type { Policy } from './policy.ts'
import { decidePolicy } from './policyVersions.ts'
import { Refusal, refusingUnder } from './refusal.ts'

/** What a calendar would be: the hours and years that are given; all else stays as it was known at each instant. */
export type CalendarDraft = {
  id: string
  opens?: string | undefined
  closes?: string | undefined
  years?: { year: number; off: Day[]; work: Day[] }[] | undefined
}

/** What is left out stays as it was in force at each instant. */
export type Draft = { policy: Partial<Policy>; calendars: readonly CalendarDraft[] }

/** What was known at an instant; the same object as long as nothing changed. */
export type MasterSource = {
  masterAt(instant: Instant): Master
  calendarAt(id: string, instant: Instant): CalendarAtInstant | null
}

/**
 * Holds a draft to the rules that a policy and calendars are entered by; `policy` is the one it changes.
 * @throws Refusal `weights_not_100`, `duplicate_root_cause`, `unknown_calendar`, `calendar_without_working_time`,
 * `day_in_both_lists`, `day_outside_year`, each with its place in the draft.
 */
export const checkDraft = (
  { policy, calendars }: Draft,
  { now, present, calendarAt }: { now: Instant; present: Policy } & Pick<MasterSource, 'calendarAt'>,
): void => {
  refusingUnder('#/policy', () =>
    decidePolicy(null, { type: 'SetPolicy', now, effectiveFrom: now, policy: { ...present, ...policy } }),
  )
  for (const [index, draft] of calendars.entries()) {
    const known = calendarAt(draft.id, now)
    if (known === null) throw new Refusal('unknown_calendar', { code: draft.id }, `#/calendars/${index}/id`)
    drafted(known, draft, placeOf(index))
  }
}

/** Where a calendar's draft stands in the whole. */
const placeOf = (index: number): string => `#/calendars/${index}`

/** The calendar as a draft has it; what is refused is pointed at under `place`. */
const drafted = (
  known: Calendar,
  { id, opens, closes, years = [] }: CalendarDraft,
  place: string,
): Calendar => {
  const hours = { opens: opens ?? known.opens, closes: closes ?? known.closes }
  // whose days it borrows is no part of a draft
  refusingUnder(place, () =>
    decideCalendar(null, {
      type: 'DefineCalendar',
      calendar: id,
      ...hours,
      daysOf: null,
      lender: null,
      borrowers: [],
    }),
  )
  return years.reduce<Calendar>(
    (calendar, year, index) =>
      refusingUnder(`${place}/years/${index}`, () =>
        decideCalendar(calendar, { type: 'SetCalendarYear', calendar: id, source: '', ...year }),
      ).reduce<Calendar>((state, event) => evolveCalendar(state, event) as Calendar, calendar),
    { ...known, ...hours },
  )
}

/** Hours and days, to tell whether two calendars count alike. */
const textOf = ({ opens, closes, years }: ReturnType<typeof calendarDays>): string =>
  JSON.stringify([
    opens,
    closes,
    [...years].sort(([a], [b]) => a - b).map(([year, { off, work }]) => [year, off, work]),
  ])

/** A term's clocks as far as a draft may change them; instants are epoch ms. */
export type DraftedTerm = {
  tier: HolderTier
  level: Level
  startedAt: number
  /** By what counted then its clocks were set. */
  setAt: Instant
  calendar: string
  responseMinutes: number
  closeWorkingDays: number | null
  responseDueAt: number
  closeDueAt: number | null
}

export type Dues = Pick<DraftedTerm, 'responseDueAt' | 'closeDueAt'>

export type DraftRules = {
  /** A deadline stays as it was recorded where the draft changes nothing it rests on. */
  dues(term: DraftedTerm): Dues
  /** First instant, epoch ms, after the days in which a repeat counts, of a ticket closed then. */
  windowEnd(closedAt: number, recorded: number): number
  /** Whether that may be another than was recorded. */
  movesWindows: boolean
  /** The policy as the draft has it. */
  policy(present: Policy): Policy
}

/** The rules of a draft that was checked. */
export const rulesOf = ({ policy, calendars }: Draft, { masterAt, calendarAt }: MasterSource): DraftRules => {
  const places = new Map(calendars.map(({ id }, index) => [id, index]))
  /** By what was known, then by calendar; `null`: the draft leaves it as it is. */
  const timetables = new Map<Master, Map<string, Timetable | null>>()
  const built = new Map<string, Timetable>()

  const make = (id: string, at: Instant): Timetable | null => {
    const own = calendarAt(id, at) as CalendarAtInstant
    const lender = own.daysOf === null ? null : calendarAt(own.daysOf, at)
    const under = (calendar: Calendar, code: string): Calendar => {
      const index = places.get(code)
      // hours that were checked with those of today may not go with those of an earlier day
      return index === undefined
        ? calendar
        : drafted(calendar, calendars[index] as CalendarDraft, placeOf(index))
    }
    const days = calendarDays(under(own, id), lender && under(lender, own.daysOf as string))
    const text = textOf(days)
    if (text === textOf(calendarDays(own, lender))) return null
    const timetable = built.get(text) ?? buildTimetable(days)
    built.set(text, timetable)
    return timetable
  }
  const draftedTimetable = (id: string, at: Instant): Timetable | null => {
    if (calendars.length === 0) return null
    const master = masterAt(at)
    const known = timetables.get(master) ?? new Map<string, Timetable | null>()
    timetables.set(master, known)
    const found = known.get(id)
    if (found !== undefined) return found
    const made = make(id, at)
    known.set(id, made)
    return made
  }

  return {
    dues: ({ tier, level, startedAt, setAt, calendar, ...recorded }) => {
      const responseMinutes = policy.responseMinutes?.[tier] ?? recorded.responseMinutes
      const closeWorkingDays =
        level === 'C' || recorded.closeWorkingDays === null
          ? null
          : (policy.closeWorkingDays?.[level] ?? recorded.closeWorkingDays)
      const other = draftedTimetable(calendar, setAt)
      const timetable = (): Timetable => other ?? masterAt(setAt).calendar(calendar).timetable
      const sameResponse = other === null && responseMinutes === recorded.responseMinutes
      const sameClose = other === null && closeWorkingDays === recorded.closeWorkingDays
      return {
        responseDueAt: sameResponse
          ? recorded.responseDueAt
          : addServiceMinutes(timetable(), startedAt, responseMinutes).due,
        closeDueAt:
          sameClose || closeWorkingDays === null
            ? recorded.closeDueAt
            : closeDeadline(timetable(), startedAt, closeWorkingDays).due,
      }
    },
    windowEnd: (closedAt, recorded) =>
      policy.repeatWindowDays === undefined ? recorded : repeatWindowEnd(closedAt, policy.repeatWindowDays),
    movesWindows: policy.repeatWindowDays !== undefined,
    policy: (present) => ({ ...present, ...policy }),
  }
}
