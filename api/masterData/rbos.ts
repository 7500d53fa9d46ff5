/** Regional business offices. */
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { calendarStream } from '../../domain/calendar/calendar.ts'
import { rboAggregate, rboEventData } from '../../domain/rbo.ts'
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

const { name, calendar } = rboEventData.RboSet.shape
const rboBody = z
  .strictObject({
    name: storableOnly(name),
    calendar: calendar.optional().meta({
      description: 'Left out: it keeps its value. null: the national one, CN.',
    }),
  })
  .meta({ id: 'RboBody' })

const rboAnswer = z
  .strictObject({
    code: z.string(),
    name: z.string(),
    calendar: z.string().nullable().meta({ description: 'null: the national one, CN.' }),
    version: z.int(),
  })
  .meta({ id: 'Rbo' })

const params = z.strictObject({ code: unitCodeSchema })
const tags = ['master data']

export const rboRoutes: Routes = (deps) => async (plugin) => {
  const app = plugin.withTypeProvider<ZodTypeProvider>()

  app.put(
    '/v1/rbos/:code',
    {
      config: {
        action: 'keep_master_data',
        refusals: ['unknown_calendar'],
        example: { body: { name: '华东大区' } },
      },
      schema: {
        tags,
        summary: 'Enter or change an RBO',
        params,
        body: rboBody,
        response: { 200: rboAnswer, 201: rboAnswer },
      },
    },
    async (request, reply) => {
      const { code } = request.params
      const { state, version } = await writeAggregate(deps, request, reply, {
        aggregate: rboAggregate,
        id: code,
        exists: (rbo) => rbo !== null,
        command: () => withCalendar(request.body),
      })
      return { code, ...state, version }
    },
  )

  const withCalendar = async (body: z.infer<typeof rboBody>) => ({
    type: 'SetRbo' as const,
    ...body,
    calendarExists:
      typeof body.calendar === 'string' && (await isThere(deps.store, calendarStream(body.calendar))),
  })

  app.get(
    '/v1/rbos/:code',
    {
      config: { action: 'read', refusals: ['rbo_not_found'] },
      schema: { tags, summary: 'An RBO', params, response: { 200: rboAnswer } },
    },
    async ({ params: { code } }, reply) => {
      const rbo = deps.views.master.rbo(code)
      if (rbo === null) throw new Refusal('rbo_not_found', { code })
      sendETag(reply, rbo.version)
      return rbo
    },
  )

  app.get(
    '/v1/rbos',
    {
      config: { action: 'read', files: listFiles(rboAnswer), refusals: [] },
      schema: {
        tags,
        summary: 'All RBOs by code',
        querystring: z.strictObject(pageQuery),
        response: { 200: pageOf(rboAnswer) },
      },
    },
    async (request, reply) =>
      pageByCode(deps, request, reply, {
        list: 'rbos',
        page: ({ limit, after }) =>
          deps.views.master
            .rbos()
            .filter(({ code }) => after === null || code > after)
            .slice(0, limit),
      }),
  )
}
