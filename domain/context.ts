import type { Instant } from './instant.ts'
import type { Master } from './master.ts'

/** What a decision may look at beside its own state: the clock, and master data as known at it. */
export type Context = { master: Master; now: Instant }
