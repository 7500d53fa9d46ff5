/** Marking a ticket a duplicate of another, and undoing it: acts that concern two tickets (rulebook §4). */
import { Refusal } from '../refusal.ts'
import type { SealedText } from '../sealed.ts'
import type { CommandOf } from './commands.ts'
import type { TicketEvent } from './events.ts'
import { requireState } from './guards.ts'
import { requireNoDuplicates, withdrawLinks } from './linking.ts'
import { callsOfDuplicate, isOver, type Ticket } from './state.ts'

/** @throws Refusal `ticket_not_usable` */
const requireSurvivor = (survivor: Ticket): void => {
  if (isOver(survivor)) throw new Refusal('ticket_not_usable', { ticketNo: survivor.ticketNo }, '#/ticketNo')
}

/**
 * First half: the duplicate leaves the KPI and its links, and names the calls that its survivor takes over. From then
 * on nothing can be logged on it, so no call is lost or counted twice.
 * @throws Refusal `same_ticket`, `ticket_is_over`, `has_duplicates`, `ticket_not_usable`
 */
export const markDuplicate = (ticket: Ticket, command: CommandOf<'MarkDuplicate'>): TicketEvent[] => {
  const { survivor, text } = command
  if (survivor.ticketNo === ticket.ticketNo) throw new Refusal('same_ticket', {}, '#/ticketNo')
  requireState(ticket, 'unhandled', 'in_progress', 'completed')
  requireSurvivor(survivor)
  requireNoDuplicates(ticket)
  const data = { of: survivor.ticketNo, text, calls: callsOfDuplicate(ticket) }
  return [{ type: 'MarkedDuplicate', data }, ...withdrawLinks(ticket)]
}

/** Second half: the survivor takes over the calls. @throws Refusal `ticket_not_usable` */
export const absorbDuplicate = (survivor: Ticket, command: CommandOf<'AbsorbDuplicate'>): TicketEvent[] => {
  const { duplicate, calls, text } = command
  if (survivor.absorbed.some((each) => each.duplicate === duplicate)) return []
  requireSurvivor(survivor)
  return [{ type: 'DuplicateAbsorbed', data: { duplicate, calls, text, echo: true } }]
}

/** Second half in logs where the survivor took over the calls first. @throws Refusal as `markDuplicate` */
export const becomeDuplicate = (
  ticket: Ticket,
  { of, text }: CommandOf<'BecomeDuplicate'>,
): TicketEvent[] => {
  if (ticket.duplicateOf === of) return []
  requireState(ticket, 'unhandled', 'in_progress', 'completed')
  requireNoDuplicates(ticket)
  return [{ type: 'MarkedDuplicate', data: { of, text } }, ...withdrawLinks(ticket)]
}

/** Second half of undoing: what was taken over leaves the former survivor's count. */
export const releaseDuplicate = (
  survivor: Ticket,
  { duplicate }: Pick<CommandOf<'ReleaseDuplicate'>, 'duplicate'>,
): Extract<TicketEvent, { type: 'DuplicateReleased' }>[] => {
  const taken = survivor.absorbed.filter((each) => each.duplicate === duplicate)
  if (taken.length === 0) return []
  const calls = taken.reduce((sum, each) => sum + each.calls, 0)
  return [{ type: 'DuplicateReleased', data: { duplicate, calls } }]
}

type CountedDuplicate = NonNullable<CommandOf<'UndoDuplicate'>['counted']> & { text: SealedText }

/** @throws Refusal `has_duplicates`: it is a duplicate, to be undone there; `not_a_duplicate`: it is not counted */
const giveBack = (survivor: Ticket, { duplicate, of, text }: CountedDuplicate): TicketEvent[] => {
  const { ticketNo } = survivor
  if (of === ticketNo) throw new Refusal('has_duplicates', { ticketNo, duplicate }, '#/ticketNo')
  const released = releaseDuplicate(survivor, { duplicate })
  if (released.length === 0) throw new Refusal('not_a_duplicate', { ticketNo: duplicate }, '#/ticketNo')
  return released.map(({ type, data }) => ({ type, data: { ...data, text } }))
}

/**
 * The ticket is open or completed as before and counts again; its links stay withdrawn, and warnings that its calls
 * raised at the survivor stay. With `counted`, the ticket is a survivor that gives back the calls of one that is not
 * its duplicate, as a damaged log may have it. @throws Refusal `not_a_duplicate`, `has_duplicates`
 */
export const undoDuplicate = (ticket: Ticket, command: CommandOf<'UndoDuplicate'>): TicketEvent[] => {
  const { text, counted } = command
  const { ticketNo, duplicateOf } = ticket
  if (counted !== null) return giveBack(ticket, { ...counted, text })
  if (duplicateOf === null) throw new Refusal('not_a_duplicate', { ticketNo })
  return [{ type: 'DuplicateUndone', data: { of: duplicateOf, text } }]
}
