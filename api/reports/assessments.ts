/** A quarter's assessment, what it comes from for one dealer, and its revisions (rulebook §9). */
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { type Instant, type Quarter, quarterSchema } from '../../domain/instant.ts'
import { unitCodeSchema } from '../../domain/unitCode.ts'
import {
  assessmentViews,
  requireAssessed,
  revisionsAt,
  type SelectedAssessment,
  selectAssessment,
} from '../commands/settlement/revisionSelector.ts'
import { reportFiles, tableFiles } from '../files/negotiation.ts'
import { sendReport } from '../files/send.ts'
import { asOfOr, asOfQuery } from '../http/asOf.ts'
import type { Deps, Routes } from '../http/deps.ts'
import { sendETag } from '../http/etag.ts'
import { ofRevision } from '../http/operationCodes.ts'
import { commaList, digits } from '../http/schemas.ts'
import { answerAssessment, assessmentAnswer } from './assessmentAnswer.ts'
import { assessmentFile } from './assessmentFile.ts'
import { explainDealer, explanationAnswer } from './dealerExplanation.ts'
import { presentRevision, revisionsAnswer } from './revisions.ts'
import { explanationFile, revisionsFile } from './settlementFiles.ts'

const revisionQuery = z
  .union([z.literal('live'), digits(z.int().min(1).max(1_000_000))])
  .optional()
  .meta({
    description:
      'Left out: the newest, or live where there is none. live: as it would be now, though frozen.',
  })
/** Which assessment of a quarter is meant. */
export const standingQuery = { asOf: asOfQuery, revision: revisionQuery }
const params = z.strictObject({ quarter: quarterSchema })

type Query = { asOf?: Instant | undefined; revision?: number | 'live' | undefined }

/** The assessment that a query means. @throws Problem `as_of_in_future`; Refusal `quarter_not_assessed`, `quarter_in_future`, `revision_not_found` */
export const askedStanding = (
  deps: Deps,
  quarter: Quarter,
  { asOf, revision }: Query,
): SelectedAssessment => {
  const now = deps.now()
  asOfOr(now, asOf)
  return selectAssessment(deps, { quarter, now, asOf, revision })
}

export const assessmentRoutes: Routes = (deps) => async (plugin) => {
  const app = plugin.withTypeProvider<ZodTypeProvider>()
  const tags = ['reports']
  const config = { action: 'read', views: assessmentViews } as const
  const assessment = assessmentFile(assessmentAnswer)
  const explanation = explanationFile()
  const revisionList = revisionsFile()

  app.get(
    '/v1/assessments/:quarter',
    {
      config: { ...config, files: reportFiles, refusals: ofRevision },
      schema: {
        tags,
        summary: "A quarter's assessment per RBO",
        params,
        querystring: z.strictObject({ rbo: commaList(unitCodeSchema).optional(), ...standingQuery }),
        response: { 200: assessmentAnswer },
      },
    },
    (request, reply) => {
      const { quarter } = request.params
      const { rbo: rbos, ...query } = request.query
      const selected = askedStanding(deps, quarter, query)
      const newest = revisionsAt(deps, quarter, query.asOf).length
      sendETag(reply, selected.status === 'live' ? newest : selected.revision.version)
      const answer = answerAssessment(deps, request.caller, { quarter, selected, rbos })
      return sendReport(deps, { request, reply }, answer, assessment)
    },
  )

  app.get(
    '/v1/assessments/:quarter/dealers/:code',
    {
      config: {
        ...config,
        files: tableFiles,
        isHeavy: true,
        refusals: [...ofRevision, 'dealer_not_found'],
        operationId: 'explainDealerScore',
      },
      schema: {
        tags,
        summary: "What a dealer's score comes from",
        params: params.extend({ code: unitCodeSchema }),
        querystring: z.strictObject(standingQuery),
        response: { 200: explanationAnswer },
      },
    },
    async (request, reply) => {
      const { quarter, code } = request.params
      const selected = askedStanding(deps, quarter, request.query)
      const answer = await explainDealer(deps, request.caller, { quarter, selected, dealer: code })
      return sendReport(deps, { request, reply }, answer, explanation)
    },
  )

  app.get(
    '/v1/assessments/:quarter/revisions',
    {
      config: { action: 'read', views: ['master'], files: tableFiles, refusals: ofRevision },
      schema: {
        tags,
        summary: 'The revisions of a settled quarter',
        params,
        querystring: z.strictObject({ asOf: asOfQuery }),
        response: { 200: revisionsAnswer },
      },
    },
    (request, reply) => {
      const { quarter } = request.params
      const { asOf } = request.query
      requireAssessed(quarter, asOfOr(deps.now(), asOf))
      const revisions = revisionsAt(deps, quarter, asOf)
      sendETag(reply, revisions.length)
      const items = revisions.map((revision) => presentRevision(deps, request.caller, { quarter, revision }))
      return sendReport(deps, { request, reply }, { quarter, items }, revisionList)
    },
  )
}
