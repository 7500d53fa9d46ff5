/**
 * Acts on two tickets append to the first, then to the second (`design.md`). What must follow an event is read
 * off the event itself, so the request that appended it and a restart after a crash do the same.
 */
import type { Sealed } from '../sealed.ts'
import type { CommandOf, TicketCommandType } from './commands.ts'
import type { TicketEvent, TicketNo } from './events.ts'

type Asked<T extends TicketCommandType> = Omit<CommandOf<T>, 'now' | 'actor'>
export type FollowUp =
  | {
      ticketNo: TicketNo
      command:
        | Asked<'Register'>
        | Asked<'BecomeRepeat'>
        | Asked<'CeaseToBeRepeat'>
        | Asked<'LoseRepeat'>
        | Asked<'BecomeDuplicate'>
    }
  /** A dissatisfied callback is registered as if the customer had phoned (rulebook §11). */
  | { ticketNo: TicketNo; command: { type: 'RegisterFromCallback'; externalNo: string | null; text: Sealed } }

/** What must still happen on another ticket because `event` happened on `ticketNo`; `null`: nothing. */
export const followUpOf = (ticketNo: TicketNo, event: TicketEvent): FollowUp | null => {
  switch (event.type) {
    case 'RepeatLinked': {
      const { repeat, ordinal, registration } = event.data
      if (registration !== null) return { ticketNo: repeat, command: { type: 'Register', registration } }
      return { ticketNo: repeat, command: { type: 'BecomeRepeat', of: ticketNo, ordinal } }
    }
    case 'RepeatUnlinked':
      return event.data.echo
        ? null
        : { ticketNo: event.data.repeat, command: { type: 'CeaseToBeRepeat', of: ticketNo } }
    case 'CeasedToBeRepeat':
      return event.data.echo
        ? null
        : { ticketNo: event.data.of, command: { type: 'LoseRepeat', repeat: ticketNo } }
    case 'DuplicateAbsorbed':
      return {
        ticketNo: event.data.duplicate,
        command: { type: 'BecomeDuplicate', of: ticketNo, text: event.data.text },
      }
    case 'CallbackRecorded':
      if (!event.data.registersRepeat) return null
      return {
        ticketNo,
        command: {
          type: 'RegisterFromCallback',
          externalNo: event.data.repeatExternalNo,
          text: event.data.text,
        },
      }
    default:
      return null
  }
}
