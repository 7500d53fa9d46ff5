import { createSecretKey, type KeyObject, randomBytes, randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { SealedText } from '../../domain/sealed.ts'
import { type Sealer, unreadable } from '../../domain/sealing.ts'
import { deriveFrom } from '../../src/keys/derivedKeys.ts'
import { createSealing } from '../../src/keys/sealing.ts'
import { openSqliteKeys } from '../../src/keys/sqliteKeys.ts'
import { temporaryFolder } from '../store/folder.ts'

describe('sealing', () => {
  let file: string
  let remove: () => Promise<void>
  let masterKey: KeyObject
  let keys: ReturnType<typeof openSqliteKeys>
  let sealing: Sealer

  beforeEach(async () => {
    const folder = await temporaryFolder()
    remove = folder.remove
    file = join(folder.dir, 'keys.db')
    masterKey = createSecretKey(randomBytes(32))
    keys = openSqliteKeys(file, masterKey, { poolSize: 8 })
    sealing = createSealing(keys, deriveFrom(masterKey))
  })
  afterEach(async () => {
    keys.close()
    await remove()
  })

  test('gives back what was sealed, whatever it is written in', () => {
    const subject = keys.create()
    const value = {
      name: '王小明',
      note: 'ئۇيغۇر 👩🏽‍🔧 \u0000 \ud800 \udc00 \u2028',
      none: null,
      list: [1.5, '', {}],
    }
    const box = sealing.seal(subject, value)
    expect(box).toMatch(/^v1\.[\da-f-]{36}\.[\w-]+$/)
    expect(sealing.subjectOf(box)).toBe(subject)
    expect(sealing.open(box)).toStrictEqual(value)
  })

  test('gives back any JSON value', () => {
    const subject = keys.create()
    const anyJson = fc.oneof(fc.jsonValue(), fc.string({ unit: 'binary' }))
    fc.assert(
      fc.property(anyJson, (value) => {
        const written = JSON.parse(JSON.stringify(value)) as unknown
        expect(sealing.open(sealing.seal(subject, value))).toStrictEqual(written)
      }),
    )
  })

  test('keeps what was made of a text beside it until its subject is erased', () => {
    const [subject, other] = [keys.create(), keys.create()]
    const [box, others] = [sealing.seal(subject, 'a'), sealing.seal(other, 'b')]
    expect(sealing.kept(box)).toBeUndefined()
    sealing.keep(box, 'made of a')
    sealing.keep(others, 'made of b')
    expect([sealing.kept(box), sealing.kept(others)]).toEqual(['made of a', 'made of b'])
    keys.destroy(subject)
    expect(sealing.kept(box)).toBeUndefined()
    sealing.forget(other)
    expect(sealing.kept(others)).toBeUndefined()
  })

  test('keeps nothing beside a text that was never opened, or that was changed', () => {
    const subject = keys.create()
    const box = sealing.seal(subject, 'a')
    const changed = `${box.slice(0, 45)}${box[45] === 'A' ? 'B' : 'A'}${box.slice(46)}` as SealedText
    sealing.keep(changed, 'made of it')
    expect([sealing.kept(changed), sealing.kept(box)]).toEqual([undefined, undefined])
  })

  test('never gives the same box twice', () => {
    const subject = keys.create()
    const boxes = Array.from({ length: 3_000 }, () => sealing.seal(subject, 'same'))
    expect(new Set(boxes).size).toBe(3_000)
  })

  test('still opens after a restart', () => {
    const box = sealing.seal(keys.create(), 'text')
    keys.close()
    keys = openSqliteKeys(file, masterKey)
    expect(createSealing(keys, deriveFrom(masterKey)).open(box)).toBe('text')
  })

  test('gives null for an erased subject, keeps nothing more of it, and leaves the others alone', () => {
    const [erased, other] = [keys.create(), keys.create()]
    const [box, otherBox] = [sealing.seal(erased, 'text'), sealing.seal(other, 'text')]
    keys.destroy(erased)
    expect(sealing.open(box)).toBeNull()
    expect(sealing.subjectOf(box)).toBe(erased)
    const more = sealing.seal(erased, 'more')
    expect(sealing.open(more)).toBeNull()
    expect(more).toBe(`v1.${erased}.AA`)
    expect(() => sealing.seal(randomUUID(), 'more')).toThrow('has no key')
    expect(sealing.open(otherBox)).toBe('text')
  })

  test('does not open with any changed character of a box', () => {
    const [subject, other] = [keys.create(), keys.create()]
    const box = sealing.seal(subject, { name: '王小明' })
    const start = `v1.${subject}.`.length
    for (let i = start; i < box.length; i += 1) {
      const changed = box.slice(0, i) + (box[i] === 'A' ? 'B' : 'A') + box.slice(i + 1)
      expect(sealing.open(changed as SealedText)).toBe(unreadable)
    }
    expect(sealing.open(box.slice(0, -4) as SealedText)).toBe(unreadable)
    expect(sealing.open(box.replace(subject, other) as SealedText)).toBe(unreadable)
  })

  test.each(['', 'text', 'v1.', 'v1.a', 'v1..AAAA', 'v2.a.AAAA', 'v1.a.AA=='])(
    'refuses %j, which is no sealed text',
    (text) => {
      expect(sealing.open(text as SealedText)).toBe(unreadable)
      expect(() => sealing.subjectOf(text as SealedText)).toThrow('no sealed text')
    },
  )

  test.each([[undefined], [() => 1], [1n]])('refuses %p, which has no JSON form', (value) => {
    expect(() => sealing.seal(keys.create(), value)).toThrow()
  })

  test('keeps a lookup hash in memory of its own, not with the 64 KiB that short buffers share', () => {
    const hash = sealing.lookupHash('phone', '13800000000')
    expect(hash.buffer.byteLength).toBe(hash.length)
  })

  test('hashes what customers are found by alike under one master key, and only then', () => {
    const hash = sealing.lookupHash('phone', '13800000000')
    expect(hash).toHaveLength(16)
    expect(createSealing(keys, deriveFrom(masterKey)).lookupHash('phone', '13800000000')).toEqual(hash)
    const others = [
      sealing.lookupHash('phone', '13800000001'),
      sealing.lookupHash('customerId', '13800000000'),
      createSealing(keys, deriveFrom(createSecretKey(randomBytes(32)))).lookupHash('phone', '13800000000'),
    ]
    for (const other of others) expect(other).not.toEqual(hash)
  })

  test('digests a request alike for one subject, otherwise for another, and not at all once it is erased', () => {
    const [subject, other] = [keys.create(), keys.create()]
    const digest = sealing.requestDigest(subject, '{"a":1}')
    expect(digest).toMatch(/^[\w-]{43}$/)
    expect(sealing.requestDigest(subject, '{"a":1}')).toBe(digest)
    expect(createSealing(keys, deriveFrom(masterKey)).requestDigest(subject, '{"a":1}')).toBe(digest)
    expect(sealing.requestDigest(subject, '{"a":2}')).not.toBe(digest)
    expect(sealing.requestDigest(other, '{"a":1}')).not.toBe(digest)
    expect(sealing.requestDigest(null, '{"a":1}')).toMatch(/^[\w-]{43}$/)
    expect(sealing.requestDigest(null, '{"a":1}')).not.toBe(digest)
    keys.destroy(subject)
    expect(sealing.requestDigest(subject, '{"a":1}')).toBeNull()
  })
})
