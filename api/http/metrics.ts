/** What operators watch, in Prometheus' words. */
import type { FastifyInstance } from 'fastify'
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { DueFact } from '../../domain/dues.ts'
import type { EventStore } from '../../domain/eventStore.ts'
import type { ViewStatus } from '../../projections/views.ts'
import { type BusinessMetrics, createBusinessMetrics } from './businessMetrics.ts'
import {
  type WatchedStore,
  type WebhookHealth,
  watchIdentityKeys,
  watchStore,
  watchViews,
  watchWebhooks,
} from './gauges.ts'
import { createLiveMetrics, type LiveMetrics } from './liveMetrics.ts'
import type { ProblemCode } from './problemCodes.ts'

export type Metrics = {
  registry: Registry
  /** Seconds, by method, route pattern and status. */
  httpSeconds: Histogram<'method' | 'route' | 'status'>
  eventsAppended: Counter
  /** Seconds until events are stored. */
  appendSeconds: Histogram
  /** Seconds until the rows of the views are written and committed. */
  flushSeconds: Histogram
  business: BusinessMetrics
  /** Says which version runs. */
  runs(build: { version: string; node: string }): void
  /** Of the stream. */
  live: LiveMetrics
  /** Sealed texts that were asked for and do not open: changed, or without their key. */
  unreadableTexts: Counter
  /** Connections closed or refused because there were too many. */
  connectionsShed: Counter<'how'>
  /** Fetches of the identity provider's keys that failed. */
  identityKeysFailures: Counter
  /** Reads the age of the identity provider's keys, and whether they can be fetched, at every scrape from now on. */
  watchIdentityKeys(keys: { ageSeconds(): number | null; reason(): string | null }): void
  /** Reads the number of open connections at every scrape from now on. */
  watchConnections(open: () => number): void
  /** Reads the views' status, and the log's newest position for their lag, at every scrape from now on. */
  watchViews(status: () => ViewStatus[], head?: EventStore['head']): void
  /** Counts the facts one look of the timer recorded, and how late the newest due was recorded. */
  duesRecorded(facts: readonly DueFact[], latenessMs: number): void
  /** Counts an attempt of a webhook's delivery. */
  webhookAttempts: Counter<'result'>
  /** Reads how the deliveries of each endpoint are, at every scrape from now on. */
  watchWebhooks(health: () => WebhookHealth[], now: () => number): void
  /** The same of a store over a network: lag in seconds, and its connection. */
  watchStore(watched: WatchedStore): void
  /** The page Prometheus reads, and its content type. */
  scrape(): Promise<{ contentType: string; body: string }>
}

const buckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

