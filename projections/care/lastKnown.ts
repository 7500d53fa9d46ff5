/** The latest instant of all events that the care view has, epoch ms, and the number of handovers. */
import type Database from 'better-sqlite3'

type Last = { at: number; seq: number }

export type CareLast = {
  /** Changed in place. */
  now(): Last
  flush(): void
  /** Back to what the table has. */
  discard(): void
}

export const createCareLast = (db: Database.Database): CareLast => {
  const stored = db.prepare<[], Last>('SELECT at, seq FROM careLast')
  const put = db.prepare('INSERT OR REPLACE INTO careLast VALUES (1, ?, ?)')
  let last: Last | null = null
  return {
    now: () => {
      last ??= stored.get() ?? { at: 0, seq: 0 }
      return last
    },
    flush: () => {
      if (last !== null) put.run(last.at, last.seq)
    },
    discard: () => {
      last = null
    },
  }
}
