import type { Sealed } from '../../domain/sealed.ts'
import type { TicketNo } from '../../domain/ticket/events.ts'
import { problemOf } from '../../domain/ticket/routing.ts'
import type { Ticket } from '../../domain/ticket/state.ts'
import type { Deps } from '../deps.ts'
import { type Act, readTicket } from './execute.ts'
import { type Taken, takeComplaint } from './intake.ts'
import { readerOf } from './personal.ts'

/**
 * A dissatisfied callback on the same problem, registered as if the customer had phoned then: same customer,
 * vehicle, dealer and category, against this ticket; its content is the note (rulebook §11).
 */
export const registerFromCallback = async (
  deps: Deps,
  ticketNo: TicketNo,
  { externalNo, text }: { externalNo: string | null; text: Sealed },
  act: Act,
): Promise<Taken> => {
  const ticket = (await readTicket(deps, ticketNo)) as Ticket
  const reader = readerOf(deps.sealing, true)
  const content = reader.text(text).note ?? null
  return takeComplaint(
    deps,
    {
      channel: 'phone',
      source: null,
      category: problemOf(ticket.category),
      dealerCode: ticket.dealer,
      person: reader.person(ticket.customer),
      flags: [],
      sameProblemAs: ticketNo,
      externalNo,
      receivedAt: null,
      subjectId: ticket.subjectId,
      customer: () => ticket.customer,
      text: (subject) => deps.sealing.seal(subject, { content, initialCause: null }),
    },
    act,
  )
}
