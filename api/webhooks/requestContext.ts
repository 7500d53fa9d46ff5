/** What the routes of webhooks share. */
import { randomBytes } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Action } from '../../domain/authority.ts'
import type { Instant } from '../../domain/instant.ts'
import { Refusal, type RefusalCode } from '../../domain/refusal.ts'
import {
  type Webhook,
  type WebhookCommand,
  type WebhookSettings,
  webhookAggregate,
} from '../../domain/webhooks/webhook.ts'
import type { WebhookRow } from '../../projections/webhooks/webhooks.ts'
import type { ViewName } from '../commands/deps.ts'
import type { FoldedStream } from '../commands/folded.ts'
import { writeAggregate } from '../http/aggregateWrites.ts'
import type { Deps } from '../http/deps.ts'
import type { AddressFault } from './port.ts'

export const tags = ['webhooks']
export const config: { action: Action; views: readonly ViewName[] } = {
  action: 'keep_webhooks',
  views: ['webhooks'],
}
export const params = z.strictObject({ id: z.string().max(64) })

const faultCode: Record<AddressFault, RefusalCode> = {
  malformed: 'webhook_url_malformed',
  not_https: 'webhook_url_not_https',
  credentials: 'webhook_url_credentials',
  not_public: 'webhook_url_not_public',
}

/** @throws Refusal where the address gets no webhooks, or a filter names no RBO or dealer. */
export const requireSettings = (deps: Deps, { url, rbo, dealer }: WebhookSettings): void => {
  const fault = deps.webhooks.urlFault(url)
  if (fault !== null) throw new Refusal(faultCode[fault], {}, '#/url')
  const { master } = deps.views
  if (rbo !== null && master.rbo(rbo) === null) throw new Refusal('unknown_rbo', { code: rbo }, '#/rbo')
  if (dealer !== null && master.dealer(dealer) === null)
    throw new Refusal('unknown_dealer', { code: dealer }, '#/dealer')
}

/** A secret as Standard Webhooks writes it. */
export const newSecret = (): string => `whsec_${randomBytes(24).toString('base64')}`

/** @throws Refusal `webhook_not_found` */
export const requireWebhook = ({ views }: Pick<Deps, 'views'>, id: string): WebhookRow => {
  const row = views.webhooks.find(id)
  if (row === null || row.isDeleted) throw new Refusal('webhook_not_found')
  return row
}

export const secretOf = ({ sealing }: Pick<Deps, 'sealing'>, { secret }: Webhook): string | null => {
  const opened = sealing.open(secret)
  return typeof opened === 'string' ? opened : null
}

type WebhookWrite = {
  id: string
  created?: boolean
  command(found: FoldedStream<Webhook>, now: Instant): WebhookCommand | Promise<WebhookCommand>
}

export const write = async (
  deps: Deps,
  request: FastifyRequest,
  reply: FastifyReply,
  { id, created = false, command }: WebhookWrite,
): Promise<WebhookRow> => {
  const { state, version } = await writeAggregate(deps, request, reply, {
    aggregate: webhookAggregate,
    id,
    exists: (webhook) => !created || webhook !== null,
    command,
  })
  return { ...state, id, version }
}

/** The endpoint as its stream has it. @throws Refusal `webhook_not_found` */
export const requireThere = (state: Webhook | null): Webhook => {
  if (state === null || state.isDeleted) throw new Refusal('webhook_not_found')
  return state
}
