/** A copy of the data folder's log and keys that is whole, taken while the service runs. */
import {
  chmodSync,
  constants,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
} from 'node:fs'
import { chmod, copyFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { flushToDisk } from '../projections/flushToDisk.ts'
import { openDatabase } from '../projections/openDatabase.ts'
import { accessDir } from './access/oldFile.ts'
import { isSegment } from './access/segments.ts'
import { attachmentsDir } from './attachments/attachments.ts'
import { openFolderStore } from './attachments/folderStore.ts'
import { attachmentsInLog } from './attachments/inLog.ts'
import { lockFile } from './store/dataFolderLock.ts'

/** Pages copied between two looks at anything else, 4 MB. */
const pagesAtOnce = 1_000

const busyTimeoutMs = 5_000

/** `attachments`: files copied; those on S3 are not. */
export type BackedUp = { events: number; keys: number; attachments: number; hasMasterKey: boolean }

/** Copies a database as it is now: held at this instant, for a copy of one that goes on changing starts again each time. */
const copyDatabase = async (from: string, to: string, onPages: (done: number) => void): Promise<void> => {
  const db = openDatabase(from, { readonly: true, fileMustExist: true, timeout: busyTimeoutMs })
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
  const db = openDatabase(file, { fileMustExist: true })
  try {
    return db.prepare<[], number>(`SELECT count(*) FROM ${table}`).pluck().get()!
  } finally {
    db.close()
  }
}

const flushFolder = (dir: string): void => {
  for (const entry of readdirSync(dir, { withFileTypes: true }))
    if (entry.isDirectory()) flushFolder(join(dir, entry.name))
    else flushToDisk(join(dir, entry.name))
  flushToDisk(dir)
}

/** A file that is removed while it is copied is no file of the backup. */
const copyIfThere = async (from: string, to: string): Promise<void> => {
  try {
    await copyFile(from, to, constants.COPYFILE_FICLONE)
    await chmod(to, 0o600)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    await rm(to, { force: true })
  }
}

/** Copies the files that the backup does not have yet. They never change, so a copy is whole at any time. */
const copyFiles = async (dataDir: string, to: string): Promise<void> => {
  const dir = attachmentsDir(dataDir)
  for await (const { subjectId, attachmentId } of openFolderStore(dir).list()) {
    const target = join(to, subjectId, attachmentId)
    if (existsSync(target)) continue
    mkdirSync(join(to, subjectId), { recursive: true, mode: 0o700 })
    await copyIfThere(join(dir, subjectId, attachmentId), target)
  }
}

/** Removes copies that the copied log does not name. @returns how many are left. */
const keepNamed = async (eventsFile: string, to: string): Promise<number> => {
  // not for reading only: closing it then would leave its side files in the backup
  const log = openDatabase(eventsFile, { fileMustExist: true })
  try {
    const named = attachmentsInLog(log)
    let kept = 0
    for await (const file of openFolderStore(to).list())
      if (named.has(file.attachmentId)) kept += 1
      else await rm(join(to, file.subjectId, file.attachmentId))
    return kept
  } finally {
    log.close()
  }
}

/** Copies the files of the access log. One that is written to is copied up to where it is; of a cut line nothing is read. */
const copyAccessLog = async (dataDir: string, to: string): Promise<void> => {
  const dir = accessDir(dataDir)
  if (!existsSync(dir)) return
  mkdirSync(join(to, 'access'), { mode: 0o700 })
  for (const name of readdirSync(dir).filter(isSegment))
    await copyIfThere(join(dir, name), join(to, 'access', name))
}

const lockName = 'backup.lock'

/** @throws Error with a sentence where `dir` holds a backup, or a part of one that somebody keeps apart. */
const requireRoom = (dir: string): void => {
  const isThere = (name: string): boolean => existsSync(join(dir, name))
  if (isThere('log') || (isThere('keys') && !isThere('log.unfinished')))
    throw new Error(`${dir} holds a backup already. Name another folder: a backup is never written over.`)
}

/** Of a backup that was broken off: nobody has the folder's lock, and without `log` it is no backup. */
const removeUnfinished = (dir: string): void => {
  for (const name of ['keys.unfinished', 'keys', 'log.unfinished'])
    rmSync(join(dir, name), { recursive: true, force: true })
}

/** Copies all into `dir`, which holds nothing of the kind. */
const copyAll = async (dataDir: string, dir: string, onPages: (done: number) => void): Promise<BackedUp> => {
  const [log, keys] = [join(dir, 'log.unfinished'), join(dir, 'keys.unfinished')]
  try {
    for (const folder of [log, keys]) mkdirSync(folder, { mode: 0o700 })
    const files = join(log, 'attachments')
    // before the log and after it: so the copy has all that the log names, also what is removed or added meanwhile
    await copyFiles(dataDir, files)
    await copyDatabase(join(dataDir, 'events.db'), join(log, 'events.db'), onPages)
    await copyAccessLog(dataDir, log)
    await copyDatabase(join(dataDir, 'keys.db'), join(keys, 'keys.db'), () => {})
    await copyFiles(dataDir, files)
    const masterKey = join(dataDir, 'master.key')
    const hasMasterKey = existsSync(masterKey)
    if (hasMasterKey) {
      copyFileSync(masterKey, join(keys, 'master.key'))
      chmodSync(join(keys, 'master.key'), 0o600)
    }
    const found = {
      events: rowsOf(join(log, 'events.db'), 'events'),
      keys: rowsOf(join(keys, 'keys.db'), 'subject_keys'),
      attachments: await keepNamed(join(log, 'events.db'), files),
      hasMasterKey,
    }
    for (const folder of [log, keys]) flushFolder(folder)
    renameSync(keys, join(dir, 'keys'))
    renameSync(log, join(dir, 'log'))
    flushToDisk(dir)
    return found
  } catch (error) {
    if (!existsSync(join(dir, 'log'))) removeUnfinished(dir)
    throw error
  }
}

/**
 * Copies `events.db`, the access log and the attachments of `dataDir` into `dir`/log and `keys.db`, and `master.key` where there is one, into
 * `dir`/keys. The log goes first, so that every customer in it has a key. Both get their names when all is on the
 * disk, the log's last: a folder without it is no backup.
 * What a backup left there that was broken off is removed.
 * @throws Error with a sentence where `dir` holds a backup, or one is in progress; where the disk fails nothing is left.
 */
export const backUp = async (
  dataDir: string,
  dir: string,
  onPages: (done: number) => void,
): Promise<BackedUp> => {
  mkdirSync(dir, { recursive: true, mode: 0o700 })
  const unlock = lockFile(join(dir, lockName))
  if (unlock === null)
    throw new Error(`A backup into ${dir} is in progress. Wait until it is done, or name another folder.`)
  try {
    requireRoom(dir)
    removeUnfinished(dir)
    return await copyAll(dataDir, dir, onPages)
  } finally {
    rmSync(join(dir, lockName), { force: true })
    unlock()
  }
}
