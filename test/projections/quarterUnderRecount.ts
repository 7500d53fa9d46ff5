/** A quarter's units under a draft, counted again from the raw events: each clock set again, then counted as §8 reads. */
import { calendarDays } from '../../domain/calendar/calendar.ts'
import {
  addServiceMinutes,
  buildTimetable,
  type CalendarDays,
  closeDeadline,
  type Timetable,
} from '../../domain/calendar/workingTime.ts'
import type { StoredEvent } from '../../domain/eventStore.ts'
import { dayNumber, dayStart, toEpoch, toInstant } from '../../domain/instant.ts'
import type { Clocks, TicketEvent } from '../../domain/ticket/events.ts'
import type { Draft } from '../../domain/whatIf.ts'
import type { MasterQueries } from '../../projections/master/masterQueries.ts'
import { type RecountedUnit, type RecountQuery, recount } from './kpiRecount.ts'

type Event = TicketEvent & StoredEvent

/** Building one takes a millisecond, and every clock asks for one. */
const tables = new Map<string, Timetable>()
const tableOf = (days: CalendarDays): Timetable => {
  const text = JSON.stringify([days.opens, days.closes, [...days.years]])
  const table = tables.get(text) ?? buildTimetable(days)
  tables.set(text, table)
  return table
}

const clocksUnder = (
  draft: Draft,
  master: MasterQueries,
  clocks: Clocks,
  term: { tier: string; startedAt: string; setAt: string },
): Clocks => {
  const { policy, calendars } = draft
  const own = calendars.find(({ id }) => id === clocks.calendar)
  const known = master.calendarAt(clocks.calendar, term.setAt)!
  const years = new Map<number, { off: readonly string[]; work: readonly string[] }>(known.years)
  for (const { year, off, work } of own?.years ?? []) years.set(year, { off, work })
  const table = tableOf({
    ...calendarDays(known, null),
    years,
    opens: own?.opens ?? known.opens,
    closes: own?.closes ?? known.closes,
  })
  const minutes = policy.responseMinutes?.[term.tier as 'dealer'] ?? clocks.responseMinutes
  const days = clocks.closeWorkingDays === 7 ? policy.closeWorkingDays?.B : policy.closeWorkingDays?.A
  const start = toEpoch(term.startedAt)
  const response = toInstant(addServiceMinutes(table, start, minutes).due)
  const close = toInstant(closeDeadline(table, start, days ?? clocks.closeWorkingDays ?? 1).due)
  return {
    ...clocks,
    responseDueAt: own === undefined && minutes === clocks.responseMinutes ? clocks.responseDueAt : response,
    closeDueAt:
      clocks.closeDueAt === null ||
      (own === undefined && (days ?? clocks.closeWorkingDays) === clocks.closeWorkingDays)
        ? clocks.closeDueAt
        : close,
  }
}

const ofTicket = (events: Event[], draft: Draft, master: MasterQueries): Event[] => {
  let holder = { tier: '', startedAt: '' }
  let named = ''
  const under = (clocks: Clocks, tier: string, startedAt: string, setAt: string) =>
    clocksUnder(draft, master, clocks, { tier, startedAt, setAt })
  return events.flatMap((event): Event[] => {
    const at = event.metadata.recordedAt
    switch (event.type) {
      case 'TicketDispatched':
        holder = { tier: event.data.tier, startedAt: at }
        return [{ ...event, data: { ...event.data, clocks: under(event.data.clocks, holder.tier, at, at) } }]
      case 'ResponsibleDealerNamed':
        named = at
        return [{ ...event, data: { ...event.data, clocks: under(event.data.clocks, 'dealer', at, at) } }]
      case 'DeadlinesRecalculated': {
        const { holder: own, responsibleDealer } = event.data
        const data = {
          ...event.data,
          holder: under(own, holder.tier, holder.startedAt, at),
          responsibleDealer: responsibleDealer && under(responsibleDealer, 'dealer', named, at),
        }
        return [{ ...event, data }]
      }
      case 'TicketClosed': {
        const { repeatWindowDays } = draft.policy
        const repeatWindowEndsAt =
          repeatWindowDays === undefined
            ? event.data.repeatWindowEndsAt
            : toInstant(dayStart(dayNumber(toEpoch(at)) + repeatWindowDays + 1))
        return [{ ...event, data: { ...event.data, repeatWindowEndsAt } }]
      }
      default:
        return [event]
    }
  })
}

/** Where the window is another, a link counts whose complaint was received inside it. */
const withoutLateLinks = (
  events: Event[],
  recorded: Event[],
  received: ReadonlyMap<string, string>,
): Event[] => {
  const windowOf = (own: Event[]): string | undefined =>
    own.flatMap((event) => (event.type === 'TicketClosed' ? [event.data.repeatWindowEndsAt] : []))[0]
  const windowEnds = windowOf(events)
  if (windowEnds === undefined || windowEnds === windowOf(recorded)) return events
  return events.filter(
    (event) => event.type !== 'RepeatLinked' || (received.get(event.data.repeat) as string) < windowEnds,
  )
}

export const recountUnder = (
  events: readonly StoredEvent[],
  query: RecountQuery,
  { draft, master }: { draft: Draft; master: MasterQueries },
): RecountedUnit[] => {
  const received = new Map(
    (events as readonly Event[]).flatMap((event) =>
      event.type === 'TicketRegistered' ? [[event.data.ticketNo, event.data.receivedAt] as const] : [],
    ),
  )
  const ofTickets = events.filter(({ stream }) => stream.startsWith('ticket-')) as Event[]
  const drafted = [...Map.groupBy(ofTickets, ({ stream }) => stream).values()].flatMap((own) =>
    withoutLateLinks(ofTicket(own, draft, master), own, received),
  )
  return recount(drafted as unknown as StoredEvent[], query)
}
