/** Acts on a webhook: pause, resume, test, new secret, replay. */
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import type { z } from 'zod'
import type { Instant } from '../../domain/instant.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { WebhookCommand } from '../../domain/webhooks/webhook.ts'
import type { Deps, Routes } from '../http/deps.ts'
import { requirePosition } from '../http/positions.ts'
import { Problem } from '../http/problems.ts'
import { noBody } from '../http/schemas.ts'
import { replayBody } from './bodies.ts'
import { config, newSecret, params, requireThere, secretOf, tags, write } from './requestContext.ts'
import { presentWebhook, webhookAnswer, webhookWithSecret } from './responseSchemas.ts'

/** Asks the node that delivers for a replay from an instant or a position. @throws Problem `position_unknown` */
const replayCommand = async (
  { store }: Pick<Deps, 'store'>,
  { since, after }: z.infer<typeof replayBody>,
): Promise<WebhookCommand> => {
  if ((since === undefined) === (after === undefined))
    throw new Refusal('replay_start_required', {}, '#/since')
  if (after === undefined)
    return {
      type: 'RequestOfWebhook',
      request: { type: 'WebhookReplayRequested', data: { since: since as Instant } },
    }
  await requirePosition({ store }, after, () => new Problem('position_unknown'))
  return { type: 'RequestOfWebhook', request: { type: 'WebhookReplayRequested', data: { after } } }
}

export const webhookActRoutes: Routes = (deps) => async (plugin) => {
  const app = plugin.withTypeProvider<ZodTypeProvider>()
  const acts = {
    pause: {
      summary: 'Pause a webhook: nothing is sent, nothing is lost',
      command: { type: 'PauseWebhook', reason: 'request' },
    },
    resume: {
      summary: 'Resume a webhook: all that is pending is sent now',
      command: { type: 'ResumeWebhook' },
    },
    test: {
      summary:
        'Send webhook.test, once, also to a webhook that is paused; the deliveries tell what became of it',
      command: { type: 'RequestOfWebhook', request: { type: 'WebhookTestRequested', data: {} } },
    },
  } as const satisfies Record<string, { summary: string; command: WebhookCommand }>

  for (const [name, { summary, command }] of Object.entries(acts))
    app.post(
      `/v1/webhooks/:id/${name}`,
      {
        config: { ...config, refusals: ['webhook_not_found'] },
        schema: { tags, summary, params, body: noBody, response: { 200: webhookAnswer } },
      },
      async (request, reply) => {
        const row = await write(deps, request, reply, { id: request.params.id, command: () => command })
        return presentWebhook(deps, row)
      },
    )

  app.post(
    '/v1/webhooks/:id/rotate-secret',
    {
      config: { ...config, refusals: ['webhook_not_found'] },
      schema: {
        tags,
        summary: 'Make a new secret',
        description: 'The former one signs too for 24 hours. The new one is shown in this answer only.',
        params,
        body: noBody,
        response: { 200: webhookWithSecret },
      },
    },
    async (request, reply) => {
      const row = await write(deps, request, reply, {
        id: request.params.id,
        command: ({ state }) => {
          const { subjectId } = requireThere(state)
          return { type: 'RotateWebhookSecret', secret: deps.sealing.seal(subjectId, newSecret()) }
        },
      })
      return { ...presentWebhook(deps, row), secret: secretOf(deps, row) }
    },
  )

  app.post(
    '/v1/webhooks/:id/replay',
    {
      config: { ...config, refusals: ['webhook_not_found', 'replay_start_required', 'position_unknown'] },
      schema: {
        tags,
        summary: 'Send all events again from an instant or a position on',
        description:
          'Either `since` or `after`. The webhook-id of an event stays the same; sequence goes on.',
        params,
        body: replayBody,
        response: { 200: webhookAnswer },
      },
    },
    async (request, reply) => {
      const row = await write(deps, request, reply, {
        id: request.params.id,
        command: () => replayCommand(deps, request.body),
      })
      return presentWebhook(deps, row)
    },
  )
}
