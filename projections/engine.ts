/** Keeps the rows of all projections and their checkpoints: what is folded, written, committed, and who fails at it. */
import type Database from 'better-sqlite3'
import type { EventStore, StoredEvent } from '../domain/eventStore.ts'
import { type Batch, foldBatch, readBatch } from './foldBatch.ts'
import { restartSlot, type Slot, stopSlot } from './slot.ts'
import { isStorageFault } from './storageFault.ts'
import { createTransactions } from './transactions.ts'
import { isDamage, type LastEvent, toLastEvent } from './viewsFile.ts'

/** How long a transaction stays open: a commit costs more than the rows in it. A crash loses what is folded again. */
const commitAfterMs = 100

/** The same where the disk took no commit: it is tried again with what came since. */
const commitAgainAfterMs = 1_000

/** Events folded between two writes while much is loaded, so that a row is written once or twice in its life. */
const bulkEvents = 200_000

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
  const transactions = createTransactions(db)
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
    stopSlot(slot, error)
    isDamaged ||= isDamage(error)
  }

  /** Back to what was committed; returns what came since. */
  const rewind = (): StoredEvent[] => {
    transactions.rollback()
    clearTimeout(timer)
    timer = undefined
    unwritten = 0
    const again = live
    live = []
    for (const slot of slots) restartSlot(slot, slot.committed)
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

  /** The disk's fault interrupts all. Any other stops these; what came since is folded again by those that still work. */
  const fail = (error: unknown, failed: readonly Slot[]): void => {
    if (isStorageFault(error)) {
      interrupt(error)
      return
    }
    for (const slot of failed) stop(slot, error)
    takeBack()
  }

  /** `false`: a projection failed, and everything was taken back. */
  const flush = (): boolean => {
    unwritten = 0
    for (const slot of slots) {
      if (slot.folded === slot.written) continue
      try {
        slot.running.flush()
        slot.written = slot.folded
      } catch (error) {
        fail(error, [slot])
        return false
      }
    }
    return true
  }

  const commit = (): void => {
    clearTimeout(timer)
    timer = undefined
    if (!transactions.isOpen()) return
    const committed = onCommit?.()
    // Each time one projection fewer is at work, so this comes to an end.
    if (!flush()) {
      commit()
      return
    }
    try {
      transactions.commit(slots, isDamaged)
      committed?.()
      live = []
    } catch (error) {
      const isBuilding = slots.some((slot) => slot.state === 'rebuilding')
      // What no projection can help, none survives.
      if (isBuilding || !isStorageFault(error)) {
        fail(error, slots)
        return
      }
      // Meanwhile the rows are there to be read, only not in the file.
      takeBack()
      clearTimeout(timer)
      timer = setTimeout(commit, commitAgainAfterMs).unref()
    }
  }

  const foldAndWrite = (fed: readonly Slot[], batch: Batch, state: 'ready' | 'rebuilding'): void => {
    const { events } = batch
    try {
      transactions.begin()
    } catch (error) {
      fail(error, fed)
      return
    }
    if (!bulk) timer ??= setTimeout(commit, commitAfterMs).unref()
    if (state === 'ready') for (const event of events) live.push(event)
    const read = readBatch(batch)
    try {
      for (const slot of fed) {
        const failed = foldBatch(slot, read, comparePositions)
        if (failed !== null) stop(slot, failed.error, failed.event)
      }
    } catch (error) {
      interrupt(error)
      return
    }
    unwritten += events.length
    if (!bulk) flush()
    else if (unwritten >= bulkEvents) commit()
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
