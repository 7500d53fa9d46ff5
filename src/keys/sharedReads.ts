/** Reads that share a transaction: a page of a list asks for many keys in one turn of the event loop, at half the cost. */
import type Database from 'better-sqlite3'

/** Reads that share a transaction at most, where a turn of the event loop is long: some milliseconds of them. */
const readsOfTransaction = 500

export const createSharedReads = (db: Database.Database) => {
  const begin = db.prepare('BEGIN')
  const commit = db.prepare('COMMIT')
  let reads = 0

  const end = (): void => {
    if (db.open && db.inTransaction) commit.run()
    reads = 0
  }

  return {
    /** Called before each read. */
    join: (): void => {
      if (reads === readsOfTransaction) end()
      if (reads === 0) {
        begin.run()
        setImmediate(end)
      }
      reads += 1
    },
    /**
     * Ends the transaction: before anything is written, and by itself after a while, so that none misses what was
     * destroyed or holds up emptying the log.
     */
    end,
  }
}
