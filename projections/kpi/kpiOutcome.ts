/** What a span counts as at an instant, in six bits: a verdict for each of the three measures (rulebook §8). */
import type { Block } from './kpiColumns.ts'

/** Two bits: a measure's verdict, or that the unit does not count in it. */
export const pending = 0
export const met = 1
export const failed = 2
export const uncounted = 3

/** Bit 0: kept, and counts on response only; 1 and 2: response and close turn to met at their instant, not to failed. */
export type Flags = number

export type Outcome = number

/** How many outcomes there are, and where the measures' verdicts stand in one. */
export const outcomes = 64
export const responseOf = (outcome: Outcome): number => outcome & 3
export const closeOf = (outcome: Outcome): number => (outcome >> 2) & 3
export const firstTimeOf = (outcome: Outcome): number => outcome >> 4

/** It counts in no measure. */
export const absent: Outcome = 63
const responseOnly = (uncounted << 2) | (uncounted << 4)

/** The outcome of the span at a place at `asOf`, epoch ms, inclusive. */
export const outcomeAt = ({ instants, flags }: Block, place: number, asOf: number): Outcome => {
  if ((instants.knownFrom[place] as number) > asOf || (instants.knownTo[place] as number) <= asOf)
    return absent
  const flag = flags[place] as Flags
  const response = (instants.responseAt[place] as number) > asOf ? pending : flag & 2 ? met : failed
  if (flag & 1) return response | responseOnly
  const close = (instants.closeAt[place] as number) > asOf ? pending : flag & 4 ? met : failed
  const isFailed = (instants.firstTimeFailedAt[place] as number) <= asOf
  const isMet = (instants.firstTimeMetAt[place] as number) <= asOf
  const firstTime = isFailed ? failed : isMet ? met : pending
  return response | (close << 2) | (firstTime << 4)
}
