/** How webhooks and their deliveries are shown. */
import { z } from 'zod'
import { codesOf } from '../../domain/codeList.ts'
import { pauseReasonSchema } from '../../domain/webhooks/webhook.ts'
import type { WebhookRow } from '../../projections/webhooks/webhooks.ts'
import type { Deps } from '../http/deps.ts'
import { instantOutput } from '../http/schemas.ts'
import {
  type DeliveryFault,
  type DeliveryRow,
  type DeliveryStatus,
  deliveryFaults,
  deliveryStatuses,
} from './port.ts'

export const deliveryStatusSchema = z.enum(codesOf<DeliveryStatus>(deliveryStatuses))

export const webhookAnswer = z
  .strictObject({
    id: z.string(),
    url: z.string(),
    events: z.array(z.string()),
    rbo: z.string().nullable(),
    dealer: z.string().nullable(),
    includeContacts: z.boolean(),
    description: z.string(),
    state: z.enum(['active', 'paused']),
    pausedBecause: pauseReasonSchema.nullable().meta({
      description:
        'request: somebody asked; failing: no success for three days; gone: the receiver answered 410.',
    }),
    pausedAt: instantOutput.nullable(),
    createdAt: instantOutput,
    formerSecretUntil: instantOutput
      .nullable()
      .meta({ description: 'Until then the secret before the last rotation signs too.' }),
    deliveries: z
      .strictObject({
        sequence: z.int().meta({ description: 'Of the newest delivery.' }),
        pending: z.int().meta({ description: 'Read from the log and not delivered.' }),
        oldestPendingAt: instantOutput.nullable(),
        failingSince: instantOutput.nullable().meta({ description: 'null: the last delivery succeeded.' }),
      })
      .meta({ description: 'On another node than the one that delivers, as of at most ten minutes ago.' }),
    version: z.int(),
  })
  .meta({ id: 'Webhook' })

export const webhookWithSecret = webhookAnswer
  .extend({
    secret: z
      .string()
      .nullable()
      .meta({ description: 'Verifies the signatures. Shown here only; null: the webhook was deleted.' }),
  })
  .meta({ id: 'WebhookWithSecret' })

export const deliveryAnswer = z
  .strictObject({
    id: z.string(),
    sequence: z.int(),
    webhookId: z.string().meta({ description: 'Sent as webhook-id: the id of the event.' }),
    type: z.string(),
    ticketNo: z.string().nullable(),
    at: instantOutput.meta({ description: 'When the event was recorded.' }),
    status: deliveryStatusSchema,
    attempts: z.int(),
    firstAttemptAt: instantOutput.nullable(),
    lastAttemptAt: instantOutput.nullable(),
    nextAttemptAt: instantOutput.nullable(),
    httpStatus: z.int().nullable(),
    fault: z
      .enum(codesOf<DeliveryFault>(deliveryFaults))
      .nullable()
      .meta({ description: 'Why the last attempt has no HTTP status.' }),
    durationMs: z.int().nullable(),
    answer: z.string().nullable().meta({ description: 'The first 1,000 bytes of the last answer.' }),
  })
  .meta({ id: 'WebhookDelivery' })

export const presentWebhook = (
  { webhooks }: Pick<Deps, 'webhooks'>,
  row: WebhookRow,
): z.infer<typeof webhookAnswer> => {
  const { id, url, events, rbo, dealer, includeContacts, description, paused, createdAt, formerSecret } = row
  const { lagMs: _, ...deliveries } = webhooks.healthOf(id)
  return {
    ...{ id, url, events, rbo, dealer, includeContacts, description },
    state: paused === null ? 'active' : 'paused',
    pausedBecause: paused?.reason ?? null,
    pausedAt: paused?.at ?? null,
    createdAt,
    formerSecretUntil: formerSecret?.until ?? null,
    deliveries,
    version: row.version,
  }
}

export const presentDelivery = (row: DeliveryRow): z.infer<typeof deliveryAnswer> => {
  const { sequence, eventId, name, stream: _, version: __, ...shown } = row
  return { id: String(sequence), sequence, webhookId: eventId, type: name, ...shown }
}
