import type { Instant } from '../instant.ts'
import { endOfDays } from './naturalDays.ts'

/**
 * First instant (epoch ms) after the window in which a repeat counts against a close (rulebook §5, Seven days):
 * 00:00 in Shanghai of the closing date + `days` + 1, for the closing day does not count. Holidays do not extend it.
 */
export const repeatWindowEnd = endOfDays

/** A closing, and the end of its window as it was frozen then; both `null` while a ticket is not closed. */
type ClosingTimes = { closedAt: Instant | null; repeatWindowEndsAt: Instant | null }

/**
 * Whether a complaint received at `receivedAt` comes in time to repeat: strictly after the closing and before the
 * window's end (rulebook §5, Seven days). A closing that is stamped after `now`, the instant of the act, came before it
 * all the same: a clock that was ahead then stamped it.
 */
export const isInsideRepeatWindow = (
  { closedAt, repeatWindowEndsAt }: ClosingTimes,
  receivedAt: Instant,
  now: Instant | null = null,
): boolean =>
  closedAt !== null &&
  repeatWindowEndsAt !== null &&
  (closedAt < receivedAt || (now !== null && closedAt > now)) &&
  receivedAt < repeatWindowEndsAt
