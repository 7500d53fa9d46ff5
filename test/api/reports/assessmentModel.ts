/** An assessment worked out again from the raw events, as slow and as plain as rulebook §9 reads. */
import type { StoredEvent } from '../../../domain/eventStore.ts'
import { quarterBounds, toEpoch, toInstant } from '../../../domain/instant.ts'
import { defaultPolicy, type Policy } from '../../../domain/policy.ts'
import { type RecountedUnit, recount } from '../../projections/kpiRecount.ts'

export type ModelRow = {
  dealer: string
  total: number
  score: number | null
  deliveries: number | null
  rank: number | null
  outcome: string
  amount: number
}
type Decision = { rbo: string; tied: string[]; rewarded: string[] }
type QuarterQuestion = {
  quarter: string
  asOf: string
  /** Of a revision: pending is failed, and HQ has decided so. */
  settled?: { decisions: Decision[] }
  /** That of the revision; else it is the one in force. */
  policyVersion?: number
}

/** What counted at an instant: the last entry by then, else the first there is. */
const countedAt = (events: readonly StoredEvent[], at: string): StoredEvent | undefined =>
  events.filter(({ metadata }) => metadata.recordedAt <= at).at(-1) ?? events[0]

const handedOver = (
  log: readonly StoredEvent[],
  { from, to, dealer, asOf }: { from: string; to: string; dealer: string; asOf: string },
): number =>
  log.filter(({ type, data, metadata }) => {
    if (type !== 'VehicleHandedOver' || metadata.recordedAt > asOf) return false
    const { dealer: by, handedOverAt } = data as { dealer: string; handedOverAt: string }
    return by === dealer && from <= handedOverAt && handedOverAt < to
  }).length

const policyFor = (log: readonly StoredEvent[], version: number | undefined, at: string): Policy => {
  const versions = log.filter(({ type }) => type === 'PolicySet')
  const entry = version === undefined ? countedAt(versions, at) : versions[version - 1]
  return entry === undefined ? defaultPolicy : (entry.data as Policy)
}

const shareOf = (units: readonly RecountedUnit[], measure: 'response' | 'close' | 'firstTime') => {
  const counted = units.filter((unit) => unit[measure] !== null)
  return { met: counted.filter((unit) => unit[measure] === 'met').length, of: counted.length }
}

/** Hundredths of points over one denominator; a measure without units adds nothing. */
const scoreOf = (units: readonly RecountedUnit[], weights: Policy['weights']): number | null => {
  if (units.length === 0) return null
  let [numerator, denominator] = [0n, 1n]
  for (const measure of ['response', 'close', 'firstTime'] as const) {
    const { met, of } = shareOf(units, measure)
    if (of === 0) continue
    numerator = numerator * BigInt(of) + BigInt(weights[measure] * met * 100) * denominator
    denominator *= BigInt(of)
  }
  return Number((2n * numerator + denominator) / (2n * denominator)) / 100
}

const isAhead = (a: ModelRow, b: ModelRow, all: readonly ModelRow[]): boolean => {
  if (a.score !== b.score) return (a.score as number) > (b.score as number)
  const known = all.every(({ score, deliveries }) => score !== a.score || deliveries !== null)
  return known && (a.deliveries as number) > (b.deliveries as number)
}

const settleRow = (
  row: ModelRow,
  all: readonly ModelRow[],
  policy: Policy,
  decisions: readonly Decision[],
): void => {
  const ranked = all.filter(({ score }) => score !== null)
  if (row.score === null) return
  row.rank = 1 + ranked.filter((other) => isAhead(other, row, ranked)).length
  row.outcome = 'none'
  const tied = ranked.filter((other) => !isAhead(other, row, ranked) && !isAhead(row, other, ranked))
  const seats = policy.rewardTop - (row.rank - 1)
  if (row.score < policy.penaltyBelow) {
    row.outcome = 'penalty'
    row.amount = -policy.penaltyAmount
  } else if (seats > 0) {
    const codes = tied.map(({ dealer }) => dealer).sort()
    const decision = decisions.filter((each) => [...each.tied].sort().join() === codes.join()).at(-1)
    const wins = tied.length <= seats || decision?.rewarded.includes(row.dealer) === true
    if (wins) {
      row.outcome = 'reward'
      row.amount = policy.rewardAmount
    } else if (decision === undefined) row.outcome = 'tie_unresolved'
  }
}

/** Rows by RBO, in the order of the codes; `log` ends where the assessment's knowledge does. */
export const assessmentModel = (
  log: readonly StoredEvent[],
  { quarter, asOf, settled, policyVersion }: QuarterQuestion,
): { rows: Record<string, ModelRow[]>; policy: Policy } => {
  const bounds = quarterBounds(quarter)
  const last = toInstant(toEpoch(bounds.to) - 1)
  const end = asOf < last ? asOf : last
  const policy = policyFor(log, policyVersion, end)
  const units = recount(log, { ...bounds, tier: 'dealer', asOf })
  const rows: Record<string, ModelRow[]> = {}
  const codes = new Set(
    log.filter(({ type }) => type === 'DealerSet').map(({ stream }) => stream.slice('dealer-'.length)),
  )
  for (const dealer of [...codes].sort()) {
    const own = log.filter(({ stream }) => stream === `dealer-${dealer}`)
    const set = own.filter(({ type }) => type === 'DealerSet')
    const { rbo } = (countedAt(set, end) as StoredEvent).data as { rbo: string }
    const entered = own.filter(
      ({ type, data }) => type === 'DeliveriesSet' && (data as { quarter: string }).quarter === quarter,
    )
    const count = (countedAt(entered, asOf)?.data as { count: number } | undefined)?.count
    // what HQ entered stands, else the cars that were handed over count; none is not known to be none
    const deliveries = count ?? (handedOver(log, { ...bounds, dealer, asOf }) || null)
    const ofDealer = units.filter(({ unit }) => unit === dealer)
    const score = scoreOf(ofDealer, policy.weights)
    const row = {
      dealer,
      total: ofDealer.length,
      score,
      deliveries,
      rank: null,
      outcome: 'unranked',
      amount: 0,
    }
    rows[rbo] = [...(rows[rbo] ?? []), row]
  }
  for (const [rbo, all] of Object.entries(rows)) {
    const decisions = settled?.decisions.filter((each) => each.rbo === rbo) ?? []
    for (const row of all) settleRow(row, all, policy, decisions)
  }
  return { rows, policy }
}
