/** Whether the keys beside a log are those of its customers. */

import type { KeyObject } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { namingDamage } from '../store/damage.ts'
import { hasTable, openLog } from '../store/sqliteLog.ts'
import { openSqliteKeys } from './sqliteKeys.ts'

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

const isEmpty = (file: string): boolean => {
  const db = new Database(file, { readonly: true, fileMustExist: true })
  try {
    return db.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'subject_keys'").get() === undefined
  } finally {
    db.close()
  }
}

/**
 * Sees that `keys.db` holds the keys of the customers in `events.db`, before anything is written to either.
 * @returns how many of the customers looked at have no key: the keys are older than the log, and texts of the newest
 * customers cannot be read.
 * @throws Error with a sentence that says what to do, where `keys.db` is empty or of another log.
 */
export const requireKeysOfLog = (dataDir: string, masterKey: KeyObject): number => {
  const [log, file] = [join(dataDir, 'events.db'), join(dataDir, 'keys.db')]
  if (!existsSync(log) || !existsSync(file)) return 0
  const subjects = namingDamage(log, () => subjectsOf(log))
  if (subjects.length === 0) return 0
  const remedy = `Put the right keys.db back from a backup; without it no customer's data in ${log} can be read.`
  if (namingDamage(file, () => isEmpty(file)))
    throw new Error(`${file} is empty, and the log beside it has customers. ${remedy}`)
  const keys = openSqliteKeys(file, masterKey, { readonly: true })
  try {
    const missing = subjects.filter((subject) => !keys.isKnown(subject)).length
    if (missing === subjects.length)
      throw new Error(
        `${file} has the key of no customer in the log beside it: it is of another data folder. ${remedy}`,
      )
    return missing
  } finally {
    keys.close()
  }
}
