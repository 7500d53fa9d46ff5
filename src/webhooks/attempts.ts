/** Attempts at the deliveries of one endpoint: several at once, each delivered, tried again later, or parked. */
import { setMaxListeners } from 'node:events'
import { describeError } from '../../api/commands/describeError.ts'
import { toEpoch } from '../../domain/instant.ts'
import type { Lanes } from '../../domain/webhooks/lanes.ts'
import type { ParkedDelivery } from '../../domain/webhooks/progress.ts'
import { settleAttempt } from '../../domain/webhooks/settle.ts'
import type { PauseReason } from '../../domain/webhooks/webhook.ts'
import { type Delivery, parkedOf, rowOf } from './delivery.ts'
import type { EndpointState, RunnerDeps } from './parts.ts'
import { sendDelivery } from './sendDelivery.ts'
import type { DeliveryAttempt } from './sender.ts'

/** Requests to one endpoint at once. */
const mostAtOnce = 32

type Parts = {
  state: EndpointState
  lanes: Lanes<Delivery>
  /** What the cursor keeps is another. */
  onChanged(): void
  park(delivery: ParkedDelivery): void
  /** The stream of the endpoint has a pause. */
  onPaused(): void
  /** An attempt is over. */
  onOver(): void
  onFault(error: unknown): void
}

export const createAttempts = (deps: RunnerDeps, id: string, parts: Parts) => {
  const { state, lanes } = parts
  const stopping = new AbortController()
  // each request in flight listens
  setMaxListeners(0, stopping.signal)
  let inFlight = 0
  let isPausing = false
  /** From the recording of the last event that was delivered to its delivery. */
  let lagMs: number | null = null

  /** The pause comes back as an event; until then nothing is sent. */
  const pause = (reason: PauseReason): void => {
    if (isPausing) return
    isPausing = true
    deps.pause(id, reason, state.requestsDone).then(parts.onPaused, (error: unknown) => {
      isPausing = false
      deps.log.warn({ webhook: id, error: describeError(error) }, 'a webhook could not be paused')
    })
  }

  const settle = (delivery: Delivery, attempt: DeliveryAttempt): void => {
    const now = toEpoch(deps.now())
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
    parts.onChanged()
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
    if (settled.kind === 'parked') parts.park(parkedOf(delivery, now))
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
    parts.onOver()
  }

  /** Makes an attempt now, also where the endpoint is paused. */
  const make = (delivery: Delivery): void => void attempt(delivery).catch(parts.onFault)

  return {
    make,
    /** Makes attempts at what is due, as many at once as may be. */
    makeDue: (): void => {
      const now = toEpoch(deps.now())
      while (!isPausing && inFlight < mostAtOnce) {
        const delivery = lanes.take(now)
        if (delivery === null) break
        make(delivery)
      }
    },
    inFlight: (): number => inFlight,
    /** A pause is on its way. */
    isPausing: (): boolean => isPausing,
    /** The pause is there, or was never needed. */
    pauseOver: (): void => {
      isPausing = false
    },
    lagMs: (): number | null => lagMs,
    /** Cuts what is in flight. */
    abort: (): void => stopping.abort(),
  }
}
