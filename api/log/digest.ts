/** The digest of the log, by which anybody can tell later that nothing in it was changed. */
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { logDigestSchema } from '../../domain/logDigest.ts'
import type { Deps, Routes } from '../http/deps.ts'
import { isPosition } from '../http/positions.ts'
import { Problem } from '../http/problems.ts'

const answer = logDigestSchema.meta({
  id: 'LogDigest',
  description:
    'The log up to a position: how many events there are, and their SHA-256 chain. Each digest is that of the digest before it (64 hex digits; zeros before the first event) and the event as the JSON array [version, id, stream, type, data, metadata].',
})

const query = z.strictObject({
  position: z
    .string()
    .min(1)
    .max(100)
    .optional()
    .meta({ description: 'A value of X-Position; left out: the newest.' }),
})

const requirePosition = ({ store }: Pick<Deps, 'store'>, position: string | undefined): void => {
  if (position === undefined || isPosition(store, position)) return
  const detail = { en: 'must be a value of X-Position.', zh: '应为 X-Position 返回的值。' }
  throw new Problem('invalid_request', { errors: [{ in: 'query', pointer: 'position', detail }] })
}

export const logDigestRoutes: Routes = (deps) => async (plugin) => {
  const app = plugin.withTypeProvider<ZodTypeProvider>()

  app.get(
    '/v1/log/digest',
    {
      config: { action: 'prove_log', refusals: ['position_unknown'], operationId: 'getLogDigest' },
      schema: {
        tags: ['operation'],
        summary: 'The digest of the log up to a position',
        description:
          'An answer that you keep can prove later that nothing before its position was changed: the same position must give the same digest, and `npm run verify` recomputes it from the stored events.',
        querystring: query,
        response: { 200: answer },
      },
    },
    async (request) => {
      const { position } = request.query
      requirePosition(deps, position)
      const digest = deps.digestUpTo(position ?? null)
      if (digest === null) throw new Problem('position_unknown')
      return digest
    },
  )
}
