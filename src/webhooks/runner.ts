/** Sends the events of the log to one endpoint: reads on, sends in lanes, tries again, keeps how far it is. */
import { setMaxListeners } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { describeError } from '../../api/commands/describeError.ts'
import type { EndpointHealth } from '../../api/webhooks/port.ts'
import { toEpoch, toInstant } from '../../domain/instant.ts'
import { createLanes } from '../../domain/webhooks/lanes.ts'
import type { ParkedDelivery, WebhookProgress } from '../../domain/webhooks/progress.ts'
import { settleAttempt } from '../../domain/webhooks/settle.ts'
import type { PauseReason } from '../../domain/webhooks/webhook.ts'
import { createCursor } from './cursor.ts'
import { type Delivery, newDelivery, parkedOf, pendingOf, rowOf } from './delivery.ts'
import type { LoadedEndpoint } from './loadEndpoint.ts'
import type { EndpointState, RunnerDeps } from './parts.ts'
import { followRequests } from './requests.ts'
import { sendDelivery } from './sendDelivery.ts'
import type { DeliveryAttempt } from './sender.ts'

/** Requests to one endpoint at once. */
const mostAtOnce = 32
/** Deliveries that are open at once; with so many, nothing more is read. */
const mostOpen = 1_000
/** Events read at a time. */
const pageSize = 100
/** How long the views are waited for. */
const viewsTimeoutMs = 5_000

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

