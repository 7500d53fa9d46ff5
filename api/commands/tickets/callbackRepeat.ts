import { Refusal } from '../../../domain/refusal.ts'
import type { Sealed } from '../../../domain/sealed.ts'
import type { SubjectId } from '../../../domain/subjectKeys.ts'
import type { TicketNo } from '../../../domain/ticket/events.ts'
import { problemOf } from '../../../domain/ticket/routing.ts'
import type { Ticket } from '../../../domain/ticket/state.ts'
import type { CommandDeps } from '../deps.ts'
import { type Act, readTicket } from './execute.ts'
import { type Complaint, requireTakeable, type Taken, takeComplaint } from './intake.ts'
import { readerOf } from './personal.ts'

/** As if the customer had phoned: same customer, vehicle, dealer and category, against this ticket (rulebook §11). */
const complaintAgainst = (
  deps: CommandDeps,
  ticket: Ticket,
  { externalNo, content }: { externalNo: string | null; content: string | null },
): Complaint & { subjectId: SubjectId } => ({
  channel: 'phone',
  source: null,
  category: problemOf(ticket.category),
  dealerCode: ticket.dealer,
  person: readerOf(deps.sealing, true).person(ticket.customer),
  flags: [],
  sameProblemAs: ticket.ticketNo,
  externalNo,
  receivedAt: null,
  subjectId: ticket.subjectId,
  customer: () => ticket.customer,
  text: (subject) => deps.sealing.seal(subject, { content, initialCause: null }),
})

/** A dissatisfied callback on the same problem, registered; its content is the note. */
export const registerFromCallback = async (
  deps: CommandDeps,
  ticketNo: TicketNo,
  { externalNo, text }: { externalNo: string | null; text: Sealed },
  act: Act,
): Promise<Taken> => {
  const ticket = (await readTicket(deps, ticketNo)) as Ticket
  const content = readerOf(deps.sealing, true).text(text).note ?? null
  return takeComplaint(deps, complaintAgainst(deps, ticket, { externalNo, content }), act)
}

/**
 * Refuses a callback whose repeat would be refused: it must be able to exist before the callback is recorded.
 * @throws Refusal
 */
export const requireRegistrable = async (
  deps: CommandDeps,
  ticket: Ticket,
  externalNo: string | null,
  act: Act,
): Promise<void> => {
  try {
    await requireTakeable(deps, complaintAgainst(deps, ticket, { externalNo, content: null }), act)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    // in the words of the callback's body, which has no other field of the complaint
    const pointer = error.pointer === '#/externalNo' ? '#/repeatExternalNo' : undefined
    throw new Refusal(error.code, error.params, pointer)
  }
}
