/** The three measures of a unit and how they turn with time (rulebook §8). */
import { isOverState, type State, type Verdict } from '../codes.ts'
import { type Instant, toEpoch, toInstant } from '../instant.ts'

export const measureNames = ['response', 'close', 'firstTime'] as const
export type MeasureName = (typeof measureNames)[number]

/**
 * When a measure turns to met and to failed; `null`: not by what is known. Both may lie ahead, since a deadline
 * fails by itself. A failure outweighs a meeting from its own instant on.
 */
export type Turns = { metAt: Instant | null; failedAt: Instant | null }

/** What a measure is at `asOf` (inclusive). */
export const verdictAt = (turns: Turns, asOf: Instant): Verdict => {
  if (turns.failedAt !== null && turns.failedAt <= asOf) return 'failed'
  return turns.metAt !== null && turns.metAt <= asOf ? 'met' : 'pending'
}

/** Response: on time means responded at or before the due, to the millisecond; failed as soon as it is past. */
export const responseTurns = (dueAt: Instant, respondedAt: Instant | null): Turns =>
  respondedAt !== null && respondedAt <= dueAt
    ? { metAt: respondedAt, failedAt: null }
    : { metAt: null, failedAt: toInstant(toEpoch(dueAt) + 1) }

/** Close: on time means closed before the due, which is the first instant too late. */
export const closeTurns = (dueAt: Instant, closedAt: Instant | null): Turns =>
  closedAt !== null && closedAt < dueAt
    ? { metAt: closedAt, failedAt: null }
    : { metAt: null, failedAt: dueAt }

/** First time: met once the seven days are over without a repeat, failed from the moment one is linked. */
export const firstTimeTurns = (
  repeatWindowEndsAt: Instant | null,
  repeatLinkedAt: Instant | null,
): Turns => ({
  metAt: repeatWindowEndsAt,
  failedAt: repeatLinkedAt,
})

/** Met, failed and pending of a set of units. */
export type Counts = { met: number; failed: number; pending: number }

/** Percent with two decimals, half up, from integers; `null` where there are no units (rulebook §8). */
export const rateOf = ({ met, failed, pending }: Counts): number | null => {
  const sum = met + failed + pending
  return sum === 0 ? null : Math.floor((met * 20_000 + sum) / (2 * sum)) / 100
}

/** What the measures of a ticket rest on: its holder's clocks and acts. */
export type Measured = {
  state: State
  responseDueAt: Instant
  respondedAt: Instant | null
  /** `null`: the ticket was converted to C, and its close is failed. */
  closeDueAt: Instant | null
  closedAt: Instant | null
  repeatWindowEndsAt: Instant | null
  repeatLinkedAt: Instant | null
}

/** What a ticket's own three measures are: its holder's; `null` of one that left the KPI (rulebook §8). */
export const measuresOf = (
  ticket: Measured,
  now: Instant,
): { response: Verdict | null; close: Verdict | null; firstTime: Verdict | null } => {
  if (isOverState(ticket.state)) return { response: null, close: null, firstTime: null }
  const { responseDueAt, respondedAt, closeDueAt, closedAt, repeatWindowEndsAt, repeatLinkedAt } = ticket
  return {
    response: verdictAt(responseTurns(responseDueAt, respondedAt), now),
    close: closeDueAt === null ? 'failed' : verdictAt(closeTurns(closeDueAt, closedAt), now),
    firstTime: verdictAt(firstTimeTurns(repeatWindowEndsAt, repeatLinkedAt), now),
  }
}
