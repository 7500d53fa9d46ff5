/** What the HTTP side is given: everything with a side effect comes in here, wired by hand in `src/main.ts`. */
import type { FastifyPluginAsync } from 'fastify'
import type { Logger } from 'pino'
import type { Action } from '../domain/authority.ts'
import type { EventStore, Position } from '../domain/eventStore.ts'
import type { Instant } from '../domain/instant.ts'
import type { Sealing } from '../domain/sealing.ts'
import type { SubjectId } from '../domain/subjectKeys.ts'
import type { CommandQueries, DoneCommand } from '../projections/commands.ts'
import type { CustomerQueries } from '../projections/customers.ts'
import type { FollowUpQueries } from '../projections/followUps.ts'
import type { KpiQueries } from '../projections/kpi/kpiQueries.ts'
import type { MasterQueries } from '../projections/master/masterQueries.ts'
import type { TicketQueries } from '../projections/tickets/tickets.ts'
import type { WarningQueries } from '../projections/warnings/warningQueries.ts'
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
  /** Whether the process is on its way out. */
  draining?: () => boolean
}

/** A resource's routes, given what they need. */
export type Routes = (deps: Deps) => FastifyPluginAsync

/** What a command left in one stream; versions are inclusive. */
export type CommandRow = DoneCommand & { commandId: string }

export type ViewStatus = {
  name: string
  state: 'live' | 'behind' | 'rebuilding' | 'stopped'
  /** Commands read it, so the service is not ready without it. */
  neededByCommands: boolean
  position: Position | null
  /** Events it has yet to apply, where the engine can tell. */
  lag: number | null
}

export type Views = {
  /** Whether every view has applied the event at `position`, waiting for it no longer than `timeoutMs`. */
  reached(position: Position, timeoutMs: number): Promise<boolean>
  status(): ViewStatus[]
  commands: CommandQueries
  customers: CustomerQueries
  followUps: FollowUpQueries
  kpi: KpiQueries
  master: MasterQueries
  tickets: TicketQueries
  warnings: WarningQueries
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What the route does, in the words of rulebook §2; of several, a role for one will do. */
    action?: Action | readonly Action[]
  }
  interface FastifyRequest {
    caller: Caller
    /** Canonical JSON of the body as it came, where the request has an `Idempotency-Key`. */
    parsedBody: string | undefined
  }
}
