/** Whether the process lives, and whether it should be sent requests. */
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { Position } from '../../domain/eventStore.ts'
import type { ViewStatus } from '../../projections/views.ts'
import type { Deps, Routes } from './deps.ts'
import { lagOf } from './lag.ts'

const readiness = z
  .strictObject({
    status: z.enum(['ready', 'degraded', 'unready']).meta({
      description: 'degraded: a view that only reports read has stopped or is being built.',
    }),
    phase: z.enum(['starting', 'serving', 'draining']),
    store: z.enum(['ok', 'unavailable']),
    connection: z
      .strictObject({
        state: z.enum(['connecting', 'connected', 'lost']),
        resubscribed: z.int().meta({ description: 'How often following the log had to begin anew.' }),
      })
      .optional()
      .meta({ description: 'Of a store that is reached over a network.' }),
    projections: z.array(
      z.strictObject({
        name: z.string(),
        state: z.enum(['ready', 'rebuilding', 'stopped']),
        version: z.int(),
        readByCommands: z.boolean(),
        position: z.string().nullable(),
        lag: z.int().nullable().meta({ description: 'Events yet to be applied, where the engine can tell.' }),
        lagSeconds: z
          .number()
          .optional()
          .meta({ description: 'For how long the oldest of them has waited; of a store over a network.' }),
      }),
    ),
  })
  .meta({ id: 'Readiness' })
type Readiness = z.infer<typeof readiness>

/** A store that takes longer than this to name its newest event is as good as gone. */
const storePatienceMs = 2_000

/** What comes within so many milliseconds; `undefined` where it fails or takes longer. */
const within = <T>(ms: number, answer: Promise<T>): Promise<T | undefined> => {
  let timer: NodeJS.Timeout | undefined
  const patience = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, ms, undefined)
  })
  return Promise.race([answer.catch(() => undefined), patience]).finally(() => clearTimeout(timer))
}

/** The newest position; `undefined` where the store does not say. */
const headOf = ({ store }: Pick<Deps, 'store'>): Promise<Position | null | undefined> =>
  within(storePatienceMs, store.head())

/** Whether the store can be read and written, as far as it can tell. */
const isStoreThere = async (
  head: Position | null | undefined,
  { store }: Pick<Deps, 'store'>,
): Promise<boolean> => head !== undefined && (await (store.isWritable?.() ?? true))

/** Behind by more than this a view that commands read makes the service unready. */
const maxLag = 10_000

const verdict = (unready: boolean, views: Readiness['projections']): Readiness['status'] => {
  const lags = ({ state, lag }: Readiness['projections'][number]) => state !== 'ready' || (lag ?? 0) > maxLag
  if (unready || views.some((view) => view.readByCommands && lags(view))) return 'unready'
  return views.some(lags) ? 'degraded' : 'ready'
}

/** How far a view is behind, as the engine can tell. */
const behind = async (
  { store }: Pick<Deps, 'store'>,
  position: Position | null,
  head: Position | null | undefined,
): Promise<{ lag: number | null; lagSeconds?: number }> => {
  if (store.lag === undefined) return { lag: lagOf(position, head) }
  if (head === undefined) return { lag: null }
  const lag = await within(storePatienceMs, store.lag(position))
  return lag === undefined ? { lag: null } : { lag: lag.events, lagSeconds: lag.seconds }
}

/** How the service is: its store, its views, and what follows for the requests it may be sent. */
export const readinessOf = async (deps: Pick<Deps, 'store' | 'views' | 'phase'>): Promise<Readiness> => {
  const phase = deps.phase?.() ?? 'serving'
  const head = await headOf(deps)
  const isThere = await isStoreThere(head, deps)
  const projections = await Promise.all(
    deps.views.status().map(async ({ name, version, state, position, readByCommands }: ViewStatus) => ({
      name,
      version,
      state,
      readByCommands,
      position,
      ...(await behind(deps, position, isThere ? head : undefined)),
    })),
  )
  const connection = deps.store.connection?.()
  return {
    status: verdict(phase !== 'serving' || !isThere, projections),
    phase,
    store: isThere ? 'ok' : 'unavailable',
    ...(connection !== undefined && { connection }),
    projections,
  }
}

export const healthRoutes: Routes = (deps) => async (plugin) => {
  const app = plugin.withTypeProvider<ZodTypeProvider>()

  app.get(
    '/livez',
    {
      schema: {
        tags: ['operation'],
        summary: 'Whether the process lives',
        response: { 200: z.strictObject({ status: z.literal('live') }) },
      },
    },
    async () => ({ status: 'live' as const }),
  )

  app.get(
    '/readyz',
    {
      schema: {
        tags: ['operation'],
        summary: 'Whether the service should be sent requests',
        description:
          '503 while starting or draining, without the store, or while a view that commands read is behind or stopped.',
        response: { 200: readiness, 503: readiness },
      },
    },
    async (_request, reply) => {
      const state = await readinessOf(deps)
      reply.header('cache-control', 'no-store')
      if (state.status !== 'unready') return reply.code(200).send(state)
      return reply.code(503).header('retry-after', '5').send(state)
    },
  )
}
