/** How grave a complaint is and what its customer asks for (rulebook §14): changes no clock, no tier and no rate. */
import type { Flag } from '../codes.ts'
import { Refusal } from '../refusal.ts'
import type { CommandOf } from './commands.ts'
import type { TicketEvent } from './events.ts'
import { isOver, type Ticket } from './state.ts'

/** What a customer flagged, and `hq_special` where a danger to people is claimed. */
export const flagsWithSafety = (flags: readonly Flag[], safety: boolean | undefined): Flag[] =>
  safety !== true || flags.includes('hq_special') ? [...flags] : [...flags, 'hq_special']

/**
 * Changes what differs of severity, safety and remedy. `safety` flags the ticket `hq_special` (W6) the first time only.
 * @throws Refusal `ticket_is_over`
 */
export const changeWeight = (
  ticket: Ticket,
  { severity, safety, remedy, hasRemedyText, text }: CommandOf<'ChangeWeight'>,
): TicketEvent[] => {
  if (isOver(ticket)) throw new Refusal('ticket_is_over')
  const changes = {
    ...(severity !== undefined && severity !== ticket.severity && { severity }),
    ...(safety !== undefined && safety !== ticket.safety && { safety }),
    ...(remedy !== undefined && remedy !== ticket.remedy && { remedy }),
    ...(hasRemedyText && { hasRemedyText: true as const }),
  }
  if (Object.keys(changes).length === 0) return []
  const isFlagged = changes.safety === true && !ticket.safetyFlagged
  const flags = isFlagged ? { flags: flagsWithSafety([], true) } : {}
  return [{ type: 'WeightChanged', data: { ...changes, ...flags, text } }]
}
