/**
 * Reads that take long go to a thread of their own, so that no read holds up a command. The thread runs the same routes
 * on connections that only read; here its answer is passed on.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest, preValidationHookHandler } from 'fastify'
import type { Instant } from '../../domain/instant.ts'
import type { Deps } from './deps.ts'
import type { HeavyRead } from './readThreads.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Whether the route is answered by a thread, or which of its requests are. */
    isHeavy?: true | ((request: FastifyRequest) => boolean)
  }
  interface FastifyRequest {
    /** A thread answers, and leaves what lines there are in the logs. */
    isHandedOver: boolean
  }
}

/** What of a request's headers an answer depends on. */
const passedOn = ['accept', 'accept-language', 'content-type'] as const

/** Headers of a connection, which is another one here. */
const ofConnection = new Set(['connection', 'keep-alive', 'transfer-encoding', 'date', 'x-request-id'])

const readOf = (request: FastifyRequest, now: Instant): HeavyRead => ({
  method: request.method,
  url: request.url,
  requestId: request.id,
  caller: request.caller,
  now,
  headers: Object.fromEntries(
    passedOn.flatMap((name) => {
      const value = request.headers[name]
      return value === undefined ? [] : [[name, value]]
    }),
  ),
  body: request.method === 'POST' ? JSON.stringify(request.body) : null,
})

/** Hands the requests of heavy routes over when their caller is let in; a service without threads answers them itself. */
export const handOverHeavyReads = (
  app: FastifyInstance,
  { readThreads, views, now }: Pick<Deps, 'readThreads' | 'views' | 'now'>,
): void => {
  app.decorateRequest('isHandedOver', false)
  if (readThreads === undefined) return
  const answer = async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    const gone = new AbortController()
    reply.raw.once('close', () => gone.abort())
    // the thread sees what is committed, and the caller must see what it wrote
    views.commit()
    const { status, headers, body } = await readThreads.answer(readOf(request, now()), gone.signal)
    request.isHandedOver = true
    reply.code(status)
    for (const [name, value] of Object.entries(headers))
      if (value !== undefined && !ofConnection.has(name)) reply.header(name, value)
    reply.send(body)
  }
  // with `done`, which is not called where it has answered: Fastify would go on beside a stream that is being sent
  const handOver: preValidationHookHandler = (request, reply, done) => {
    const { isHeavy } = request.routeOptions.config
    if (typeof isHeavy === 'function' && !isHeavy(request)) done()
    else
      answer(request, reply).catch((error: Error) => {
        // nobody waits for an answer any more
        if (reply.raw.destroyed) reply.hijack()
        else done(error)
      })
  }
  app.addHook('onRoute', (route) => {
    if (route.config?.isHeavy === undefined) return
    route.preValidation = [...[route.preValidation ?? []].flat(), handOver] as NonNullable<
      typeof route.preValidation
    >
  })
}
