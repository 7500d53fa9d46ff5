import fastifyCors from '@fastify/cors'
import Fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
  type RouteOptions,
} from 'fastify'
import { serializerCompiler as checkingSerializer } from 'fastify-type-provider-zod'
import { type Desk, requireDesk } from '../../domain/desk.ts'
import { Refusal } from '../../domain/refusal.ts'
import { describeError } from '../commands/describeError.ts'
import { offerFiles } from '../files/negotiation.ts'
import { logAccess } from './access.ts'
import { auditRoutes } from './auditLog.ts'
import { createAuthenticator, onBehalfOf, RefusedToken, requireAction } from './auth.ts'
import { decodeBodies } from './bodyEncoding.ts'
import {
  answerBrokenRequest,
  closeUnread,
  connectionOptions,
  expectNothing,
  limitBodyTime,
  namesNoHost,
  readWithHeader,
} from './connections.ts'
import { countCommands } from './countCommands.ts'
import type { Deps, Routes } from './deps.ts'
import { errorHandler } from './errorHandler.ts'
import { handOverHeavyReads } from './heavyReads.ts'
import { keepParsedBody } from './idempotency.ts'
import { takeJsonBodies } from './jsonBody.ts'
import { jsonBytes } from './jsonBytes.ts'
import { type Metrics, measureRoutes } from './metrics.ts'
import { answerUnknownRoutes } from './notFound.ts'
import { describeApi, documented } from './openApi.ts'
import { guardConnections } from './openConnections.ts'
import { awaitMinPosition, requireReady } from './positions.ts'
import { Problem } from './problems.ts'
import { createRateLimit } from './rateLimit.ts'
import { createRefusedLogins, type RefusedLogins } from './refusedLogins.ts'
import { echoedRequestId, requestIdOf } from './requestId.ts'
import { routes, tagWords } from './routes.ts'
import { safetyHeaders } from './safetyHeaders.ts'
import { validatorCompiler } from './validation.ts'

/** Every method some route takes. */
const corsMethods = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE']

/** Headers a browser's script may read. */
const exposedHeaders = [
  'Content-Disposition',
  'ETag',
  'Idempotent-Replayed',
  'Link',
  'Location',
  'RateLimit',
  'RateLimit-Policy',
  'Retry-After',
  'X-Position',
  'X-Request-Id',
]

/** Fastify sends bytes as they are; only its types want a text. */
const bytesCompiler = (() => jsonBytes) as unknown as ReturnType<typeof JSON.parse>

/** Fastify's own log lines, without addresses and queries. */
const quietLog = ({ log }: Deps): FastifyBaseLogger =>
  log.child(
    {},
    {
      serializers: {
        req: ({ method }: FastifyRequest) => ({ method }),
        res: () => undefined,
        err: describeError,
      },
    },
  )

/**
 * The whole HTTP side, not listening; with other `resources`, what all have in common. A route under `/v1` declares
 * what it does in `config.action` and what it refuses in `config.refusals`; one that does not fails here.
 * @throws Error where a route under `/v1` lacks one of them.
 */
export const buildApp = (deps: Deps, resources: readonly Routes[] = routes): FastifyInstance => {
  const log = quietLog(deps)
  const app = Fastify({
    loggerInstance: log,
    childLoggerFactory: () => log,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: requestIdOf,
    bodyLimit: deps.config.bodyLimitBytes,
    ...connectionOptions,
    clientErrorHandler: answerBrokenRequest,
    frameworkErrors: errorHandler,
    // its own words would be no problem document
    return503OnClosing: false,
    routerOptions: { maxParamLength: 200 },
  })
  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(deps.config.checkAnswers ? checkingSerializer : bytesCompiler)
  app.setErrorHandler(errorHandler)
  app.removeContentTypeParser(['text/plain', 'application/json'])
  takeJsonBodies(app)
  app.decorateRequest('caller')
  app.decorateRequest('parsedBody', undefined)
  app.decorateRequest('format', undefined)
  app.addHook('onRequest', (request, reply, done) => {
    reply.headers(safetyHeaders)
    reply.header('x-request-id', echoedRequestId(request))
    // its body is never read
    if (request.method === 'GET' || request.method === 'HEAD') closeUnread(request, reply)
    done(namesNoHost(request) ? new Problem('malformed_http') : undefined)
  })
  guardConnections(app, deps)
  refuseWhileDraining(app, deps)
  decodeBodies(app)
  limitBodyTime(app)
  expectNothing(app)
  logRequests(app, deps)
  measureRoutes(app, deps.metrics)
  countCommands(app, deps.inFlight)
  guardRoutes(app, deps)
  handOverHeavyReads(app, deps)
  auditRoutes(app)
  logAccess(app, deps)
  answerUnknownRoutes(app)
  if (deps.config.corsOrigins.length > 0) {
    const origin = [...deps.config.corsOrigins]
    app.register(fastifyCors, { origin, methods: corsMethods, exposedHeaders, maxAge: 600 })
  }
  describeApi(app, deps, tagWords)
  for (const resource of resources) app.register(resource(deps))
  return app
}

