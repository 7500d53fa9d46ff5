/** The data folder opened: the parts of the service, wired by hand, without anything that listens. */
import { mkdirSync } from 'node:fs'
import type { Logger } from 'pino'
import { newCommandId } from '../api/commands/commandId.ts'
import { createFoldedStates } from '../api/commands/folded.ts'
import { createInFlight } from '../api/commands/inFlight.ts'
import { createKeyedMutex } from '../api/commands/keyedMutex.ts'
import { seedMasterData } from '../api/commands/masterData/seed.ts'
import type { Deps, Phase } from '../api/http/deps.ts'
import { watchHead } from '../api/http/lag.ts'
import { countAppends, createMetrics, type Metrics } from '../api/http/metrics.ts'
import type { EventStore } from '../domain/eventStore.ts'
import { HOUR, type Instant, toInstant } from '../domain/instant.ts'
import type { Views } from '../projections/views.ts'
import { openAttachments } from './attachments/openAttachments.ts'
import { startBackground } from './background.ts'
import { createClockWatch } from './clockWatch.ts'
import type { Config } from './config.ts'
import { loadConsole } from './console/built.ts'
import { loadDevelopmentKey } from './devKey.ts'
import type { DuesTimer } from './dues/timer.ts'
import { openEngine } from './engine.ts'
import { showProgress, unreadableTold } from './engineLog.ts'
import { createIdentityKeys, type IdentityKeys } from './identityKeys.ts'
import { removeLeftovers } from './leftovers.ts'
import { createReadThreads } from './readThreads/pool.ts'
import { lockDataFolder } from './store/dataFolderLock.ts'
import type { SqliteStoreOptions } from './store/sqliteStore.ts'
import { versionOf } from './version.ts'
import type { Deliveries } from './webhooks/deliveries.ts'

/** What is due so soon is watched beside what is overdue. */
const dueSoonMs = 2 * HOUR

/** JSON bodies larger than this are refused; imports have a limit of their own. */
const bodyLimitBytes = 1024 * 1024

export type Options = {
  log: Logger
  /** The clock of the business; tests set it. */
  now?: () => Instant
  /** Milliseconds of a clock that nobody sets and that does not sleep; tests set it with the other. */
  monotonic?: () => number
  store?: SqliteStoreOptions
  /** Compares every answer with its schema: for tests. */
  checkAnswers?: boolean
}

/** The data folder opened, without anything that listens: what the command-line tools work on. */
export type Core = {
  deps: Deps
  /** Settles when the views have caught up and what a crash left half done is finished. */
  ready: Promise<void>
  /** Records dues; started by the service that listens, and looked with by tools and tests. */
  dues: DuesTimer
  /** Delivers webhooks; started by the service that listens. */
  webhooks: Deliveries
  /** Removes files that no attachment names; once is enough, and never throws. */
  cleanAttachments(): Promise<void>
  /** `null` in development. */
  identityKeys: IdentityKeys | null
  drain(): void
  close(): Promise<void>
}

/** Whose tokens count, and the identity provider's keys where there is one. */
const authOf = (
  { auth, dataDir }: Config,
  { log, metrics }: { log: Logger; metrics: Metrics },
): { auth: Deps['config']['auth']; identityKeys: IdentityKeys | null } => {
  if (auth === null)
    return { auth: { kind: 'development', key: loadDevelopmentKey(dataDir) }, identityKeys: null }
  const onFailure = (): void => metrics.identityKeysFailures.inc()
  const identityKeys = createIdentityKeys({ url: auth.jwksUrl, log, onFailure })
  metrics.watchIdentityKeys(identityKeys)
  const { issuer, audience } = auth
  return { auth: { kind: 'jwks', keyOf: identityKeys.keyOf, issuer, audience }, identityKeys }
}

const watch = (
  metrics: Metrics,
  { store, views, headWatch, now }: Pick<Deps, 'store' | 'headWatch' | 'now'> & { views: Views },
): EventStore => {
  const status = () => views.status()
  const isReady = () => status().some(({ name, state }) => name === 'tickets' && state === 'ready')
  metrics.business.watchNow(() =>
    isReady() ? views.tickets.countsOfNow({ now: now(), dueSoonMs, scope: [{ kind: 'all' }] }).totals : null,
  )
  // positions of a store over a network do not count events
  metrics.watchViews(status, store.connection === undefined ? store.head : undefined)
  if (store.connection !== undefined) metrics.watchStore({ store, status, headWatch })
  return countAppends(store, metrics)
}

