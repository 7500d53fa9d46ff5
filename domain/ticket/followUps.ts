/**
 * Acts on two tickets append to the first, then to the second (`design.md`). What must follow an event is read
 * off the event itself, so the request that appended it and a restart after a crash do the same.
 */
import type { SealedText } from '../sealed.ts'
import type { CommandOf, TicketCommandType } from './commands.ts'
import { type DataOf, type EventOfRule, entryOf, type TicketEvent, type TicketNo } from './events.ts'

type FollowUpCommand<T extends TicketCommandType> = Omit<CommandOf<T>, 'now' | 'actor'>
export type FollowUp =
  | {
      ticketNo: TicketNo
      command:
        | FollowUpCommand<'Register'>
        | FollowUpCommand<'BecomeRepeat'>
        | FollowUpCommand<'CeaseToBeRepeat'>
        | FollowUpCommand<'LoseRepeat'>
        | FollowUpCommand<'AbsorbDuplicate'>
        | FollowUpCommand<'ReleaseDuplicate'>
        | FollowUpCommand<'BecomeDuplicate'>
    }
  /** A dissatisfied callback is registered as if the customer had phoned (rulebook §11). */
  | {
      ticketNo: TicketNo
      command: { type: 'RegisterFromCallback'; externalNo: string | null; text: SealedText }
    }

/** What an event asks for on another ticket. */
const followUps: {
  [T in EventOfRule<'followUp'>]: (ticketNo: TicketNo, data: DataOf<T>) => FollowUp | null
} = {
  RepeatLinked: (ticketNo, { repeat, ordinal, registration }) =>
    registration === null
      ? { ticketNo: repeat, command: { type: 'BecomeRepeat', of: ticketNo, ordinal } }
      : { ticketNo: repeat, command: { type: 'Register', registration } },
  RepeatUnlinked: (ticketNo, { repeat, echo }) =>
    echo ? null : { ticketNo: repeat, command: { type: 'CeaseToBeRepeat', of: ticketNo } },
  CeasedToBeRepeat: (ticketNo, { of, echo }) =>
    echo ? null : { ticketNo: of, command: { type: 'LoseRepeat', repeat: ticketNo } },
  MarkedDuplicate: (ticketNo, { of, calls, text }) =>
    // in older logs the survivor came first
    calls === undefined
      ? null
      : { ticketNo: of, command: { type: 'AbsorbDuplicate', duplicate: ticketNo, calls, text } },
  DuplicateAbsorbed: (ticketNo, { duplicate, text, echo }) =>
    echo ? null : { ticketNo: duplicate, command: { type: 'BecomeDuplicate', of: ticketNo, text } },
  DuplicateUndone: (ticketNo, { of, refused }) =>
    refused === undefined
      ? { ticketNo: of, command: { type: 'ReleaseDuplicate', duplicate: ticketNo } }
      : null,
  CallbackRecorded: (ticketNo, { registersRepeat, repeatExternalNo, text }) =>
    registersRepeat
      ? { ticketNo, command: { type: 'RegisterFromCallback', externalNo: repeatExternalNo, text } }
      : null,
}

/** What must still happen on another ticket because `event` happened on `ticketNo`; `null`: nothing. */
export const followUpOf = (ticketNo: TicketNo, { type, data }: TicketEvent): FollowUp | null => {
  const followUp = entryOf<(ticketNo: TicketNo, data: never) => FollowUp | null>(followUps, type)
  return followUp === undefined ? null : followUp(ticketNo, data as never)
}
