/** A projection at work on the views' file: its rows, and up to which event they are folded, written and committed. */
import type Database from 'better-sqlite3'
import type { Position } from '../domain/eventStore.ts'
import type { Sealer } from '../domain/sealing.ts'
import type { OpenProjection, Projection } from './projection.ts'
import { type LastEvent, prepareTables } from './viewsFile.ts'

export type ViewState = 'ready' | 'rebuilding' | 'stopped'

/** A projection at work. */
export type Slot = {
  projection: Projection<unknown>
  running: OpenProjection<unknown>
  state: ViewState
  /** Of the last event folded, of the last written, and of the last that is safe in the file. */
  position: Position | null
  written: Position | null
  committed: Position | null
  /** The last event of each of these. */
  last: { folded: LastEvent | null; written: LastEvent | null; committed: LastEvent | null }
  error?: string
  /** Its rows are being built in another file, so it is fed nothing here. */
  elsewhere: boolean
}

export const openSlot = (
  db: Database.Database,
  projection: Projection<unknown>,
  { sealing, changes }: { sealing: Sealer; changes: SharedArrayBuffer | undefined },
): Slot => {
  const last = db.readonly ? null : prepareTables(db, projection)
  const position = last?.position ?? null
  const running = projection.open(db, sealing, changes)
  return {
    projection,
    running,
    state: 'ready',
    position,
    written: position,
    committed: position,
    last: { folded: last, written: last, committed: last },
    elsewhere: false,
  }
}
