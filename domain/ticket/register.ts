/** Registration and every dispatch (rulebook §3, §4). */

import type { HolderTier } from '../codes.ts'
import type { Context } from '../context.ts'
import { Refusal } from '../refusal.ts'
import { consumerNoticeDue, startClocks } from './clocks.ts'
import type { CommandOf } from './commands.ts'
import type { Registration, TicketEvent } from './events.ts'
import { requireActiveDealer, requireDealer } from './guards.ts'
import { levelOf, tierFor } from './routing.ts'
import type { Ticket } from './state.ts'
import { deskOf } from './warnings.ts'
import { flagsWithSafety } from './weight.ts'

/**
 * Dispatches to a tier: for dealer and RBO the unit follows from the dealer.
 * @throws Refusal `dealer_required`, `unknown_dealer`, `inactive_dealer`
 */
export const dispatchTo = (
  tier: HolderTier,
  { dealerCode, level }: { dealerCode: string | null; level: Ticket['level'] },
  { master, now }: Context,
): TicketEvent => {
  if (dealerCode === null && (tier === 'dealer' || tier === 'rbo'))
    throw new Refusal('dealer_required', { tier }, '#/dealerCode')
  const known = dealerCode === null ? null : requireDealer(master, dealerCode)
  if (tier === 'dealer') requireActiveDealer(master, dealerCode as string)
  const rbo = known?.rbo ?? null
  const unit = tier === 'dealer' ? (dealerCode as string) : tier === 'rbo' ? (rbo as string) : deskOf(tier)
  return {
    type: 'TicketDispatched',
    data: { tier, unit, dealer: dealerCode, rbo, clocks: startClocks(master, { tier, unit, level }, now) },
  }
}

/** The tier a registration goes to. C4 is never registered. @throws Refusal `category_not_for_intake` */
export const firstTier = ({ category, ordinal }: Pick<Registration, 'category' | 'ordinal'>): HolderTier => {
  const tier = tierFor(category, ordinal)
  if (tier === null) throw new Refusal('category_not_for_intake', { category }, '#/category')
  return tier
}

/** Registers a complaint and dispatches it: one act. Its warnings come from its flags alone. */
export const register = (command: CommandOf<'Register'>, context: Context): TicketEvent[] => {
  const { registration } = command
  const level = levelOf(registration.category)
  const notice = consumerNoticeDue(context.master, registration.receivedAt)
  const dispatched = dispatchTo(firstTier(registration), { dealerCode: registration.dealer, level }, context)
  return [
    {
      type: 'TicketRegistered',
      data: {
        ...registration,
        flags: flagsWithSafety(registration.flags, registration.safety),
        level,
        consumerNoticeDueAt: notice.dueAt,
        ...(notice.provisional && { consumerNoticeProvisional: true as const }),
      },
    },
    dispatched,
  ]
}
