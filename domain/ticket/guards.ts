/** The guards that several acts share (rulebook §4). */
import type { State } from '../codes.ts'
import type { Instant } from '../instant.ts'
import type { Dealer, Master } from '../master.ts'
import { Refusal } from '../refusal.ts'
import { isOver, type Ticket } from './state.ts'

/** @throws Refusal `ticket_is_over`, `wrong_state` */
export const requireState = (ticket: Ticket, ...allowed: State[]): void => {
  if (isOver(ticket)) throw new Refusal('ticket_is_over')
  if (!allowed.includes(ticket.state))
    throw new Refusal('wrong_state', { state: ticket.state, allowed: allowed.join(' / ') })
}

/** @throws Refusal `unknown_dealer` */
export const requireDealer = (master: Master, code: string, pointer = '#/dealerCode'): Dealer => {
  const dealer = master.dealer(code)
  if (dealer === null) throw new Refusal('unknown_dealer', { code }, pointer)
  return dealer
}

/** A dealer that may be given new work. @throws Refusal `unknown_dealer`, `inactive_dealer` */
export const requireActiveDealer = (master: Master, code: string, pointer = '#/dealerCode'): Dealer => {
  const dealer = requireDealer(master, code, pointer)
  if (!dealer.active) throw new Refusal('inactive_dealer', { code }, pointer)
  return dealer
}

/** @throws Refusal `future_instant`, `before_registration` */
export const requirePast = (occurredAt: Instant | null, ticket: Ticket, now: Instant): void => {
  if (occurredAt === null) return
  if (occurredAt > now) throw new Refusal('future_instant', {}, '#/occurredAt')
  // nothing is before a registration that a clock far ahead stamped
  if (occurredAt < ticket.registeredAt && ticket.registeredAt <= now)
    throw new Refusal('before_registration', {}, '#/occurredAt')
}
