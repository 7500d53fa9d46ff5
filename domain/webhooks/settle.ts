/** What becomes of a delivery after an attempt. Pure functions. */
import { nextAttemptAt, triedForMs } from './schedule.ts'
import type { PauseReason } from './webhook.ts'

export type SettledAttempt =
  | { kind: 'delivered' }
  /** Tried again at `nextAt`, epoch ms; `pause`: the endpoint is paused until somebody resumes it. */
  | { kind: 'failed'; nextAt: number; pause: PauseReason | null }
  | { kind: 'parked' }

export type AttemptToSettle = {
  /** HTTP status; `null`: none came. */
  status: number | null
  retryAfterMs: number | null
  /** Attempts until now, this one included. */
  attempts: number
  firstAt: number
  /** Since when the endpoint has answered nothing well; epoch ms. */
  failingSince: number
  now: number
  random: number
  /** Where the clock has jumped, nothing is given up by it. */
  isClockBelieved: boolean
}

const isSuccess = (status: number | null): boolean => status !== null && status >= 200 && status < 300

/** 2xx is delivered, 410 pauses the endpoint, anything else is tried again for three days (api: Webhooks). */
export const settleAttempt = (attempt: AttemptToSettle): SettledAttempt => {
  const { status, now, failingSince, isClockBelieved } = attempt
  if (isSuccess(status)) return { kind: 'delivered' }
  const next = nextAttemptAt(isClockBelieved ? attempt : { ...attempt, firstAt: now })
  if (status === 410) return { kind: 'failed', nextAt: next ?? now, pause: 'gone' }
  // before a delivery is parked: while nothing gets through, nothing is given up
  if (isClockBelieved && now - failingSince >= triedForMs)
    return { kind: 'failed', nextAt: next ?? now, pause: 'failing' }
  return next === null ? { kind: 'parked' } : { kind: 'failed', nextAt: next, pause: null }
}
