/** The revisions of a settled quarter as callers read them. */
import { z } from 'zod'
import { type Actor, roleSchema } from '../../domain/authority.ts'
import type { Quarter } from '../../domain/instant.ts'
import { logDigestSchema } from '../../domain/logDigest.ts'
import { seesDealer } from '../../domain/scope.ts'
import { countedRevision, type SettlementEvent } from '../../domain/settlement.ts'
import type { Revision } from '../../projections/master/masterQueries.ts'
import type { Deps } from '../http/deps.ts'
import { recordedActorOutput } from '../http/schemas.ts'

const kinds = {
  QuarterFrozen: 'frozen',
  QuarterRevised: 'revised',
  TieDecided: 'tie_decided',
} as const satisfies Record<SettlementEvent['type'], string>

const decision = z
  .strictObject({ rbo: z.string(), tied: z.array(z.string()), rewarded: z.array(z.string()) })
  .meta({ id: 'TieDecision', description: 'Dealers outside the caller’s scope are left out.' })

export const revisionsAnswer = z
  .strictObject({
    quarter: z.string(),
    items: z.array(
      z.strictObject({
        revision: z.int(),
        kind: z.enum(Object.values(kinds)),
        at: z.iso.datetime(),
        actor: recordedActorOutput.extend({ role: roleSchema }),
        policyVersion: z.int(),
        position: z.string().meta({ description: 'Its place in the log: nothing after it counts.' }),
        logDigest: logDigestSchema.nullable().meta({
          description: 'Of the log it was made from; null of revisions made before there were digests.',
        }),
        countedRevision: z.int().meta({
          description: 'The revision whose units it has: a decision on a tie does not recount them.',
        }),
        reason: z
          .string()
          .nullable()
          .meta({ description: 'null of a freeze, and of a decision outside the caller’s scope.' }),
        decision: decision
          .nullable()
          .meta({ description: 'Of a tie; null of others, and outside the caller’s scope.' }),
      }),
    ),
  })
  .meta({ id: 'AssessmentRevisions' })
type Answer = z.infer<typeof revisionsAnswer>['items'][number]

/** What the caller may know of a decision: of dealers it sees, among whom the tie was. */
const decisionFor = (caller: Actor, event: SettlementEvent): Answer['decision'] => {
  if (event.type !== 'TieDecided') return null
  const { rbo } = event.data
  const isSeen = (dealer: string): boolean => seesDealer(caller, { rbo, dealer })
  const tied = event.data.tied.filter(isSeen)
  return tied.length === 0 ? null : { rbo, tied, rewarded: event.data.rewarded.filter(isSeen) }
}

const reasonFor = (event: SettlementEvent, decided: Answer['decision']): string | null => {
  if (event.type === 'QuarterFrozen' || (event.type === 'TieDecided' && decided === null)) return null
  return event.data.reason
}

export const presentRevision = (
  deps: Deps,
  caller: Actor,
  { quarter, revision }: { quarter: Quarter; revision: Revision },
): Answer => {
  const { event, version, recordedAt, position, actor } = revision
  const events = deps.views.master.revisions(quarter).map((each) => each.event)
  const decided = decisionFor(caller, event)
  return {
    revision: version,
    kind: kinds[event.type],
    at: recordedAt,
    actor: { ...actor, role: roleSchema.parse(actor.role) },
    policyVersion: event.data.policyVersion,
    position,
    logDigest: event.data.logDigest ?? null,
    countedRevision: countedRevision(events, version),
    reason: reasonFor(event, decided),
    decision: decided,
  }
}
