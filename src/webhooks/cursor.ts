/** Keeps how far an endpoint's deliveries are, as an event now and then. */
import { newCommandId } from '../../api/commands/commandId.ts'
import { type EventStore, eventId, StoreUnavailable, VersionConflict } from '../../domain/eventStore.ts'
import type { Instant } from '../../domain/instant.ts'
import { type WebhookProgress, webhookCursorStream } from '../../domain/webhooks/progress.ts'

/** Milliseconds between two events of one cursor; longer where many deliveries are open, for each is in the event. */
const everyMs = 30_000
const everyMsWithMany = 10 * 60_000
const many = 100

type Parts = {
  store: Pick<EventStore, 'append'>
  id: string
  /** Events the cursor's stream has. */
  version: number
  now: () => Instant
  monotonic: () => number
  /** What is to be kept; `null`: that cannot be said just now. */
  snapshot: () => WebhookProgress | null
  /** Told of what has been kept. */
  onKept: (kept: WebhookProgress) => void
  /** Another node has written to the cursor: it owns the endpoint. */
  onLost: () => void
}

export const createCursor = (parts: Parts) => {
  const { store, id, now, monotonic } = parts
  let { version } = parts
  let isChanged = false
  let keptAt = monotonic()
  let tail: Promise<void> = Promise.resolve()

  const keepOnce = async (): Promise<void> => {
    const data = parts.snapshot()
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
      parts.onKept(data)
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
