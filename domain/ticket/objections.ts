/** Objections 申诉 (rulebook §14): a dealer objects to measures of one of its units; an upheld one takes it out of them. */
import { isOfUnit } from '../authority.ts'
import { quarterOf } from '../instant.ts'
import { Refusal } from '../refusal.ts'
import type { CommandOf } from './commands.ts'
import type { TicketEvent } from './events.ts'
import { isOver, type Objection, type Ticket } from './state.ts'
import { type TicketUnit, unitsOf } from './units.ts'

/** The unit of a dealer that counts in its rates; `null`: it has none at this ticket. */
export const unitOfDealer = (ticket: Ticket, dealer: string): TicketUnit | null =>
  unitsOf(ticket).find(({ tier, term }) => tier === 'dealer' && term.unit === dealer) ?? null

/** The objection to a unit, whatever became of it. */
const objectionTo = ({ objections }: Ticket, { term }: TicketUnit): Objection | undefined =>
  objections.find(({ dealer, dispatchedAt }) => dealer === term.unit && dispatchedAt === term.startedAt)

/** @throws Refusal `objection_not_found` */
export const findObjection = ({ objections }: Ticket, objectionId: string): Objection => {
  const found = objections.find((each) => each.objectionId === objectionId)
  if (found === undefined) throw new Refusal('objection_not_found', { objectionId })
  return found
}

/**
 * Objects to measures of the dealer's unit, once, until its quarter is frozen.
 * @throws Refusal `ticket_is_over`, `no_unit_of_dealer`, `quarter_is_frozen`, `already_objected`, `measure_not_counted`,
 * `unknown_attachment`
 */
export const raiseObjection = (ticket: Ticket, command: CommandOf<'RaiseObjection'>): TicketEvent[] => {
  const { dealer, measures, attachmentIds, frozenRevision, text } = command
  if (isOver(ticket)) throw new Refusal('ticket_is_over')
  const own = ticket.objections.find((each) => each.dealer === dealer)
  const unit = unitOfDealer(ticket, dealer)
  // a unit that an upheld objection took out of every measure is no unit any more
  if (unit === null && own?.status === 'upheld')
    throw new Refusal('already_objected', { objectionId: own.objectionId })
  if (unit === null) throw new Refusal('no_unit_of_dealer', { code: dealer })
  const { startedAt: dispatchedAt, rbo } = unit.term
  const quarter = quarterOf(dispatchedAt)
  if (frozenRevision !== null) throw new Refusal('quarter_is_frozen', { quarter, revision: frozenRevision })
  const before = objectionTo(ticket, unit)
  if (before !== undefined) throw new Refusal('already_objected', { objectionId: before.objectionId })
  const stranger = measures.findIndex((measure) => unit.onlyResponse && measure !== 'response')
  if (stranger >= 0)
    throw new Refusal('measure_not_counted', { measure: measures[stranger]! }, `#/measures/${stranger}`)
  const attachments = new Set(ticket.attachments.map((each) => each.attachmentId))
  const unknown = attachmentIds.findIndex((id) => !attachments.has(id))
  if (unknown >= 0)
    throw new Refusal(
      'unknown_attachment',
      { attachment: attachmentIds[unknown]! },
      `#/attachmentIds/${unknown}`,
    )
  const objectionId = `${ticket.ticketNo}-O${ticket.objections.length + 1}`
  return [
    {
      type: 'ObjectionRaised',
      data: {
        ...{ objectionId, dealer, rbo, dispatchedAt, quarter, measures: [...new Set(measures)] },
        ...(attachmentIds.length > 0 && { attachmentIds: [...new Set(attachmentIds)] }),
        text,
      },
    },
  ]
}

/** An objection that nobody has decided on a ticket that still counts. */
const openObjection = (ticket: Ticket, objectionId: string): Objection => {
  const objection = findObjection(ticket, objectionId)
  if (isOver(ticket)) throw new Refusal('ticket_is_over')
  if (objection.status !== 'open') throw new Refusal('objection_not_open', { status: objection.status })
  return objection
}

/** @throws Refusal `objection_not_found`, `ticket_is_over`, `objection_not_open`, `not_this_dealer` */
export const withdrawObjection = (
  ticket: Ticket,
  { objectionId, actor }: CommandOf<'WithdrawObjection'>,
): TicketEvent[] => {
  const { dealer } = findObjection(ticket, objectionId)
  if (!isOfUnit(actor, 'dealer', dealer)) throw new Refusal('not_this_dealer', { code: dealer })
  openObjection(ticket, objectionId)
  return [{ type: 'ObjectionWithdrawn', data: { objectionId } }]
}

/** Upholds or rejects an objection. @throws Refusal `objection_not_found`, `ticket_is_over`, `objection_not_open` */
export const decideObjection = (
  ticket: Ticket,
  { objectionId, decision, text }: CommandOf<'DecideObjection'>,
): TicketEvent[] => {
  const { dealer, dispatchedAt, measures } = openObjection(ticket, objectionId)
  return [
    {
      type: 'ObjectionDecided',
      data: { objectionId, decision, dealer, dispatchedAt, measures: [...measures], text },
    },
  ]
}
