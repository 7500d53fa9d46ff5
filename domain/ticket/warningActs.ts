/** What people do with warnings (rulebook §7). */

import { type Actor, isOfUnit } from '../authority.ts'
import type { Context } from '../context.ts'
import { Refusal } from '../refusal.ts'
import type { CommandOf } from './commands.ts'
import type { TicketEvent } from './events.ts'
import { requireState } from './guards.ts'
import { currentAssignment, currentWarnings, isOver, type Ticket, type Warning } from './state.ts'
import { nextUnitOf, raiseWarning } from './warnings.ts'

/** By hand any code, unless one is open on this assignment already. */
export const raiseByHand = (
  ticket: Ticket,
  command: CommandOf<'RaiseWarning'>,
  context: Context,
): TicketEvent[] => {
  requireState(ticket, 'unhandled', 'in_progress')
  const { code, text } = command
  if (currentWarnings(ticket).some((warning) => warning.code === code && warning.resolvedAt === null))
    throw new Refusal('warning_already_open', { warningCode: code }, '#/code')
  return [raiseWarning(ticket, { code, byHand: true, text }, context)]
}

/** @throws Refusal `warning_not_found` */
export const findWarning = (ticket: Ticket, warningId: string): Warning => {
  const warning = ticket.warnings.find((each) => each.warningId === warningId)
  if (warning === undefined) throw new Refusal('warning_not_found', { warning: warningId })
  return warning
}

/**
 * Whether the actor is of the people a warning was sent to, or, where the ticket went on to another holder since, of
 * those above that one. The ticket need not be in their scope.
 */
export const isSettler = (ticket: Ticket, warning: Warning, actor: Actor): boolean => {
  const isFormer = warning.assignment !== ticket.assignments.length
  const units = isFormer ? [warning.sentTo, nextUnitOf(currentAssignment(ticket))] : [warning.sentTo]
  return units.some(({ tier, unit }) => isOfUnit(actor, tier, unit))
}

/** Says that the warning was seen. */
export const acknowledge = (ticket: Ticket, command: CommandOf<'AcknowledgeWarning'>): TicketEvent[] => {
  if (isOver(ticket)) throw new Refusal('ticket_is_over')
  const { warningId, text } = command
  const warning = findWarning(ticket, warningId)
  if (warning.resolvedAt !== null) throw new Refusal('warning_already_resolved')
  if (warning.acknowledgedAt !== null) throw new Refusal('warning_already_acknowledged')
  return [{ type: 'WarningAcknowledged', data: { warningId, text } }]
}

/** Says what was done about it; resolving acknowledges. Warnings of a former assignment can still be resolved. */
export const resolve = (ticket: Ticket, command: CommandOf<'ResolveWarning'>): TicketEvent[] => {
  if (isOver(ticket)) throw new Refusal('ticket_is_over')
  const { warningId, text } = command
  if (findWarning(ticket, warningId).resolvedAt !== null) throw new Refusal('warning_already_resolved')
  return [{ type: 'WarningResolved', data: { warningId, text } }]
}
