/** Views whose rows are built in another file, until they are adopted here. */
import type Database from 'better-sqlite3'
import type { Position } from '../domain/eventStore.ts'
import type { SubjectId } from '../domain/subjectKeys.ts'
import { forgets } from './forgetting.ts'
import { restartSlot, type Slot } from './slot.ts'
import { adoptTables } from './viewsFile.ts'

export type BuiltElsewhere = {
  /** From now on nothing is folded into these. */
  begin(slots: readonly Slot[]): void
  /** Of a view whose rows are elsewhere: it forgets this subject again once it has them. */
  noteForgotten(slot: Slot, subjectId: SubjectId): void
  /** Takes over rows as they were built from all events up to a position; without a file they are built here after all. */
  adopt(file: string | null, slots: readonly Slot[], position: Position): void
}

export const createBuiltElsewhere = (db: Database.Database): BuiltElsewhere => {
  const forgotten: { slot: Slot; subjectId: SubjectId }[] = []
  return {
    begin: (slots) => {
      for (const slot of slots) slot.elsewhere = true
    },
    noteForgotten: (slot, subjectId) => {
      if (slot.elsewhere) forgotten.push({ slot, subjectId })
    },
    adopt: (file, slots, position) => {
      for (const slot of slots) slot.elsewhere = false
      if (file === null) return
      const last = adoptTables(db, {
        file,
        position,
        projections: slots.map(({ projection }) => projection),
      })
      for (const slot of slots) restartSlot(slot, { position, event: last.get(slot.projection.name) ?? null })
      for (const { slot, subjectId } of forgotten.splice(0)) {
        const { queries } = slot.running
        if (forgets(queries)) queries.forget(subjectId)
      }
    },
  }
}
