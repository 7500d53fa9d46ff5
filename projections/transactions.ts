/** One transaction after the other on the views' file, each with the checkpoints of the rows that are in it. */
import type Database from 'better-sqlite3'
import type { Slot } from './slot.ts'
import { throwAwayAtNextStart } from './viewsFile.ts'

export type Transactions = {
  isOpen(): boolean
  /** Where none is open. */
  begin(): void
  /** With the checkpoints of the projections whose rows were written; `isDamaged`: the next start rebuilds all views. */
  commit(slots: readonly Slot[], isDamaged: boolean): void
  /** Where one is open. */
  rollback(): void
}

export const createTransactions = (db: Database.Database): Transactions => {
  const begin = db.prepare('BEGIN IMMEDIATE')
  const commit = db.prepare('COMMIT')
  const rollback = db.prepare('ROLLBACK')
  const saveCheckpoint = db.prepare<[string | null, string | null, string]>(
    'UPDATE checkpoints SET position = ?, event = ? WHERE name = ?',
  )
  const throwAway = db.prepare(throwAwayAtNextStart)

  return {
    isOpen: () => db.inTransaction,
    begin: () => {
      if (!db.inTransaction) begin.run()
    },
    commit: (slots, isDamaged) => {
      for (const { projection, written, committed } of slots) {
        if (written === committed) continue
        const { position, event } = written
        saveCheckpoint.run(position, event === null ? null : JSON.stringify(event), projection.name)
      }
      if (isDamaged) throwAway.run()
      commit.run()
      for (const slot of slots) {
        slot.committed = slot.written
        slot.running.committed?.()
      }
    },
    rollback: () => {
      if (db.inTransaction) rollback.run()
    },
  }
}
