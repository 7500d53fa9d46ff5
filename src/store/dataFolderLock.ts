import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type Database from 'better-sqlite3'
import { openDatabase } from '../../projections/openDatabase.ts'

// A connection nobody refers to is garbage, and collecting it closes it and lets go of the lock.
const held = new Set<Database.Database>()

/**
 * Takes the lock of a file, which is made where it is not there; returns what lets go of it, `null` where another
 * process has it. The lock is the operating system's, on an empty SQLite file: it ends with the process, however that
 * ends. Nothing else in this process may open the file, for closing a file lets go of a process's locks on it.
 */
export const lockFile = (file: string): (() => void) | null => {
  const db = openDatabase(file, { timeout: 0 })
  try {
    db.exec('BEGIN EXCLUSIVE')
  } catch (error) {
    db.close()
    if (!String((error as { code?: unknown }).code).startsWith('SQLITE_BUSY')) throw error
    return null
  }
  held.add(db)
  return () => {
    held.delete(db)
    db.close()
  }
}

/**
 * Takes a data folder, made where it is not there, for this process alone; returns what lets go of it, see `lockFile`.
 * @throws Error with a sentence that says what to do, where another process has the folder.
 */
export const lockDataFolder = (dir: string): (() => void) => {
  mkdirSync(dir, { recursive: true, mode: 0o700 })
  const unlock = lockFile(join(dir, 'lock.db'))
  if (unlock === null)
    throw new Error(
      `Another process is using the data folder ${dir}. Stop it first, or give this one a folder of its own with DATA_DIR.`,
    )
  return unlock
}
