import { dayNumber, dayStart, type Instant, toEpoch } from '../instant.ts'

/**
 * First instant (epoch ms) after the window in which a repeat counts against a close (rulebook §5, Seven days):
 * 00:00 in Shanghai of the closing date + `days` + 1, for the closing day does not count. Holidays do not extend it.
 */
export const repeatWindowEnd = (closedMs: number, days: number): number =>
  dayStart(dayNumber(closedMs) + days + 1)

/**
 * Whether a complaint received at `receivedAt` repeats a ticket closed at `closedAt` in time: strictly after the
 * closing and before the window's end (rulebook §5, Seven days).
 */
export const insideRepeatWindow = (closedAt: Instant, receivedAt: Instant, days: number): boolean => {
  const received = toEpoch(receivedAt)
  const closed = toEpoch(closedAt)
  return closed < received && received < repeatWindowEnd(closed, days)
}
