/** Counts of severity, remedy and decision, sums of goodwill, the mean score of callbacks (rulebook §14). */
import { type Decision, decisions, type Remedy, remedies, type Severity, severities } from './codes.ts'

/** What one complaint adds; `goodwill` whole CNY; `scoreSum` of so many `scores`. */
export type Weight = {
  severity: string | null
  safety: boolean
  remedy: string | null
  decision: string | null
  goodwill: number
  scoreSum: number
  scores: number
}

export type WeightCounts = {
  severities: Record<Severity, number>
  /** Complaints that claim a danger to people. */
  safety: number
  remedies: Record<Remedy, number>
  decisions: Record<Decision, number>
  /** Whole CNY. */
  goodwill: number
  /** `mean`: two decimals, half up; `null` where nobody gave one. */
  scores: { count: number; mean: number | null }
}

/** Half up, to two decimals, from integers; `null` of none. */
export const meanOf = (sum: number, count: number): number | null =>
  count === 0 ? null : Math.floor((sum * 200 + count) / (2 * count)) / 100

const noneOf = <T extends object>(table: T): Record<keyof T, number> =>
  Object.fromEntries(Object.keys(table).map((code) => [code, 0])) as Record<keyof T, number>

const count = (counts: Record<string, number>, code: string | null): void => {
  if (code !== null) counts[code] = (counts[code] ?? 0) + 1
}

export type WeightTally = { add(weight: Weight): void; counts(): WeightCounts }

export const createWeightTally = (): WeightTally => {
  const counts = { severities: noneOf(severities), remedies: noneOf(remedies), decisions: noneOf(decisions) }
  const sums = { safety: 0, goodwill: 0, scoreSum: 0, scores: 0 }
  return {
    add: ({ severity, safety, remedy, decision, goodwill, scoreSum, scores }) => {
      count(counts.severities, severity)
      count(counts.remedies, remedy)
      count(counts.decisions, decision)
      if (safety) sums.safety += 1
      sums.goodwill += goodwill
      sums.scoreSum += scoreSum
      sums.scores += scores
    },
    counts: () => ({
      ...counts,
      safety: sums.safety,
      goodwill: sums.goodwill,
      scores: { count: sums.scores, mean: meanOf(sums.scoreSum, sums.scores) },
    }),
  }
}
