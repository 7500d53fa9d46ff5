/** How the first half of an act on two tickets ends where its second half is refused or has nothing to do. */
import type { CommandOf } from './commands.ts'
import { type DataOf, type EventOfRule, entryOf, type TicketEvent } from './events.ts'
import type { Ticket } from './state.ts'

type Withdrawing = Pick<CommandOf<'WithdrawFirstHalf'>, 'refused'> & { at: string }

/**
 * The event that takes a first half back; `null` where the ticket no longer is as the first half left it, or where the
 * second half is the answer to a link or mark that is gone already.
 */
const withdrawals: {
  [T in EventOfRule<'followUp'>]:
    | ((ticket: Ticket, data: DataOf<T>, by: Withdrawing) => TicketEvent | null)
    | null
} = {
  RepeatLinked: ({ escalatedTo }, { repeat }, { refused }) =>
    escalatedTo === repeat
      ? { type: 'RepeatUnlinked', data: { repeat, echo: true, text: null, refused } }
      : null,
  RepeatUnlinked: null,
  CeasedToBeRepeat: null,
  MarkedDuplicate: ({ duplicateOf }, { of }, { refused }) =>
    duplicateOf === of ? { type: 'DuplicateUndone', data: { of, text: null, refused } } : null,
  DuplicateAbsorbed: ({ absorbed }, { duplicate, calls }, { refused }) =>
    absorbed.some((each) => each.duplicate === duplicate)
      ? { type: 'DuplicateReleased', data: { duplicate, calls, refused } }
      : null,
  DuplicateUndone: null,
  CallbackRecorded: (_ticket, _data, { refused, at }) => ({
    type: 'CallbackWithdrawn',
    data: { at, refused },
  }),
}

const withdrawal = (
  ticket: Ticket,
  { event, refused }: CommandOf<'WithdrawFirstHalf'>,
): TicketEvent | null => {
  type Take = ((ticket: Ticket, data: never, by: Withdrawing) => TicketEvent | null) | null
  const take = entryOf<Take>(withdrawals, event.type)
  return take?.(ticket, event.data as never, { refused, at: event.recordedAt }) ?? null
}

/** The first ticket is again as it was before the act. */
export const withdrawFirstHalf = (ticket: Ticket, command: CommandOf<'WithdrawFirstHalf'>): TicketEvent[] => [
  withdrawal(ticket, command) ?? { type: 'FollowUpClosed', data: { eventId: command.event.id } },
]

/** Nothing is left to do on the other ticket. */
export const closeFollowUp = (_ticket: Ticket, { eventId }: CommandOf<'CloseFollowUp'>): TicketEvent[] => [
  { type: 'FollowUpClosed', data: { eventId } },
]
