/** Repeats and rescission: acts that concern two tickets (rulebook §4, §6). */

import { isInsideRepeatWindow } from '../calendar/repeatWindow.ts'
import type { Context } from '../context.ts'
import { Refusal } from '../refusal.ts'
import type { CommandOf } from './commands.ts'
import type { TicketEvent } from './events.ts'
import { requireState } from './guards.ts'
import { moveToTierOf } from './moving.ts'
import { isOver, type Ticket } from './state.ts'

const requireNoRepeat = (earlier: Ticket): void => {
  requireState(earlier, 'completed')
  if (earlier.escalatedTo !== null)
    throw new Refusal('already_has_repeat', { ticketNo: earlier.ticketNo, repeat: earlier.escalatedTo })
}

/** A ticket that may become a repeat. @throws Refusal `ticket_is_over`, `wrong_state`, `already_a_repeat` */
const requireLinkable = (later: Ticket): void => {
  requireState(later, 'unhandled', 'in_progress')
  const { ticketNo, escalatedFrom } = later
  if (escalatedFrom !== null)
    throw new Refusal('already_a_repeat', { ticketNo, of: escalatedFrom }, '#/ticketNo')
}

/** First half of an escalation: the earlier ticket fails its first-time measure and names its repeat. */
export const openRepeat = (earlier: Ticket, { registration }: CommandOf<'OpenRepeat'>): TicketEvent[] => {
  requireNoRepeat(earlier)
  const { ticketNo, ordinal } = registration
  return [{ type: 'RepeatLinked', data: { repeat: ticketNo, ordinal, registration, text: null } }]
}

/** By hand: both tickets exist; the later one must be able to take the link before either changes. */
export const linkRepeat = (
  earlier: Ticket,
  command: CommandOf<'LinkRepeat'>,
  context: Context,
): TicketEvent[] => {
  const { repeat, text } = command
  if (repeat.ticketNo === earlier.ticketNo) throw new Refusal('same_ticket', {}, '#/ticketNo')
  requireNoRepeat(earlier)
  requireLinkable(repeat)
  const { closedAt, closing } = earlier
  const repeatWindowEndsAt = closing?.repeatWindowEndsAt ?? null
  if (!isInsideRepeatWindow({ closedAt, repeatWindowEndsAt }, repeat.receivedAt, context.now))
    throw new Refusal(
      'outside_repeat_window',
      { days: context.master.policy.values.repeatWindowDays },
      '#/ticketNo',
    )
  const ordinal = earlier.ordinal + 1
  moveToTierOf(repeat, { category: repeat.category, ordinal, dealerCode: repeat.dealer }, context)
  return [{ type: 'RepeatLinked', data: { repeat: repeat.ticketNo, ordinal, registration: null, text } }]
}

/**
 * Second half of a link by hand, judged on its own stream by the same rules as the first; where §3 names another tier
 * for the new ordinal, the ticket moves there. @throws Refusal
 */
export const becomeRepeat = (
  later: Ticket,
  command: CommandOf<'BecomeRepeat'>,
  context: Context,
): TicketEvent[] => {
  const { of, ordinal } = command
  if (later.escalatedFrom === of) return []
  requireLinkable(later)
  const { category, dealer } = later
  return [
    { type: 'BecameRepeat', data: { of, ordinal } },
    ...moveToTierOf(later, { category, ordinal, dealerCode: dealer }, context),
  ]
}

/** A link made in error is withdrawn; the earlier ticket's first-time measure counts again. */
export const unlinkRepeat = (earlier: Ticket, { repeat, text }: CommandOf<'UnlinkRepeat'>): TicketEvent[] => {
  // a damaged log may have a ticket that is over and has a repeat: that link can be withdrawn too
  if (earlier.escalatedTo !== repeat && isOver(earlier)) throw new Refusal('ticket_is_over')
  if (earlier.escalatedTo !== repeat)
    throw new Refusal('not_linked', { repeat, ticketNo: earlier.ticketNo }, '#/ticketNo')
  return [{ type: 'RepeatUnlinked', data: { repeat, echo: false, text } }]
}

/** The same where the repeat itself went away. */
export const loseRepeat = (earlier: Ticket, { repeat }: CommandOf<'LoseRepeat'>): TicketEvent[] =>
  earlier.escalatedTo === repeat ? [{ type: 'RepeatUnlinked', data: { repeat, echo: true, text: null } }] : []

/** The later ticket of a withdrawn link keeps holder, ordinal and clocks and stays related. */
export const ceaseToBeRepeat = (later: Ticket, { of }: CommandOf<'CeaseToBeRepeat'>): TicketEvent[] =>
  later.escalatedFrom === of ? [{ type: 'CeasedToBeRepeat', data: { of, echo: true } }] : []

/** What a ticket that leaves withdraws on its own side; the other tickets follow. */
export const withdrawLinks = (ticket: Ticket): TicketEvent[] => [
  ...(ticket.escalatedFrom === null
    ? []
    : [{ type: 'CeasedToBeRepeat', data: { of: ticket.escalatedFrom, echo: false } } satisfies TicketEvent]),
  ...(ticket.escalatedTo === null
    ? []
    : [
        {
          type: 'RepeatUnlinked',
          data: { repeat: ticket.escalatedTo, echo: false, text: null },
        } satisfies TicketEvent,
      ]),
]

/** A survivor stays while it has duplicates: they would have none (rulebook §4). @throws Refusal `has_duplicates` */
export const requireNoDuplicates = ({ ticketNo, absorbed }: Ticket): void => {
  const [first] = absorbed
  if (first !== undefined) throw new Refusal('has_duplicates', { ticketNo, duplicate: first.duplicate })
}

/** Leaves the KPI for good. */
export const rescind = (ticket: Ticket, { text }: CommandOf<'Rescind'>): TicketEvent[] => {
  requireState(ticket, 'unhandled', 'in_progress', 'completed')
  requireNoDuplicates(ticket)
  return [{ type: 'TicketRescinded', data: { text } }, ...withdrawLinks(ticket)]
}
