/** Keeps how far an endpoint's deliveries are, as an event now and then. */
import { newCommandId } from '../../api/commands/commandId.ts'
import { type EventStore, eventId, StoreUnavailable, VersionConflict } from '../../domain/eventStore.ts'
import { toInstant } from '../../domain/instant.ts'
import type { Lanes } from '../../domain/webhooks/lanes.ts'
import {
  type ParkedDelivery,
  type WebhookProgress,
  webhookCursorStream,
} from '../../domain/webhooks/progress.ts'
import { type Delivery, pendingOf } from './delivery.ts'
import type { EndpointState, RunnerDeps } from './parts.ts'

/** Milliseconds between two events of one cursor; longer where many deliveries are open, for each is in the event. */
const everyMs = 30_000
const everyMsWithMany = 10 * 60_000
const many = 100

type Parts = {
  id: string
  /** Events the cursor's stream has. */
  version: number
  state: EndpointState
  lanes: Lanes<Delivery>
  /** Another node has written to the cursor: it owns the endpoint. */
  onLost: () => void
}

type Deps = Pick<RunnerDeps, 'now' | 'monotonic'> & { store: Pick<EventStore, 'append'> }

export const createCursor = ({ store, now, monotonic }: Deps, parts: Parts) => {
  const { id, state, lanes } = parts
  let { version } = parts
  /** What became of deliveries since the cursor was kept. */
  const parked: ParkedDelivery[] = []
  const unparked: number[] = []
  let isChanged = false
  let keptAt = monotonic()
  let tail: Promise<void> = Promise.resolve()

  /** `null`: between a replay and its first page nobody can say how far it is. */
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

  const keepOnce = async (): Promise<void> => {
    const data = snapshot()
    if (data === null) return
    isChanged = false
    keptAt = monotonic()
    const commandId = newCommandId()
    const metadata = {
      commandId,
      actor: { id: 'system', role: 'system' },
      correlationId: commandId,
      recordedAt: now(),
    }
    const event = { id: eventId(commandId, 0), type: 'WebhookProgressed', data, metadata }
    try {
      version = (await store.append(webhookCursorStream(id), version, [event])).version
      parked.splice(0, data.parked.length)
      unparked.splice(0, data.unparked.length)
    } catch (error) {
      isChanged = true
      if (error instanceof VersionConflict) parts.onLost()
      // what could not be kept is kept the next time; deliveries go on
      else if (!(error instanceof StoreUnavailable)) throw error
    }
  }

  /** Keeps it now; one after the other. */
  const keep = (): Promise<void> => {
    const kept = tail.then(keepOnce)
    tail = kept.catch(() => undefined)
    return kept
  }

  return {
    changed: (): void => {
      isChanged = true
    },
    park: (delivery: ParkedDelivery): void => void parked.push(delivery),
    unpark: (sequence: number): void => void unparked.push(sequence),
    keep,
    /** Keeps it where it has changed and the last time is long enough ago. */
    keepNowAndThen: async (open: number): Promise<void> => {
      if (isChanged && monotonic() - keptAt >= (open > many ? everyMsWithMany : everyMs)) await keep()
    },
    keepIfChanged: async (): Promise<void> => {
      await tail
      if (isChanged) await keep()
    },
  }
}
