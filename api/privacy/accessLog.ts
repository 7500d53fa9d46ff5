/** `GET /v1/privacy/access-log`: who read whose personal data, when, by which route (rulebook §17). */
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { AccessPlace } from '../../domain/accessLog.ts'
import { instantInQuery } from '../commands/fields.ts'
import type { Routes } from '../http/deps.ts'
import { type KeysetForm, sendPage } from '../http/lists.ts'
import { pageOf, pageQuery } from '../http/schemas.ts'

const lineAnswer = z
  .object({
    at: z.iso.datetime(),
    actor: z.string(),
    sub: z.string(),
    roles: z.array(z.string()),
    method: z.string(),
    route: z.string(),
    requestId: z.string(),
    subjectIds: z.array(z.string()).meta({ description: 'Whose data it was; the first twenty.' }),
    ticketNos: z.array(z.string()).meta({ description: 'Of which tickets; the first twenty.' }),
    filters: z
      .record(z.string(), z.unknown())
      .nullable()
      .meta({ description: 'What a list or file was asked for; of a body the names of its fields.' }),
    count: z.int().nullable().meta({
      description:
        'Tickets whose data was shown; null: a stream, or a file that was not read to its end yet.',
    }),
  })
  .meta({ id: 'AccessLine' })

const term = z.string().min(1).max(200).optional()

const query = z.strictObject({
  subject: term,
  ticketNo: term,
  actor: term.meta({ description: 'The actor, or the subject of the token.' }),
  from: instantInQuery.optional(),
  to: instantInQuery.optional().meta({ description: 'Exclusive.' }),
  ...pageQuery,
})

const byPlace: KeysetForm<AccessPlace> = {
  pack: ({ segment, offset }) => [segment, offset],
  unpack: ([segment, offset]) => ({ segment: Number(segment), offset: Number(offset) }),
}

export const accessLogRoutes: Routes = (deps) => async (plugin) => {
  plugin.withTypeProvider<ZodTypeProvider>().get(
    '/v1/privacy/access-log',
    {
      config: { action: 'read_access_log', views: [], refusals: [] },
      schema: {
        tags: ['personal data'],
        summary: 'Who read whose personal data, the newest first',
        description:
          'One line for every answer that held any; kept for three years. A page looks at a bounded number of lines: it may hold few or none and still have a nextCursor.',
        querystring: query,
        response: { 200: pageOf(lineAnswer) },
      },
    },
    async (request, reply) => {
      const { limit, cursor, subject: subjectId, ...filters } = request.query
      const asked = { subjectId, ...filters }
      await deps.access.settle()
      return sendPage(
        deps,
        { request, reply },
        { list: 'access log', filters: asked, asked: { limit, cursor }, alike: true },
        { form: byPlace, find: (page) => deps.access.find(asked, page), present: (line) => line },
      )
    },
  )
}
