/** Changes the master key of the embedded engine: `keys.db` and, where the key is in a file, `master.key`. */
import type { KeyObject } from 'node:crypto'
import type Database from 'better-sqlite3'
import { openDatabase } from '../../projections/openDatabase.ts'
import { wrapDerived } from './derivedKeys.ts'
import { deriveIn, keepDerived, opensWith, prepareKeyFile, remarkKeyFile } from './keyFile.ts'
import { decrypt, encrypt } from './sealedText.ts'

/** The two master keys. */
export type Rotation = { from: KeyObject; to: KeyObject }

/** Keys rewrapped between two steps of the progress. */
const pageSize = 2_000

type Row = { number: number; subject: Buffer; wrapped: Buffer }

/** A wrapped key under the other master key; of a destroyed one the zeros stay. */
const rewrapped = ({ subject, wrapped }: Row, { from, to }: Rotation): Buffer | null =>
  wrapped.every((byte) => byte === 0) ? null : encrypt(to, decrypt(from, wrapped, subject), subject)

const rewrapAll = (db: Database.Database, rotation: Rotation, onProgress: (done: number) => void): number => {
  const page = db.prepare<[number], Row>(
    `SELECT number, subject, wrapped FROM subject_keys WHERE number > ? ORDER BY number LIMIT ${pageSize}`,
  )
  const overwrite = db.prepare<[Buffer, number]>('UPDATE subject_keys SET wrapped = ? WHERE number = ?')
  let count = 0
  for (let last = 0; ; ) {
    const rows = page.all(last)
    for (const row of rows) {
      const wrapped = rewrapped(row, rotation)
      if (wrapped !== null) overwrite.run(wrapped, row.number)
      last = row.number
    }
    count += rows.length
    onProgress(count)
    if (rows.length < pageSize) return count
  }
}

/**
 * Wraps every key of the file, and the keys of the service itself, under the new master key, in one transaction: until
 * it is committed the old key is the right one, and a process that dies before has changed nothing.
 * @returns how many keys there are; `null`: the file was under the new key already.
 * @throws Error with a sentence, where the file is under neither.
 */
export const rotateKeyFile = (
  file: string,
  rotation: Rotation,
  onProgress: (done: number) => void,
): number | null => {
  const db = openDatabase(file, { fileMustExist: true })
  try {
    prepareKeyFile(db)
    if (opensWith(db, rotation.to)) return null
    if (!opensWith(db, rotation.from))
      throw new Error(`The keys in ${file} are under neither the old master key nor the new one.`)
    const count = db.transaction(() => {
      const done = rewrapAll(db, rotation, onProgress)
      keepDerived(db, wrapDerived(deriveIn(db, rotation.from), rotation.to))
      remarkKeyFile(db, rotation.to)
      return done
    })()
    // what was wrapped under the old key lies in the write-ahead log until it is emptied
    db.pragma('wal_checkpoint(TRUNCATE)')
    return count
  } finally {
    db.close()
  }
}
