/** A projection at work on the views' file: its rows, and up to which event they are folded, written and committed. */
import type Database from 'better-sqlite3'
import type { Position } from '../domain/eventStore.ts'
import type { Sealer } from '../domain/sealing.ts'
import type { OpenProjection, Projection } from './projection.ts'
import { type LastEvent, prepareTables } from './viewsFile.ts'

export type ViewState = 'ready' | 'rebuilding' | 'stopped'

/** How far a projection has come: a position of the log, and the last event it has of those up to it. */
export type SlotPlace = { readonly position: Position | null; readonly event: LastEvent | null }

/** A projection at work. Where two of its three places are one object, nothing happened between them. */
export type Slot = {
  projection: Projection<unknown>
  running: OpenProjection<unknown>
  state: ViewState
  folded: SlotPlace
  written: SlotPlace
  /** Safe in the file. */
  committed: SlotPlace
  error?: string
  /** Its rows are being built in another file, so it is fed nothing here. */
  elsewhere: boolean
}

export const openSlot = (
  db: Database.Database,
  projection: Projection<unknown>,
  { sealing, changes }: { sealing: Sealer; changes: SharedArrayBuffer | undefined },
): Slot => {
  const event = db.readonly ? null : prepareTables(db, projection)
  const reached = { position: event?.position ?? null, event }
  return {
    projection,
    running: projection.open(db, sealing, changes),
    state: 'ready',
    folded: reached,
    written: reached,
    committed: reached,
    elsewhere: false,
  }
}

/** Ends its work here: what was folded since its rows were written last is forgotten. */
export const stopSlot = (slot: Slot, error: unknown): void => {
  slot.running.discard()
  slot.state = 'stopped'
  slot.error = error instanceof Error ? error.message : String(error)
  slot.folded = slot.written
}

/** Its rows in the file are others than before, up to `reached`. */
export const restartSlot = (slot: Slot, reached: SlotPlace): void => {
  slot.running.reload()
  slot.folded = reached
  slot.written = reached
  slot.committed = reached
}
