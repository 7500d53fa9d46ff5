/** What the routes ask of the deliveries, which run beside them. */

import type { Instant } from '../../domain/instant.ts'
import type { Words } from '../../domain/refusal.ts'

/** Why an address gets no webhooks. */
export type AddressFault = 'malformed' | 'not_https' | 'credentials' | 'not_public'

export const deliveryStatuses = {
  pending: { en: 'not delivered yet', zh: '待投递' },
  delivered: { en: 'delivered', zh: '已投递' },
  parked: { en: 'given up after three days', zh: '三天未成功，已搁置' },
} as const satisfies Record<string, Words>
export type DeliveryStatus = keyof typeof deliveryStatuses

/** Why an attempt has no HTTP status. */
export const deliveryFaults = {
  timed_out: { en: 'no answer within 15 seconds', zh: '15 秒内无响应' },
  no_connection: { en: 'no connection, or it was cut', zh: '无法连接或连接中断' },
  address_refused: { en: 'the address is not public', zh: '地址不是公网地址' },
  not_renderable: { en: 'the service could not make the request', zh: '服务无法生成请求' },
} as const satisfies Record<string, Words>
export type DeliveryFault = keyof typeof deliveryFaults

/** One delivery as the log of deliveries has it: what its last attempt came to. */
export type DeliveryRow = {
  sequence: number
  /** Id of the event, sent as `webhook-id`. */
  eventId: string
  name: string
  ticketNo: string | null
  /** Where the event is in the log. */
  stream: string
  version: number
  /** When the event was recorded. */
  at: Instant
  status: DeliveryStatus
  attempts: number
  firstAttemptAt: Instant | null
  lastAttemptAt: Instant | null
  nextAttemptAt: Instant | null
  httpStatus: number | null
  fault: DeliveryFault | null
  durationMs: number | null
  /** The first 1,000 bytes of the answer. */
  answer: string | null
}

/** How the deliveries of an endpoint are. */
export type EndpointHealth = {
  sequence: number
  pending: number
  /** When the oldest event was recorded that is not delivered. */
  oldestPendingAt: Instant | null
  failingSince: Instant | null
  /** From the recording of the last event that this node delivered to its delivery; `null`: it delivered none. */
  lagMs: number | null
}

export type DeliveryPage = { status: DeliveryStatus | null; limit: number; after: number | null }

export type WebhookDeliveries = {
  urlFault(url: string): AddressFault | null
  healthOf(webhookId: string): EndpointHealth
  /** Newest first. */
  page(webhookId: string, page: DeliveryPage): DeliveryRow[]
  find(webhookId: string, sequence: number): DeliveryRow | null
}
