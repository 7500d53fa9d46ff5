/** When a delivery that failed is tried again, and when no more. Pure functions. */
import { DAY, HOUR, type Instant, MINUTE, toEpoch, toInstant } from '../instant.ts'

const SECOND = 1_000

/** Pauses after the first, second, … failure, milliseconds; the last one repeats. */
const retryPausesMs = [
  5 * SECOND,
  30 * SECOND,
  2 * MINUTE,
  10 * MINUTE,
  HOUR,
  3 * HOUR,
  6 * HOUR,
  12 * HOUR,
] as const

/** So long a delivery is tried, counted from its first attempt. */
export const triedForMs = 3 * DAY

/** A pause is lengthened by up to so much of itself, so that not everything comes back at once. */
const jitter = 0.1

/** A receiver's `Retry-After` is followed up to here. */
const longestRetryAfterMs = 12 * HOUR

export type FailedAttempt = {
  /** Attempts until now, this one included. */
  attempts: number
  /** Epoch ms. */
  firstAt: number
  now: number
  /** What the receiver's `Retry-After` asks for, milliseconds; `null`: nothing. */
  retryAfterMs: number | null
  /** From 0 to 1. */
  random: number
}

/** Epoch ms of the next attempt; `null`: three days are over, the delivery is parked. */
export const nextAttemptAt = (failed: FailedAttempt): number | null => {
  const { attempts, firstAt, now, retryAfterMs, random } = failed
  if (now - firstAt >= triedForMs) return null
  const pause = retryPausesMs[Math.min(attempts, retryPausesMs.length) - 1] as number
  const asked = Math.min(retryAfterMs ?? 0, longestRetryAfterMs)
  const at = now + Math.max(pause * (1 + jitter * random), asked)
  // the last attempt is made when the three days end
  return Math.min(at, Math.max(firstAt + triedForMs, now + asked))
}

export const addHours = (at: Instant, hours: number): Instant => toInstant(toEpoch(at) + hours * HOUR)
