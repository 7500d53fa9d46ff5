import { createSecretKey, type KeyObject, randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import Database from 'better-sqlite3'
import { StoreUnavailable } from '../../domain/eventStore.ts'
import { openSqliteKeys, type SqliteKeysOptions } from '../../src/keys/sqliteKeys.ts'
import { until } from '../store/events.ts'
import { temporaryFolder } from '../store/folder.ts'

describe('subject keys', () => {
  let file: string
  let remove: () => Promise<void>
  let masterKey: KeyObject
  const toClose: { close(): void }[] = []
  const open = (options?: SqliteKeysOptions, key = masterKey): ReturnType<typeof openSqliteKeys> => {
    const keys = openSqliteKeys(file, key, options)
    toClose.push(keys)
    return keys
  }
  const wrappedKeys = (): Map<string, Buffer> => {
    const db = new Database(file, { readonly: true })
    const rows = db
      .prepare<[], { subject: Buffer; wrapped: Buffer }>('SELECT subject, wrapped FROM subject_keys')
      .all()
    db.close()
    return new Map(rows.map(({ subject, wrapped }) => [subject.toString('hex'), wrapped]))
  }
  const hex = (subject: string): string => subject.replaceAll('-', '')

  beforeEach(async () => {
    const folder = await temporaryFolder()
    remove = folder.remove
    file = join(folder.dir, 'keys.db')
    masterKey = createSecretKey(randomBytes(32))
  })
  afterEach(async () => {
    for (const keys of toClose.splice(0)) keys.close()
    await remove()
  })

  test('opened for reading only give what there is, and say that no more can be made', () => {
    const keys = open()
    const [kept, destroyed] = [keys.create(), keys.create()]
    keys.destroy(destroyed)
    const readonly = open({ readonly: true })
    expect(readonly.get(kept)!.equals(keys.get(kept)!)).toBe(true)
    expect([readonly.get(destroyed), readonly.isKnown(destroyed)]).toEqual([null, true])
    expect(readonly.isKnown('01a202c3-29e9-7d0e-9cb6-d12434701c00')).toBe(false)
    expect(() => readonly.create()).toThrow(StoreUnavailable)
    expect([readonly.canCreate(), keys.canCreate()]).toEqual([false, true])
  })

  test('are ready to be made exactly where the next one can be', () => {
    const keys = open({ poolSize: 2 })
    const other = new Database(file)
    other.pragma('busy_timeout = 0')
    keys.create()
    keys.create()
    other.exec('BEGIN EXCLUSIVE')
    expect(keys.canCreate()).toBe(false)
    expect(() => keys.create()).toThrow(StoreUnavailable)
    other.exec('COMMIT')
    other.close()
    expect(keys.canCreate()).toBe(true)
    expect(keys.create()).toMatch(/^[\da-f-]{36}$/)
  }, 30_000)

  test('are one a subject, the same after a restart, and none where there is no such subject', () => {
    const first = open({ poolSize: 4 })
    const subjects = Array.from({ length: 10 }, () => first.create())
    expect(new Set(subjects).size).toBe(10)
    const secrets = subjects.map((subject) => first.get(subject)!.export().toString('hex'))
    expect(new Set(secrets).size).toBe(10)
    const second = open()
    expect(subjects.map((subject) => second.get(subject)?.export().toString('hex'))).toEqual(secrets)
    for (const unknown of [
      '',
      'nobody',
      '00000000-0000-7000-8000-000000000000',
      subjects[0]!.toUpperCase(),
    ]) {
      expect(second.get(unknown)).toBeNull()
    }
  })

  test('are on the disk before they are given out', () => {
    const keys = open({ poolSize: 8 })
    for (let n = 0; n < 30; n += 1) {
      const subject = keys.create()
      expect(wrappedKeys().has(hex(subject))).toBe(true)
    }
  })

  test('are on the disk at once, and destroyed at once, also amid reads that share a turn', () => {
    const keys = open({ poolSize: 1 })
    const [read, destroyed] = [keys.create(), keys.create()]
    const others = open({ cacheSize: 0 })
    expect(others.get(read)).not.toBeNull()
    const made = others.create()
    others.destroy(destroyed)
    const beside = open({ readonly: true })
    expect([beside.get(made), beside.get(destroyed)]).toEqual([expect.anything(), null])
    expect(others.get(destroyed)).toBeNull()
  })

  test('that are asked for once are not held on to', async () => {
    const [reader, eraser] = [open(), open()]
    const [subject, another] = [eraser.create(), eraser.create()]
    expect(reader.get(subject, true)).not.toBeNull()
    expect(reader.get(another)).not.toBeNull()
    await new Promise((resolve) => setImmediate(resolve))
    eraser.destroy(subject)
    eraser.destroy(another)
    // another process may hold a key a moment longer than it is there
    expect([reader.get(subject), reader.get(another)]).toEqual([null, expect.anything()])
  })

  test('are made ahead, many at a time, before the pool runs dry', async () => {
    const keys = open({ poolSize: 8 })
    for (let n = 0; n < 4; n += 1) keys.create()
    expect(wrappedKeys().size).toBe(8)
    await new Promise((resolve) => setImmediate(resolve))
    expect(wrappedKeys().size).toBe(16)
    for (let n = 0; n < 12; n += 1) keys.create()
    expect(wrappedKeys().size).toBe(16)
  })

  test('left over from before a restart are not given out again', () => {
    const first = open({ poolSize: 8 })
    first.create()
    const before = wrappedKeys()
    expect(before.has(hex(open({ poolSize: 8 }).create()))).toBe(false)
  })

  test('pushed out of memory are read from the file again', () => {
    const keys = open({ cacheSize: 2 })
    const [a, b, c] = [keys.create(), keys.create(), keys.create()]
    const secretOf = (subject: string): string => keys.get(subject)!.export().toString('hex')
    const secrets = [a, b, c].map(secretOf)
    expect([a, b, c].map(secretOf)).toEqual(secrets)
    expect(keys.get(c)).toBe(keys.get(c))
  })

  test('that are destroyed are gone at once, after a restart, and from every byte of the files', () => {
    const keys = open({ poolSize: 300 })
    const subjects = Array.from({ length: 900 }, () => keys.create())
    const wrapped = wrappedKeys()
    const erased = subjects.filter((_, n) => n % 2 === 0)
    for (const subject of erased) keys.destroy(subject)
    keys.destroy(erased[0]!)
    keys.destroy('nobody')
    const bytes = Buffer.concat([file, `${file}-wal`].map((path) => readFileSync(path)))
    for (const subject of subjects) {
      const isErased = erased.includes(subject)
      expect(bytes.includes(wrapped.get(hex(subject))!)).toBe(!isErased)
      expect(keys.get(subject) === null).toBe(isErased)
    }
    const reopened = open()
    expect(reopened.get(erased[0]!)).toBeNull()
    expect(reopened.get(subjects[1]!)).not.toBeNull()
  })

  test('overwrite in the write-ahead log too, once another reader has left the file', async () => {
    const keys = open({ poolSize: 4 })
    const subject = keys.create()
    const wrapped = wrappedKeys().get(hex(subject))!
    const reader = new Database(file, { readonly: true })
    reader.exec('BEGIN')
    reader.prepare('SELECT count(*) FROM subject_keys').get()
    keys.destroy(subject)
    expect(keys.get(subject)).toBeNull()
    reader.close()
    await until(
      () => !Buffer.concat([file, `${file}-wal`].map((path) => readFileSync(path))).includes(wrapped),
    )
  })

  test('never lie open in the file', () => {
    const keys = open({ poolSize: 4 })
    const secret = keys.get(keys.create())!.export()
    const bytes = Buffer.concat([file, `${file}-wal`].map((path) => readFileSync(path)))
    expect(bytes.includes(secret)).toBe(false)
  })

  test('do not open under another master key, and the start says so', () => {
    open().create()
    expect(() => open({}, createSecretKey(randomBytes(32)))).toThrow(
      /made under another master key\. Start with the MASTER_KEY/,
    )
    expect(() => open()).not.toThrow()
  })

  test('are bound to their subject: exchanged rows do not open', () => {
    const keys = open({ poolSize: 2 })
    const [a, b] = [keys.create(), keys.create()]
    const db = new Database(file)
    const rows = wrappedKeys()
    const put = db.prepare<[Buffer, Buffer]>('UPDATE subject_keys SET wrapped = ? WHERE subject = ?')
    put.run(rows.get(hex(b))!, Buffer.from(hex(a), 'hex'))
    db.close()
    expect(() => open().get(a)).toThrow()
  })
})
