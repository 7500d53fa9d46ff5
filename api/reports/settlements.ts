/** Settling a quarter: freezing it, revising it with a reason, deciding its ties (rulebook §9). */
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { unresolvedTie } from '../../domain/assessment.ts'
import { nationalCalendar } from '../../domain/calendar/calendar.ts'
import { type Instant, type Quarter, quarterSchema } from '../../domain/instant.ts'
import {
  freezableFrom,
  type Settlement,
  type SettlementCommand,
  settlementAggregate,
  settlementEventData,
  type Tie,
} from '../../domain/settlement.ts'
import { unitCodeSchema } from '../../domain/unitCode.ts'
import { storableOnly } from '../commands/fields.ts'
import type { FoldedStream } from '../commands/folded.ts'
import { withQuarterLock } from '../commands/locks.ts'
import { assessedByRbo, basisOf } from '../commands/settlement/assessQuarter.ts'
import {
  assessmentViews,
  awaitAssessmentViews,
  countingAt,
  requireAssessed,
  selectAssessment,
} from '../commands/settlement/revisionSelector.ts'
import { writeAggregate } from '../http/aggregateWrites.ts'
import type { Deps, Routes } from '../http/deps.ts'
import { ofRevision } from '../http/operationCodes.ts'
import { noBody } from '../http/schemas.ts'
import { answerAssessment, assessmentAnswer } from './assessmentAnswer.ts'

const reason = storableOnly(settlementEventData.QuarterRevised.shape.reason).meta({
  description: 'Kept for ever and read by dealers: no customer’s data.',
})
const reviseBody = z
  .strictObject({ reason })
  .meta({ id: 'Revise', examples: [{ reason: '补录了二月的投诉。' }] })
const decideTieBody = z
  .strictObject({
    rbo: unitCodeSchema,
    rewarded: z.array(unitCodeSchema).min(1).max(1_000).meta({ description: 'As many as seats are left.' }),
    reason,
  })
  .meta({
    id: 'DecideTie',
    examples: [{ rbo: 'EAST', rewarded: ['D001'], reason: '交车数核实后较高。' }],
  })

/** The policy of the quarter's end, as it is known now. */
const policyOf = (deps: Deps, quarter: Quarter, now: Instant) =>
  deps.views.master.policy(countingAt(quarter, now))

const freezeCommand = (deps: Deps, quarter: Quarter, now: Instant): SettlementRequest => {
  const { policyVersion, values } = policyOf(deps, quarter, now)
  const { timetable } = deps.views.master.at(now).calendar(nationalCalendar)
  const from = freezableFrom(quarter, timetable, values.freezeWorkingDays)
  return { type: 'Freeze', now, quarter, freezableFrom: from, policyVersion }
}

type OfQuarter = { quarter: Quarter; now: Instant; revision: number }

/** The tie of an RBO that a revision left open, and the policy that revision went by. */
const tieOf = (deps: Deps, rbo: string, { quarter, now, revision }: OfQuarter) => {
  const selected = selectAssessment(deps, { quarter, now, revision })
  const basis = basisOf(deps, quarter, selected)
  const dealers = assessedByRbo(basis, selected).find(([code]) => code === rbo)?.[1] ?? []
  const open = unresolvedTie(dealers, basis.policy.values)
  const tie: Tie | null = open && { rbo, ...open }
  return { tie, policyVersion: basis.policy.version }
}

/** A settlement's command without what is the same for all: the digest of the log it rests on. */
type SettlementRequest<C = SettlementCommand> = C extends SettlementCommand ? Omit<C, 'logDigest'> : never

type SettlementWrite = {
  quarter: Quarter
  command(found: FoldedStream<Settlement>, now: Instant): SettlementRequest | Promise<SettlementRequest>
}

