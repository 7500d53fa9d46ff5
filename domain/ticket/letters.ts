/** Letters 回函 to the customer, a medium or an authority (rulebook §14). A letter is no response and no feedback. */
import { actingRole } from '../authority.ts'
import { Refusal } from '../refusal.ts'
import type { CommandOf } from './commands.ts'
import type { TicketEvent, Unit } from './events.ts'
import { currentAssignment, isOver, type Ticket } from './state.ts'

/** The unit that signs: the holder's letter to the customer, else the desk whose role the writer has. */
const signedBy = (ticket: Ticket, { kind, actor }: CommandOf<'WriteLetter'>): Unit => {
  const { tier, unit } = currentAssignment(ticket)
  if (kind === 'customer') return { tier, unit }
  return actingRole(actor, 'write_official_letter') === 'se_media'
    ? { tier: 'se_media', unit: 'SE_MEDIA' }
    : { tier: 'sa', unit: 'SA' }
}

/** Keeps a letter under the ticket's next number. @throws Refusal `ticket_is_over` */
export const writeLetter = (ticket: Ticket, command: CommandOf<'WriteLetter'>): TicketEvent[] => {
  if (isOver(ticket)) throw new Refusal('ticket_is_over')
  const { kind, text } = command
  return [
    {
      type: 'LetterWritten',
      data: { number: ticket.letters + 1, kind, from: signedBy(ticket, command), text },
    },
  ]
}
