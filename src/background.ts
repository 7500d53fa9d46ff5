/** What runs beside requests: views that follow the log, dues, webhooks, and what a crash left half done. */
import { uptime } from 'node:os'
import { createErasureCompleter } from '../api/commands/subjects/erase.ts'
import type { Deps } from '../api/http/deps.ts'
import { startViews } from '../projections/runner.ts'
import type { ClockWatch } from './clockWatch.ts'
import type { Config } from './config.ts'
import { createDuesTimer, type DuesTimer } from './dues/timer.ts'
import type { Engine } from './engineParts.ts'
import { completePending, completeRegularly } from './pendingActs.ts'
import type { Deliveries } from './webhooks/deliveries.ts'
import { openDeliveries } from './webhooks/openDeliveries.ts'

/** Milliseconds since the machine was started: nobody sets it, and it goes on while the machine sleeps. */
const sinceBoot = (): number => uptime() * 1_000

type Parts = {
  engine: Engine
  config: Config
  clockWatch: ClockWatch
  /** Milliseconds of a clock that nobody sets; left out: those of the machine and of the process. */
  monotonic?: () => number
  cleanAttachments(): Promise<void>
  /** The views have caught up, and what a crash left half done is finished. */
  onReady(): void
}

export type Background = {
  /** Settles after `onReady`. @throws what stopped the views, or StoreUnavailable */
  ready: Promise<void>
  /** Not started: nobody looks until then. */
  dues: DuesTimer
  webhooks: Deliveries
  stop(): Promise<void>
}

/** Starts the views and what completes; dues and webhooks are started by who listens. */
export const startBackground = (
  deps: Deps,
  { engine, config, clockWatch, monotonic, cleanAttachments, onReady }: Parts,
): Background => {
  const { store, views } = engine
  const completeErasures = createErasureCompleter(deps)
  const running = startViews(views, store, engine.helper)
  const ready = running.ready.then(async () => {
    await engine.readInternalStreams?.()
    await clockWatch.compare(store, views)
    await completeErasures()
    await completePending(deps)
    onReady()
    // as many as there may be, nobody waits for them
    void cleanAttachments()
  })
  // callers that wait for it get the error; a tool that only closes does not wait
  ready.catch(() => undefined)
  const stopCompleting = completeRegularly(deps, completeErasures, cleanAttachments)
  const isServing = (): boolean =>
    deps.phase?.() === 'serving' && views.status().every(({ state }) => state === 'ready')
  const dues = createDuesTimer({
    ...deps,
    monotonic: monotonic ?? sinceBoot,
    graceMs: engine.graceMs,
    mayRecord: isServing,
    onRecorded: deps.metrics.duesRecorded,
  })
  const webhooks = openDeliveries(deps, {
    config,
    ...(engine.locks !== undefined && { leases: engine.locks }),
    monotonic: monotonic ?? (() => performance.now()),
    isClockBelieved: () => dues.held() === null,
    mayRun: isServing,
  })
  return {
    ready,
    dues,
    webhooks,
    stop: async () => {
      stopCompleting()
      await dues.stop()
      await webhooks.stop()
      await running.stop()
    },
  }
}
