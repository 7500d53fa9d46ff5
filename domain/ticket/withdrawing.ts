/** How the first half of an act on two tickets ends where its second half is refused or has nothing to do. */
import type { CommandOf } from './commands.ts'
import { type DataOf, type EventOfRule, entryOf, type TicketEvent } from './events.ts'
import type { Ticket } from './state.ts'

type Withdrawal = Pick<CommandOf<'WithdrawFirstHalf'>, 'refused'> & { at: string }

/** What is known of a first half: whether the ticket still is as it left it, and the event that takes it back, if any. */
type HalfDone<T extends EventOfRule<'followUp'>> = {
  isInForce(ticket: Ticket | null, data: DataOf<T>): boolean
  takeBack: ((data: DataOf<T>, by: Withdrawal) => TicketEvent) | null
}

/** The second half of an unlinking or undoing answers to what is gone already, so those are not taken back. */
const firstHalves: { [T in EventOfRule<'followUp'>]: HalfDone<T> } = {
  RepeatLinked: {
    isInForce: (ticket, { repeat }) => ticket?.escalatedTo === repeat,
    takeBack: ({ repeat }, { refused }) => ({
      type: 'RepeatUnlinked',
      data: { repeat, echo: true, text: null, refused },
    }),
  },
  RepeatUnlinked: { isInForce: (ticket, { repeat }) => ticket?.escalatedTo !== repeat, takeBack: null },
  CeasedToBeRepeat: { isInForce: (ticket, { of }) => ticket?.escalatedFrom !== of, takeBack: null },
  MarkedDuplicate: {
    isInForce: (ticket, { of }) => ticket?.duplicateOf === of,
    takeBack: ({ of }, { refused }) => ({ type: 'DuplicateUndone', data: { of, text: null, refused } }),
  },
  DuplicateAbsorbed: {
    isInForce: (ticket, { duplicate }) =>
      ticket?.absorbed.some((each) => each.duplicate === duplicate) ?? false,
    takeBack: ({ duplicate, calls }, { refused }) => ({
      type: 'DuplicateReleased',
      data: { duplicate, calls, refused },
    }),
  },
  DuplicateUndone: { isInForce: (ticket, { of }) => ticket?.duplicateOf !== of, takeBack: null },
  CallbackRecorded: {
    isInForce: () => true,
    takeBack: (_data, { refused, at }) => ({ type: 'CallbackWithdrawn', data: { at, refused } }),
  },
}

type AnyHalf = {
  isInForce(ticket: Ticket | null, data: never): boolean
  takeBack: ((data: never, by: Withdrawal) => TicketEvent) | null
}

/** Whether the ticket still is as this event left it; of an event that is no first half always. */
export const isInForce = (ticket: Ticket | null, { type, data }: TicketEvent): boolean =>
  entryOf<AnyHalf>(firstHalves, type)?.isInForce(ticket, data as never) ?? true

/** The event that takes a first half back; `null` where there is nothing to take back. */
const withdrawal = (
  ticket: Ticket,
  { event, refused }: CommandOf<'WithdrawFirstHalf'>,
): TicketEvent | null => {
  if (!isInForce(ticket, event)) return null
  const half = entryOf<AnyHalf>(firstHalves, event.type)
  return half?.takeBack?.(event.data as never, { refused, at: event.recordedAt }) ?? null
}

/** The first ticket is again as it was before the act. */
export const withdrawFirstHalf = (ticket: Ticket, command: CommandOf<'WithdrawFirstHalf'>): TicketEvent[] => [
  withdrawal(ticket, command) ?? { type: 'FollowUpClosed', data: { eventId: command.event.id } },
]

/** Nothing is left to do on the other ticket. */
export const closeFollowUp = (_ticket: Ticket, { eventId }: CommandOf<'CloseFollowUp'>): TicketEvent[] => [
  { type: 'FollowUpClosed', data: { eventId } },
]
