/** The instant an act is stamped with, where the clock may have been set back since the act before it. */
import { type Instant, MINUTE, toEpoch } from './instant.ts'

/** A clock that was set back by more was far ahead before: its stamps are not followed. */
export const longestStepBackMs = 5 * MINUTE

/** Whether an instant of the log lies so far after the clock that it was stamped by a clock far ahead. */
export const isFarAhead = (instant: Instant, now: Instant): boolean =>
  instant > now && toEpoch(instant) - toEpoch(now) > longestStepBackMs

/**
 * The stamp of an act after what was stamped `last`: after a small step back of the clock facts do not go backwards.
 * After what was stamped far ahead it is the clock's own; what came first is then told by the versions of the stream.
 */
export const stampAfter = (now: Instant, last: Instant): Instant =>
  now < last && !isFarAhead(last, now) ? last : now
