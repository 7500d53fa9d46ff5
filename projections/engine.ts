/** Keeps the rows of all projections and their checkpoints: what is folded, written, committed, and who fails at it. */
import type Database from 'better-sqlite3'
import type { EventStore, Position, StoredEvent } from '../domain/eventStore.ts'
import { eventsOf, UnknownEvent } from '../domain/storedEvents.ts'
import type { Slot } from './slot.ts'
import { isStorageFault } from './storageFault.ts'
import { isDamage, type LastEvent, throwAwayAtNextStart, toLastEvent } from './viewsFile.ts'

/** Events in order, and how far the log holds nothing else, where that is further than the last of them. */
export type Batch = { events: readonly StoredEvent[]; reached?: Position | undefined }

/** How long a transaction stays open: a commit costs more than the rows in it. A crash loses what is folded again. */
const commitAfterMs = 100

/** The same where the disk took no commit: it is tried again with what came since. */
const commitAgainAfterMs = 1_000

/** Events folded between two writes while much is loaded, so that a row is written once or twice in its life. */
const bulkEvents = 200_000

/** A batch and its events as they are read, once for all projections; `null`: one of them is of an unknown type. */
type ReadBatch = Batch & { read: readonly StoredEvent[] | null }

const readBatch = (batch: Batch): ReadBatch => {
  try {
    return { ...batch, read: eventsOf(batch.events) }
  } catch (error) {
    if (error instanceof UnknownEvent) return { ...batch, read: null }
    throw error
  }
}

const sentence = (error: unknown): string => (error instanceof Error ? error.message : String(error))

/** A view that stopped: at which event, where it was one, and by what error. */
export type StoppedView = { view: string; event: LastEvent | null; error: unknown }

type EngineOptions = {
  /** Called before rows are written and committed; what it returns, after. */
  onCommit?: () => () => void
  comparePositions: EventStore['comparePositions']
  onMoved: () => void
  onStopped: (stopped: StoppedView) => void
}

export type ProjectionEngine = ReturnType<typeof createEngine>

