/**
 * Whether a complaint is new, a call on an open ticket, or a repeat (rulebook §6). Pure: the caller looks the
 * tickets up, as they were known at the moment of registration.
 */
import { isInsideRepeatWindow } from '../calendar/repeatWindow.ts'
import { isOpenState, type State } from '../codes.ts'
import type { Instant } from '../instant.ts'
import type { TicketNo } from './events.ts'
import { type Category, levelOf, problemOf } from './routing.ts'

/** What matching needs to know of a ticket. */
export type MatchableTicket = {
  ticketNo: TicketNo
  category: Category
  state: State
  ordinal: number
  dealer: string | null
  registeredAt: Instant
  closedAt: Instant | null
  repeatWindowEndsAt: Instant | null
  escalatedTo: TicketNo | null
  duplicateOf: TicketNo | null
}

export type Match =
  | { kind: 'new'; relatedTo: TicketNo | null }
  | { kind: 'contact'; ticket: MatchableTicket }
  | { kind: 'escalate'; ticket: MatchableTicket }

/** Looks a ticket up by its number; `null` where there is none, or was none yet. */
export type Lookup<T extends MatchableTicket = MatchableTicket> = (ticketNo: TicketNo) => T | null

const isOpen = (ticket: MatchableTicket): boolean => isOpenState(ticket.state)

const isOver = (ticket: MatchableTicket): boolean =>
  ticket.state === 'rescinded' || ticket.state === 'duplicate'

/**
 * A ticket that has a repeat stands for that repeat, and so on to the end of the chain. A rescinded or duplicate
 * ticket is no repeat, and a chain that comes back to itself ends before it does.
 */
export const endOfChain = <T extends MatchableTicket>(ticket: T, lookup: Lookup<T>): T => {
  const seen = new Set([ticket.ticketNo])
  let end = ticket
  for (;;) {
    const next = end.escalatedTo === null ? null : lookup(end.escalatedTo)
    if (next === null || isOver(next) || seen.has(next.ticketNo)) return end
    seen.add(next.ticketNo)
    end = next
  }
}

/**
 * A named ticket: a duplicate stands for its survivor. `null` where it is unknown or rescinded, or duplicates name
 * each other in a circle.
 */
export const namedTicket = <T extends MatchableTicket>(ticketNo: TicketNo, lookup: Lookup<T>): T | null => {
  const seen = new Set<TicketNo>()
  let named = lookup(ticketNo)
  while (named !== null && named.duplicateOf !== null) {
    if (seen.has(named.ticketNo)) return null
    seen.add(named.ticketNo)
    named = lookup(named.duplicateOf)
  }
  if (named === null || named.state === 'rescinded') return null
  return endOfChain(named, lookup)
}

const latest = (
  tickets: MatchableTicket[],
  instantOf: (ticket: MatchableTicket) => Instant,
): MatchableTicket | null =>
  tickets.reduce<MatchableTicket | null>(
    (best, each) => (best === null || instantOf(each) >= instantOf(best) ? each : best),
    null,
  )

/**
 * The system's proposal among the customer's tickets: same category (C4 counts as B4), the open ticket
 * registered last, else the one closed last. Rescinded and duplicate tickets take no part.
 */
export const proposedTicket = (
  ofCustomer: readonly MatchableTicket[],
  category: Category,
  lookup: Lookup,
): MatchableTicket | null => {
  const same = ofCustomer
    .filter((ticket) => problemOf(ticket.category) === problemOf(category))
    .filter((ticket) => isOpen(ticket) || ticket.state === 'completed')
    .map((ticket) => endOfChain(ticket, lookup))
  const open = latest(same.filter(isOpen), (ticket) => ticket.registeredAt)
  return open ?? latest(same, (ticket) => ticket.closedAt ?? ticket.registeredAt)
}

/**
 * What comes of a complaint against the ticket that was proposed or named. `viaSource`: it came through a B
 * source, which never becomes a contact on an A ticket. `now`: the complaint's own instant.
 */
export const matchAgainst = (
  ticket: MatchableTicket | null,
  complaint: { receivedAt: Instant; viaSource: boolean; now: Instant },
): Match => {
  if (ticket === null) return { kind: 'new', relatedTo: null }
  if (isOpen(ticket)) {
    const staysApart = complaint.viaSource && levelOf(ticket.category) === 'A'
    return staysApart ? { kind: 'new', relatedTo: ticket.ticketNo } : { kind: 'contact', ticket }
  }
  const inside = isInsideRepeatWindow(ticket, complaint.receivedAt, complaint.now)
  return inside ? { kind: 'escalate', ticket } : { kind: 'new', relatedTo: ticket.ticketNo }
}

/** A repeat keeps the category of the ticket it repeats, unless it came through a B source. */
export const categoryOfRepeat = (earlier: MatchableTicket, viaSource: boolean): Category =>
  viaSource ? 'B4' : problemOf(earlier.category)
