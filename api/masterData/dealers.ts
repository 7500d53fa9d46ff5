/** Dealers. */
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { calendarStream } from '../../domain/calendar/calendar.ts'
import { dealerAggregate, dealerEventData } from '../../domain/dealer.ts'
import { rboStream } from '../../domain/rbo.ts'
import { Refusal } from '../../domain/refusal.ts'
import { unitCodeSchema } from '../../domain/unitCode.ts'
import { storableOnly } from '../commands/fields.ts'
import { listFiles } from '../files/negotiation.ts'
import { writeAggregate } from '../http/aggregateWrites.ts'
import type { Routes } from '../http/deps.ts'
import { sendETag } from '../http/etag.ts'
import { pageOf, pageQuery } from '../http/schemas.ts'
import { isThere } from './isThere.ts'
import { pageByCode } from './pageByCode.ts'

const { name, rbo, calendar, active } = dealerEventData.DealerSet.shape
const dealerBody = z
  .strictObject({
    name: storableOnly(name),
    rbo,
    calendar: calendar.optional().meta({
      description: 'Left out: it keeps its value. null: that of its RBO.',
    }),
    active: active.optional().meta({ description: 'Left out: it keeps its value; at first true.' }),
  })
  .meta({ id: 'DealerBody' })

const dealerAnswer = z
  .strictObject({
    code: z.string(),
    name: z.string(),
    rbo: z.string(),
    calendar: z.string().nullable().meta({ description: 'null: that of its RBO.' }),
    active: z.boolean(),
    version: z.int(),
  })
  .meta({ id: 'Dealer' })

const dealerParams = z.strictObject({ code: unitCodeSchema })

const tags = ['master data']

export const dealerRoutes: Routes = (deps) => async (plugin) => {
  const app = plugin.withTypeProvider<ZodTypeProvider>()

  app.put(
    '/v1/dealers/:code',
    {
      config: {
        action: 'keep_master_data',
        refusals: ['unknown_rbo', 'unknown_calendar'],
        example: { body: { name: '上海浦锐汽车销售服务有限公司', rbo: 'EAST' } },
      },
      schema: {
        tags,
        summary: 'Enter or change a dealer',
        params: dealerParams,
        body: dealerBody,
        response: { 200: dealerAnswer, 201: dealerAnswer },
      },
    },
    async (request, reply) => {
      const { code } = request.params
      const { state, version } = await writeAggregate(deps, request, reply, {
        aggregate: dealerAggregate,
        id: code,
        exists: (dealer) => dealer !== null,
        command: () => withUnits(request.body),
      })
      return { code, ...state.details, version }
    },
  )

  const withUnits = async (body: z.infer<typeof dealerBody>) => ({
    type: 'SetDealer' as const,
    ...body,
    rboExists: await isThere(deps.store, rboStream(body.rbo)),
    calendarExists:
      typeof body.calendar === 'string' && (await isThere(deps.store, calendarStream(body.calendar))),
  })

  app.get(
    '/v1/dealers/:code',
    {
      config: { action: 'read', refusals: ['dealer_not_found'] },
      schema: { tags, summary: 'A dealer', params: dealerParams, response: { 200: dealerAnswer } },
    },
    async ({ params: { code } }, reply) => {
      const dealer = deps.views.master.dealer(code)
      if (dealer === null) throw new Refusal('dealer_not_found', { code })
      sendETag(reply, dealer.version)
      return dealer
    },
  )

  app.get(
    '/v1/dealers',
    {
      config: { action: 'read', files: listFiles(dealerAnswer), refusals: [] },
      schema: {
        tags,
        summary: 'All dealers by code',
        querystring: z.strictObject(pageQuery),
        response: { 200: pageOf(dealerAnswer) },
      },
    },
    async (request, reply) =>
      pageByCode(deps, request, reply, { list: 'dealers', page: (page) => deps.views.master.dealers(page) }),
  )
}
