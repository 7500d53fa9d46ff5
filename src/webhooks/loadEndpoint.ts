/** Loads an endpoint and how far its deliveries are, as the log has it. */
import type { EventStore, StoredEvent } from '../../domain/eventStore.ts'
import { toEpoch } from '../../domain/instant.ts'
import { eventsOf } from '../../domain/storedEvents.ts'
import type { EventPlace } from '../../domain/webhooks/progress.ts'
import {
  evolveWebhook,
  type Webhook,
  type WebhookEvent,
  webhookStream,
} from '../../domain/webhooks/webhook.ts'
import type { WebhookQueries } from '../../projections/webhooks/webhooks.ts'
import { type Delivery, restoredDelivery } from './delivery.ts'
import type { EndpointState } from './parts.ts'

export type LoadedEndpoint = { state: EndpointState; cursorVersion: number; pending: Delivery[] }

type Parts = { store: Pick<EventStore, 'readStream'>; webhooks: WebhookQueries }

/** The event at a place; `null` where an older log was put back. */
export const eventAt = async (
  { readStream }: Pick<EventStore, 'readStream'>,
  { stream, version }: EventPlace,
): Promise<StoredEvent | null> => (await readStream(stream, version - 1))[0] ?? null

/** `null`: there is no such endpoint any more. A new one begins at its own first event. */
export const loadEndpoint = async (
  { store, webhooks }: Parts,
  id: string,
): Promise<LoadedEndpoint | null> => {
  const progress = webhooks.progress(id)
  const events = eventsOf<WebhookEvent>(await store.readStream(webhookStream(id)))
  const [first] = events
  if (first === undefined || events.at(-1)?.type === 'WebhookDeleted') return null
  const requestsDone = progress?.requestsDone ?? first.version
  const webhook = events
    .slice(0, requestsDone)
    .reduce<Webhook | null>((state, event) => evolveWebhook(state, event, event.metadata), null) as Webhook
  const place = progress?.after ?? { stream: first.stream, version: first.version }
  const position = (await eventAt(store, place))?.position ?? first.position
  const pending: Delivery[] = []
  for (const kept of progress?.pending ?? []) {
    const event = await eventAt(store, kept)
    if (event !== null) pending.push(restoredDelivery(event, kept))
  }
  return {
    state: {
      webhook,
      requestsDone,
      position,
      place,
      since: progress?.since ?? null,
      sequence: progress?.sequence ?? 0,
      failingSince: progress?.failingSince ? toEpoch(progress.failingSince) : null,
    },
    cursorVersion: progress?.version ?? 0,
    pending,
  }
}
