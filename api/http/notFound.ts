import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { readWithHeader } from './connections.ts'
import { sendProblem } from './errorHandler.ts'
import { Problem } from './problems.ts'

type KnownRoute = { path: RegExp; method: string }

/** `/v1/dealers/:code` as it matches a path. */
const pathForm = (pattern: string): RegExp =>
  new RegExp(`^${pattern.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replace(/:\w+/g, '[^/]+')}$`)

/**
 * Answers what no route takes: 405 with `Allow` where the address takes other methods, else 404; a body is not waited
 * for. To be called before any route is added, because it collects the routes that are.
 */
export const answerUnknownRoutes = (app: FastifyInstance): void => {
  const known: KnownRoute[] = []
  app.addHook('onRoute', ({ url, method }) => {
    if (url.includes('*')) return
    for (const each of [method].flat()) known.push({ path: pathForm(url), method: each })
  })
  const answer = (request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const path = request.url.split('?', 1)[0]!
    const methods = new Set(known.filter((route) => route.path.test(path)).map(({ method }) => method))
    if (methods.size === 0) return sendProblem(new Problem('not_found'), request, reply)
    const allowed = [...methods].sort().join(', ')
    const problem = new Problem('method_not_allowed', { params: { allowed }, headers: { allow: allowed } })
    return sendProblem(problem, request, reply)
  }
  app.setNotFoundHandler(answer)
  app.addHook('preParsing', (request, reply, payload, done) => {
    if (request.is404) readWithHeader(request).then(() => answer(request, reply))
    else done(null, payload)
  })
}