/** A registry of its own for every app, so that two in one process do not count together. */
export const createMetrics = (options: { process?: boolean } = {}): Metrics => {
  const registry = new Registry()
  const registers = [registry]
  // Off by default, for its event-loop monitor keeps running where an app is built only to be asked.
  if (options.process) collectDefaultMetrics({ register: registry })
  const dueFacts = new Counter({
    name: 'due_facts_total',
    help: 'Dues that were recorded as passed or near',
    labelNames: ['type', 'clock'],
    registers,
  })
  const dueLateness = new Histogram({
    name: 'due_fact_lateness_seconds',
    help: 'From a due to its fact, of the newest due of each look',
    buckets: [1, 2, 5, 10, 30, 60, 300, 3_600, 86_400],
    registers,
  })
  let openConnections = (): number => 0
  new Gauge({
    name: 'http_connections',
    help: 'Open connections',
    registers,
    collect() {
      this.set(openConnections())
    },
  })
  return {
    registry,
    live: createLiveMetrics(registry),
    httpSeconds: new Histogram({
      name: 'http_request_duration_seconds',
      help: 'Time from a request to the end of its answer',
      labelNames: ['method', 'route', 'status'],
      buckets,
      registers,
    }),
    eventsAppended: new Counter({
      name: 'events_appended_total',
      help: 'Events this process appended to the log',
      registers,
    }),
    appendSeconds: new Histogram({
      name: 'event_append_duration_seconds',
      help: 'Time until events are stored, a write conflict included',
      buckets,
      registers,
    }),
    flushSeconds: new Histogram({
      name: 'view_flush_duration_seconds',
      help: 'Time to write and commit the rows of the views',
      buckets,
      registers,
    }),
    business: createBusinessMetrics(registry),
    runs: ({ version, node }) => {
      const labels = { version, node }
      new Gauge({
        name: 'build_info',
        help: '1; its labels say what runs',
        labelNames: ['version', 'node'],
        registers,
      }).set(labels, 1)
    },
    unreadableTexts: new Counter({
      name: 'sealed_texts_unreadable_total',
      help: 'Sealed texts that were asked for and do not open, each time they were',
      registers,
    }),
    connectionsShed: new Counter({
      name: 'http_connections_shed_total',
      help: 'Connections closed while waiting, or refused, because MAX_CONNECTIONS was reached',
      labelNames: ['how'],
      registers,
    }),
    webhookAttempts: new Counter({
      name: 'webhook_attempts_total',
      help: 'Attempts to deliver an event to a webhook, by what came of them',
      labelNames: ['result'],
      registers,
    }),
    watchWebhooks: (health, now) => watchWebhooks(registry, health, now),
    identityKeysFailures: new Counter({
      name: 'identity_keys_fetch_failures_total',
      help: 'Times the keys of the identity provider could not be fetched',
      registers,
    }),
    watchIdentityKeys: (keys) => watchIdentityKeys(registry, keys),
    watchConnections: (open) => {
      openConnections = open
    },
    duesRecorded: (facts, latenessMs) => {
      for (const { type, data } of facts) dueFacts.inc({ type, clock: data.clock })
      if (facts.some(({ type }) => type === 'DuePassed')) dueLateness.observe(latenessMs / 1_000)
    },
    watchViews: (status, head) => watchViews(registry, status, head),
    watchStore: (watched) => watchStore(registry, watched),
    scrape: async () => ({ contentType: registry.contentType, body: await registry.metrics() }),
  }
}

/** The store, counting what is appended through it. */
export const countAppends = (
  store: EventStore,
  { eventsAppended, appendSeconds }: Pick<Metrics, 'eventsAppended' | 'appendSeconds'>,
): EventStore => ({
  ...store,
  append: async (stream, expectedVersion, events) => {
    const end = appendSeconds.startTimer()
    try {
      const appended = await store.append(stream, expectedVersion, events)
      eventsAppended.inc(events.length)
      return appended
    } finally {
      end()
    }
  },
})

declare module 'fastify' {
  interface FastifyRequest {
    /** The code of the problem it was answered with. */
    problemCode: ProblemCode | undefined
  }
}

/** Measures every route of the app, and counts its refusals; the labels of a route are looked up once, not per request. */
export const measureRoutes = (
  app: FastifyInstance,
  { httpSeconds, business }: Pick<Metrics, 'httpSeconds' | 'business'>,
): void => {
  app.decorateRequest('problemCode', undefined)
  app.addHook('onResponse', ({ problemCode: code }, _reply, done) => {
    if (code !== undefined) business.refusals.inc({ code })
    done()
  })
  app.addHook('onRoute', (route) => {
    const method = String(route.method)
    const byStatus = new Map<number, Histogram.Internal<'method' | 'route' | 'status'>>()
    const ofStatus = (status: number): Histogram.Internal<'method' | 'route' | 'status'> => {
      const known = byStatus.get(status) ?? httpSeconds.labels(method, route.url, String(status))
      byStatus.set(status, known)
      return known
    }
    const measure: typeof route.onResponse = (_request, reply, done) => {
      ofStatus(reply.statusCode).observe(reply.elapsedTime / 1000)
      done()
    }
    route.onResponse = [...[route.onResponse ?? []].flat(), measure]
  })
}

/** A handler for a bare HTTP server: `/metrics` has a port of its own. */
export const metricsHandler =
  (metrics: Metrics) =>
  (
    request: { method?: string | undefined; url?: string | undefined },
    response: {
      writeHead(status: number, headers?: Record<string, string>): unknown
      end(body?: string): unknown
    },
  ): void => {
    if (request.method !== 'GET' || request.url?.split('?')[0] !== '/metrics') {
      response.writeHead(404)
      response.end()
      return
    }
    metrics.scrape().then(
      ({ contentType, body }) => {
        response.writeHead(200, { 'content-type': contentType })
        response.end(body)
      },
      () => {
        response.writeHead(500)
        response.end()
      },
    )
  }
