/** Instants in rows are whole milliseconds since 1970; outside they are `Instant`s. */
import { type Instant, never, toInstant } from '../domain/instant.ts'

export const instantOrNull = (epochMs: number | null): Instant | null =>
  epochMs === null || epochMs === never ? null : toInstant(epochMs)