/** A revision as it was made, with what it leaves open (rulebook §14). */
const settledAnswer = assessmentAnswer
  .extend({
    undecidedObjections: z.int().optional().meta({
      description:
        'Objections of the quarter that nobody had decided when the revision was made; left out where there are none.',
    }),
  })
  .meta({ id: 'SettledAssessment' })

/** Writes the next revision and answers with it. */
const settle = async (
  deps: Deps,
  request: FastifyRequest,
  reply: FastifyReply,
  { quarter, command }: SettlementWrite,
): Promise<z.infer<typeof settledAnswer>> => {
  const { version, position } = await writeAggregate(deps, request, reply, {
    aggregate: settlementAggregate,
    id: quarter,
    // it is an act on the assessment, which was there before
    exists: () => true,
    // no objection is raised while the quarter is frozen
    around: (work) => withQuarterLock(deps, quarter, work),
    command: async (found, now) => {
      requireAssessed(quarter, now)
      const asked = await command(found, now)
      return { ...asked, logDigest: deps.digestUpTo(null) } as SettlementCommand
    },
  })
  await awaitAssessmentViews(deps, position)
  const selected = selectAssessment(deps, { quarter, now: deps.now(), revision: version })
  const undecided = deps.views.objections.undecidedAt(quarter, version) ?? 0
  return {
    ...answerAssessment(deps, request.caller, { quarter, selected }),
    ...(undecided > 0 && { undecidedObjections: undecided }),
  }
}

export const settlementRoutes: Routes = (deps) => async (plugin) => {
  const app = plugin.withTypeProvider<ZodTypeProvider>()
  const tags = ['reports']
  const params = z.strictObject({ quarter: quarterSchema })
  const response = { 200: settledAnswer }

  app.post(
    '/v1/assessments/:quarter/freeze',
    {
      config: {
        action: 'settle_quarter',
        views: assessmentViews,
        refusals: [...ofRevision, 'already_frozen', 'freeze_too_early', 'not_frozen'],
        operationId: 'freezeQuarter',
      },
      schema: { tags, summary: 'Freeze a quarter: its first revision', params, body: noBody, response },
    },
    (request, reply) => {
      const { quarter } = request.params
      return settle(deps, request, reply, {
        quarter,
        command: (_state, now) => freezeCommand(deps, quarter, now),
      })
    },
  )

  app.post(
    '/v1/assessments/:quarter/revise',
    {
      config: {
        action: 'settle_quarter',
        views: assessmentViews,
        refusals: [...ofRevision, 'not_frozen'],
        operationId: 'reviseQuarter',
      },
      schema: {
        tags,
        summary: 'Recount a frozen quarter: its next revision',
        params,
        body: reviseBody,
        response,
      },
    },
    (request, reply) => {
      const { quarter } = request.params
      return settle(deps, request, reply, {
        quarter,
        command: (_state, now) => {
          const { policyVersion } = policyOf(deps, quarter, now)
          return { type: 'Revise', reason: request.body.reason, policyVersion }
        },
      })
    },
  )

  app.post(
    '/v1/assessments/:quarter/decide-tie',
    {
      config: {
        action: 'decide_tie',
        views: assessmentViews,
        refusals: [...ofRevision, 'not_frozen', 'no_tie', 'not_in_tie', 'tie_seats', 'unknown_rbo'],
        operationId: 'decideTie',
      },
      schema: {
        tags,
        summary: 'Decide a tie across the cut of the newest revision: the next revision',
        params,
        body: decideTieBody,
        response,
      },
    },
    (request, reply) => {
      const { quarter } = request.params
      return settle(deps, request, reply, {
        quarter,
        command: async ({ state, position }, now) => {
          await awaitAssessmentViews(deps, position)
          const revision = state?.revision
          const { tie, policyVersion } =
            revision === undefined
              ? { tie: null, policyVersion: 0 }
              : tieOf(deps, request.body.rbo, { quarter, now, revision })
          return { type: 'DecideTie', ...request.body, tie, policyVersion }
        },
      })
    },
  )
}
