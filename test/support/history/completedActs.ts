/** What is done with a completed ticket. */
import { callbackOutcomeSchema } from '../../../domain/codes.ts'
import type { Registration } from '../../../domain/ticket/events.ts'
import type { Ticket } from '../../../domain/ticket/state.ts'
import type { Log } from './log.ts'
import { object } from './objecting.ts'

export const completedActs = (
  log: Log,
  registration: (more: Partial<Registration>) => Registration,
): ((ticket: Ticket) => unknown)[] => {
  const {
    give,
    text,
    random: { pick, chance },
  } = log
  const list = () => [...log.tickets.values()]
  return [
    (ticket) =>
      give(ticket.ticketNo, {
        type: 'RecordCallback',
        ...(chance(0.5) && { score: pick([1, 2, 3, 4, 5]) }),
        outcome: pick(['unreachable', ...callbackOutcomeSchema.options]),
        sameProblem: chance(0.7),
        repeatExternalNo: null,
        occurredAt: null,
        text: text(ticket.ticketNo),
      }),
    (ticket) => {
      const { ticketNo, ordinal, category } = ticket
      if (ticket.escalatedTo !== null || category === 'C4') return
      const made = registration({ category, ordinal: ordinal + 1, escalatedFrom: ticketNo })
      give(ticketNo, { type: 'OpenRepeat', registration: made })
    },
    (ticket) =>
      give(ticket.ticketNo, {
        type: 'LinkRepeat',
        repeat: pick(list().slice(-20)),
        text: text(ticket.ticketNo),
      }),
    (ticket) =>
      ticket.escalatedTo !== null &&
      give(ticket.ticketNo, {
        type: 'UnlinkRepeat',
        repeat: ticket.escalatedTo,
        text: text(ticket.ticketNo),
      }),
    (ticket) => object(log, ticket),
    (ticket) => object(log, ticket),
    (ticket) => chance(0.2) && give(ticket.ticketNo, { type: 'Rescind', text: text(ticket.ticketNo) }),
    (ticket) => chance(0.2) && give(ticket.ticketNo, { type: 'Recalculate', text: text(ticket.ticketNo) }),
  ]
}
