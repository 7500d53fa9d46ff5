/** What the HTTP side is given: everything with a side effect comes in here, wired by hand in `src/core.ts`. */
import type { FastifyInstance, FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import type { ZodType } from 'zod'
import type { AccessLog } from '../../domain/accessLog.ts'
import type { Action } from '../../domain/authority.ts'
import type { Desk } from '../../domain/desk.ts'
import type { Position } from '../../domain/eventStore.ts'
import type { LogDigest } from '../../domain/logDigest.ts'
import type { CommandDeps, ViewName } from '../commands/deps.ts'
import type { InFlight } from '../commands/inFlight.ts'
import type { ConsolePort } from '../console/port.ts'
import type { WebhookDeliveries } from '../webhooks/port.ts'
import type { AuthConfig, Caller } from './auth.ts'
import type { Example } from './examples.ts'
import type { HeadWatch } from './lag.ts'
import type { Metrics } from './metrics.ts'
import type { ProblemCode } from './problemCodes.ts'
import type { ReadThreads } from './readThreads.ts'

export type ApiConfig = {
  auth: AuthConfig
  /** Requests a minute and `sub`; 0 is no limit. */
  rateLimitPerMinute: number
  /** Origins a browser may call from; none: no CORS. */
  corsOrigins: readonly string[]
  /** Connections at once; see `guardConnections`. */
  maxConnections: number
  bodyLimitBytes: number
  /** Compares every answer with its schema: for tests, it costs time. */
  checkAnswers: boolean
}

export type Deps = CommandDeps & {
  config: ApiConfig
  metrics: Metrics
  inFlight: InFlight
  /** Command ids of the writes with an `Idempotency-Key` that are in flight in this process. */
  keyedWrites: Set<string>
  /** The digest of the log up to a position, `null`: of all of it; `null` where there is none up to there, or not yet. */
  digestUpTo(position: Position | null): LogDigest | null
  headWatch: HeadWatch
  /** Where heavy reads are answered; left out: by this thread. */
  readThreads?: ReadThreads
  webhooks: WebhookDeliveries
  /** Who read whose personal data. */
  access: AccessLog
  /** The page at `/console`; left out: there is none. */
  console?: ConsolePort
  /** `starting` until the views are there and what a crash left half done is finished; left out: `serving`. */
  phase?: () => Phase
  /** What makes the service `degraded` beside its views, each asked when somebody looks. */
  degradedBy?: readonly DegradedBy[]
}

/** `reason` is a sentence without personal data; `null`: nothing is wrong. */
export type DegradedBy = { name: string; reason(): string | null }

export type Phase = 'starting' | 'serving' | 'draining'

/** A resource's routes, given what they need. */
export type Routes = (deps: Deps) => FastifyPluginAsync

/** A request, and the reply it is answered by. */
export type Http = { request: FastifyRequest; reply: FastifyReply }

export type App = FastifyInstance

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What the route does, in the words of rulebook §2; of several, a role for one will do. */
    action?: Action | readonly Action[]
    /** The desk the route belongs to: while the policy has it switched off, the route answers 404 `desk_closed`. */
    desk?: Desk
    /** The views the route reads; left out: those that commands read. It answers 503 while one is not ready. */
    views?: readonly ViewName[]
    /** The codes of its own refusals, beside those every call of its kind has; a route under `/v1` must have them. */
    refusals?: readonly ProblemCode[]
    /** A request that works; for the documentation. */
    example?: Example
    /** What generated clients call it, where method and path do not say it well enough. */
    operationId?: string
    /** What a line of the body must be, where the body is lines of JSON; for the documentation. */
    line?: ZodType
    /** The fields of the form, where the body is `multipart/form-data`; for the documentation. */
    form?: ZodType
  }
  interface FastifyRequest {
    caller: Caller
    /** Canonical JSON of the body as it came, where the request has an `Idempotency-Key`. */
    parsedBody: string | undefined
  }
}
