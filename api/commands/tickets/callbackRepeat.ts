/** The complaint that a dissatisfied callback on the same problem registers (rulebook §11). */
import { Refusal } from '../../../domain/refusal.ts'
import type { SealedText } from '../../../domain/sealed.ts'
import type { SubjectId } from '../../../domain/subjectKeys.ts'
import type { TicketNo } from '../../../domain/ticket/events.ts'
import { problemOf } from '../../../domain/ticket/routing.ts'
import type { Ticket } from '../../../domain/ticket/state.ts'
import type { Act } from '../act.ts'
import type { CommandDeps } from '../deps.ts'
import { hashesOfPerson } from './customer.ts'
import { withCustomers } from './customerQueue.ts'
import { readTicket } from './execute.ts'
import { type IntakeResult, takeHeld } from './intake.ts'
import { type IncomingComplaint, requireTakeable } from './matchComplaint.ts'
import { readerOf } from './personal.ts'
import { type HeldTickets, withTickets } from './twoTickets.ts'

/** As if the customer had phoned: same customer, vehicle, dealer and category, against this ticket (rulebook §11). */
const complaintAgainst = (
  deps: CommandDeps,
  ticket: Ticket,
  { externalNo, content }: { externalNo: string | null; content: string | null },
): IncomingComplaint & { subjectId: SubjectId } => ({
  channel: 'phone',
  source: null,
  category: problemOf(ticket.category),
  dealerCode: ticket.dealer,
  person: readerOf(deps.sealing, true).person(ticket.customer),
  flags: [],
  sameProblemAs: ticket.ticketNo,
  externalNo,
  receivedAt: null,
  weight: {},
  subjectId: ticket.subjectId,
  customer: () => ticket.customer,
  text: (subject) => deps.sealing.seal(subject, { content, initialCause: null }),
})

/** A ticket and all that stand for it: what the complaint may be matched with. Ends whatever the data. */
const chainFrom = (deps: CommandDeps, ticketNo: TicketNo): TicketNo[] => {
  const chain = new Set<TicketNo>()
  let next: TicketNo | null = ticketNo
  while (next !== null && !chain.has(next)) {
    chain.add(next)
    const known = deps.views.customers.known(next)
    next = known?.duplicateOf ?? known?.escalatedTo ?? null
  }
  return [...chain]
}

/**
 * Holds all that a callback and its complaint rest on: the customer, the external number, the ticket and its repeats.
 * @throws Refusal `ticket_not_found`
 */
export const withCallback = async <T>(
  deps: CommandDeps,
  ticketNo: TicketNo,
  externalNo: string | null,
  work: (held: HeldTickets) => Promise<T>,
): Promise<T> => {
  const ticket = await readTicket(deps, ticketNo)
  if (ticket === null) throw new Refusal('ticket_not_found', { ticketNo })
  const complaint = complaintAgainst(deps, ticket, { externalNo, content: null })
  return withCustomers(deps, complaint, () => withTickets(deps, async () => chainFrom(deps, ticketNo), work))
}

/** A dissatisfied callback on the same problem, registered; its content is the note. The caller holds `held`. */
export const registerFromCallback = async (
  deps: CommandDeps,
  ticketNo: TicketNo,
  { externalNo, text }: { externalNo: string | null; text: SealedText },
  { act, held }: { act: Act; held: HeldTickets },
): Promise<IntakeResult> => {
  const ticket = (await readTicket(deps, ticketNo)) as Ticket
  const content = readerOf(deps.sealing, true).text(text).note ?? null
  const complaint = complaintAgainst(deps, ticket, { externalNo, content })
  const hashes = hashesOfPerson(deps, complaint.person)
  return takeHeld(deps, complaint, { act, hashes, held })
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