export const createEngine = (
  db: Database.Database,
  slots: readonly Slot[],
  { comparePositions, onMoved, onStopped, onCommit }: EngineOptions,
) => {
  const begin = db.prepare('BEGIN IMMEDIATE')
  const commitNow = db.prepare('COMMIT')
  const rollback = db.prepare('ROLLBACK')
  const saveCheckpoint = db.prepare<[string | null, string | null, string]>(
    'UPDATE checkpoints SET position = ?, event = ? WHERE name = ?',
  )
  const throwAway = db.prepare(throwAwayAtNextStart)
  /** Whether a projection met rows that cannot be: the log has them all. */
  let isDamaged = false
  /** Handed over since the last commit, for a rollback takes them back. What is rebuilt is read again instead. */
  let live: StoredEvent[] = []
  let timer: NodeJS.Timeout | undefined
  let unwritten = 0
  let bulk = false
  /** What the disk refused; from then on nothing is folded until `resume`. */
  let fault: { error: unknown } | undefined

  const stop = (slot: Slot, error: unknown, event: StoredEvent | null = null): void => {
    onStopped({ view: slot.projection.name, event: event && toLastEvent(event), error })
    slot.running.discard()
    slot.state = 'stopped'
    isDamaged ||= isDamage(error)
    slot.error = sentence(error)
    slot.position = slot.written
    slot.last.folded = slot.last.written
  }

  const newTo = (slot: Slot, events: readonly StoredEvent[]): readonly StoredEvent[] => {
    const { position } = slot
    if (position === null || events.length === 0) return events
    if (comparePositions(events[0]!.position, position) > 0) return events
    return events.filter((event) => comparePositions(event.position, position) > 0)
  }

  /** @throws UnknownEvent, where a projection that reads data has it before itself */
  const newEventsOf = (slot: Slot, { events, read }: ReadBatch): readonly StoredEvent[] => {
    if (slot.projection.asStored) return newTo(slot, events)
    return read === null ? eventsOf(newTo(slot, events)) : newTo(slot, read)
  }

  /** The later of where a slot is and where the log is known to hold nothing else. */
  const movedTo = (position: Position | null, reached: Position | undefined): Position | null =>
    reached === undefined || (position !== null && comparePositions(position, reached) >= 0)
      ? position
      : reached

  /** @throws the disk's fault, which is not the projection's. */
  const fold = (slot: Slot, { reached, ...batch }: ReadBatch): void => {
    const { apply } = slot.running
    let applied: StoredEvent | null = null
    try {
      const fresh = newEventsOf(slot, batch)
      for (const event of fresh) {
        applied = event
        apply(event)
      }
      const last = fresh.at(-1)
      if (last !== undefined) slot.last.folded = toLastEvent(last)
      slot.position = movedTo(last?.position ?? slot.position, reached)
    } catch (error) {
      if (isStorageFault(error)) throw error
      stop(slot, error, applied)
    }
  }

  /** Back to what was committed; returns what came since. */
  const rewind = (): StoredEvent[] => {
    if (db.inTransaction) rollback.run()
    clearTimeout(timer)
    timer = undefined
    unwritten = 0
    const again = live
    live = []
    for (const slot of slots) {
      slot.running.reload()
      slot.position = slot.committed
      slot.written = slot.committed
      slot.last = { ...slot.last, folded: slot.last.committed, written: slot.last.committed }
    }
    return again
  }

  /** Back to what was committed; what came since is folded again by those that still work. */
  const takeBack = (): void => {
    const again = rewind()
    if (again.length > 0) feed({ events: again }, 'ready')
  }

  /** The disk takes nothing at all: what came since the last commit has to be read again from the log. */
  const interrupt = (error: unknown): void => {
    rewind()
    fault = { error }
  }

  /** `false`: a projection failed, and everything was taken back. */
  const flush = (): boolean => {
    unwritten = 0
    for (const slot of slots) {
      if (slot.position === slot.written) continue
      try {
        slot.running.flush()
        slot.written = slot.position
        slot.last.written = slot.last.folded
      } catch (error) {
        if (isStorageFault(error)) {
          interrupt(error)
          return false
        }
        stop(slot, error)
        takeBack()
        return false
      }
    }
    return true
  }

  const commit = (): void => {
    clearTimeout(timer)
    timer = undefined
    if (!db.inTransaction) return
    const committed = onCommit?.()
    // Each time one projection fewer is at work, so this comes to an end.
    if (!flush()) {
      commit()
      return
    }
    try {
      for (const slot of slots)
        if (slot.written !== slot.committed)
          saveCheckpoint.run(
            slot.written,
            slot.last.written === null ? null : JSON.stringify(slot.last.written),
            slot.projection.name,
          )
      if (isDamaged) throwAway.run()
      commitNow.run()
      for (const slot of slots) {
        slot.committed = slot.written
        slot.last.committed = slot.last.written
        slot.running.committed?.()
      }
      committed?.()
      live = []
    } catch (error) {
      if (!isStorageFault(error)) {
        // What no projection can help, none survives.
        for (const slot of slots) stop(slot, error)
        takeBack()
      } else if (slots.some((slot) => slot.state === 'rebuilding')) interrupt(error)
      else {
        // Meanwhile the rows are there to be read, only not in the file.
        takeBack()
        clearTimeout(timer)
        timer = setTimeout(commit, commitAgainAfterMs).unref()
      }
    }
  }

  /** Folds events into the projections in that state and writes their rows. */
  const feed = (batch: Batch, state: 'ready' | 'rebuilding'): void => {
    const fed = slots.filter((slot) => slot.state === state && !slot.elsewhere)
    if (fed.length === 0 || (batch.events.length === 0 && batch.reached === undefined)) return
    if (fault === undefined) foldAndWrite(fed, batch, state)
    // who follows the log is called again, who builds a view from it would go on for ever
    if (fault !== undefined && state === 'rebuilding') throw fault.error
    onMoved()
  }

  const foldAndWrite = (fed: readonly Slot[], batch: Batch, state: 'ready' | 'rebuilding'): void => {
    const { events } = batch
    try {
      if (!db.inTransaction) begin.run()
    } catch (error) {
      if (isStorageFault(error)) interrupt(error)
      else for (const slot of fed) stop(slot, error)
      return
    }
    if (!bulk) timer ??= setTimeout(commit, commitAfterMs).unref()
    if (state === 'ready') for (const event of events) live.push(event)
    const read = readBatch(batch)
    try {
      for (const slot of fed) fold(slot, read)
    } catch (error) {
      interrupt(error)
      return
    }
    unwritten += events.length
    if (!bulk) flush()
    else if (unwritten >= bulkEvents) commit()
  }

  return {
    feed,
    commit,
    /** Stops all that work: the log cannot be read on. */
    stopAll: (error: unknown): void => {
      commit()
      for (const slot of slots) if (slot.state !== 'stopped') stop(slot, error)
      onMoved()
    },
    isInterrupted: (): boolean => fault !== undefined,
    /** Folds again, from the last commit on. */
    resume: (): void => {
      fault = undefined
    },
    /** Between these two, rows are written seldom; the caller sees to journal and indexes. @throws the disk's fault. */
    setBulk: (on: boolean): void => {
      commit()
      bulk = on
      if (fault !== undefined) throw fault.error
    },
  }
}
