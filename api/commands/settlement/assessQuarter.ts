/** A quarter's score, ranks and amounts, live or as a revision has them (rulebook §9). */
import { assess, type DealerAssessment, type DealerQuarter, settled } from '../../../domain/assessment.ts'
import { type Quarter, quarterBounds } from '../../../domain/instant.ts'
import type { Policy } from '../../../domain/policy.ts'
import type { Counts } from '../../../domain/ticket/measures.ts'
import type { KpiRow } from '../../../projections/kpi/query.ts'
import type { AssessedMaster } from '../../../projections/master/masterQueries.ts'
import { Conflict } from '../conflict.ts'
import type { CommandDeps } from '../deps.ts'
import { countingAt, type SelectedAssessment } from './revisionSelector.ts'

/** `entered`: the deliveries as HQ entered them; `handovers`: as the care desk has them (rulebook §15). */
export type NamedQuarter = DealerQuarter & {
  rbo: string
  name: string
  entered: number | null
  handovers: number
}
export type AssessedDealer = DealerAssessment<NamedQuarter>

/** What a quarter's assessment is computed from. */
export type Basis = {
  policy: { version: number; values: Policy }
  /** Every dealer's quarter, by the RBO it belonged to at the quarter's end. */
  dealers: ReadonlyMap<string, readonly NamedQuarter[]>
}

const none: Counts = { met: 0, failed: 0, pending: 0 }

/** `handovers`: by dealer. */
type Sources = {
  rates: readonly KpiRow[]
  master: AssessedMaster
  handovers: ReadonlyMap<string, number>
}

/** Cars handed over in the quarter by dealer, as far as the selected assessment knew of them. */
export const handoversOf = (
  { views }: Pick<CommandDeps, 'views'>,
  quarter: Quarter,
  selected: SelectedAssessment,
): Sources['handovers'] =>
  selected.status === 'live'
    ? views.care.deliveries(quarter, { at: selected.asOf })
    : views.care.deliveries(quarter, {
        at: selected.counted.recordedAt,
        revision: selected.counted.version,
      })

/** Every dealer's quarter, made of its units, by the RBO it belonged to at the quarter's end. */
export const dealersByRbo = (
  quarter: Quarter,
  { rates, master, handovers }: Sources,
  selected: SelectedAssessment,
): Basis['dealers'] => {
  const rateOf = new Map(rates.map((row) => [row.key, row]))
  const asOf = selected.status === 'live' ? selected.asOf : selected.counted.recordedAt
  const at = countingAt(quarter, asOf)
  // frozen: nothing is pending any more
  const final = selected.status === 'live' ? (counts: Counts) => counts : settled
  const dealers = master.dealers({ limit: Number.MAX_SAFE_INTEGER }).map(({ code, name }): NamedQuarter => {
    const { total = 0, response = none, close = none, firstTime = none } = rateOf.get(code) ?? {}
    const counts = { response: final(response), close: final(close), firstTime: final(firstTime) }
    const entered = master.deliveries(code, quarter, asOf)?.count ?? null
    const ofCare = handovers.get(code)
    return {
      rbo: master.rboOfDealer(code, at) as string,
      dealer: code,
      name,
      total,
      counts,
      deliveries: entered ?? ofCare ?? null,
      entered,
      handovers: ofCare ?? 0,
    }
  })
  return Map.groupBy(dealers, ({ rbo }) => rbo)
}

/**
 * What the assessment is computed from: of a revision, what it was computed from when it was made.
 * @throws Conflict `view_behind` where the revision is not counted here yet
 */
export const basisOf = (deps: CommandDeps, quarter: Quarter, selected: SelectedAssessment): Basis => {
  const { kpi, master } = deps.views
  const handovers = handoversOf(deps, quarter, selected)
  if (selected.status === 'live') {
    const { asOf } = selected
    const { policyVersion, values } = master.policy(countingAt(quarter, asOf))
    const period = quarterBounds(quarter)
    const { rows } = kpi.rates({ ...period, by: 'dealer', tier: 'dealer', asOf, scope: [{ kind: 'all' }] })
    const dealers = dealersByRbo(quarter, { rates: rows, master, handovers }, selected)
    return { policy: { version: policyVersion, values }, dealers }
  }
  const { counted } = selected
  const rates = kpi.settled(quarter, counted.version)
  if (rates === null) throw new Conflict('view_behind', 1)
  const { policyVersion } = counted.event.data
  return {
    policy: { version: policyVersion, values: master.policyOfVersion(policyVersion) },
    dealers: dealersByRbo(quarter, { rates, master: master.before(counted), handovers }, selected),
  }
}

/** The RBOs in the order of their codes, each with its dealers as `assess` lists them. */
export const assessedByRbo = (
  { policy, dealers }: Basis,
  selected: SelectedAssessment,
): [string, AssessedDealer[]][] => {
  const decisions = selected.status === 'live' ? [] : selected.decisions
  return [...dealers]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([rbo, ofRbo]) => [
      rbo,
      assess(
        ofRbo,
        policy.values,
        decisions.filter((decision) => decision.rbo === rbo),
      ),
    ])
}
