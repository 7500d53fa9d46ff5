/** Changing the master key: every key stays what it was, and the old master key is right until all is done. */
import { createSecretKey, type KeyObject, randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { rotateKeyFile } from '../../src/keys/rotateFile.ts'
import { createSealing } from '../../src/keys/sealing.ts'
import { openSqliteKeys } from '../../src/keys/sqliteKeys.ts'
import { temporaryFolder } from '../store/folder.ts'

const newKey = (): KeyObject => createSecretKey(randomBytes(32))

describe('the master key of a folder', () => {
  let file: string
  let remove: () => Promise<void>
  const [first, second, third] = [newKey(), newKey(), newKey()]
  beforeEach(async () => {
    const folder = await temporaryFolder()
    remove = folder.remove
    file = join(folder.dir, 'keys.db')
  })
  afterEach(() => remove())

  /** What is known of the file's keys, under that master key. */
  const factsOf = (masterKey: KeyObject, subjects: readonly string[], sealed: readonly string[]) => {
    const keys = openSqliteKeys(file, masterKey)
    const sealing = createSealing(keys, keys.derive)
    const facts = {
      secrets: subjects.map((subject) => keys.get(subject)?.export().toString('hex') ?? null),
      known: subjects.map((subject) => keys.isKnown(subject)),
      texts: sealed.map((each) => sealing.open(each as never)),
      hash: Buffer.from(sealing.lookupHash('phone', '13800000000')).toString('hex'),
      digest: sealing.requestDigest(null, '{"a":1}'),
    }
    keys.close()
    return facts
  }
  const fill = () => {
    const keys = openSqliteKeys(file, first)
    const sealing = createSealing(keys, keys.derive)
    const subjects = Array.from({ length: 5_000 }, () => keys.create())
    const sealed = subjects.slice(0, 3).map((subject) => sealing.seal(subject, { name: '赵一' }))
    keys.destroy(subjects[1]!)
    const wrapped = [...keys.wrapped()].map((each) => each.wrapped).filter(({ length }) => length > 0)
    keys.close()
    return { subjects, sealed, wrapped }
  }

  test('is changed for every key, and what is derived from it stays', () => {
    const { subjects, sealed, wrapped } = fill()
    const before = factsOf(first, subjects, sealed)
    expect([before.secrets[1], before.known[1], before.texts[1]]).toEqual([null, true, null])
    const steps: number[] = []
    const count = rotateKeyFile(file, { from: first, to: second }, (done) => steps.push(done))
    expect(count).toBeGreaterThanOrEqual(5_000)
    expect(steps.at(-1)).toBe(count)
    expect(() => openSqliteKeys(file, first)).toThrow('another master key')
    expect(factsOf(second, subjects, sealed)).toEqual(before)
    // nothing is left that the old key opens
    const bytes = readFileSync(file)
    expect(wrapped.filter((each) => bytes.includes(each))).toEqual([])
    // and once more, from a key that is not the first any more
    rotateKeyFile(file, { from: second, to: third }, () => {})
    expect(factsOf(third, subjects, sealed)).toEqual(before)
  })

  test('is the old one while the change is not done, and one that is done is not done again', () => {
    const { subjects, sealed } = fill()
    const before = factsOf(first, subjects, sealed)
    const broken = () =>
      rotateKeyFile(file, { from: first, to: second }, (done) => {
        if (done > 3_000) throw new Error('killed')
      })
    expect(broken).toThrow('killed')
    expect(factsOf(first, subjects, sealed)).toEqual(before)
    expect(rotateKeyFile(file, { from: first, to: second }, () => {})).toBeGreaterThan(0)
    expect(rotateKeyFile(file, { from: first, to: second }, () => {})).toBeNull()
    expect(factsOf(second, subjects, sealed)).toEqual(before)
    expect(() => rotateKeyFile(file, { from: first, to: third }, () => {})).toThrow('neither')
  })
})
