/**
 * Delivers the log to every webhook endpoint, on one node at a time: a runner for each endpoint, so that a slow receiver
 * holds up nobody else.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { systemActor } from '../../api/commands/act.ts'
import { newCommandId } from '../../api/commands/commandId.ts'
import type { CommandDeps } from '../../api/commands/deps.ts'
import { describeError } from '../../api/commands/describeError.ts'
import { handle } from '../../api/commands/handle.ts'
import type { WebhookDeliveries } from '../../api/webhooks/port.ts'
import {
  type EventStore,
  type StoredEvent,
  StoreUnavailable,
  type Subscription,
} from '../../domain/eventStore.ts'
import { HOUR, toEpoch } from '../../domain/instant.ts'
import { webhookOfCursor } from '../../domain/webhooks/progress.ts'
import { type WebhookCommand, webhookAggregate, webhookOfStream } from '../../domain/webhooks/webhook.ts'
import type { Lease, LogLocks } from '../nodes/distributedLocks.ts'
import { type AllowedTargets, urlFault } from './address.ts'
import { loadEndpoint } from './loadEndpoint.ts'
import type { RunnerDeps } from './parts.ts'
import { createRunner, type Runner } from './runner.ts'
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
const viewsTimeoutMs = 5_000
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

export const createDeliveries = (deps: DeliveriesDeps): Deliveries => {
  const { store, views, log, deliveries, now } = deps
  const runners = new Map<string, Runner>()
  const shown = createShown({ webhooks: views.webhooks, deliveries, runnerOf: (id) => runners.get(id) })
  let lock: Lease | null = null
  let following: Subscription | null = null
  let timer: NodeJS.Timeout | undefined
  let waking: NodeJS.Timeout | undefined
  let ticking: Promise<void> | null = null
  let stopping: Promise<void> | null = null
  /** An endpoint was made or deleted. */
  let isListChanged = true
  let cleanedAt = Number.NEGATIVE_INFINITY
  let wholeAt = Number.NEGATIVE_INFINITY
  /** Pages that are being read: at the head, all endpoints ask for the same one. */
  const pages = new Map<string, Promise<StoredEvent[]>>()

  const drop = (): void => {
    for (const runner of runners.values()) runner.abort()
    runners.clear()
    void following?.stop()
    following = null
    lock?.release()
    lock = null
  }

  const wake = (): void => {
    if (waking !== undefined) return
    waking = setTimeout(() => {
      waking = undefined
      for (const runner of runners.values()) runner.wake()
      if (isListChanged) void tick()
    }, wakeAfterMs).unref()
  }

  /** From its head on: what was before is read by each endpoint from its own cursor. */
  const follow = async (): Promise<void> => {
    const head = await store.head()
    const mine = store.follow(
      head,
      (events) => {
        for (const { stream } of events) {
          const id = webhookOfStream(stream)
          if (id === null) continue
          if (runners.has(id)) runners.get(id)!.changed()
          isListChanged = true
        }
        if (events.some(({ stream }) => webhookOfCursor(stream) === null)) wake()
      },
      () => {
        setTimeout(() => {
          if (following === mine) following = null
        }, followAgainMs).unref()
      },
    )
    following = mine
  }

  const own = async (): Promise<boolean> => {
    if (lock !== null && !lock.isHeld()) drop()
    if (lock === null) {
      lock = deps.leases === undefined ? onlyNode : await deps.leases.hold(lockKey, drop)
      isListChanged = true
      if (lock !== null && deps.leases !== undefined) log.info('this node delivers the webhooks')
    }
    return lock !== null
  }

  const readAll: EventStore['readAll'] = (after, limit) => {
    const key = `${limit} ${after}`
    const page = pages.get(key) ?? store.readAll(after, limit).finally(() => pages.delete(key))
    pages.set(key, page)
    return page
  }

  const runnerDeps: RunnerDeps = {
    ...deps,
    store: { ...store, readAll },
    reached: (position, timeoutMs) => views.reached(position, timeoutMs),
    pause: async (id, reason, version) => {
      const act = { actor: systemActor, now: now(), commandId: newCommandId(), correlationId: 'webhooks' }
      await handle(deps, webhookAggregate, id, {
        act,
        command: (found): WebhookCommand | null =>
          found.version === version ? { type: 'PauseWebhook', reason } : null,
      })
      log.warn({ webhook: id, reason }, 'a webhook is paused')
    },
    onLost: () => drop(),
  }

  const begin = async (id: string): Promise<void> => {
    const held = lock
    const loaded = await loadEndpoint({ store, webhooks: views.webhooks }, id)
    if (loaded !== null && lock === held && !runners.has(id) && stopping === null)
      runners.set(id, createRunner(runnerDeps, id, loaded))
  }

  const end = async (id: string): Promise<void> => {
    runners.get(id)?.abort()
    runners.delete(id)
    deliveries.forget(id)
  }

  /** Runners for the endpoints there are, and no key for those that were deleted. */
  const followList = async (): Promise<void> => {
    if (!isListChanged) return
    isListChanged = false
    try {
      const head = await store.head()
      if (head !== null && !(await views.reached(head, viewsTimeoutMs, ['webhooks'])))
        throw new StoreUnavailable(new Error('the views are behind'))
      const ids = new Set(views.webhooks.all().map(({ id }) => id))
      for (const id of [...runners.keys()]) if (!ids.has(id)) await end(id)
      for (const id of ids) if (!runners.has(id)) await begin(id)
      for (const { subjectId, secret } of views.webhooks.deleted())
        if (deps.sealing.open(secret) !== null) await deps.subjects.destroy(subjectId)
    } catch (error) {
      isListChanged = true
      throw error
    }
  }

  const tickOnce = async (): Promise<void> => {
    if (stopping !== null || !deps.mayRun() || !(await own())) return
    if (following === null) await follow()
    await followList()
    const isWhole = deps.monotonic() - wholeAt >= wholeEveryMs
    if (isWhole) wholeAt = deps.monotonic()
    await Promise.all([...runners.values()].map((runner) => runner.tick(isWhole)))
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
        lock !== null && (isListChanged || [...runners.values()].some((runner) => runner.isBusy()))
      for (let left = 2_000; left > 0 && isBusy(); left--) {
        await sleep(5)
        if (isListChanged) await tick()
      }
    },
    stop: () => {
      stopping ??= (async () => {
        clearInterval(timer)
        await ticking
        await Promise.all([...runners.values()].map((runner) => runner.stop(stopWithinMs)))
        drop()
        await deps.sender.close()
        deliveries.close()
      })()
      return stopping
    },
  }
}
