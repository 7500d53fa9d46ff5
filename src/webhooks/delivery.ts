/** One delivery on its way, and how it is shown and kept. */
import type { DeliveryRow, DeliveryStatus } from '../../api/webhooks/port.ts'
import type { StoredEvent } from '../../domain/eventStore.ts'
import { type Instant, toEpoch, toInstant } from '../../domain/instant.ts'
import type { OpenDelivery } from '../../domain/webhooks/lanes.ts'
import type { ParkedDelivery, PendingDelivery } from '../../domain/webhooks/progress.ts'
import type { WebhookItem } from './parts.ts'
import type { DeliveryAttempt } from './sender.ts'

export type Delivery = OpenDelivery & {
  event: StoredEvent
  item: WebhookItem
  /** What the last attempt came to; `null`: none was made by this process. */
  last: (DeliveryAttempt & { at: number }) | null
}

const instantOf = (at: number | null): Instant | null => (at === null ? null : toInstant(at))

/** Deliveries of one ticket keep their order; what concerns no ticket, that of its stream. */
const laneOf = ({ stream }: StoredEvent, { ticketNo }: WebhookItem): string => ticketNo ?? stream

export const newDelivery = (event: StoredEvent, item: WebhookItem, sequence: number): Delivery => ({
  sequence,
  lane: laneOf(event, item),
  attempts: 0,
  firstAt: null,
  nextAt: 0,
  event,
  item,
  last: null,
})

/** A delivery as the cursor kept it. */
export const restoredDelivery = (event: StoredEvent, kept: PendingDelivery): Delivery => ({
  ...newDelivery(event, { name: kept.name, ticketNo: kept.ticketNo }, kept.sequence),
  attempts: kept.attempts,
  firstAt: kept.firstAt === null ? null : toEpoch(kept.firstAt),
  nextAt: kept.nextAt === null ? 0 : toEpoch(kept.nextAt),
})

const keptItem = ({ event, item, sequence }: Delivery) => ({
  stream: event.stream,
  version: event.version,
  eventId: event.id,
  at: event.metadata.recordedAt,
  ticketNo: item.ticketNo,
  name: item.name,
  sequence,
})

export const pendingOf = (delivery: Delivery): PendingDelivery => ({
  ...keptItem(delivery),
  attempts: delivery.attempts,
  firstAt: instantOf(delivery.firstAt),
  nextAt: delivery.nextAt <= 0 ? null : toInstant(delivery.nextAt),
})

export const parkedOf = (delivery: Delivery, now: number): ParkedDelivery => ({
  ...keptItem(delivery),
  attempts: delivery.attempts,
  parkedAt: toInstant(now),
})

/** A row of the log of deliveries. */
export const rowOf = (delivery: Delivery, status: DeliveryStatus): DeliveryRow => {
  const { last, firstAt, nextAt, attempts } = delivery
  return {
    ...keptItem(delivery),
    status,
    attempts,
    firstAttemptAt: instantOf(firstAt),
    lastAttemptAt: instantOf(last?.at ?? null),
    nextAttemptAt: status === 'pending' && nextAt > 0 ? toInstant(nextAt) : null,
    httpStatus: last?.status ?? null,
    fault: last?.fault ?? null,
    durationMs: last?.durationMs ?? null,
    answer: last?.answer ?? null,
  }
}

/** A row of what only the cursor of another node tells. */
export const rowOfKept = (kept: PendingDelivery | ParkedDelivery): DeliveryRow => {
  const { firstAt, nextAt } = 'nextAt' in kept ? kept : { firstAt: null, nextAt: null }
  const { stream, version, eventId, at, ticketNo, name, sequence, attempts } = kept
  return {
    ...{ stream, version, eventId, at, ticketNo, name, sequence, attempts },
    status: 'nextAt' in kept ? 'pending' : 'parked',
    firstAttemptAt: firstAt,
    lastAttemptAt: null,
    nextAttemptAt: nextAt,
    httpStatus: null,
    fault: null,
    durationMs: null,
    answer: null,
  }
}
