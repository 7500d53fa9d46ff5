import type { Instant } from '../../../domain/instant.ts'
import type { TicketNo } from '../../../domain/ticket/events.ts'
import type { Lookup, MatchableTicket } from '../../../domain/ticket/matching.ts'
import type { Ticket } from '../../../domain/ticket/state.ts'
import type { CommandDeps } from '../deps.ts'
import { readTicket } from './execute.ts'

const knownOf = (ticket: Ticket): MatchableTicket => ({
  ticketNo: ticket.ticketNo,
  category: ticket.category,
  state: ticket.state,
  ordinal: ticket.ordinal,
  dealer: ticket.dealer,
  registeredAt: ticket.registeredAt,
  closedAt: ticket.closedAt,
  repeatWindowEndsAt: ticket.closing?.repeatWindowEndsAt ?? null,
  escalatedTo: ticket.escalatedTo,
  duplicateOf: ticket.duplicateOf,
})

/**
 * Lets `look` see tickets as they were known at `at`; `null`: as they are, which is what the view has. One that changed
 * later than `at` is folded from its stream up to then, and `look` runs again.
 */
export const knownAt = async <T>(
  deps: CommandDeps,
  at: Instant | null,
  look: (
    lookup: Lookup,
    current: (ticket: MatchableTicket & { lastAt: Instant }) => MatchableTicket | null,
  ) => T,
): Promise<T> => {
  const past = new Map<TicketNo, MatchableTicket | null>()
  for (;;) {
    const missing = new Set<TicketNo>()
    const current = (ticket: MatchableTicket & { lastAt: Instant }): MatchableTicket | null => {
      if (at === null || ticket.lastAt <= at) return ticket
      if (!past.has(ticket.ticketNo)) missing.add(ticket.ticketNo)
      return past.get(ticket.ticketNo) ?? null
    }
    const lookup: Lookup = (ticketNo) => {
      const ticket = deps.views.customers.known(ticketNo)
      return ticket === null ? null : current(ticket)
    }
    // a refusal may rest on a ticket that only seemed to be missing: look again before it counts
    const found = attempt(() => look(lookup, current))
    if (missing.size === 0) return found()
    for (const ticketNo of missing) {
      const ticket = await readTicket(deps, ticketNo, at as Instant)
      past.set(ticketNo, ticket === null ? null : knownOf(ticket))
    }
  }
}

const attempt = <T>(work: () => T): (() => T) => {
  try {
    const value = work()
    return () => value
  } catch (error) {
    return () => {
      throw error
    }
  }
}
