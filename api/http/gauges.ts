/** Gauges that are read at every scrape: views, the store, webhooks, the keys of the identity provider. */
import { Gauge, type Registry } from 'prom-client'
import type { EventStore } from '../../domain/eventStore.ts'
import { type PauseReason, pauseReasons } from '../../domain/webhooks/webhook.ts'
import type { ViewStatus } from '../../projections/views.ts'
import type { EndpointHealth } from '../webhooks/port.ts'
import { type HeadWatch, lagOf } from './lag.ts'

/** How the deliveries of an endpoint are; `paused`: why. */
export type WebhookHealth = {
  id: string
  health: Pick<EndpointHealth, 'pending' | 'oldestPendingAt' | 'lagMs'>
  paused: PauseReason | null
}

/** A store over a network, and the views that follow it. */
export type WatchedStore = { store: EventStore; status: () => ViewStatus[]; headWatch: HeadWatch }

/** Reads lag in seconds and the connection of a store over a network. */
export const watchStore = (registry: Registry, { store, status, headWatch }: WatchedStore): void => {
  const registers = [registry]
  new Gauge({
    name: 'subscription_lag_seconds',
    help: 'For how long the log has been known to go on after what a view has',
    labelNames: ['view'],
    registers,
    async collect() {
      if ((await headWatch.look()) === undefined) return
      for (const { name: view, position } of status()) this.set({ view }, headWatch.secondsBehind(position))
    },
  })
  new Gauge({
    name: 'event_store_connected',
    help: '1 while the log is being followed, 0 while that is being retried',
    registers,
    collect() {
      this.set(store.connection?.().state === 'connected' ? 1 : 0)
    },
  })
  new Gauge({
    name: 'event_store_resubscriptions',
    help: 'How often following the log had to start again',
    registers,
    collect() {
      this.set(store.connection?.().resubscribed ?? 0)
    },
  })
}

const viewStates: readonly ViewStatus['state'][] = ['ready', 'rebuilding', 'stopped']

/** Reads the views' status, and the log's newest position for their lag. */
export const watchViews = (
  registry: Registry,
  status: () => ViewStatus[],
  head?: EventStore['head'],
): void => {
  const registers = [registry]
  new Gauge({
    name: 'view_position',
    help: 'Position of the last event a view has applied, where positions are numbers',
    labelNames: ['view'],
    registers,
    collect() {
      for (const { name, position } of status()) {
        if (position !== null && /^\d+$/.test(position)) this.set({ view: name }, Number(position))
      }
    },
  })
  new Gauge({
    name: 'view_lag_events',
    help: 'Events a view has yet to apply',
    labelNames: ['view'],
    registers,
    async collect() {
      // Without the store there is nothing to measure against; the rest of the page is still worth reading.
      const newest = await head?.().catch(() => undefined)
      if (newest === undefined) return
      for (const { name, position } of status()) {
        const lag = lagOf(position, newest)
        if (lag !== null) this.set({ view: name }, lag)
      }
    },
  })
  new Gauge({
    name: 'view_state',
    help: '1 for the state a view is in',
    labelNames: ['view', 'state'],
    registers,
    collect() {
      for (const { name, state } of status()) {
        for (const each of viewStates) this.set({ view: name, state: each }, each === state ? 1 : 0)
      }
    },
  })
}

/** Reads what waits for webhooks, and which are paused. */
export const watchWebhooks = (registry: Registry, health: () => WebhookHealth[], now: () => number): void => {
  const registers = [registry]
  new Gauge({
    name: 'webhook_pending_deliveries',
    help: 'Deliveries that were read from the log and have not succeeded',
    labelNames: ['webhook'],
    registers,
    collect() {
      this.reset()
      for (const { id, health: of } of health()) this.set({ webhook: id }, of.pending)
    },
  })
  new Gauge({
    name: 'webhook_oldest_pending_seconds',
    help: 'Age of the oldest event that a webhook has not been delivered; 0: none is pending',
    labelNames: ['webhook'],
    registers,
    collect() {
      this.reset()
      for (const { id, health: of } of health()) {
        const at = of.oldestPendingAt
        this.set({ webhook: id }, at === null ? 0 : Math.max(0, now() - Date.parse(at)) / 1_000)
      }
    },
  })
  new Gauge({
    name: 'webhook_lag_seconds',
    help: 'From the recording of the last event that was delivered to a webhook to its delivery, on the node that delivers',
    labelNames: ['webhook'],
    registers,
    collect() {
      this.reset()
      for (const { id, health: of } of health())
        if (of.lagMs !== null) this.set({ webhook: id }, Math.max(0, of.lagMs) / 1_000)
    },
  })
  new Gauge({
    name: 'webhook_paused',
    help: '1 for the reason for which a webhook is paused',
    labelNames: ['webhook', 'reason'],
    registers,
    collect() {
      this.reset()
      for (const { id, paused } of health())
        for (const reason of Object.keys(pauseReasons))
          this.set({ webhook: id, reason }, reason === paused ? 1 : 0)
    },
  })
}

/** Reads the age of the identity provider's keys, and whether they can be fetched. */
export const watchIdentityKeys = (
  registry: Registry,
  { ageSeconds, reason }: { ageSeconds(): number | null; reason(): string | null },
): void => {
  const registers = [registry]
  new Gauge({
    name: 'identity_keys_age_seconds',
    help: 'Since the keys of the identity provider were fetched; absent where none are known',
    labelNames: [],
    registers,
    collect() {
      const age = ageSeconds()
      if (age === null) this.remove()
      else this.set(age)
    },
  })
  new Gauge({
    name: 'identity_keys_failing',
    help: '1 while the keys of the identity provider cannot be fetched',
    registers,
    collect() {
      this.set(reason() === null ? 0 : 1)
    },
  })
}
