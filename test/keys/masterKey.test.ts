import { randomBytes } from 'node:crypto'
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { loadMasterKey } from '../../src/keys/masterKey.ts'
import { temporaryFolder } from '../store/folder.ts'

describe('master key', () => {
  let dir: string
  let remove: () => Promise<void>

  beforeEach(async () => {
    ;({ dir, remove } = await temporaryFolder())
  })
  afterEach(() => remove())

  test('is the variable, where it is set, and no file is made', () => {
    const bytes = randomBytes(32)
    expect(loadMasterKey(dir, bytes.toString('base64')).export()).toEqual(bytes)
    expect(loadMasterKey(dir, ` ${bytes.toString('base64url')}\n`).export()).toEqual(bytes)
    expect(readdirSync(dir)).toEqual([])
  })

  test('is else made once, in a file only its owner reads', () => {
    const folder = join(dir, 'data')
    const key = loadMasterKey(folder, undefined).export()
    expect(key).toHaveLength(32)
    expect(loadMasterKey(folder, '').export()).toEqual(key)
    expect(readdirSync(folder)).toEqual(['master.key'])
    expect(statSync(join(folder, 'master.key')).mode & 0o777).toBe(0o600)
    expect(Buffer.from(readFileSync(join(folder, 'master.key'), 'utf8'), 'base64')).toEqual(key)
  })

  test.each([
    ['too short', randomBytes(31).toString('base64')],
    ['too long', randomBytes(33).toString('base64')],
    ['hexadecimal', randomBytes(32).toString('hex')],
    ['not base64', `${randomBytes(32).toString('base64').slice(0, 43)}!`],
  ])('that is %s stops the start with a sentence that says what to do', (_, text) => {
    expect(() => loadMasterKey(dir, text)).toThrow(
      'MASTER_KEY must be 32 bytes in base64. Make one with: openssl',
    )
    writeFileSync(join(dir, 'master.key'), text)
    expect(() => loadMasterKey(dir, undefined)).toThrow(/master\.key must be 32 bytes .* from a backup/)
  })
})
