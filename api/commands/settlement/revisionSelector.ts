/** Which assessment of a quarter is meant: as it is now or was at an instant, or one that was settled (rulebook §9). */
import { firstQuarter, type TieDecision } from '../../../domain/assessment.ts'
import {
  type Instant,
  type Quarter,
  quarterBounds,
  quarterOf,
  toEpoch,
  toInstant,
} from '../../../domain/instant.ts'
import { Refusal } from '../../../domain/refusal.ts'
import { countedRevision, evolveSettlement, type Settlement } from '../../../domain/settlement.ts'
import type { Revision } from '../../../projections/master/masterQueries.ts'
import { Conflict } from '../conflict.ts'
import type { CommandDeps } from '../deps.ts'

/** How long a command or read waits for a view, in milliseconds. */
export const viewTimeoutMs = 800

/** The views an assessment is made of. */
export const assessmentViews = ['kpi', 'master', 'objections', 'care'] as const

export type SelectedAssessment =
  | { status: 'live'; asOf: Instant }
  /** `counted` is the revision whose units and master data it has; `asOf` when it was made. */
  | {
      status: 'frozen'
      asOf: Instant
      revision: Revision
      counted: Revision
      decisions: readonly TieDecision[]
    }

export type RevisionQuery = {
  quarter: Quarter
  /** The clock. */
  now: Instant
  /** As known then; left out: whatever there is. */
  asOf?: Instant | undefined
  /** Left out: the newest revision, or live where there is none. */
  revision?: number | 'live' | undefined
}

/**
 * Refuses quarters that nobody assesses (rulebook §9).
 * @throws Refusal `quarter_not_assessed`, `quarter_in_future`
 */
export const requireAssessed = (quarter: Quarter, asOf: Instant): void => {
  if (quarter < firstQuarter) throw new Refusal('quarter_not_assessed', { first: firstQuarter }, 'quarter')
  if (quarter > quarterOf(asOf)) throw new Refusal('quarter_in_future', {}, 'quarter')
}

/** The instant whose policy and RBOs count: the quarter's last, or `asOf` where that comes first. */
export const countingAt = (quarter: Quarter, asOf: Instant): Instant => {
  const last = toInstant(toEpoch(quarterBounds(quarter).to) - 1)
  return asOf < last ? asOf : last
}

/** The revisions there were at `asOf`; without an instant all of them, whatever the clock says. */
export const revisionsAt = (
  deps: CommandDeps,
  quarter: Quarter,
  asOf: Instant | undefined,
): readonly Revision[] =>
  deps.views.master.revisions(quarter).filter(({ recordedAt }) => asOf === undefined || recordedAt <= asOf)

const settledAssessment = (revisions: readonly Revision[], revision: Revision): SelectedAssessment => {
  const events = revisions.map(({ event }) => event).slice(0, revision.version)
  const counted = revisions[countedRevision(events, revision.version) - 1] as Revision
  const settlement = events.reduce<Settlement | null>(evolveSettlement, null)
  const decisions = settlement?.decisions ?? []
  return { status: 'frozen', asOf: revision.recordedAt, revision, counted, decisions }
}

/** @throws Refusal `quarter_not_assessed`, `quarter_in_future`, `revision_not_found` */
export const selectAssessment = (
  deps: CommandDeps,
  { quarter, now, asOf, revision }: RevisionQuery,
): SelectedAssessment => {
  requireAssessed(quarter, asOf ?? now)
  if (revision === 'live') return { status: 'live', asOf: asOf ?? now }
  const known = revisionsAt(deps, quarter, asOf)
  const asked = revision === undefined ? known.at(-1) : known.find(({ version }) => version === revision)
  if (asked !== undefined) return settledAssessment(deps.views.master.revisions(quarter), asked)
  if (revision !== undefined) throw new Refusal('revision_not_found', { quarter, revision })
  return { status: 'live', asOf: asOf ?? now }
}

/**
 * Waits until the assessment's views have a place in the log.
 * @throws Conflict `view_behind` after 800 ms
 */
export const awaitAssessmentViews = async (deps: CommandDeps, position: string | null): Promise<void> => {
  if (position === null || (await deps.views.reached(position, viewTimeoutMs, assessmentViews))) return
  throw new Conflict('view_behind', 1)
}
