/** Instants in rows are whole milliseconds since 1970; outside they are `Instant`s. */
import { type Instant, toEpoch, toInstant } from '../domain/instant.ts'

/** Sorts after every instant: stands for "not by what is known" where a column takes part in an order. */
export const never = 9_000_000_000_000_000

export const epochOrNull = (instant: Instant | null): number | null =>
  instant === null ? null : toEpoch(instant)

export const instantOrNull = (epochMs: number | null): Instant | null =>
  epochMs === null || epochMs === never ? null : toInstant(epochMs)
