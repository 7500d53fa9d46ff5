import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'

// A connection nobody refers to is garbage, and collecting it closes it and lets go of the lock.
const held = new Set<Database.Database>()

/**
 * Takes a data folder, made where it is not there, for this process alone; returns what lets go of it. The lock is
 * the operating system's, on an empty SQLite file: it ends with the process, however that ends. Nothing else in
 * this process may open `lock.db`, for closing a file lets go of a process's locks on it.
 * @throws Error with a sentence that says what to do, where another process has the folder.
 */
export const lockDataFolder = (dir: string): (() => void) => {
  mkdirSync(dir, { recursive: true, mode: 0o700 })
  const db = new Database(join(dir, 'lock.db'), { timeout: 0 })
  try {
    db.exec('BEGIN EXCLUSIVE')
  } catch (error) {
    db.close()
    if (!String((error as { code?: unknown }).code).startsWith('SQLITE_BUSY')) throw error
    throw new Error(
      `Another process is using the data folder ${dir}. Stop it first, or give this one a folder of its own with DATA_DIR.`,
    )
  }
  held.add(db)
  return () => {
    held.delete(db)
    db.close()
  }
}
