/** A ticket as an aggregate: stream `ticket-<no>` and its rules. */
import type { Aggregate } from '../aggregate.ts'
import type { Context } from '../context.ts'
import { authorise } from './commandRules.ts'
import type { TicketCommand } from './commands.ts'
import { decide } from './decide.ts'
import { type TicketEvent, ticketStream } from './events.ts'
import { evolve } from './evolve.ts'
import type { Ticket } from './state.ts'

export const ticketAggregate: Aggregate<Ticket, TicketCommand, TicketEvent, Context> = {
  stream: ticketStream,
  evolve,
  decide,
  authorise: (ticket, command) => authorise(ticket, command),
  // so that one caller cannot make a ticket unreadable for all
  limit: { events: 2_000, refusal: 'too_many_contacts' },
}
