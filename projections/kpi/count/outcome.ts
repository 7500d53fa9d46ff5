/** What a unit version counts as at an instant, in six bits: a verdict for each of the three measures (rulebook §8). */
import { verdictNumberAt } from '../../../domain/ticket/measures.ts'

/** Two bits a measure, see `verdictNumbers`; or this: the unit does not count in the measure. */
const uncounted = 3

export type OutcomeNumber = number

/** How many outcomes there are. */
export const outcomes = 64
/** The numbers of the measures' verdicts in an outcome. */
export const responseOf = (outcome: OutcomeNumber): number => outcome & 3
export const closeOf = (outcome: OutcomeNumber): number => (outcome >> 2) & 3
export const firstTimeOf = (outcome: OutcomeNumber): number => outcome >> 4

/** It counts in no measure: all bits are set, so that an outcome becomes this one by `| absent`. */
export const absent: OutcomeNumber = uncounted | (uncounted << 2) | (uncounted << 4)

/** What a unit's outcome becomes by `| mask`: it does not count in the measures of these bits, see `bitsOfMeasures`. */
export const uncountedMask = (kept: number, excluded: number): OutcomeNumber =>
  (kept === 1 ? (uncounted << 2) | (uncounted << 4) : 0) |
  (excluded & 1 ? uncounted : 0) |
  (excluded & 2 ? uncounted << 2 : 0) |
  (excluded & 4 ? uncounted << 4 : 0)

type Times = Record<
  | 'knownFrom'
  | 'knownTo'
  | 'responseMetAt'
  | 'responseFailedAt'
  | 'closeMetAt'
  | 'closeFailedAt'
  | 'firstTimeMetAt'
  | 'firstTimeFailedAt',
  Float64Array
>

/** The outcome of the version in a row at `asOf`, epoch ms, inclusive. */
export const outcomeAt = (
  { instants, bytes }: { instants: Times; bytes: { uncounted: Uint8Array } },
  row: number,
  asOf: number,
): OutcomeNumber => {
  if ((instants.knownFrom[row] as number) > asOf || (instants.knownTo[row] as number) <= asOf) return absent
  const verdictOf = (metAt: Float64Array, failedAt: Float64Array): number =>
    verdictNumberAt(metAt[row] as number, failedAt[row] as number, asOf)
  const response = verdictOf(instants.responseMetAt, instants.responseFailedAt)
  const close = verdictOf(instants.closeMetAt, instants.closeFailedAt)
  const firstTime = verdictOf(instants.firstTimeMetAt, instants.firstTimeFailedAt)
  return response | (close << 2) | (firstTime << 4) | (bytes.uncounted[row] as number)
}