/**
 * Opens the data folder, seeds what a new one begins with, and brings the views up to the log.
 * @throws Error with a sentence where another process has the folder, or a key is wrong.
 */
export const openCore = async (config: Config, options: Options): Promise<Core> => {
  const { log, now = () => toInstant(Date.now()), checkAnswers = false } = options
  mkdirSync(config.dataDir, { recursive: true, mode: 0o700 })
  const unlock = lockDataFolder(config.dataDir)
  const removed = removeLeftovers(config.dataDir)
  if (removed.length > 0)
    log.info({ removed }, 'what an interrupted program left in the data folder was removed')
  const metrics = createMetrics({ process: config.metricsPort !== null })
  const onUnreadable = unreadableTold(log, metrics)
  metrics.runs({ version: versionOf(), node: process.version })
  const onCommit = () => metrics.flushSeconds.startTimer()
  const opening = { config, log, onProgress: showProgress(log), onUnreadable, onCommit }
  const engine = await openEngine(opening, options.store).catch((error: unknown) => {
    unlock()
    throw error
  })
  const { store, commandStore, views, locks } = engine
  const headWatch = watchHead(store)
  const readThreads = createReadThreads({
    sources: engine.threadSources,
    config: { logLevel: config.logLevel, bodyLimitBytes, checkAnswers },
    count: config.readThreads,
    log,
    access: engine.access,
    onUnreadable,
  })
  const attachments = openAttachments({ config, keys: engine.keys, views, log })
  let phase: Phase = 'starting'
  const clockWatch = createClockWatch({ now, log })
  const { auth, identityKeys } = authOf(config, { log, metrics })
  const deps: Deps = {
    store: clockWatch.watched(watch(metrics, { store: commandStore, views, headWatch, now })),
    views,
    digestUpTo: engine.digestUpTo,
    sealing: engine.sealing,
    subjects: engine.keys,
    ...(locks !== undefined && { locks }),
    now,
    newCommandId,
    log,
    metrics,
    inFlight: createInFlight(),
    keyedWrites: new Set(),
    mutex: createKeyedMutex(),
    headWatch,
    readThreads,
    // made below, of these very parts
    webhooks: {
      urlFault: (url) => background.webhooks.urlFault(url),
      healthOf: (id) => background.webhooks.healthOf(id),
      page: (id, page) => background.webhooks.page(id, page),
      find: (id, sequence) => background.webhooks.find(id, sequence),
    },
    access: engine.access,
    console: { build: loadConsole, signIn: config.consoleSignIn },
    attachments: attachments.files,
    folded: createFoldedStates(),
    phase: () => phase,
    degradedBy: [
      { name: 'clock', reason: clockWatch.reason },
      { name: 'access_log', reason: engine.access.reason },
      { name: 'dues', reason: () => background.dues.held() },
      { name: 'streams', reason: metrics.live.reason },
      { name: 'webhooks', reason: () => background.webhooks.reason() },
      { name: 'identity_keys', reason: () => identityKeys?.reason() ?? null },
    ],
    config: {
      auth,
      rateLimitPerMinute: config.rateLimitPerMinute,
      corsOrigins: config.corsOrigins,
      maxConnections: config.maxConnections,
      bodyLimitBytes,
      checkAnswers,
    },
  }
  try {
    await seedMasterData(store, now())
  } catch (error) {
    headWatch.stop()
    await readThreads.close()
    await engine.close()
    unlock()
    throw error
  }
  const background = startBackground(deps, {
    ...{ engine, config, clockWatch },
    ...(options.monotonic !== undefined && { monotonic: options.monotonic }),
    cleanAttachments: attachments.clean,
    onReady: () => {
      if (phase === 'starting') phase = 'serving'
    },
  })
  const { ready, dues, webhooks } = background
  return {
    ...{ deps, ready, dues, webhooks, identityKeys },
    cleanAttachments: attachments.clean,
    drain: () => {
      phase = 'draining'
      // beside the requests in flight, so that both end in time
      webhooks.stop().catch(() => undefined)
    },
    close: async () => {
      identityKeys?.stop()
      await background.stop()
      headWatch.stop()
      await readThreads.close()
      await attachments.close()
      await engine.close()
      unlock()
    },
  }
}
