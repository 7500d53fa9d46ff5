/** `GET /v1/stream`: what happens, as Server-Sent Events. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { Topic } from '../../domain/announcedNames.ts'
import type { Position } from '../../domain/eventStore.ts'
import { logStream } from '../http/access.ts'
import { createAuthenticator, RefusedToken } from '../http/auth.ts'
import type { Deps, Routes } from '../http/deps.ts'
import { requirePosition } from '../http/positions.ts'
import { invalidHeader } from '../http/problems.ts'
import { topicsQuery } from './feed.ts'
import { createHub } from './hub.ts'
import { rightsOf, viewsOfItems } from './items.ts'
import { type Clock, startReader } from './reader.ts'
import { itemAnswer } from './schemas.ts'

const malformedId = () =>
  invalidHeader('Last-Event-ID', {
    en: 'must be the id of an event of the stream.',
    zh: '应为事件流中的 id。',
  })

/** @throws Problem `position_unknown`, `invalid_request` */
const lastEventId = async (deps: Deps, { headers }: FastifyRequest): Promise<Position | null> => {
  const id = headers['last-event-id']
  if (id === undefined) return null
  if (typeof id !== 'string') throw malformedId()
  return requirePosition(deps, id, malformedId)
}

/** Sends the headers; from here on the answer is written by hand. */
const beginStream = (reply: FastifyReply): void => {
  reply.header('content-type', 'text/event-stream; charset=utf-8').header('x-accel-buffering', 'no')
  reply.hijack()
  reply.raw.writeHead(200, reply.getHeaders() as Record<string, string>)
}

const clock: Clock = { epoch: Date.now, elapsed: () => performance.now() }

const eventStream = {
  description:
    'Server-Sent Events: `id` is the position, `event` the type, `data` an item. It ends with the token.',
  content: { 'text/event-stream': { schema: itemAnswer } },
}

export const streamRoutes: Routes = (deps) => async (plugin) => {
  const hub = createHub(deps)
  const authenticate = createAuthenticator(deps.config.auth)
  // before connections are ended: a stream would hold up the end
  plugin.addHook('preClose', () => hub.close())

  const verify = async ({ headers }: FastifyRequest): Promise<boolean> => {
    try {
      await authenticate(headers.authorization)
      return true
    } catch (error) {
      // an identity provider that cannot be reached says nothing of the token
      return !(error instanceof RefusedToken)
    }
  }

  plugin.withTypeProvider<ZodTypeProvider>().get(
    '/v1/stream',
    {
      exposeHeadRoute: false,
      config: { action: 'read', views: viewsOfItems, refusals: ['position_unknown'] },
      schema: {
        tags: ['live'],
        summary: 'What happens on the tickets in scope, as it happens',
        description: '`Last-Event-ID` resumes behind that event with nothing lost or doubled.',
        querystring: z.strictObject({ topics: topicsQuery }),
        response: { 200: eventStream },
      },
    },
    async (request, reply) => {
      const after = await lastEventId(deps, request)
      const topics: ReadonlySet<Topic> = new Set(request.query.topics)
      const rights = rightsOf(request.caller)
      if (rights.personal.length > 0) await logStream(deps, request)
      if (after !== null) deps.metrics.live.resumed.inc()
      beginStream(reply)
      startReader({
        deps,
        hub,
        response: reply.raw,
        clock,
        audience: { rights, topics },
        expiresAt: request.caller.expiresAt,
        after,
        verify: () => verify(request),
      })
    },
  )
}
