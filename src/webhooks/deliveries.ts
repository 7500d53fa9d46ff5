/** Delivers the log to every webhook endpoint, on one node at a time. */
import { setTimeout as sleep } from 'node:timers/promises'
import { systemActor } from '../../api/commands/act.ts'
import { newCommandId } from '../../api/commands/commandId.ts'
import type { CommandDeps } from '../../api/commands/deps.ts'
import { describeError } from '../../api/commands/describeError.ts'
import { handle } from '../../api/commands/handle.ts'
import type { WebhookDeliveries } from '../../api/webhooks/port.ts'
import type { EventStore, Subscription } from '../../domain/eventStore.ts'
import { HOUR, toEpoch } from '../../domain/instant.ts'
import { webhookOfCursor } from '../../domain/webhooks/progress.ts'
import { type WebhookCommand, webhookAggregate, webhookOfStream } from '../../domain/webhooks/webhook.ts'
import type { LogLocks } from '../nodes/distributedLocks.ts'
import type { Lease } from '../nodes/lease.ts'
import { type AllowedTargets, urlFault } from './address.ts'
import type { RunnerDeps } from './parts.ts'
import { createRunners } from './runners.ts'
import { createShown, type WebhookStatus } from './shown.ts'

/** The name of the lock under which one node delivers. */
const lockKey = 'webhooks'
/** How often it is looked whether something is due. */
const tickEveryMs = 500
/** How often endpoints look by themselves for what they were not told of, as after a fault of the store. */
const wholeEveryMs = 5_000
/** The delay after an event before it is delivered, so that events of one moment are read together. */
const wakeAfterMs = 20
const followAgainMs = 1_000
/** For requests in flight when the service ends. */
const stopWithinMs = 3_000
const cleanEveryMs = HOUR

export type DeliveriesDeps = Omit<RunnerDeps, 'pause' | 'onLost' | 'reached'> &
  Pick<CommandDeps, 'views' | 'folded' | 'subjects'> & {
    allowed: AllowedTargets
    /** Left out where this is the only node. */
    leases?: Pick<LogLocks, 'hold'>
    /** False while the views are not up to date, or the service ends. */
    mayRun: () => boolean
  }

export type Deliveries = WebhookDeliveries &
  WebhookStatus & {
    start(): void
    /** One look, until nothing is left to do at this instant. For tests. */
    look(): Promise<void>
    stop(): Promise<void>
  }

const onlyNode: Lease = { isHeld: () => true, release: () => undefined }

const pauseIn =
  (deps: DeliveriesDeps): RunnerDeps['pause'] =>
  async (id, reason, version) => {
    const act = { actor: systemActor, now: deps.now(), commandId: newCommandId(), correlationId: 'webhooks' }
    await handle(deps, webhookAggregate, id, {
      act,
      command: (found): WebhookCommand | null =>
        found.version === version ? { type: 'PauseWebhook', reason } : null,
    })
    deps.log.warn({ webhook: id, reason }, 'a webhook is paused')
  }

type LogListeners = {
  /** The stream of an endpoint has grown. */
  endpoint(id: string): void
  /** Something was recorded that endpoints may get. */
  event(): void
  /** The log is not followed any more, and should be again. */
  stopped(subscription: Subscription): void
}

/** Follows the log from its head on: what was before is read by each endpoint from its own cursor. */
const followLog = async (store: EventStore, listeners: LogListeners): Promise<Subscription> => {
  const subscription = store.follow(
    await store.head(),
    (events) => {
      for (const { stream } of events) {
        const id = webhookOfStream(stream)
        if (id !== null) listeners.endpoint(id)
      }
      if (events.some(({ stream }) => webhookOfCursor(stream) === null)) listeners.event()
    },
    () => setTimeout(() => listeners.stopped(subscription), followAgainMs).unref(),
  )
  return subscription
}

export const createDeliveries = (deps: DeliveriesDeps): Deliveries => {
  const { store, views, log, deliveries, now } = deps
  let lock: Lease | null = null
  let following: Subscription | null = null
  let timer: NodeJS.Timeout | undefined
  let waking: NodeJS.Timeout | undefined
  let ticking: Promise<void> | null = null
  let stopping: Promise<void> | null = null
  let cleanedAt = Number.NEGATIVE_INFINITY
  let wholeAt = Number.NEGATIVE_INFINITY

  const drop = (): void => {
    runners.drop()
    void following?.stop()
    following = null
    lock?.release()
    lock = null
  }

  const runners = createRunners({ ...deps, pause: pauseIn(deps), onLost: drop }, () => stopping === null)
  const shown = createShown({ webhooks: views.webhooks, deliveries, runnerOf: runners.get })

  const wake = (): void => {
    if (waking !== undefined) return
    waking = setTimeout(() => {
      waking = undefined
      for (const runner of runners.all()) runner.wake()
      if (runners.isListChanged()) void tick()
    }, wakeAfterMs).unref()
  }

  const own = async (): Promise<boolean> => {
    if (lock !== null && !lock.isHeld()) drop()
    if (lock === null) {
      lock = deps.leases === undefined ? onlyNode : await deps.leases.hold(lockKey, drop)
      runners.listChanged()
      if (lock !== null && deps.leases !== undefined) log.info('this node delivers the webhooks')
    }
    return lock !== null
  }

  const tickOnce = async (): Promise<void> => {
    if (stopping !== null || !deps.mayRun() || !(await own())) return
    following ??= await followLog(store, {
      endpoint: (id) => {
        runners.get(id)?.changed()
        runners.listChanged()
      },
      event: wake,
      stopped: (log) => {
        if (following === log) following = null
      },
    })
    await runners.followList()
    const isWhole = deps.monotonic() - wholeAt >= wholeEveryMs
    if (isWhole) wholeAt = deps.monotonic()
    await Promise.all(runners.all().map((runner) => runner.tick(isWhole)))
    if (deps.monotonic() - cleanedAt < cleanEveryMs) return
    cleanedAt = deps.monotonic()
    deliveries.removeOld(toEpoch(now()))
  }

  const tick = (): Promise<void> => {
    ticking ??= tickOnce()
      .catch((error: unknown) => {
        // the store is away: the next tick tries again
        log.warn({ error: describeError(error) }, 'webhooks are held up')
      })
      .finally(() => {
        ticking = null
      })
    return ticking
  }

  return {
    urlFault: (url) => urlFault(url, deps.allowed),
    ...shown,
    start: () => {
      timer = setInterval(() => void tick(), tickEveryMs)
      timer.unref()
    },
    look: async () => {
      wholeAt = Number.NEGATIVE_INFINITY
      await tick()
      const isBusy = () =>
        lock !== null && (runners.isListChanged() || runners.all().some((runner) => runner.isBusy()))
      for (let left = 2_000; left > 0 && isBusy(); left--) {
        await sleep(5)
        if (runners.isListChanged()) await tick()
      }
    },
    stop: () => {
      stopping ??= (async () => {
        clearInterval(timer)
        await ticking
        await Promise.all(runners.all().map((runner) => runner.stop(stopWithinMs)))
        drop()
        await deps.sender.close()
        deliveries.close()
      })()
      return stopping
    },
  }
}
