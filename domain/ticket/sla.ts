/** Explains the clocks of a ticket: what ran, what counted, what is left (rulebook §5, §7, §8). */
import { nationalCalendar } from '../calendar/calendar.ts'
import { type ServiceInterval, serviceIntervals, serviceMsBetween } from '../calendar/workingTime.ts'
import type { Verdict } from '../codes.ts'
import { DAY, epochOrNull, type Instant, MINUTE, toEpoch, toInstant } from '../instant.ts'
import { calendarOf, type KnownCalendar, type Master } from '../master.ts'
import { isProvisional, mediaRegistrationMinutes } from './clocks.ts'
import { closeTimes, responseTimes, verdictAt } from './measures.ts'
import type { Assignment, Term, Ticket, Warning } from './state.ts'

export type SlaClock = {
  clock: 'registration' | 'response' | 'close' | 'consumer_notice' | 'acknowledge'
  unit: string | null
  startedAt: Instant
  dueAt: Instant | null
  doneAt: Instant | null
  /** When the unit lost the ticket, where it did. */
  endedAt: Instant | null
  verdict: Verdict
  provisional: boolean
  calendar: string | null
  calendarVersion: number | null
  /** That of the calendar whose days it borrows. */
  daysOfVersion: number | null
  policyVersion: number | null
  targetMinutes: number | null
  targetWorkingDays: number | null
  /** Service minutes from the start until done, taken away, or `now`; whole ones. */
  elapsedMinutes: number
  /** Service minutes from then to the due; 0 when past it, `null` without one. */
  remainingMinutes: number | null
  /** What of the time counted, at most the first `explainedDays`. */
  intervals: ServiceInterval[]
}

/** An explanation of years would help nobody. */
export const explainedDays = 62

type Facts = Pick<SlaClock, 'clock' | 'unit' | 'startedAt' | 'dueAt' | 'doneAt' | 'verdict'> &
  Partial<SlaClock>

const explain = (facts: Facts, { timetable, id }: KnownCalendar, now: Instant): SlaClock => {
  const { startedAt, dueAt, doneAt, endedAt = null } = facts
  const ends = [doneAt, endedAt, now].filter((each) => each !== null)
  const start = toEpoch(startedAt)
  const until = Math.max(start, Math.min(...ends.map(toEpoch)))
  const whole = (ms: number) => Math.floor(ms / MINUTE)
  const ran = {
    elapsedMinutes: whole(serviceMsBetween(timetable, start, until)),
    remainingMinutes:
      dueAt === null
        ? null
        : whole(Math.max(0, serviceMsBetween(timetable, until, Math.max(until, toEpoch(dueAt))))),
    intervals: serviceIntervals(timetable, start, Math.min(until, start + explainedDays * DAY)),
  }
  const unless = {
    provisional: false,
    calendar: id,
    calendarVersion: null,
    daysOfVersion: null,
    policyVersion: null,
  }
  return { ...facts, endedAt, targetMinutes: null, targetWorkingDays: null, ...unless, ...ran, ...facts }
}

const responseVerdict = (dueAt: Instant, doneAt: Instant | null, asOf: Instant): Verdict =>
  verdictAt(responseTimes(toEpoch(dueAt), epochOrNull(doneAt)), toEpoch(asOf))

const closeVerdict = (dueAt: Instant, doneAt: Instant | null, asOf: Instant): Verdict =>
  verdictAt(closeTimes(toEpoch(dueAt), epochOrNull(doneAt)), toEpoch(asOf))

type View = { masterAt(instant: Instant): Master; now: Instant }

