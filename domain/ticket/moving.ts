/** Acts that move a ticket, change what it is, or move its dues (rulebook §4, §5, §8). */

import type { Context } from '../context.ts'
import { epochOrNull, toEpoch } from '../instant.ts'
import type { Master } from '../master.ts'
import { Refusal } from '../refusal.ts'
import { sameData } from '../sameData.ts'
import { acknowledgeDue, consumerNoticeDue, startClocks } from './clocks.ts'
import type { CommandOf } from './commands.ts'
import type { DataOf, TicketEvent } from './events.ts'
import { requireActiveDealer, requireState } from './guards.ts'
import { responseTimes, verdictAt } from './measures.ts'
import { dispatchTo } from './register.ts'
import { levelOf, tierFor } from './routing.ts'
import { currentAssignment, currentResponsibility, type Term, type Ticket } from './state.ts'

/** Rulebook §8: a former holder keeps its unit only as already failed on response, and not where it was misrouted. */
export const keepsUnit = (term: Term | null, misrouted: boolean, now: string): boolean =>
  term !== null &&
  !misrouted &&
  verdictAt(
    responseTimes(toEpoch(term.clocks.responseDueAt), epochOrNull(term.respondedAt)),
    toEpoch(now),
  ) === 'failed'

/** To another unit, with new clocks. A `dealerCode` becomes the ticket's dealer. */
export const redispatch = (
  ticket: Ticket,
  command: CommandOf<'Redispatch'>,
  context: Context,
): TicketEvent[] => {
  requireState(ticket, 'unhandled', 'in_progress')
  if (ticket.level !== 'A') throw new Refusal('b_or_c_ticket', { level: ticket.level })
  const { to, misrouted, text } = command
  const tier = 'dealerCode' in to ? 'dealer' : to.tier
  const dealerCode = 'dealerCode' in to ? to.dealerCode : ticket.dealer
  const dispatched = dispatchTo(tier, { dealerCode, level: ticket.level }, context)
  const holder = currentAssignment(ticket)
  if (dispatched.type === 'TicketDispatched' && holder.tier === tier && holder.unit === dispatched.data.unit)
    throw new Refusal('same_unit', { unit: holder.unit })
  const formerUnitKept = keepsUnit(holder, misrouted, context.now)
  return [{ type: 'TicketRedispatched', data: { misrouted, formerUnitKept, text } }, dispatched]
}

/** Dispatches where §3 names another tier than the one that holds the ticket; else all stays. */
export const moveToTierOf = (
  ticket: Ticket,
  {
    category,
    ordinal,
    dealerCode,
  }: { category: Ticket['category']; ordinal: number; dealerCode: string | null },
  context: Context,
): TicketEvent[] => {
  const tier = tierFor(category, ordinal)
  if (tier === null || tier === currentAssignment(ticket).tier) return []
  return [dispatchTo(tier, { dealerCode, level: levelOf(category) }, context)]
}

/** Among A categories, or from A to B4. */
export const reclassify = (
  ticket: Ticket,
  command: CommandOf<'Reclassify'>,
  context: Context,
): TicketEvent[] => {
  requireState(ticket, 'unhandled', 'in_progress')
  const { category, source, dealerCode, text } = command
  if (ticket.level !== 'A') throw new Refusal('b_or_c_ticket', { level: ticket.level })
  if (category === 'C4') throw new Refusal('category_not_for_intake', { category }, '#/category')
  if (category === ticket.category) throw new Refusal('same_category', { category }, '#/category')
  if (source !== null && category !== 'B4') throw new Refusal('source_not_wanted', {}, '#/source')
  const dispatched = moveToTierOf(
    ticket,
    { category, ordinal: ticket.ordinal, dealerCode: ticket.dealer ?? dealerCode },
    context,
  )
  const dealerUsed = dispatched.some(
    (event) => event.type === 'TicketDispatched' && /^(dealer|rbo)$/.test(event.data.tier),
  )
  if (dealerCode !== null && (ticket.dealer !== null || !dealerUsed))
    throw new Refusal('dealer_not_wanted', {}, '#/dealerCode')
  const level = levelOf(category)
  return [
    { type: 'TicketReclassified', data: { from: ticket.category, category, level, source, text } },
    ...dispatched,
  ]
}

