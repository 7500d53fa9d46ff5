/** Claim 领单: which person of the holding unit works on the ticket (rulebook §14). Changes no clock and no right. */
import { Refusal } from '../refusal.ts'
import type { CommandOf } from './commands.ts'
import type { TicketEvent } from './events.ts'
import { requireState } from './guards.ts'
import type { Ticket } from './state.ts'

/**
 * Takes the ticket, hands it to a colleague, or assigns one that nobody has. Of two who take it at once the second is
 * refused: the person who has it hands it over, or a person of the unit releases it first.
 * @throws Refusal `ticket_is_over`, `wrong_state`, `already_claimed`
 */
export const claim = (ticket: Ticket, { assignee, actor }: CommandOf<'Claim'>): TicketEvent[] => {
  requireState(ticket, 'unhandled', 'in_progress')
  if (ticket.assignee === assignee) return []
  if (ticket.assignee !== null && ticket.assignee !== actor.id) throw new Refusal('already_claimed')
  return [{ type: 'TicketClaimed', data: { assignee } }]
}

/** Gives the ticket back to the unit; one that nobody has stays as it is. @throws Refusal `ticket_is_over`, `wrong_state` */
export const release = (ticket: Ticket): TicketEvent[] => {
  requireState(ticket, 'unhandled', 'in_progress')
  return ticket.assignee === null ? [] : [{ type: 'TicketReleased', data: {} }]
}