const clocksOfTerm = (ticket: Ticket, term: Term, tier: Assignment['tier'], view: View): SlaClock[] => {
  const { clocks, unit, startedAt, respondedAt, endedAt } = term
  const calendar = calendarOf(view.masterAt(term.clocksSetAt), tier, unit)
  const asOf = endedAt !== null && endedAt < view.now ? endedAt : view.now
  const common = {
    unit,
    startedAt,
    endedAt,
    calendar: clocks.calendar,
    calendarVersion: clocks.calendarVersion,
    daysOfVersion: clocks.daysOfVersion ?? null,
    policyVersion: clocks.policyVersion,
  }
  const closedAt = endedAt === null ? ticket.closedAt : null
  const response: Facts = {
    clock: 'response',
    ...common,
    provisional: isProvisional(clocks, 'response'),
    dueAt: clocks.responseDueAt,
    doneAt: respondedAt,
    verdict: responseVerdict(clocks.responseDueAt, respondedAt, asOf),
    targetMinutes: clocks.responseMinutes,
  }
  const close: Facts = {
    clock: 'close',
    ...common,
    provisional: clocks.closeDueAt !== null && isProvisional(clocks, 'close'),
    dueAt: clocks.closeDueAt,
    doneAt: closedAt,
    // without a due the ticket was converted to C, and its close is failed (rulebook §8)
    verdict: clocks.closeDueAt === null ? 'failed' : closeVerdict(clocks.closeDueAt, closedAt, asOf),
    targetWorkingDays: clocks.closeWorkingDays,
  }
  return [explain(response, calendar, view.now), explain(close, calendar, view.now)]
}

const registrationClock = (ticket: Ticket, national: KnownCalendar, now: Instant): SlaClock => {
  const { receivedAt: startedAt, registeredAt: doneAt } = ticket
  const due = toEpoch(startedAt) + mediaRegistrationMinutes * MINUTE
  const natural = Math.floor((toEpoch(doneAt) - toEpoch(startedAt)) / MINUTE)
  const verdict = toEpoch(doneAt) <= due ? 'met' : 'failed'
  return {
    ...explain(
      { clock: 'registration', unit: null, startedAt, dueAt: toInstant(due), doneAt, verdict },
      national,
      now,
    ),
    // natural minutes: every one counts, whatever the calendar
    calendar: null,
    calendarVersion: null,
    targetMinutes: mediaRegistrationMinutes,
    elapsedMinutes: natural,
    remainingMinutes: Math.max(0, mediaRegistrationMinutes - natural),
    intervals: [],
  }
}

const acknowledgeClock = (warning: Warning, view: View): SlaClock => {
  const { sentTo, raisedAt: startedAt, ackDueAt: dueAt, acknowledgedAt: doneAt, provisional } = warning
  const calendar = calendarOf(view.masterAt(warning.ackDueSetAt), sentTo.tier, sentTo.unit)
  const target = Math.round(serviceMsBetween(calendar.timetable, toEpoch(startedAt), toEpoch(dueAt)) / MINUTE)
  const verdict = responseVerdict(dueAt, doneAt, view.now)
  return explain(
    {
      clock: 'acknowledge',
      unit: sentTo.unit,
      startedAt,
      dueAt,
      doneAt,
      verdict,
      provisional,
      targetMinutes: target,
    },
    calendar,
    view.now,
  )
}

/** All clocks of a ticket, those of former holders and of warnings too, in the order in which they started. */
export const slaOf = (ticket: Ticket, view: View): SlaClock[] => {
  const national = view.masterAt(ticket.registeredAt).calendar(nationalCalendar)
  const { consumerNoticeDueAt: dueAt, consumerInformedAt: doneAt, receivedAt: startedAt } = ticket
  const notice = {
    clock: 'consumer_notice' as const,
    unit: null,
    startedAt,
    dueAt,
    doneAt,
    verdict: closeVerdict(dueAt, doneAt, view.now),
    provisional: ticket.consumerNoticeProvisional,
  }
  const noticeCalendar = view.masterAt(ticket.consumerNoticeSetAt).calendar(nationalCalendar)
  return [
    ...(ticket.source === null ? [] : [registrationClock(ticket, national, view.now)]),
    explain(notice, noticeCalendar, view.now),
    ...ticket.assignments.flatMap((term) => clocksOfTerm(ticket, term, term.tier, view)),
    ...ticket.responsibilities.flatMap((term) => clocksOfTerm(ticket, term, 'dealer', view)),
    ...ticket.warnings.map((warning) => acknowledgeClock(warning, view)),
  ].sort((a, b) => (a.startedAt < b.startedAt ? -1 : a.startedAt > b.startedAt ? 1 : 0))
}
