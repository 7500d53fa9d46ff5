/** Whether the process lives, and whether it should be sent requests. */
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { Deps, Routes, ViewStatus } from './deps.ts'

const readiness = z
  .strictObject({
    status: z.enum(['ready', 'degraded', 'unready']).meta({
      description: 'degraded: a view that only reports read has stopped or is being built.',
    }),
    draining: z.boolean(),
    store: z.enum(['ok', 'unavailable']),
    projections: z.array(
      z.strictObject({
        name: z.string(),
        state: z.enum(['live', 'behind', 'rebuilding', 'stopped']),
        neededByCommands: z.boolean(),
        position: z.string().nullable(),
        lag: z.number().nullable().meta({ description: 'Events yet to be applied.' }),
      }),
    ),
  })
  .meta({ id: 'Readiness' })
type Readiness = z.infer<typeof readiness>

/** A store that takes longer than this to name its newest event is as good as gone. */
const storePatienceMs = 2_000

const storeAnswers = async ({ store }: Pick<Deps, 'store'>): Promise<boolean> => {
  let timer: NodeJS.Timeout | undefined
  const patience = new Promise<false>((resolve) => {
    timer = setTimeout(resolve, storePatienceMs, false)
  })
  const answer = store.head().then(
    () => true,
    () => false,
  )
  return Promise.race([answer, patience]).finally(() => clearTimeout(timer))
}

const verdict = (unready: boolean, views: readonly ViewStatus[]): Readiness['status'] => {
  if (unready) return 'unready'
  if (views.some(({ state, neededByCommands }) => neededByCommands && state !== 'live')) return 'unready'
  return views.every(({ state }) => state === 'live') ? 'ready' : 'degraded'
}

/** How the service is: its store, its views, and what follows for the requests it may be sent. */
export const readinessOf = async (deps: Pick<Deps, 'store' | 'views' | 'draining'>): Promise<Readiness> => {
  const draining = deps.draining?.() ?? false
  const store = await storeAnswers(deps)
  const projections = deps.views.status()
  return {
    status: verdict(draining || !store, projections),
    draining,
    store: store ? 'ok' : 'unavailable',
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
          '503 while draining, without the store, or while a view that commands read is behind or stopped.',
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
