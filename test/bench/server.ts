/**
 * A server of the bench, in a process of its own: `node test/bench/server.ts service|baseline FOLDER FLUSH_MS`.
 * The baseline is the same app, with the same auth and validation, whose one route does one durable append. Prints its address.
 */
import { join } from 'node:path'
import { pino } from 'pino'
import { buildApp } from '../../api/app.ts'
import { newCommandId } from '../../api/commandId.ts'
import type { Deps, Routes } from '../../api/deps.ts'
import { countAppends, createMetrics } from '../../api/metrics.ts'
import { type ComplaintBody, complaintBody } from '../../api/tickets/bodies.ts'
import { eventId } from '../../domain/eventStore.ts'
import { toInstant } from '../../domain/instant.ts'
import { readConfig } from '../../src/config.ts'
import { loadDevelopmentKey } from '../../src/devKey.ts'
import { startService } from '../../src/service.ts'
import { openSqliteStore } from '../../src/store/sqliteStore.ts'

const [kind, folder = '', flushMs = '0'] = process.argv.slice(2)

/** Spends a slow disk's time where the engine flushes. */
const beforeCommit = (): void => {
  const until = performance.now() + Number(flushMs)
  while (performance.now() < until);
}
const storeOptions = Number(flushMs) > 0 ? { beforeCommit } : {}

const service = async (): Promise<string> => {
  const config = readConfig({ DATA_DIR: folder, PORT: '0', METRICS_PORT: '0', RATE_LIMIT_PER_MINUTE: '0' })
  const started = await startService(config, { log: pino({ level: 'warn' }), store: storeOptions })
  await started.ready
  return started.url
}

/** One durable append, and nothing that belongs to complaints. */
const appendOnly: Routes = (deps) => async (app) => {
  app.post<{ Body: ComplaintBody }>(
    '/v1/complaints',
    { config: { action: 'register' }, schema: { body: complaintBody } },
    async ({ body, id, caller }, reply) => {
      const commandId = deps.newCommandId()
      const actor = { id: caller.id, role: 'csr' }
      const metadata = { commandId, actor, correlationId: id, recordedAt: deps.now() }
      const event = { id: eventId(commandId, 0), type: 'ComplaintReceived', data: body, metadata }
      const { position } = await deps.store.append(`complaint-${commandId}`, 0, [event])
      return reply.code(201).header('x-position', position).send({ commandId })
    },
  )
}

const baseline = async (): Promise<string> => {
  const store = openSqliteStore(join(folder, 'events.db'), storeOptions)
  const metrics = createMetrics()
  const deps = {
    store: countAppends(store, metrics),
    views: { status: () => [] },
    now: () => toInstant(Date.now()),
    newCommandId,
    log: pino({ level: 'warn' }),
    metrics,
    config: {
      auth: { kind: 'development', key: loadDevelopmentKey(folder) },
      rateLimitPerMinute: 0,
      corsOrigins: [],
      bodyLimitBytes: 1024 * 1024,
      checkAnswers: false,
    },
  }
  // no view, no key and no follow-up is touched: the one route appends
  return buildApp(deps as unknown as Deps, [appendOnly]).listen({ host: '127.0.0.1', port: 0 })
}

process.stdout.write(`${await (kind === 'service' ? service() : baseline())}\n`)
