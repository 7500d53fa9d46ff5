/** What the parts of a runner share. */
import type { Logger } from 'pino'
import type { EventStore, Position, StoredEvent } from '../../domain/eventStore.ts'
import type { Instant } from '../../domain/instant.ts'
import type { Sealer } from '../../domain/sealing.ts'
import type { EventPlace } from '../../domain/webhooks/progress.ts'
import type { PauseReason, Webhook } from '../../domain/webhooks/webhook.ts'
import type { DeliveryLog } from './deliveryLog.ts'
import type { Sender } from './sender.ts'

export type WebhookItem = {
  /** Name of the event, as in the stream. */
  name: string
  /** `null`: the event is about no ticket. */
  ticketNo: string | null
  /** Sent once, whatever becomes of it. */
  isTest?: true
}

/** What of the log is sent to an endpoint, and with which data. */
export type WebhookItems = {
  /** What of an event an endpoint gets; `null`: nothing. */
  of(event: StoredEvent, webhook: Webhook): WebhookItem | null
  /** The data of an item as an administrator sees it now, as JSON. */
  render(event: StoredEvent, name: string, webhook: Webhook): string
}

/** Name of the event that `test` sends. */
export const testEventName = 'webhook.test'

export type RunnerDeps = {
  store: EventStore
  reached(position: Position, timeoutMs: number): Promise<boolean>
  now: () => Instant
  monotonic: () => number
  random: () => number
  /** Settles when a delivery may be made: commands go first. */
  turn: () => Promise<void>
  log: Logger
  sealing: Pick<Sealer, 'open'>
  sender: Sender
  deliveries: DeliveryLog
  items: WebhookItems
  isClockBelieved: () => boolean
  /** Pauses an endpoint that is still at a version of its stream. */
  pause(id: string, reason: PauseReason, version: number): Promise<void>
  onAttempt: (result: 'delivered' | 'failed' | 'parked') => void
  /** Another node has written to the cursor. */
  onLost: () => void
}

/** How an endpoint's deliveries are. */
export type EndpointState = {
  webhook: Webhook
  requestsDone: number
  /** The last event looked at, and where it is; `place` is `null` between a replay and its first page. */
  position: Position | null
  place: EventPlace | null
  since: Instant | null
  sequence: number
  failingSince: number | null
}
