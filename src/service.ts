/** The service, wired by hand: one process over one data folder. */
import { mkdirSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { Logger } from 'pino'
import { buildApp } from '../api/app.ts'
import { newCommandId } from '../api/commandId.ts'
import type { App, Deps, Phase } from '../api/deps.ts'
import { countAppends, createMetrics, type Metrics, metricsHandler } from '../api/metrics.ts'
import { finishHalfDone } from '../api/tickets/followUp.ts'
import { createUnderWay } from '../api/underWay.ts'
import type { EventStore } from '../domain/eventStore.ts'
import { type Instant, toInstant } from '../domain/instant.ts'
import { startViews } from '../projections/runner.ts'
import { openViews, type Progress, type Views } from '../projections/views.ts'
import type { Config } from './config.ts'
import { loadDevelopmentKey } from './devKey.ts'
import { loadMasterKey, requireKeys } from './keys/masterKey.ts'
import { createSealing } from './keys/sealing.ts'
import { openSqliteKeys } from './keys/sqliteKeys.ts'
import { seedMasterData } from './seed.ts'
import { lockDataFolder } from './store/dataFolderLock.ts'
import { openSqliteStore, type SqliteStoreOptions } from './store/sqliteStore.ts'
import { createViewsHelper } from './viewsBuild/helper.ts'

/** JSON bodies larger than this are refused; imports have a limit of their own. */
const bodyLimitBytes = 1024 * 1024

export type Options = {
  log: Logger
  /** The clock of the business; tests set it. */
  now?: () => Instant
  store?: SqliteStoreOptions
  /** Holds every answer against its schema: for tests. */
  checkAnswers?: boolean
}

/** The data folder opened, without anything that listens: what the command-line tools work on. */
export type Core = {
  deps: Deps
  /** Settles when the views have caught up and what a crash left half done is finished. */
  ready: Promise<void>
  drain(): void
  close(): Promise<void>
}

const showProgress = (log: Logger) => {
  let shown = 0
  return ({ events, position }: Progress): void => {
    const now = Date.now()
    if (now - shown < 2_000) return
    shown = now
    log.info({ events, position }, 'views are being built')
  }
}

const openParts = (config: Config, { log, store: storeOptions }: Options) => {
  mkdirSync(config.dataDir, { recursive: true, mode: 0o700 })
  const unlock = lockDataFolder(config.dataDir)
  try {
    const file = (name: string): string => join(config.dataDir, name)
    requireKeys(config.dataDir)
    const masterKey = loadMasterKey(config.dataDir, config.masterKey)
    const keys = openSqliteKeys(file('keys.db'), masterKey)
    const store = openSqliteStore(file('events.db'), storeOptions)
    const sealing = createSealing(keys, masterKey)
    const { comparePositions } = store
    const views = openViews({
      file: file('views.db'),
      sealing,
      comparePositions,
      onProgress: showProgress(log),
    })
    const files = { events: file('events.db'), keys: file('keys.db'), views: file('views.db') }
    return { unlock, keys, store, sealing, views, helper: createViewsHelper(files, masterKey) }
  } catch (error) {
    unlock()
    throw error
  }
}

const authOf = ({ auth, dataDir }: Config): Deps['config']['auth'] =>
  auth === null
    ? { kind: 'development', key: loadDevelopmentKey(dataDir) }
    : { kind: 'jwks', url: auth.jwksUrl, issuer: auth.issuer, audience: auth.audience }

const watch = (metrics: Metrics, store: EventStore, views: Views): EventStore => {
  metrics.watchViews(() => views.status(), store.head)
  return countAppends(store, metrics)
}

/**
 * Opens the data folder, seeds what a new one begins with, and brings the views up to the log.
 * @throws Error with a sentence where another process has the folder, or a key is wrong.
 */
export const openCore = async (config: Config, options: Options): Promise<Core> => {
  const { log, now = () => toInstant(Date.now()), checkAnswers = false } = options
  const { unlock, keys, store, sealing, views, helper } = openParts(config, options)
  const metrics = createMetrics({ process: config.metricsPort !== null })
  let phase: Phase = 'starting'
  const deps: Deps = {
    store: watch(metrics, store, views),
    views,
    sealing,
    subjects: keys,
    now,
    newCommandId,
    log,
    metrics,
    underWay: createUnderWay(),
    phase: () => phase,
    config: {
      auth: authOf(config),
      rateLimitPerMinute: config.rateLimitPerMinute,
      corsOrigins: config.corsOrigins,
      bodyLimitBytes,
      checkAnswers,
    },
  }
  await seedMasterData(store, now())
  const running = startViews(views, store, helper)
  const ready = running.ready.then(async () => {
    const finished = await finishHalfDone(deps)
    if (finished > 0) log.info({ finished }, 'finished what was left half done')
    if (phase === 'starting') phase = 'serving'
  })
  // whoever waits for it hears of it; a tool that only closes does not
  ready.catch(() => undefined)
  return {
    deps,
    ready,
    drain: () => {
      phase = 'draining'
    },
    close: async () => {
      await running.stop()
      await store.close()
      views.close()
      keys.close()
      unlock()
    },
  }
}

export type Service = { app: App; deps: Deps; url: string; ready: Promise<void>; close(): Promise<void> }

const listenForMetrics = async (metrics: Metrics, { metricsPort, host }: Config): Promise<Server | null> => {
  if (metricsPort === null) return null
  const server = createServer(metricsHandler(metrics))
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(metricsPort, host, resolve)
  })
  return server
}

/** Runs the service: listens at once, is ready when the views are. @throws as `openCore`, or where a port is taken. */
export const startService = async (config: Config, options: Options): Promise<Service> => {
  const core = await openCore(config, options)
  const app = buildApp(core.deps)
  try {
    await app.listen({ host: config.host, port: config.port })
    const metricsServer = await listenForMetrics(core.deps.metrics, config)
    const { address, port, family } = app.server.address() as AddressInfo
    return {
      app,
      deps: core.deps,
      url: `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`,
      ready: core.ready,
      close: async () => {
        core.drain()
        // a connection that was answered on the way out stays open, and closing would wait until it is given up
        const hangUp = setInterval(() => app.server.closeIdleConnections(), 50)
        await app.close()
        clearInterval(hangUp)
        metricsServer?.close()
        await core.close()
      },
    }
  } catch (error) {
    await app.close()
    await core.close()
    throw error
  }
}
