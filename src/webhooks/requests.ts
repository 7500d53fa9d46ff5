/** Does what the stream of an endpoint asks for, in its order: new settings, pauses, tests, retries, replays. */

import { describeError } from '../../api/commands/describeError.ts'
import type { StoredEvent } from '../../domain/eventStore.ts'
import { toEpoch } from '../../domain/instant.ts'
import { eventsOf } from '../../domain/storedEvents.ts'
import type { Lanes } from '../../domain/webhooks/lanes.ts'
import {
  evolveWebhook,
  type Webhook,
  type WebhookEvent,
  webhookStream,
} from '../../domain/webhooks/webhook.ts'
import { type Delivery, newDelivery } from './delivery.ts'
import { eventAt } from './loadEndpoint.ts'
import { type EndpointState, type RunnerDeps, testEventName } from './parts.ts'

type Parts = {
  state: EndpointState
  lanes: Lanes<Delivery>
  /** Resolves when nothing is in flight. */
  settled(): Promise<void>
  /** Sends at once, paused or not. */
  attempt(delivery: Delivery): void
  unpark(sequence: number): void
  /** All that was asked for is done. */
  onDone(): Promise<void>
}

type Deps = Pick<RunnerDeps, 'store' | 'now' | 'log'>

type OfType<T extends WebhookEvent['type']> = StoredEvent<Extract<WebhookEvent, { type: T }>>

export const followRequests = ({ store, now, log }: Deps, id: string, parts: Parts) => {
  const { state, lanes } = parts
  /** While what is asked for is being done, nothing else begins. */
  let isApplying = false
  let isLooking = false
  let isWoken = false

  const resume = (): void => {
    state.failingSince = null
    for (const delivery of lanes.all()) {
      delivery.attempts = 0
      delivery.firstAt = null
    }
    lanes.hurry(toEpoch(now()))
  }

  const test = (event: StoredEvent, sequence: number): void =>
    parts.attempt(newDelivery(event, { name: testEventName, ticketNo: null, isTest: true }, sequence))

  const retry = async ({ data }: OfType<'WebhookRetryRequested'>): Promise<void> => {
    const { name, sequence } = data
    const open = lanes.find(sequence)
    if (open !== undefined) {
      open.nextAt = Math.min(open.nextAt, toEpoch(now()))
      return
    }
    const event = await eventAt(store, data)
    if (event === null) return
    if (name === testEventName) return test(event, sequence)
    lanes.addFirst(newDelivery(event, { name, ticketNo: data.ticketNo }, sequence))
    parts.unpark(sequence)
  }

  /** What is open and older than the replay stays open. */
  const replay = async ({ data }: OfType<'WebhookReplayRequested'>): Promise<void> => {
    await parts.settled()
    const isOlder = ({ event }: Delivery): boolean =>
      'since' in data
        ? event.metadata.recordedAt < data.since
        : store.comparePositions(event.position, data.after) <= 0
    const kept = lanes.all().filter(isOlder)
    lanes.clear()
    for (const delivery of kept) lanes.add(delivery)
    state.position = 'after' in data ? data.after : null
    state.since = 'since' in data ? data.since : null
    state.place = null
  }

  const apply = async (event: StoredEvent<WebhookEvent>): Promise<void> => {
    state.webhook = evolveWebhook(state.webhook, event, event.metadata) as Webhook
    if (event.type === 'WebhookResumed') resume()
    if (event.type === 'WebhookTestRequested') test(event, ++state.sequence)
    if (event.type === 'WebhookRetryRequested') await retry(event as OfType<'WebhookRetryRequested'>)
    if (event.type === 'WebhookReplayRequested') await replay(event as OfType<'WebhookReplayRequested'>)
    state.requestsDone = event.version
  }

  const lookOnce = async (): Promise<void> => {
    const events = eventsOf<WebhookEvent>(await store.readStream(webhookStream(id), state.requestsDone))
    if (events.length === 0) return
    isApplying = true
    try {
      for (const event of events) await apply(event)
    } finally {
      isApplying = false
    }
    await parts.onDone()
  }

  const look = async (): Promise<void> => {
    isLooking = true
    try {
      while (isWoken) {
        isWoken = false
        await lookOnce()
      }
    } catch (error) {
      // the store is away, most likely: the next tick asks again
      log.warn({ webhook: id, error: describeError(error) }, 'a webhook could not be read')
    } finally {
      isLooking = false
    }
  }

  return {
    areWaiting: (): boolean => isApplying,
    isLooking: (): boolean => isLooking,
    /** The stream may have more. */
    wake: (): void => {
      isWoken = true
      if (!isLooking) void look()
    },
  }
}
