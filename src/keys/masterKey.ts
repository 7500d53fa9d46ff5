import { createSecretKey, type KeyObject, randomBytes } from 'node:crypto'
import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { openDatabase } from '../../projections/openDatabase.ts'
import { hasTable } from '../store/sqliteLog.ts'
import { opensWith } from './keyFile.ts'

const keyBytes = 32

const decode = (text: string, where: string, remedy: string): KeyObject => {
  const bytes = Buffer.from(text.trim(), 'base64')
  // Node reads past what is no base64, so only text that comes back the same was a key.
  const asWritten = text.trim().replaceAll('-', '+').replaceAll('_', '/').replace(/=+$/, '')
  if (bytes.length !== keyBytes || bytes.toString('base64').replace(/=+$/, '') !== asWritten) {
    throw new Error(`${where} must be ${keyBytes} bytes in base64. ${remedy}`)
  }
  return createSecretKey(bytes)
}

const flushed = (path: string, flags: string, write: (fd: number) => void): void => {
  const fd = openSync(path, flags, 0o600)
  try {
    write(fd)
    fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
}

/** Whole or not at all, and on the disk before anything is wrapped with it: half a key would lose all the others. */
const createKeyFile = (dataDir: string, file: string): void => {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  const draft = `${file}.${randomBytes(6).toString('hex')}`
  try {
    flushed(draft, 'wx', (fd) => writeFileSync(fd, `${randomBytes(keyBytes).toString('base64')}\n`))
    linkSync(draft, file)
    flushed(dataDir, 'r', () => undefined)
  } catch (error) {
    // Another process was first; its key counts.
    if (!existsSync(file)) throw error
  } finally {
    rmSync(draft, { force: true })
  }
}

const readKeyFile = (file: string): KeyObject =>
  decode(
    readFileSync(file, 'utf8'),
    file,
    'Put the right file back from a backup; without it no personal data of this folder can be read.',
  )

const newFile = (dataDir: string): string => join(dataDir, 'master.key.new')

const isUnder = (keyFile: string, masterKey: KeyObject): boolean => {
  const db = openDatabase(keyFile, { fileMustExist: true })
  try {
    return hasTable(db, 'master_check') && opensWith(db, masterKey)
  } finally {
    db.close()
  }
}

/** Puts `master.key.new` in the place of `master.key` where `keys.db` is under it: a change of the key died in between. */
export const completeKeyChange = (dataDir: string): void => {
  const [fresh, keyFile] = [newFile(dataDir), join(dataDir, 'keys.db')]
  if (!existsSync(fresh) || !existsSync(keyFile) || !isUnder(keyFile, readKeyFile(fresh))) return
  renameSync(fresh, join(dataDir, 'master.key'))
  flushed(dataDir, 'r', () => undefined)
}

/** The new master key: `fromEnvironment` (`NEW_MASTER_KEY`), else the file `master.key.new`, made where it is not there. */
export const loadNewMasterKey = (dataDir: string, fromEnvironment: string | undefined): KeyObject => {
  if (fromEnvironment !== undefined && fromEnvironment.trim() !== '')
    return decode(fromEnvironment, 'NEW_MASTER_KEY', 'Make one with: openssl rand -base64 32')
  const file = newFile(dataDir)
  if (!existsSync(file)) createKeyFile(dataDir, file)
  return readKeyFile(file)
}

/**
 * The key all subject keys are wrapped with: `fromEnvironment` (the variable `MASTER_KEY`, 32 bytes in base64), else
 * the file `master.key` of the data folder, created at the first start and readable by its owner only.
 * @throws Error with a sentence that says what to do, where either is not such a key.
 */
export const loadMasterKey = (dataDir: string, fromEnvironment: string | undefined): KeyObject => {
  if (fromEnvironment !== undefined && fromEnvironment.trim() !== '') {
    return decode(fromEnvironment, 'MASTER_KEY', 'Make one with: openssl rand -base64 32')
  }
  const file = join(dataDir, 'master.key')
  completeKeyChange(dataDir)
  if (!existsSync(file) && existsSync(join(dataDir, 'keys.db'))) {
    throw new Error(
      `${file} is gone, and the keys in keys.db open with no other. Put it back from a backup, or set MASTER_KEY.`,
    )
  }
  if (!existsSync(file)) createKeyFile(dataDir, file)
  return readKeyFile(file)
}

/**
 * A log without its keys is no data folder to start on, for new keys would be made beside what they do not open.
 * @throws Error with a sentence that says what to do.
 */
export const requireKeys = (dataDir: string): void => {
  const file = (name: string): string => join(dataDir, name)
  if (existsSync(file('events.db')) && !existsSync(file('keys.db'))) {
    throw new Error(
      `${file('keys.db')} is gone, and with it every customer's data in events.db. Put it back from a backup.`,
    )
  }
}
