/** What the HTTP side is given: everything with a side effect comes in here, wired by hand in `src/service.ts`. */
import type { FastifyInstance, FastifyPluginAsync } from 'fastify'
import type { Logger } from 'pino'
import type { ZodType } from 'zod'
import type { Action } from '../../domain/authority.ts'
import type { EventStore } from '../../domain/eventStore.ts'
import type { Instant } from '../../domain/instant.ts'
import type { Sealing } from '../../domain/sealing.ts'
import type { SubjectId } from '../../domain/subjectKeys.ts'
import type { DoneCommand } from '../../projections/commands.ts'
import type { Views as ProjectedViews, Queries } from '../../projections/views.ts'
import type { UnderWay } from '../commands/inFlight.ts'
import type { AuthConfig, Caller } from './auth.ts'
import type { Metrics } from './metrics.ts'

export type ApiConfig = {
  auth: AuthConfig
  /** Requests a minute and `sub`; 0 is no limit. */
  rateLimitPerMinute: number
  /** Origins a browser may call from; none: no CORS. */
  corsOrigins: readonly string[]
  bodyLimitBytes: number
  /** Holds every answer against its schema: for tests, it costs time. */
  checkAnswers: boolean
}

export type Deps = {
  store: EventStore
  views: Views
  sealing: Sealing
  subjects: { create(): SubjectId | Promise<SubjectId> }
  now: () => Instant
  newCommandId: () => string
  log: Logger
  config: ApiConfig
  metrics: Metrics
  underWay: UnderWay
  /** Left out where this process is the only one that writes: then what is done in it is enough. */
  turns?: Turns
  /** `starting` until the views are there and what a crash left half done is finished; left out: `serving`. */
  phase?: () => Phase
}

/** Where several processes write to one log: lets one at a time do what must not be done twice at once. */
export type Turns = {
  /**
   * Runs `work` when no node runs anything else under any of the keys, and the views have what was done under them;
   * where somebody else does and `wait` is false, `taken` instead.
   * @throws StoreUnavailable where others take too long.
   */
  take<T>(
    keys: readonly string[],
    work: () => Promise<T>,
    otherwise: { wait: boolean; taken: () => Promise<T> },
  ): Promise<T>
}

export type Phase = 'starting' | 'serving' | 'draining'

/** A resource's routes, given what they need. */
export type Routes = (deps: Deps) => FastifyPluginAsync

/** What a command left in one stream; versions are inclusive. */
export type CommandRow = DoneCommand & { commandId: string }

/** The read models: their queries, how far they are, and how to wait for them. */
export type Views = Pick<ProjectedViews, keyof Queries | 'reached' | 'status'>

export type ViewName = keyof Queries

export type App = FastifyInstance

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What the route does, in the words of rulebook §2; of several, a role for one will do. */
    action?: Action | readonly Action[]
    /** The views the route reads; left out: those that commands read. It answers 503 while one is not ready. */
    views?: readonly ViewName[]
    /** What a line of the body must be, where the body is lines of JSON; for the documentation. */
    line?: ZodType
  }
  interface FastifyRequest {
    caller: Caller
    /** Canonical JSON of the body as it came, where the request has an `Idempotency-Key`. */
    parsedBody: string | undefined
  }
}
