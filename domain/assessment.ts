/** The quarter's score, ranks, rewards and penalties (rulebook §9). */
import type { Policy } from './policy.ts'
import { type Counts, type MeasureName, measureNames } from './ticket/measures.ts'

/** From 2014 Q4 on; earlier quarters are refused. */
export const firstQuarter = '2014Q4'

export type DealerQuarter = {
  dealer: string
  total: number
  counts: Record<MeasureName, Counts>
  /** Cars handed over; `null` where nobody entered them. */
  deliveries: number | null
}

export type AssessmentOutcome = 'reward' | 'penalty' | 'none' | 'unranked' | 'tie_unresolved'

export type DealerAssessment<D extends DealerQuarter = DealerQuarter> = D & {
  score: number | null
  rank: number | null
  outcome: AssessmentOutcome
  /** Whole CNY, a penalty negative. */
  amount: number
}

/** HQ's choice among dealers tied across the cut; it stands as long as the tied set is the same. */
export type TieDecision = { rbo: string; tied: readonly string[]; rewarded: readonly string[] }

type ScoredDealer<D extends DealerQuarter> = D & { score: number }

const sumOf = ({ met, failed, pending }: Counts): number => met + failed + pending

/**
 * The score in points with two decimals, half up, from exact fractions; weights are whole percent. A measure
 * without units counts as 0; without any unit there is no score.
 */
export const scoreOf = (
  { total, counts }: Pick<DealerQuarter, 'total' | 'counts'>,
  weights: Policy['weights'],
): number | null => {
  if (total === 0) return null
  const measures = measureNames.map((name) => ({
    weight: weights[name],
    met: counts[name].met,
    of: sumOf(counts[name]),
  }))
  const counted = measures.filter(({ of }) => of > 0)
  const denominator = counted.reduce((product, { of }) => product * BigInt(of), 1n)
  const numerator = counted.reduce(
    (sum, { weight, met, of }) => sum + (BigInt(weight * met) * denominator) / BigInt(of),
    0n,
  )
  return Number((200n * numerator + denominator) / (2n * denominator)) / 100
}

/**
 * What one unit is worth in a measure, in points with two decimals, half up: the weight by the number of its units.
 * A unit that is not met costs as much. `null` where the measure has no units: then nobody's unit costs its weight.
 */
export const pointsPerUnit = (counts: Counts, weight: number): number | null => {
  const of = sumOf(counts)
  return of === 0 ? null : Math.floor((200 * weight + of) / (2 * of)) / 100
}

/** Dealers nobody can put in order: equal in score, and in deliveries unless those of one are missing. */
const tiedGroups = <D extends DealerQuarter>(dealers: readonly ScoredDealer<D>[]): ScoredDealer<D>[][] => {
  const byScore = Map.groupBy(dealers, ({ score }) => score)
  return [...byScore.entries()]
    .sort(([a], [b]) => b - a)
    .flatMap(([, same]) => {
      if (same.some(({ deliveries }) => deliveries === null)) return [same]
      const byDeliveries = Map.groupBy(same, ({ deliveries }) => deliveries as number)
      return [...byDeliveries.entries()].sort(([a], [b]) => b - a).map(([, tied]) => tied)
    })
}

/** Dealers of one rank, the seats that are left for them, and what HQ decided of just these dealers. */
type SelectedAssessment = { tied: number; seats: number; decision: TieDecision | undefined }

const settle = (
  { dealer, score }: ScoredDealer<DealerQuarter>,
  { tied, seats, decision }: SelectedAssessment,
  policy: Policy,
): Pick<DealerAssessment, 'outcome' | 'amount'> => {
  const none = { outcome: 'none', amount: 0 } as const
  const reward = { outcome: 'reward', amount: policy.rewardAmount } as const
  if (score < policy.penaltyBelow) return { outcome: 'penalty', amount: -policy.penaltyAmount }
  if (seats <= 0) return none
  if (tied <= seats) return reward
  if (decision === undefined) return { outcome: 'tie_unresolved', amount: 0 }
  return decision.rewarded.includes(dealer) ? reward : none
}

const isSameSet = (codes: readonly string[], dealers: readonly DealerQuarter[]): boolean =>
  codes.length === dealers.length && dealers.every(({ dealer }) => codes.includes(dealer))

const byCode = (a: DealerQuarter, b: DealerQuarter): number => (a.dealer < b.dealer ? -1 : 1)

/**
 * Assesses the dealers of one RBO: competition ranks by score, then deliveries; the first `rewardTop` are rewarded,
 * a dealer that scores below `penaltyBelow` pays. Dealers still tied across the cut are `tie_unresolved`, unless one of
 * `decisions`, the newest first asked, is about just them. Listed by rank, the unranked last, then by code.
 */
export const assess = <D extends DealerQuarter>(
  dealers: readonly D[],
  policy: Policy,
  decisions: readonly TieDecision[] = [],
): DealerAssessment<D>[] => {
  const scored = dealers.map((each) => ({ ...each, score: scoreOf(each, policy.weights) }))
  const ranked: DealerAssessment<D>[] = []
  for (const group of tiedGroups(scored.filter((each): each is ScoredDealer<D> => each.score !== null))) {
    const rank = ranked.length + 1
    const decision = decisions.findLast(({ tied }) => isSameSet(tied, group))
    const selected = { tied: group.length, seats: policy.rewardTop - ranked.length, decision }
    for (const each of group.sort(byCode)) ranked.push({ ...each, rank, ...settle(each, selected, policy) })
  }
  const unranked = scored
    .filter(({ score }) => score === null)
    .sort(byCode)
    .map((each) => ({ ...each, rank: null, outcome: 'unranked' as const, amount: 0 }))
  return [...ranked, ...unranked]
}

/** The dealers HQ must choose among and how many of them are rewarded; `null`: nothing is left to decide. */
export const unresolvedTie = (
  assessed: readonly DealerAssessment[],
  { rewardTop }: Policy,
): { tied: string[]; seats: number } | null => {
  const tied = assessed.filter(({ outcome }) => outcome === 'tie_unresolved')
  const [first] = tied
  if (first === undefined || first.rank === null) return null
  return { tied: tied.map(({ dealer }) => dealer), seats: rewardTop - (first.rank - 1) }
}

/** A quarter that is over has nothing pending: whatever was not met by now is failed (rulebook §9, Freeze). */
export const settled = ({ met, failed, pending }: Counts): Counts => ({
  met,
  failed: failed + pending,
  pending: 0,
})