export const createRunner = (deps: RunnerDeps, id: string, loaded: LoadedEndpoint): Runner => {
  const { store, log } = deps
  const state: EndpointState = loaded.state
  const lanes = createLanes<Delivery>()
  for (const delivery of loaded.pending) lanes.add(delivery)
  const stopping = new AbortController()
  // each request in flight listens
  setMaxListeners(0, stopping.signal)
  const parked: ParkedDelivery[] = []
  const unparked: number[] = []
  let inFlight = 0
  /** How often something new may have come. */
  let wakes = 0
  /** From the recording of the last event that was delivered to its delivery. */
  let lagMs: number | null = null
  let isReading = false
  let isAtHead = false
  let isEnded = false
  let pausing: PauseReason | null = null
  const nowMs = (): number => toEpoch(deps.now())

  const snapshot = (): WebhookProgress | null => {
    const { place, since, sequence, requestsDone, failingSince } = state
    if (place === null) return null
    return {
      after: place,
      since,
      sequence,
      requestsDone,
      failingSince: failingSince === null ? null : toInstant(failingSince),
      pending: lanes.all().map(pendingOf),
      parked: [...parked],
      unparked: [...unparked],
    }
  }
  const cursor = createCursor({
    ...deps,
    id,
    version: loaded.cursorVersion,
    snapshot,
    onKept: (kept) => {
      parked.splice(0, kept.parked.length)
      unparked.splice(0, kept.unparked.length)
    },
    onLost: () => {
      abort()
      deps.onLost()
    },
  })

  /** The pause comes back as an event; until then nothing is sent. */
  const pause = (reason: PauseReason): void => {
    if (pausing !== null) return
    pausing = reason
    deps.pause(id, reason, state.requestsDone).then(
      () => requests.wake(),
      (error: unknown) => {
        pausing = null
        log.warn({ webhook: id, error: describeError(error) }, 'a webhook could not be paused')
      },
    )
  }

  const settle = (delivery: Delivery, attempt: DeliveryAttempt): void => {
    const now = nowMs()
    delivery.attempts += 1
    // counted from now on where the clock was set back since
    delivery.firstAt = Math.min(delivery.firstAt ?? now, now)
    delivery.last = { ...attempt, at: now }
    const failingSince = Math.min(state.failingSince ?? now, now)
    const { attempts, firstAt } = delivery
    const settled = settleAttempt({
      ...{ status: attempt.status, retryAfterMs: attempt.retryAfterMs, attempts, firstAt, failingSince, now },
      random: deps.random(),
      isClockBelieved: deps.isClockBelieved(),
    })
    cursor.changed()
    if (delivery.item.isTest) {
      deps.deliveries.put(id, rowOf(delivery, settled.kind === 'delivered' ? 'delivered' : 'parked'))
      return
    }
    state.failingSince = settled.kind === 'delivered' ? null : failingSince
    if (settled.kind === 'delivered') lagMs = now - toEpoch(delivery.event.metadata.recordedAt)
    deps.onAttempt(settled.kind)
    if (settled.kind === 'failed') {
      delivery.nextAt = settled.nextAt
      lanes.putBack(delivery)
      deps.deliveries.put(id, rowOf(delivery, 'pending'))
      if (settled.pause !== null) pause(settled.pause)
      return
    }
    lanes.finish(delivery)
    if (settled.kind === 'parked') parked.push(parkedOf(delivery, now))
    deps.deliveries.put(id, rowOf(delivery, settled.kind))
  }

  const attempt = async (delivery: Delivery): Promise<void> => {
    inFlight += 1
    try {
      const came = await sendDelivery(deps, state.webhook, delivery, stopping.signal)
      if (came === null) lanes.putBack(delivery)
      else settle(delivery, came)
    } finally {
      inFlight -= 1
    }
    pump()
  }

  const readOn = async (): Promise<void> => {
    isReading = true
    const wakesBefore = wakes
    try {
      const page = await store.readAll(state.position, pageSize)
      const last = page.at(-1)
      if (last !== undefined && !(await deps.reached(last.position, viewsTimeoutMs))) return
      if (isEnded || requests.areWaiting()) return
      if (last === undefined) {
        isAtHead = wakes === wakesBefore
        return
      }
      for (const event of page) {
        if (state.since !== null && event.metadata.recordedAt < state.since) continue
        const item = deps.items.of(event, state.webhook)
        if (item !== null) lanes.add(newDelivery(event, item, ++state.sequence))
      }
      state.position = last.position
      state.place = { stream: last.stream, version: last.version }
      isAtHead = page.length < pageSize && wakes === wakesBefore
      cursor.changed()
    } finally {
      isReading = false
    }
    pump()
  }

  const pump = (): void => {
    if (isEnded || requests.areWaiting()) return
    const { paused, isDeleted } = state.webhook
    const isPaused = isDeleted || paused !== null || pausing !== null
    const now = nowMs()
    while (!isPaused && inFlight < mostAtOnce) {
      const delivery = lanes.take(now)
      if (delivery === null) break
      attempt(delivery).catch(onFault)
    }
    // one that is paused reads on, so that what waits for it can be seen
    if (!isDeleted && pausing === null && !isReading && !isAtHead && lanes.size() < mostOpen)
      readOn().catch(onFault)
  }

  /** The store is away, most likely: the next tick tries again. */
  const onFault = (error: unknown): void =>
    log.warn({ webhook: id, error: describeError(error) }, 'deliveries of a webhook are held up')

  const abort = (): void => {
    isEnded = true
    stopping.abort()
  }

  /** Until nothing is in flight and nothing is being read. */
  const settled = async (): Promise<void> => {
    while ((inFlight > 0 || isReading) && !isEnded) await sleep(10)
  }

  const requests = followRequests(deps, id, {
    state,
    lanes,
    settled,
    attempt: (delivery) => void attempt(delivery).catch(onFault),
    unpark: (sequence) => unparked.push(sequence),
    onDone: async () => {
      pausing = null
      isAtHead = false
      await cursor.keep()
      pump()
    },
  })
  requests.wake()

  return {
    wake: () => {
      wakes += 1
      isAtHead = false
      pump()
    },
    changed: () => requests.wake(),
    tick: async (isWhole) => {
      if (isEnded) return
      if (isWhole) {
        isAtHead = false
        requests.wake()
      }
      pump()
      await cursor.keepNowAndThen(lanes.size())
    },
    isBusy: () => inFlight > 0 || isReading || requests.isLooking() || pausing !== null,
    health: () => {
      const open = lanes.all()
      return {
        sequence: state.sequence,
        pending: open.length,
        oldestPendingAt: open[0]?.event.metadata.recordedAt ?? null,
        failingSince: state.failingSince === null ? null : toInstant(state.failingSince),
        lagMs,
      }
    },
    open: () => lanes.all(),
    stop: async (graceMs) => {
      isEnded = true
      for (const until = performance.now() + graceMs; inFlight > 0 && performance.now() < until; )
        await sleep(10)
      stopping.abort()
      await cursor.keepIfChanged()
    },
    abort,
  }
}
