/** Webhooks themselves: registered, changed, deleted, read. */
import type { FastifyRequest } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { WebhookRow } from '../../projections/webhooks/webhooks.ts'
import type { Routes } from '../http/deps.ts'
import { sendETag } from '../http/etag.ts'
import { keyedCommandId } from '../http/idempotency.ts'
import { sendPage } from '../http/lists.ts'
import { noBody, pageOf, pageQuery } from '../http/schemas.ts'
import { settingsBody } from './bodies.ts'
import {
  config,
  newSecret,
  params,
  requireSettings,
  requireThere,
  requireWebhook,
  secretOf,
  tags,
  write,
} from './requestContext.ts'
import { presentWebhook, webhookAnswer, webhookWithSecret } from './responseSchemas.ts'

const ofWebhookUrl = [
  'webhook_url_malformed',
  'webhook_url_not_https',
  'webhook_url_credentials',
  'webhook_url_not_public',
  'unknown_dealer',
  'unknown_rbo',
] as const

/** Where a page of the list ends. */
type Place = Pick<WebhookRow, 'createdAt' | 'id'>

export const webhookSettingsRoutes: Routes = (deps) => async (plugin) => {
  const app = plugin.withTypeProvider<ZodTypeProvider>()

  app.post(
    '/v1/webhooks',
    {
      config: {
        ...config,
        refusals: ofWebhookUrl,
        example: { body: { url: 'https://sms.example.com/hooks' } },
      },
      schema: {
        tags,
        summary: 'Register a webhook',
        description: 'It gets the events recorded from now on. The secret is shown in this answer only.',
        body: settingsBody,
        response: { 201: webhookWithSecret },
      },
    },
    async (request, reply) => {
      const id = keyedCommandId(request) ?? deps.newCommandId()
      const row = await write(deps, request, reply, {
        id,
        created: true,
        command: async () => {
          requireSettings(deps, request.body)
          const subjectId = await deps.subjects.create()
          const secret = deps.sealing.seal(subjectId, newSecret())
          return { type: 'CreateWebhook', settings: request.body, subjectId, secret }
        },
      })
      reply.header('location', `/v1/webhooks/${id}`)
      return reply.code(201).send({ ...presentWebhook(deps, row), secret: secretOf(deps, row) })
    },
  )

  app.put(
    '/v1/webhooks/:id',
    {
      config: { ...config, refusals: ['webhook_not_found', ...ofWebhookUrl] },
      schema: {
        tags,
        summary: 'Change a webhook',
        description:
          'Counts for events that are not read yet; deliveries that are pending go to the new address.',
        params,
        body: settingsBody,
        response: { 200: webhookAnswer },
      },
    },
    async (request, reply) => {
      const row = await write(deps, request, reply, {
        id: request.params.id,
        command: ({ state }) => {
          requireThere(state)
          requireSettings(deps, request.body)
          return { type: 'ChangeWebhook', settings: request.body }
        },
      })
      return presentWebhook(deps, row)
    },
  )

  app.delete(
    '/v1/webhooks/:id',
    {
      config: { ...config, refusals: ['webhook_not_found'] },
      schema: {
        tags,
        summary: 'Delete a webhook',
        description: 'Its secrets and its log of deliveries go with it; nothing that is pending is sent.',
        params,
        body: noBody,
        response: { 204: z.null() },
      },
    },
    async (request, reply) => {
      const { subjectId } = await write(deps, request, reply, {
        id: request.params.id,
        command: () => ({ type: 'DeleteWebhook' }),
      })
      await deps.subjects.destroy(subjectId)
      return reply.code(204).send(null)
    },
  )
}

export const webhookReadRoutes: Routes = (deps) => async (plugin) => {
  const app = plugin.withTypeProvider<ZodTypeProvider>()

  app.get(
    '/v1/webhooks/:id',
    {
      config: { ...config, refusals: ['webhook_not_found'] },
      schema: { tags, summary: 'A webhook', params, response: { 200: webhookAnswer } },
    },
    async (request, reply) => {
      const row = requireWebhook(deps, request.params.id)
      sendETag(reply, row.version)
      return presentWebhook(deps, row)
    },
  )

  app.get(
    '/v1/webhooks',
    {
      config: { ...config, refusals: [] },
      schema: {
        tags,
        summary: 'All webhooks by their creation',
        querystring: z.strictObject(pageQuery),
        response: { 200: pageOf(webhookAnswer) },
      },
    },
    async (request, reply) =>
      sendPage(
        deps,
        { request: request as FastifyRequest, reply },
        { list: 'webhooks', filters: null, asked: request.query, alike: true },
        {
          form: {
            pack: ({ createdAt, id }: Place) => [createdAt, id],
            unpack: ([createdAt, id]) => ({ createdAt: String(createdAt), id: String(id) }),
          },
          find: ({ limit, after }) => {
            const isAfter = (row: WebhookRow): boolean =>
              after === null ||
              row.createdAt > after.createdAt ||
              (row.createdAt === after.createdAt && row.id > after.id)
            const rows = deps.views.webhooks.all().filter(isAfter)
            return { items: rows.slice(0, limit), next: rows.length > limit ? rows[limit - 1]! : null }
          },
          present: (row) => presentWebhook(deps, row),
        },
      ),
  )
}