/** What comes in on a connection that was open already; `/readyz` says the same in its own way. */
const refuseWhileDraining = (app: FastifyInstance, { phase }: Deps): void => {
  app.addHook('onRequest', (request, _reply, done) => {
    const isRefused = phase?.() === 'draining' && request.routeOptions.url !== '/readyz'
    done(isRefused ? new Problem('shutting_down', { headers: { connection: 'close' } }) : undefined)
  })
}

/** By route pattern only, and only where somebody asked for it: a line per request costs a fifth of the speed. */
const logRequests = (app: FastifyInstance, { log }: Deps): void => {
  if (!log.isLevelEnabled('debug')) return
  app.addHook('onResponse', (request, reply, done) => {
    const { method, id } = request
    const { url: route } = request.routeOptions
    log.debug({ requestId: id, method, route, status: reply.statusCode, ms: reply.elapsedTime }, 'request')
    done()
  })
}

/** Notes a token that does not count, and a role that may not; other refusals are no logins. */
const noteRefusal = (
  { refusedLogins, metrics }: { refusedLogins: RefusedLogins; metrics: Metrics },
  request: FastifyRequest,
  error: unknown,
): void => {
  const isRole = error instanceof Refusal && error.code === 'role_not_allowed'
  if (!isRole && !(error instanceof RefusedToken)) return
  const { method, routeOptions } = request
  const sub = error instanceof RefusedToken ? error.sub : request.caller.sub
  metrics.business.authFailures.inc({ code: error.code })
  refusedLogins.note({ code: error.code, sub, method, route: routeOptions.url ?? '' })
}

/** @throws Refusal `desk_closed`; Problem `view_rebuilding` where the policy is not known yet */
const requireOpen = (deps: Deps, desk: Desk): void => {
  requireReady(deps, ['master'])
  requireDesk(deps.views.master.at(deps.now()).policy.values, desk)
}

/** Puts token, rate limit and role in front of every route under `/v1`, by what the route itself declares. */
const guardRoutes = (app: FastifyInstance, deps: Deps): void => {
  const authenticate = createAuthenticator(deps.config.auth)
  const limit = createRateLimit(deps.config.rateLimitPerMinute)
  const refusedLogins = createRefusedLogins(deps.log)
  app.addHook('onClose', async () => refusedLogins.stop())
  app.addHook('onRoute', (route: RouteOptions) => {
    if (!route.url.startsWith('/v1/')) return
    const { action, refusals } = route.config ?? {}
    if (action === undefined || refusals === undefined)
      throw new Error(
        `${route.method} ${route.url} declares no config.${action === undefined ? 'action' : 'refusals'}`,
      )
    const check = requireAction(action)
    const { views, desk } = route.config ?? {}
    const admit = async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
      const caller = await authenticate(request.headers.authorization)
      request.caller = caller
      limit(caller.sub, reply)
      if (desk !== undefined) requireOpen(deps, desk)
      check(caller)
      request.caller = onBehalfOf(caller, request.headers['x-on-behalf-of'])
      requireReady(deps, views)
      if (request.headers['x-min-position'] !== undefined) await awaitMinPosition(deps, request, views)
    }
    const guard: typeof route.onRequest = async (request, reply) => {
      reply.header('cache-control', 'no-store')
      try {
        await admit(request, reply)
      } catch (error) {
        noteRefusal({ refusedLogins, metrics: deps.metrics }, request, error)
        await readWithHeader(request)
        throw error
      }
    }
    const keepBody: typeof route.preValidation = (request, _reply, done) => {
      keepParsedBody(request)
      done()
    }
    route.onRequest = [guard, ...[route.onRequest ?? []].flat()]
    if (route.method !== 'GET' && route.method !== 'HEAD') {
      route.preValidation = [keepBody, ...[route.preValidation ?? []].flat()]
    }
    offerFiles(route)
    route.schema = documented(route)
  })
}
