import { createSecretKey, type KeyObject, randomBytes } from 'node:crypto'
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const keyBytes = 32

/**
 * The key development tokens are signed with: the file `development.key` of the data folder, created when it is first
 * needed and readable by its owner only. It signs nothing in production.
 * @throws Error with a sentence that says what to do, where the file holds no such key.
 */
export const loadDevelopmentKey = (dataDir: string): KeyObject => {
  const file = join(dataDir, 'development.key')
  if (!existsSync(file)) createKeyFile(dataDir, file)
  const bytes = Buffer.from(readFileSync(file, 'utf8').trim(), 'base64')
  if (bytes.length !== keyBytes) {
    throw new Error(
      `${file} holds no key of ${keyBytes} bytes. Delete it; a new one is made, and tokens with it.`,
    )
  }
  return createSecretKey(bytes)
}

/** Linked into place whole, so that a service and a tool that start together get the same key. */
const createKeyFile = (dataDir: string, file: string): void => {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  const draft = `${file}.${randomBytes(6).toString('hex')}`
  try {
    writeFileSync(draft, `${randomBytes(keyBytes).toString('base64')}\n`, { mode: 0o600, flag: 'wx' })
    linkSync(draft, file)
  } catch (error) {
    if (!existsSync(file)) throw error
  } finally {
    rmSync(draft, { force: true })
  }
}
