/** What became of the deliveries of a webhook, and one of them again. */
import type { FastifyRequest } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { Refusal } from '../../domain/refusal.ts'
import type { Routes } from '../http/deps.ts'
import { sendPage } from '../http/lists.ts'
import { noBody, pageOf, pageQuery } from '../http/schemas.ts'
import { config, params, requireThere, requireWebhook, tags, write } from './requestContext.ts'
import {
  deliveryAnswer,
  deliveryStatusSchema,
  presentDelivery,
  presentWebhook,
  webhookAnswer,
} from './responseSchemas.ts'

export const webhookDeliveryRoutes: Routes = (deps) => async (plugin) => {
  const app = plugin.withTypeProvider<ZodTypeProvider>()

  app.get(
    '/v1/webhooks/:id/deliveries',
    {
      config: { ...config, refusals: ['webhook_not_found'] },
      schema: {
        tags,
        summary: 'What became of the deliveries, newest first',
        description:
          'Kept for 30 days, without bodies. With several nodes, delivered ones are listed by the node that delivered them.',
        params,
        querystring: z.strictObject({ ...pageQuery, status: deliveryStatusSchema.optional() }),
        response: { 200: pageOf(deliveryAnswer) },
      },
    },
    async (request, reply) => {
      const { id } = requireWebhook(deps, request.params.id)
      const { status = null } = request.query
      return sendPage(
        deps,
        { request: request as FastifyRequest, reply },
        { list: 'deliveries', filters: { id, status }, asked: request.query, alike: true },
        {
          form: { pack: (sequence: number) => [sequence], unpack: ([sequence]) => Number(sequence) },
          find: ({ limit, after }) => {
            const rows = deps.webhooks.page(id, { status, limit: limit + 1, after })
            const items = rows.slice(0, limit)
            return { items, next: rows.length > limit ? items.at(-1)!.sequence : null }
          },
          present: presentDelivery,
        },
      )
    },
  )

  app.post(
    '/v1/webhooks/:id/deliveries/:deliveryId/retry',
    {
      config: { ...config, refusals: ['webhook_not_found', 'delivery_not_found'] },
      schema: {
        tags,
        summary: 'Send a delivery again now',
        params: params.extend({ deliveryId: z.string().max(16) }),
        body: noBody,
        response: { 200: webhookAnswer },
      },
    },
    async (request, reply) => {
      const { id, deliveryId } = request.params
      const row = await write(deps, request, reply, {
        id,
        command: ({ state }) => {
          requireThere(state)
          const found = /^\d+$/.test(deliveryId) ? deps.webhooks.find(id, Number(deliveryId)) : null
          if (found === null) throw new Refusal('delivery_not_found', { delivery: deliveryId })
          const { stream, version, ticketNo, name, sequence } = found
          return {
            type: 'RequestOfWebhook',
            request: { type: 'WebhookRetryRequested', data: { stream, version, ticketNo, name, sequence } },
          }
        },
      })
      return presentWebhook(deps, row)
    },
  )
}
