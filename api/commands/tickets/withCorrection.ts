/** The locks of a correction: whatever is matched by the old or the new data waits (rulebook §14). */
import { Refusal } from '../../../domain/refusal.ts'
import { unreadable } from '../../../domain/sealing.ts'
import { correctedPerson, type PersonChanges } from '../../../domain/ticket/correction.ts'
import type { TicketNo } from '../../../domain/ticket/events.ts'
import type { Person } from '../../../domain/ticket/person.ts'
import type { Ticket } from '../../../domain/ticket/state.ts'
import type { CommandDeps } from '../deps.ts'
import { lookAgain } from '../lookAgain.ts'
import { withSubject } from './customerQueue.ts'
import { readTicket } from './execute.ts'
import { readerOf } from './personal.ts'
import { inQueue } from './queues.ts'

/**
 * The customer and vehicle of a ticket as they are known now.
 * @throws Refusal `subject_erased`, `customer_unreadable`: a part of what is not there cannot be corrected
 */
export const knownPerson = ({ sealing }: Pick<CommandDeps, 'sealing'>, ticket: Ticket): Person => {
  const value = sealing.open(ticket.customer)
  const { ticketNo } = ticket
  if (value === null) throw new Refusal('subject_erased', { ticketNo })
  if (value === unreadable) throw new Refusal('customer_unreadable', { ticketNo })
  return readerOf(sealing, true).person(ticket.customer)
}

/**
 * Runs a correction when no complaint is matched by the ticket's old or new customer data and the customer is not being
 * erased, on whichever node, and no other act on the ticket runs here.
 * @throws Refusal `ticket_not_found`; Conflict `write_conflict`
 */
export const withCorrection = <T>(
  deps: CommandDeps,
  ticketNo: TicketNo,
  changes: PersonChanges,
  work: () => Promise<T>,
): Promise<T> =>
  lookAgain(async () => {
    const ticket = await readTicket(deps, ticketNo)
    if (ticket === null) throw new Refusal('ticket_not_found', { ticketNo })
    const before = readerOf(deps.sealing, true).person(ticket.customer)
    const persons = [before, correctedPerson(before, changes)]
    return withSubject(deps, ticket.subjectId, persons, () =>
      inQueue(deps, ticketNo, async (): Promise<{ value: T } | null> => {
        const now = await readTicket(deps, ticketNo)
        return now?.customer === ticket.customer ? { value: await work() } : null
      }),
    )
  })
