/** Whether the process lives, and whether it should be sent requests. */
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { ViewStatus } from '../../projections/views.ts'
import type { Deps, Routes } from './deps.ts'
import { lagOf } from './lag.ts'

const readiness = z
  .strictObject({
    status: z.enum(['ready', 'degraded', 'unready']).meta({
      description:
        'degraded: a view that only reports read has stopped, is behind or is being built, or `reasons` names what is wrong.',
    }),
    phase: z.enum(['starting', 'serving', 'draining']),
    store: z.enum(['ok', 'unavailable']),
    connection: z
      .strictObject({
        state: z.enum(['connecting', 'connected', 'lost']),
        resubscribed: z.int().meta({ description: 'How often following the log had to start again.' }),
      })
      .optional()
      .meta({ description: 'Of a store that is reached over a network.' }),
    reasons: z
      .array(z.strictObject({ name: z.string(), reason: z.string() }))
      .meta({ description: 'What makes the service degraded beside its views, a sentence each.' }),
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
          .meta({ description: 'For how long the log has been known to go on after that position.' }),
      }),
    ),
  })
  .meta({ id: 'Readiness' })
type Readiness = z.infer<typeof readiness>

/** Behind for longer than this a view that commands read makes the service unready. */
const maxSecondsBehind = 5

const verdict = (
  unready: boolean,
  { projections: views, reasons }: Pick<Readiness, 'projections' | 'reasons'>,
): Readiness['status'] => {
  const lags = ({ state, lagSeconds }: Readiness['projections'][number]) =>
    state !== 'ready' || lagSeconds > maxSecondsBehind
  if (unready || views.some((view) => view.readByCommands && lags(view))) return 'unready'
  return reasons.length > 0 || views.some(lags) ? 'degraded' : 'ready'
}

/** How the service is: its store, its views, and what follows for the requests it may be sent. One store call. */
export const readinessOf = async (
  deps: Pick<Deps, 'store' | 'views' | 'phase' | 'headWatch' | 'degradedBy'>,
): Promise<Readiness> => {
  const phase = deps.phase?.() ?? 'serving'
  const head = await deps.headWatch.look()
  const isThere = head !== undefined && (await (deps.store.isWritable?.() ?? true))
  const projections = deps.views
    .status()
    .map(({ name, version, state, position, readByCommands }: ViewStatus) => ({
      name,
      version,
      state,
      readByCommands,
      position,
      lag: lagOf(position, head),
      lagSeconds: deps.headWatch.secondsBehind(position),
    }))
  const reasons = (deps.degradedBy ?? []).flatMap(({ name, reason }) => {
    const found = reason()
    return found === null ? [] : [{ name, reason: found }]
  })
  const connection = deps.store.connection?.()
  return {
    status: verdict(phase !== 'serving' || !isThere, { projections, reasons }),
    phase,
    store: isThere ? 'ok' : 'unavailable',
    ...(connection !== undefined && { connection }),
    reasons,
    projections,
  }
}

export const healthRoutes: Routes = (deps) => async (plugin) => {
  const app = plugin.withTypeProvider<ZodTypeProvider>()

  app.get(
    '/livez',
    {
      config: { operationId: 'isLive' },
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
      config: { operationId: 'isReady' },
      schema: {
        tags: ['operation'],
        summary: 'Whether the service should be sent requests',
        description:
          '503 while starting or draining, without the store, or while a view that commands read has stopped or been behind for more than 5 seconds.',
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
