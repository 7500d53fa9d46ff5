/** The list of inquiries, one inquiry, and its timeline. */
import type { FastifyRequest } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { channelSchema, inquiryStateSchema } from '../../domain/codes.ts'
import { inquiryNoSchema } from '../../domain/inquiry/events.ts'
import { type Inquiry, placeOfInquiry } from '../../domain/inquiry/state.ts'
import { Refusal } from '../../domain/refusal.ts'
import { mayAt, scopesFor } from '../../domain/scope.ts'
import { unitCodeSchema } from '../../domain/unitCode.ts'
import { inquirySorts } from '../../projections/inquiries/inquiryQueries.ts'
import { instantInQuery } from '../commands/fields.ts'
import { readInquiry, readInquiryEvents, requireInquiry } from '../commands/inquiries/inquiries.ts'
import { externalNoSchema } from '../commands/tickets/bodies.ts'
import { listFiles } from '../files/negotiation.ts'
import type { Deps, Routes } from '../http/deps.ts'
import { sendETag } from '../http/etag.ts'
import { keyset, sendPage } from '../http/lists.ts'
import { commaList, pageQuery } from '../http/schemas.ts'
import { readersFor } from '../tickets/requestContext.ts'
import { timelineAnswer } from '../tickets/responseSchemas.ts'
import { timelineOf } from '../tickets/timeline.ts'
import { presentInquiry, presentInquiryRow } from './present.ts'
import { inquiryAnswer, inquiryPageAnswer, inquiryRowAnswer } from './responseSchemas.ts'
import { inquiryWordsOf } from './timelineWords.ts'

/** Columns of the file. */
const labels = {
  inquiryNo: { zh: '咨询号' },
  forwardedAt: { zh: '转SE时间' },
  answerDueAt: { zh: '答复期限' },
  answeredAt: { zh: '答复时间' },
  answeredBy: { zh: '答复方' },
  relayDueAt: { zh: '回复客户期限' },
  relayedAt: { zh: '回复客户时间' },
  withdrawnAt: { zh: '撤回时间' },
}

export const inquiryParams = z.strictObject({ inquiryNo: inquiryNoSchema })

/** An inquiry outside the caller's scope is as good as absent (rulebook §2). @throws Refusal `inquiry_not_found` */
export const requireSeen = (request: FastifyRequest, inquiryNo: string, found: Inquiry | null): Inquiry => {
  const inquiry = requireInquiry(inquiryNo, found)
  if (!mayAt(request.caller, 'read', placeOfInquiry(inquiry)))
    throw new Refusal('inquiry_not_found', { inquiryNo })
  return inquiry
}

/** The inquiry as the caller may see it. */
export const inquiryFor = (deps: Deps, request: FastifyRequest, inquiry: Inquiry, version: number) =>
  presentInquiry(inquiry, version, readersFor(deps, request)(placeOfInquiry(inquiry), inquiry.inquiryNo))

const listQuery = z.strictObject({
  state: commaList(inquiryStateSchema).optional(),
  topic: commaList(z.string().min(1).max(40)).optional(),
  channel: commaList(channelSchema).optional(),
  dealer: commaList(unitCodeSchema).optional(),
  rbo: commaList(unitCodeSchema).optional(),
  overdue: commaList(z.enum(['answer', 'relay'])).optional(),
  externalNo: externalNoSchema.optional(),
  from: instantInQuery.optional(),
  to: instantInQuery.optional(),
  sort: z.enum(inquirySorts).optional().meta({
    description:
      'By the due of the answer or of passing it on, an open inquiry by its registration, what awaits nothing last; or the newest first (the default).',
  }),
  ...pageQuery,
})

const tags = ['inquiries']

export const inquiryReadRoutes: Routes = (deps) => async (plugin) => {
  const app = plugin.withTypeProvider<ZodTypeProvider>()

  app.get(
    '/v1/inquiries',
    {
      config: { action: 'read', files: listFiles(inquiryRowAnswer, labels), refusals: [] },
      schema: {
        tags,
        summary: 'List inquiries, the newest first or by their dues',
        querystring: listQuery,
        response: { 200: inquiryPageAnswer },
      },
    },
    (request, reply) => {
      const { limit, cursor, ...query } = request.query
      const { sort, ...filters } = query
      const now = deps.now()
      const scope = scopesFor(request.caller, 'read')
      const readerAt = readersFor(deps, request)
      return sendPage(
        deps,
        { request, reply },
        { list: 'inquiries', filters: query, asked: { limit, cursor } },
        {
          form: keyset,
          find: (page) => deps.views.inquiries.page({ filters, sort, scope, now, ...page }),
          present: (row) => presentInquiryRow(row, readerAt(placeOfInquiry(row), row.inquiryNo)),
        },
      )
    },
  )

  app.get(
    '/v1/inquiries/:inquiryNo',
    {
      config: { action: 'read', refusals: ['inquiry_not_found'] },
      schema: { tags, summary: 'One inquiry', params: inquiryParams, response: { 200: inquiryAnswer } },
    },
    async (request, reply) => {
      const { inquiryNo } = request.params
      const { state, version } = await readInquiry(deps, inquiryNo)
      const inquiry = requireSeen(request, inquiryNo, state)
      sendETag(reply, version)
      return inquiryFor(deps, request, inquiry, version)
    },
  )

  app.get(
    '/v1/inquiries/:inquiryNo/timeline',
    {
      config: { action: 'read', refusals: ['inquiry_not_found'] },
      schema: {
        tags,
        summary: 'Everything that happened to the inquiry, in words and data',
        params: inquiryParams,
        response: { 200: timelineAnswer },
      },
    },
    async (request) => {
      const { inquiryNo } = request.params
      const inquiry = requireSeen(request, inquiryNo, (await readInquiry(deps, inquiryNo)).state)
      const reader = readersFor(deps, request)(placeOfInquiry(inquiry), inquiry.inquiryNo)
      const events = await readInquiryEvents(deps, inquiryNo)
      const facts = deps.views.dues.factsOf(inquiryNo)
      return timelineOf(request, deps.store, { events, facts, reader, wordsOf: inquiryWordsOf })
    },
  )
}
