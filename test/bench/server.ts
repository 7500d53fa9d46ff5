/**
 * A server of the bench, in a process of its own: arguments `service|storing|baseline FOLDER FLUSH_MS`. The others are
 * the same app, with the same auth and validation, and one route of `bareRoutes.ts`. Says its address.
 */
import { join } from 'node:path'
import { pino } from 'pino'
import { newCommandId } from '../../api/commands/commandId.ts'
import { createInFlight } from '../../api/commands/inFlight.ts'
import { buildApp } from '../../api/http/app.ts'
import type { Deps } from '../../api/http/deps.ts'
import { countAppends, createMetrics } from '../../api/http/metrics.ts'
import { toInstant } from '../../domain/instant.ts'
import { readConfig } from '../../src/config.ts'
import { openCore } from '../../src/core.ts'
import { loadDevelopmentKey } from '../../src/devKey.ts'
import { startService } from '../../src/service.ts'
import { openSqliteStore } from '../../src/store/sqliteStore.ts'
import { appendOnly, storeOnly } from './bareRoutes.ts'
import type { Usage } from './processes.ts'

const [kind, folder = '', flushMs = '0'] = process.argv.slice(2)

type RunningServer = { url: string; close(): Promise<void> }

const never = new Int32Array(new SharedArrayBuffer(4))
/** Spends a slow disk's time where the engine flushes: asleep, as a disk keeps no processor busy. */
const beforeCommit = (): void => {
  Atomics.wait(never, 0, 0, Number(flushMs))
}
const storeOptions = Number(flushMs) > 0 ? { beforeCommit } : {}

const service = (): Promise<RunningServer> => {
  const config = readConfig({
    DATA_DIR: folder,
    PORT: '0',
    METRICS_PORT: '0',
    RATE_LIMIT_PER_MINUTE: '0',
    // the receivers of the bench are on this machine
    WEBHOOK_ALLOW: '127.0.0.0/8',
  })
  return startService(config, { log: pino({ level: 'warn' }), store: storeOptions })
}

/** The service's own store, keys and views, and one route that fills them without asking a rule. */
const storing = async (): Promise<RunningServer> => {
  const config = readConfig({ DATA_DIR: folder, METRICS_PORT: '0', RATE_LIMIT_PER_MINUTE: '0' })
  const core = await openCore(config, { log: pino({ level: 'warn' }), store: storeOptions })
  await core.ready
  const app = buildApp(core.deps, [storeOnly])
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  return { url, close: () => app.close().then(core.close) }
}

const baseline = async (): Promise<RunningServer> => {
  const store = openSqliteStore(join(folder, 'events.db'), storeOptions)
  const metrics = createMetrics()
  const deps = {
    store: countAppends(store, metrics),
    views: { status: () => [] },
    now: () => toInstant(Date.now()),
    newCommandId,
    log: pino({ level: 'warn' }),
    metrics,
    inFlight: createInFlight(),
    config: {
      auth: { kind: 'development', key: loadDevelopmentKey(folder) },
      rateLimitPerMinute: 0,
      corsOrigins: [],
      maxConnections: 10_000,
      bodyLimitBytes: 1024 * 1024,
      checkAnswers: false,
    },
  }
  // no view, no key and no follow-up is touched: the one route appends
  const app = buildApp(deps as unknown as Deps, [appendOnly])
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  return { url, close: () => app.close().then(store.close) }
}

const kinds = { service, storing, baseline }
type Kind = keyof typeof kinds

const usage = (): Usage => {
  const { user, system } = process.cpuUsage()
  const { rss } = process.memoryUsage()
  return { cpuSeconds: (user + system) / 1e6, bytes: rss, mostBytes: process.resourceUsage().maxRSS * 1024 }
}

const { url, close } = await kinds[kind as Kind]()
process.on('message', async (asked) => {
  if (asked === 'usage') process.send?.(usage())
  else {
    await close()
    process.exit(0)
  }
})
process.on('disconnect', () => process.exit(0))
process.send?.(url)
