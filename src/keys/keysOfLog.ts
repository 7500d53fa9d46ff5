/** Whether the keys beside a log are those of its customers. */

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { uuidBytes } from '../../domain/uuid.ts'
import { openDatabase } from '../../projections/openDatabase.ts'
import { namingDamage } from '../store/damage.ts'
import { hasTable, openLog } from '../store/sqliteLog.ts'

/** Customers looked at on each end of the log: keys of an older backup lack the newest. */
const lookedAt = 100

const subjectForm = /"subjectId":"([\da-f-]{36})"/

/** Subjects of the first and of the newest registrations. */
const subjectsOf = (file: string): string[] => {
  const db = openLog(file, true)
  try {
    if (!hasTable(db, 'events')) return []
    const rows = (order: 'ASC' | 'DESC'): string[] =>
      db
        .prepare<[number], string>(
          `SELECT data FROM events WHERE type = 'TicketRegistered' ORDER BY position ${order} LIMIT ?`,
        )
        .pluck()
        .all(lookedAt)
    const found = [...rows('ASC'), ...rows('DESC')].flatMap((data) => subjectForm.exec(data)?.[1] ?? [])
    return [...new Set(found)]
  } finally {
    db.close()
  }
}

/** How many of the subjects have no key; `null`: the file is empty. It is read without the master key. */
const missingIn = (file: string, subjects: readonly string[]): number | null => {
  const db = openDatabase(file, { readonly: true, fileMustExist: true })
  try {
    if (!hasTable(db, 'subject_keys')) return null
    const key = db.prepare<[Buffer]>('SELECT 1 FROM subject_keys WHERE subject = ?')
    return subjects.filter((subject) => key.get(uuidBytes(subject)) === undefined).length
  } finally {
    db.close()
  }
}

/**
 * Sees that `keys.db` holds the keys of the customers in `events.db`, before anything is written to either. For the
 * service and every tool: none goes on beside a log whose customers it cannot read.
 * @returns how many of the customers looked at have no key: the keys are older than the log, and texts of the newest
 * customers cannot be read.
 * @throws Error with a sentence that says what to do, where `keys.db` is empty or of another log.
 */
export const requireKeysOfLog = (dataDir: string): number => {
  const [log, file] = [join(dataDir, 'events.db'), join(dataDir, 'keys.db')]
  if (!existsSync(log) || !existsSync(file)) return 0
  const subjects = namingDamage(log, () => subjectsOf(log))
  if (subjects.length === 0) return 0
  const remedy = `Put the right keys.db back from a backup; without it no customer's data in ${log} can be read.`
  const missing = namingDamage(file, () => missingIn(file, subjects))
  if (missing === null) throw new Error(`${file} is empty, and the log beside it has customers. ${remedy}`)
  if (missing === subjects.length)
    throw new Error(
      `${file} has the key of no customer in the log beside it: it is of another data folder. ${remedy}`,
    )
  return missing
}
