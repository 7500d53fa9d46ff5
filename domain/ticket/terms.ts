/** How events change the assignment terms of a ticket: those of its holders, and of responsible dealers (rulebook §8). */
import type { Instant } from '../instant.ts'
import type { DataOf } from './events.ts'
import type { Assignment, Term, Ticket } from './state.ts'

/** A list with its last entry changed. */
export const replaceLast = <T>(list: readonly T[], change: (last: T) => T): T[] =>
  list.map((each, index) => (index === list.length - 1 ? change(each) : each))

/** The ticket with its holder's term changed. */
export const changeCurrent = (ticket: Ticket, change: (current: Assignment) => Assignment): Ticket => ({
  ...ticket,
  assignments: replaceLast(ticket.assignments, change) as [Assignment, ...Assignment[]],
})

const ended = <T extends Term>(term: T, endedAt: Instant, kept: boolean): T =>
  term.endedAt === null ? { ...term, endedAt, kept } : term

const begun = (
  { unit, dealer, rbo, clocks }: Pick<Term, 'unit' | 'dealer' | 'rbo' | 'clocks'>,
  at: Instant,
): Term => ({
  unit,
  dealer,
  rbo,
  startedAt: at,
  respondedAt: null,
  clocks,
  clocksSetAt: at,
  endedAt: null,
  kept: false,
})

/** Ends the terms of holders and begins the next one, of which nothing is done yet. */
export const dispatched = (ticket: Ticket, data: DataOf<'TicketDispatched'>, at: Instant): Ticket => ({
  ...ticket,
  state: 'unhandled',
  dealer: data.dealer,
  rbo: data.rbo,
  assignee: null,
  assignments: [
    ...ticket.assignments.map((each) => ended(each, at, false)),
    { tier: data.tier, ...begun(data, at) },
  ] as unknown as [Assignment, ...Assignment[]],
})

/** Ends the holder's term; `kept`: it counts on, as failed on response. */
export const takenAway = (ticket: Ticket, kept: boolean, at: Instant): Ticket =>
  changeCurrent(ticket, (current) => ended(current, at, kept))

/** Notes a response on the term it counts for, if it counts for one. */
export const responded = (ticket: Ticket, data: DataOf<'ResponseRecorded'>, at: Instant): Ticket => {
  const withResponse = <T extends Term>(term: T): T => ({ ...term, respondedAt: at })
  if (data.countsFor === 'holder') return { ...changeCurrent(ticket, withResponse), state: 'in_progress' }
  if (data.countsFor === null) return ticket
  return { ...ticket, responsibilities: replaceLast(ticket.responsibilities, withResponse) }
}

/** Ends the terms of responsible dealers and begins the next one. */
export const responsibleNamed = (
  ticket: Ticket,
  data: DataOf<'ResponsibleDealerNamed'>,
  at: Instant,
): Ticket => ({
  ...ticket,
  rbo: ticket.rbo ?? data.rbo,
  responsibilities: [
    ...ticket.responsibilities.map((each) => ended(each, at, data.formerUnitKept)),
    begun({ ...data, unit: data.dealer }, at),
  ],
})
