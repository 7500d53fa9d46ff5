/** Sends the events of the log to one endpoint: reads on, sends in lanes, tries again, keeps how far it is. */
import { setTimeout as sleep } from 'node:timers/promises'
import { describeError } from '../../api/commands/describeError.ts'
import type { EndpointHealth } from '../../api/webhooks/port.ts'
import { toInstant } from '../../domain/instant.ts'
import { createLanes } from '../../domain/webhooks/lanes.ts'
import { createAttempts } from './attempts.ts'
import { createCursor } from './cursor.ts'
import type { Delivery } from './delivery.ts'
import type { LoadedEndpoint } from './loadEndpoint.ts'
import { createLogReading } from './logReading.ts'
import type { EndpointState, RunnerDeps } from './parts.ts'
import { followRequests } from './requests.ts'

export type Runner = {
  /** Something may be there to do. */
  wake(): void
  /** The endpoint itself has changed. */
  changed(): void
  /** Sends what is due; a whole one also looks for what nobody told it of. */
  tick(isWhole: boolean): Promise<void>
  isBusy(): boolean
  health(): EndpointHealth
  /** Every open delivery, for the log of deliveries. */
  open(): Delivery[]
  /** Ends it: what is in flight has `graceMs`, then how far it is is kept. */
  stop(graceMs: number): Promise<void>
  /** Ends it at once and keeps nothing. */
  abort(): void
}

const healthOf = (
  { sequence, failingSince }: EndpointState,
  open: readonly Delivery[],
  lagMs: number | null,
): EndpointHealth => ({
  sequence,
  pending: open.length,
  oldestPendingAt: open[0]?.event.metadata.recordedAt ?? null,
  failingSince: failingSince === null ? null : toInstant(failingSince),
  lagMs,
})

export const createRunner = (deps: RunnerDeps, id: string, loaded: LoadedEndpoint): Runner => {
  const { state } = loaded
  const lanes = createLanes<Delivery>()
  for (const delivery of loaded.pending) lanes.add(delivery)
  let isEnded = false

  const abort = (): void => {
    isEnded = true
    attempts.abort()
  }
  const cursor = createCursor(deps, {
    ...{ id, version: loaded.cursorVersion, state, lanes },
    onLost: () => {
      abort()
      deps.onLost()
    },
  })

  /** The store is away, most likely: the next tick tries again. */
  const onFault = (error: unknown): void =>
    deps.log.warn({ webhook: id, error: describeError(error) }, 'deliveries of a webhook are held up')

  const isHeld = (): boolean => isEnded || requests.areWaiting()

  const pump = (): void => {
    const { paused, isDeleted } = state.webhook
    if (isHeld() || isDeleted) return
    if (paused === null) attempts.makeDue()
    // one that is paused reads on, so that what waits for it can be seen
    if (!attempts.isPausing()) reading.readOn()
  }

  const attempts = createAttempts(deps, id, {
    ...{ state, lanes, onFault },
    onChanged: cursor.changed,
    park: cursor.park,
    onPaused: () => requests.wake(),
    onOver: pump,
  })

  const reading = createLogReading(deps, {
    ...{ state, lanes, isHeld, onFault },
    onRead: () => {
      cursor.changed()
      pump()
    },
  })

  const isBusy = (): boolean => attempts.inFlight() > 0 || reading.isReading()

  const requests = followRequests(deps, id, {
    ...{ state, lanes },
    settled: async () => {
      while (isBusy() && !isEnded) await sleep(10)
    },
    attempt: attempts.make,
    unpark: cursor.unpark,
    onDone: async () => {
      attempts.pauseOver()
      reading.wake()
      await cursor.keep()
      pump()
    },
  })
  requests.wake()

  return {
    wake: () => {
      reading.wake()
      pump()
    },
    changed: () => requests.wake(),
    tick: async (isWhole) => {
      if (isEnded) return
      if (isWhole) {
        reading.wake()
        requests.wake()
      }
      pump()
      await cursor.keepNowAndThen(lanes.size())
    },
    isBusy: () => isBusy() || requests.isLooking() || attempts.isPausing(),
    health: () => healthOf(state, lanes.all(), attempts.lagMs()),
    open: () => lanes.all(),
    stop: async (graceMs) => {
      isEnded = true
      for (const until = performance.now() + graceMs; attempts.inFlight() > 0 && performance.now() < until; )
        await sleep(10)
      attempts.abort()
      await cursor.keepIfChanged()
    },
    abort,
  }
}
