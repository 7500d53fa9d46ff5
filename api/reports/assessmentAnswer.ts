/** An assessment as callers read it. */
import { z } from 'zod'
import type { Actor } from '../../domain/authority.ts'
import type { Quarter } from '../../domain/instant.ts'
import { seesDealer } from '../../domain/scope.ts'
import { rateOf } from '../../domain/ticket/measures.ts'
import { type AssessedDealer, assessedByRbo, basisOf } from '../commands/settlement/assessQuarter.ts'
import type { SelectedAssessment } from '../commands/settlement/revisionSelector.ts'
import type { Deps } from '../http/deps.ts'

const rate = z.number().nullable()

/** Fields of a dealer's row. */
export const dealerRow = {
  dealer: z.string(),
  name: z.string(),
  total: z.int(),
  responseRate: rate,
  closeRate: rate,
  firstTimeResolutionRate: rate,
  score: rate,
  deliveries: z.int().nullable(),
  rank: z.int().nullable(),
  outcome: z.enum(['reward', 'penalty', 'none', 'unranked', 'tie_unresolved']),
  amount: z.int().meta({ description: 'Whole CNY, a penalty negative.' }),
}

/** Fields that say which assessment it is. */
export const assessmentHead = {
  quarter: z.string(),
  status: z.enum(['live', 'frozen']),
  revision: z.int().nullable().meta({ description: 'null: live.' }),
  asOf: z.iso.datetime().meta({ description: 'Of a revision: when it was made.' }),
  policyVersion: z.int().meta({ description: 'That in force at the end of the quarter; 0 is the default.' }),
}

export const assessmentAnswer = z
  .strictObject({
    ...assessmentHead,
    rbos: z.array(z.strictObject({ rbo: z.string(), dealers: z.array(z.strictObject(dealerRow)) })),
  })
  .meta({ id: 'Assessment' })
export type AssessmentAnswer = z.infer<typeof assessmentAnswer>

export const presentRow = ({ dealer, name, total, counts, ...row }: AssessedDealer) => ({
  dealer,
  name,
  total,
  responseRate: rateOf(counts.response),
  closeRate: rateOf(counts.close),
  firstTimeResolutionRate: rateOf(counts.firstTime),
  score: row.score,
  deliveries: row.deliveries,
  rank: row.rank,
  outcome: row.outcome,
  amount: row.amount,
})

export const presentHead = (quarter: Quarter, selected: SelectedAssessment, policyVersion: number) => ({
  quarter,
  status: selected.status,
  revision: selected.status === 'live' ? null : selected.revision.version,
  asOf: selected.asOf,
  policyVersion,
})

/** `rbos`: those asked for; left out: all. */
export type AskedAssessment = {
  quarter: Quarter
  selected: SelectedAssessment
  rbos?: readonly string[] | undefined
}

/** The assessment as the caller may see it, of all RBOs or of some. */
export const answerAssessment = (
  deps: Deps,
  caller: Actor,
  { quarter, selected, rbos }: AskedAssessment,
): AssessmentAnswer => {
  const basis = basisOf(deps, quarter, selected)
  return {
    ...presentHead(quarter, selected, basis.policy.version),
    rbos: assessedByRbo(basis, selected)
      .filter(([rbo]) => rbos?.includes(rbo) ?? true)
      .map(([rbo, dealers]) => ({
        rbo,
        dealers: dealers.filter((row) => seesDealer(caller, row)).map(presentRow),
      }))
      .filter(({ dealers }) => dealers.length > 0),
  }
}
