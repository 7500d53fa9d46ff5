/** How the first half of an act on two tickets ends where its second half is refused or has nothing to do. */
import type { CommandOf, FirstHalf } from './commands.ts'
import type { Refused, TicketEvent } from './events.ts'
import type { Ticket } from './state.ts'

/** The event that takes the first half back; `null` where the ticket no longer is as the first half left it. */
const withdrawal = (ticket: Ticket, event: FirstHalf, refused: Refused): TicketEvent | null => {
  switch (event.type) {
    case 'RepeatLinked': {
      const { repeat } = event.data
      if (ticket.escalatedTo !== repeat) return null
      return { type: 'RepeatUnlinked', data: { repeat, echo: true, text: null, refused } }
    }
    case 'MarkedDuplicate': {
      const { of } = event.data
      if (ticket.duplicateOf !== of) return null
      return { type: 'DuplicateUndone', data: { of, text: null, refused } }
    }
    case 'DuplicateAbsorbed': {
      const { duplicate, calls } = event.data
      if (!ticket.absorbed.some((each) => each.duplicate === duplicate)) return null
      return { type: 'DuplicateReleased', data: { duplicate, calls, refused } }
    }
    case 'CallbackRecorded':
      return { type: 'CallbackWithdrawn', data: { at: event.recordedAt, refused } }
    default:
      return null
  }
}

/** The first ticket is again as it was before the act. */
export const withdrawFirstHalf = (
  ticket: Ticket,
  { event, refused }: CommandOf<'WithdrawFirstHalf'>,
): TicketEvent[] => [
  withdrawal(ticket, event, refused) ?? { type: 'FollowUpClosed', data: { eventId: event.id } },
]

/** Nothing is left to do on the other ticket. */
export const closeFollowUp = (_ticket: Ticket, { eventId }: CommandOf<'CloseFollowUp'>): TicketEvent[] => [
  { type: 'FollowUpClosed', data: { eventId } },
]
