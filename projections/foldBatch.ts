/** Folds a batch of events into one projection. */
import type { EventStore, Position, StoredEvent } from '../domain/eventStore.ts'
import { eventsOf, UnknownEvent } from '../domain/storedEvents.ts'
import type { Slot } from './slot.ts'
import { isStorageFault } from './storageFault.ts'
import { toLastEvent } from './viewsFile.ts'

/** Events in order, and how far the log holds nothing else, where that is further than the last of them. */
export type Batch = { events: readonly StoredEvent[]; reached?: Position | undefined }

/** A batch and its events as they are read, once for all projections; `null`: one of them is of an unknown type. */
export type ReadBatch = Batch & { read: readonly StoredEvent[] | null }

export const readBatch = (batch: Batch): ReadBatch => {
  try {
    return { ...batch, read: eventsOf(batch.events) }
  } catch (error) {
    if (error instanceof UnknownEvent) return { ...batch, read: null }
    throw error
  }
}

/** What a projection failed with, and at which event, where it was one. */
export type FoldFault = { error: unknown; event: StoredEvent | null }

type ComparePositions = EventStore['comparePositions']

const newTo = (
  { folded: { position } }: Slot,
  events: readonly StoredEvent[],
  comparePositions: ComparePositions,
): readonly StoredEvent[] => {
  if (position === null || events.length === 0) return events
  if (comparePositions(events[0]!.position, position) > 0) return events
  return events.filter((event) => comparePositions(event.position, position) > 0)
}

/** @throws UnknownEvent, where a projection that reads data has it before itself */
const newEventsOf = (
  slot: Slot,
  { events, read }: ReadBatch,
  comparePositions: ComparePositions,
): readonly StoredEvent[] => {
  if (slot.projection.asStored) return newTo(slot, events, comparePositions)
  return read === null ? eventsOf(newTo(slot, events, comparePositions)) : newTo(slot, read, comparePositions)
}

/**
 * Folds what is new to a projection and notes how far it has come; `null`: it did not fail.
 * @throws the disk's fault, which is not the projection's.
 */
export const foldBatch = (
  slot: Slot,
  batch: ReadBatch,
  comparePositions: ComparePositions,
): FoldFault | null => {
  const { apply } = slot.running
  let applied: StoredEvent | null = null
  try {
    const fresh = newEventsOf(slot, batch, comparePositions)
    for (const event of fresh) {
      applied = event
      apply(event)
    }
    const last = fresh.at(-1)
    if (last !== undefined) slot.folded = { position: last.position, event: toLastEvent(last) }
    const { position, event } = slot.folded
    const { reached } = batch
    if (reached !== undefined && (position === null || comparePositions(position, reached) < 0))
      slot.folded = { position: reached, event }
    return null
  } catch (error) {
    if (isStorageFault(error)) throw error
    return { error, event: applied }
  }
}
