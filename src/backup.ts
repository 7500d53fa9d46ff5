/** A copy of the data folder's log and keys that is whole, taken while the service runs. */
import { chmodSync, copyFileSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { flushToDisk } from '../projections/flushToDisk.ts'

/** Pages copied between two looks at anything else, 4 MB. */
const pagesAtOnce = 1_000

const busyTimeoutMs = 5_000

export type BackedUp = { events: number; keys: number; hasMasterKey: boolean }

/** Copies a database as it is now: held at this instant, for a copy of one that goes on changing begins anew each time. */
const copyDatabase = async (from: string, to: string, onPages: (done: number) => void): Promise<void> => {
  const db = new Database(from, { readonly: true, fileMustExist: true, timeout: busyTimeoutMs })
  try {
    db.exec('BEGIN')
    db.prepare('SELECT count(*) FROM sqlite_schema').get()
    await db.backup(to, {
      progress: ({ totalPages, remainingPages }) => {
        onPages(totalPages - remainingPages)
        return pagesAtOnce
      },
    })
  } finally {
    db.close()
  }
  chmodSync(to, 0o600)
}

/** The number of rows of a copy, which also shows that it opens. */
const rowsOf = (file: string, table: string): number => {
  const db = new Database(file, { fileMustExist: true })
  try {
    return db.prepare<[], number>(`SELECT count(*) FROM ${table}`).pluck().get()!
  } finally {
    db.close()
  }
}

const flushFolder = (dir: string): void => {
  for (const name of readdirSync(dir)) flushToDisk(join(dir, name))
  flushToDisk(dir)
}

const requireRoom = (dir: string): void => {
  for (const name of ['log', 'keys', 'log.unfinished', 'keys.unfinished']) {
    if (!existsSync(join(dir, name))) continue
    throw new Error(
      name.endsWith('unfinished')
        ? `${join(dir, name)} is of a backup under way, or of one that was broken off: remove it, or name another folder.`
        : `${dir} holds a backup already. Name another folder: a backup is never written over.`,
    )
  }
}

/**
 * Copies `events.db` of `dataDir` into `dir`/log and `keys.db`, and `master.key` where there is one, into
 * `dir`/keys. The log goes first, so that every customer in it has a key. Both get their names when all is on the
 * disk, the log's last: a folder without it is no backup.
 * @throws Error with a sentence where `dir` holds a backup, whole or not; then and where the disk fails nothing is left.
 */
export const backUp = async (
  dataDir: string,
  dir: string,
  onPages: (done: number) => void,
): Promise<BackedUp> => {
  mkdirSync(dir, { recursive: true, mode: 0o700 })
  requireRoom(dir)
  const [log, keys] = [join(dir, 'log.unfinished'), join(dir, 'keys.unfinished')]
  // it fails where another backup was faster, and what is there is not ours to remove
  mkdirSync(log, { mode: 0o700 })
  const made = [log]
  try {
    mkdirSync(keys, { mode: 0o700 })
    made.push(keys)
    await copyDatabase(join(dataDir, 'events.db'), join(log, 'events.db'), onPages)
    await copyDatabase(join(dataDir, 'keys.db'), join(keys, 'keys.db'), () => {})
    const masterKey = join(dataDir, 'master.key')
    const hasMasterKey = existsSync(masterKey)
    if (hasMasterKey) {
      copyFileSync(masterKey, join(keys, 'master.key'))
      chmodSync(join(keys, 'master.key'), 0o600)
    }
    const found = {
      events: rowsOf(join(log, 'events.db'), 'events'),
      keys: rowsOf(join(keys, 'keys.db'), 'subject_keys'),
      hasMasterKey,
    }
    for (const folder of [log, keys]) flushFolder(folder)
    renameSync(keys, join(dir, 'keys'))
    made.push(join(dir, 'keys'))
    renameSync(log, join(dir, 'log'))
    flushToDisk(dir)
    return found
  } catch (error) {
    for (const folder of made) rmSync(folder, { recursive: true, force: true })
    throw error
  }
}