/** The dealer a B ticket counts for; its clocks start now. The same again changes nothing. */
export const nameResponsibleDealer = (
  ticket: Ticket,
  { dealerCode }: CommandOf<'NameResponsibleDealer'>,
  { master, now }: Context,
): TicketEvent[] => {
  requireState(ticket, 'unhandled', 'in_progress')
  if (ticket.level !== 'B') throw new Refusal('not_a_b_ticket')
  const former = currentResponsibility(ticket)
  if (former?.unit === dealerCode) return []
  const dealer = requireActiveDealer(master, dealerCode)
  return [
    {
      type: 'ResponsibleDealerNamed',
      data: {
        dealer: dealer.code,
        rbo: dealer.rbo,
        formerUnitKept: keepsUnit(former, false, now),
        clocks: startClocks(master, { tier: 'dealer', unit: dealer.code, level: ticket.level }, now),
      },
    },
  ]
}

/** Irreversible, and only once the closing deadline is reached. */
export const convertToC = (
  ticket: Ticket,
  { text }: CommandOf<'ConvertToC'>,
  { now }: Context,
): TicketEvent[] => {
  requireState(ticket, 'unhandled', 'in_progress')
  if (ticket.level !== 'B') throw new Refusal('not_a_b_ticket')
  const dueAt = currentAssignment(ticket).clocks.closeDueAt as string
  if (now < dueAt) throw new Refusal('not_yet_due', { dueAt })
  return [{ type: 'ConvertedToC', data: { text } }]
}

/** The dues beside the assignment's that come out otherwise: the consumer's notice, warnings nobody acknowledged. */
const otherDues = (
  ticket: Ticket,
  master: Master,
): Pick<DataOf<'DeadlinesRecalculated'>, 'consumerNotice' | 'warnings'> => {
  const notice = consumerNoticeDue(master, ticket.receivedAt)
  const { consumerNoticeDueAt: dueAt, consumerNoticeProvisional: provisional } = ticket
  const warnings = ticket.warnings
    .filter(({ acknowledgedAt, resolvedAt }) => acknowledgedAt === null && resolvedAt === null)
    .flatMap((warning) => {
      const due = acknowledgeDue(master, warning.sentTo, warning.raisedAt)
      const isSame = due.dueAt === warning.ackDueAt && due.provisional === warning.provisional
      return isSame ? [] : [{ warningId: warning.warningId, ...due }]
    })
  return {
    ...(!sameData(notice, { dueAt, provisional }) && { consumerNotice: notice }),
    ...(warnings.length > 0 && { warnings }),
  }
}

/**
 * The explicit, audited recalculation: today's calendar and policy, from when the clocks began (rulebook §5). Each
 * clock of its own: the assignment's, the responsible dealer's, the consumer's notice, warnings to be acknowledged.
 */
export const recalculate = (
  ticket: Ticket,
  { text }: CommandOf<'Recalculate'>,
  { master }: Context,
): TicketEvent[] => {
  requireState(ticket, 'unhandled', 'in_progress', 'completed')
  const current = currentAssignment(ticket)
  const responsible = currentResponsibility(ticket)
  const holder = startClocks(master, { ...current, level: ticket.level }, current.startedAt)
  const responsibleDealer =
    responsible &&
    startClocks(master, { tier: 'dealer', unit: responsible.unit, level: 'B' }, responsible.startedAt)
  const others = otherDues(ticket, master)
  const isSame =
    sameData(holder, current.clocks) &&
    sameData(responsibleDealer, responsible?.clocks ?? null) &&
    Object.keys(others).length === 0
  return isSame
    ? []
    : [{ type: 'DeadlinesRecalculated', data: { holder, responsibleDealer, ...others, text } }]
}
