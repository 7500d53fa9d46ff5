/** Reads the log on for one endpoint, a page at a time, and makes deliveries of what it gets. */
import type { Lanes } from '../../domain/webhooks/lanes.ts'
import { type Delivery, newDelivery } from './delivery.ts'
import type { EndpointState, RunnerDeps } from './parts.ts'

/** Deliveries that are open at once; with so many, nothing more is read. */
const mostOpen = 1_000
/** Events read at a time. */
const pageSize = 100
/** How long the views are waited for. */
const viewsTimeoutMs = 5_000

type Parts = {
  state: EndpointState
  lanes: Lanes<Delivery>
  /** What was read meanwhile must not be taken. */
  isHeld(): boolean
  /** A page was taken. */
  onRead(): void
  onFault(error: unknown): void
}

export const createLogReading = (
  { store, items, reached }: Pick<RunnerDeps, 'store' | 'items' | 'reached'>,
  { state, lanes, ...parts }: Parts,
) => {
  let isReading = false
  let isAtHead = false
  /** How often something new may have come. */
  let wakes = 0

  const readPage = async (): Promise<void> => {
    isReading = true
    const wakesBefore = wakes
    try {
      const page = await store.readAll(state.position, pageSize)
      const last = page.at(-1)
      if (last !== undefined && !(await reached(last.position, viewsTimeoutMs))) return
      if (parts.isHeld()) return
      if (last === undefined) {
        isAtHead = wakes === wakesBefore
        return
      }
      for (const event of page) {
        if (state.since !== null && event.metadata.recordedAt < state.since) continue
        const item = items.of(event, state.webhook)
        if (item !== null) lanes.add(newDelivery(event, item, ++state.sequence))
      }
      state.position = last.position
      state.place = { stream: last.stream, version: last.version }
      isAtHead = page.length < pageSize && wakes === wakesBefore
    } finally {
      isReading = false
    }
    parts.onRead()
  }

  return {
    isReading: (): boolean => isReading,
    /** Reads a page unless one is being read, nothing is there to read, or enough is open. */
    readOn: (): void => {
      if (!isReading && !isAtHead && lanes.size() < mostOpen) readPage().catch(parts.onFault)
    },
    /** The log may have more. */
    wake: (): void => {
      wakes += 1
      isAtHead = false
    },
  }
}
