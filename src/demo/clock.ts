/** A clock that begins in the past and is moved on, so that the demo's service lives through its quarter in seconds. */
import { uptime } from 'node:os'
import { type Instant, toInstant } from '../../domain/instant.ts'

export type DemoClock = {
  now(): Instant
  /** Milliseconds; moved on together with `now`, so that the service believes the clock. */
  monotonic(): number
  /** Moves on to `at` (epoch ms); where it is that late already, it stays. Never beyond the present. */
  goTo(at: number): void
  /** From now on it shows the present. */
  goToPresent(): void
}

/** Begins at `start`, epoch ms. `present`: the true time; tests set it. */
export const createDemoClock = (start: number, present: () => number = Date.now): DemoClock => {
  let behind = Math.max(present() - start, 0)
  return {
    now: () => toInstant(present() - behind),
    monotonic: () => uptime() * 1_000 - behind,
    goTo: (at) => {
      behind = Math.max(Math.min(behind, present() - at), 0)
    },
    goToPresent: () => {
      behind = 0
    },
  }
}
