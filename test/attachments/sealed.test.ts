/** What is sealed in chunks opens as it was, and not where it was cut, put in another order, swapped or changed. */
import { createSecretKey, randomBytes } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterAll, describe, expect, test } from '@jest/globals'
import { chunkBytes, fileKeyOf, sealedSize } from '../../src/attachments/chunks.ts'
import { DamagedFile, readSealed } from '../../src/attachments/readSealed.ts'
import { type ReceivedUpload, receive } from '../../src/attachments/receive.ts'

const dir = mkdtempSync(join(tmpdir(), 'attachments-'))
afterAll(() => rmSync(dir, { recursive: true, force: true }))

const key = createSecretKey(randomBytes(32))
const subjectId = '22222222-2222-4222-8222-222222222222'
const tagged = chunkBytes + 16

/** A text of so many bytes, every chunk another. */
const contentOf = (bytes: number): Buffer =>
  Buffer.from(
    Array.from({ length: Math.ceil(bytes / 8) }, (_, i) => `${String(i).padStart(7, '0')}\n`).join(''),
  ).subarray(0, bytes)

const sealedOf = async (content: Buffer): Promise<{ arrived: ReceivedUpload; sealed: Buffer }> => {
  const pieces = Readable.from(
    [content.subarray(0, 10), content.subarray(10, 90_000), content.subarray(90_000)].filter(
      (each) => each.length > 0,
    ),
  )
  const arrived = await receive({ dir, scanner: null }, { subjectId, key }, pieces)
  return { arrived, sealed: readFileSync(arrived.sealed.path) }
}

const opened = async (
  sealed: Buffer | null,
  { file, bytes }: Pick<ReceivedUpload, 'file' | 'bytes'>,
  range = { first: 0, last: bytes - 1 },
) => {
  const open = async (_: unknown, { first, last }: { first: number; last: number }) =>
    sealed === null
      ? null
      : { size: sealed.length, stream: Readable.from([sealed.subarray(first, last + 1)]) }
  const parts: Buffer[] = []
  for await (const part of readSealed({ store: { open }, key: fileKeyOf(key, file), file, bytes }, range))
    parts.push(part)
  return Buffer.concat(parts)
}

describe('a sealed file', () => {
  test.each([1, 15, 16, chunkBytes - 1, chunkBytes, chunkBytes + 1, 3 * chunkBytes, 200_000])(
    'of %d bytes opens as it was, whole and by ranges',
    async (bytes) => {
      const content = contentOf(bytes)
      const { arrived, sealed } = await sealedOf(content)
      expect([arrived.bytes, arrived.mediaType, sealed.length]).toEqual([
        bytes,
        'text/plain',
        sealedSize(bytes),
      ])
      expect(await opened(sealed, arrived)).toEqual(content)
      for (const [first, last] of [
        [0, 0],
        [bytes - 1, bytes - 1],
        [Math.floor(bytes / 3), Math.floor((2 * bytes) / 3)],
        [Math.min(chunkBytes - 1, bytes - 1), Math.min(chunkBytes, bytes - 1)],
      ] as const)
        expect(await opened(sealed, arrived, { first, last })).toEqual(content.subarray(first, last + 1))
      if (bytes > 15) expect(sealed.includes(content.subarray(0, 16))).toBe(false)
    },
  )

  const damages: [string, (sealed: Buffer, other: Buffer) => Buffer | null][] = [
    ['is missing', () => null],
    ['lost its last byte', (sealed) => sealed.subarray(0, -1)],
    ['lost its last chunk', (sealed) => sealed.subarray(0, 4 + 3 * tagged)],
    [
      'lost a chunk in the middle',
      (sealed) => Buffer.concat([sealed.subarray(0, 4 + tagged), sealed.subarray(4 + 2 * tagged)]),
    ],
    ['got a chunk more', (sealed) => Buffer.concat([sealed, sealed.subarray(4, 4 + tagged)])],
    [
      'has two chunks in another order',
      (sealed) =>
        Buffer.concat([
          sealed.subarray(0, 4),
          sealed.subarray(4 + tagged, 4 + 2 * tagged),
          sealed.subarray(4, 4 + tagged),
          sealed.subarray(4 + 2 * tagged),
        ]),
    ],
    [
      'has a chunk twice',
      (sealed) =>
        Buffer.concat([
          sealed.subarray(0, 4 + tagged),
          sealed.subarray(4, 4 + tagged),
          sealed.subarray(4 + 2 * tagged),
        ]),
    ],
    [
      'has a chunk of another file',
      (sealed, other) => Buffer.concat([other.subarray(0, 4 + tagged), sealed.subarray(4 + tagged)]),
    ],
    ['is another file', (_, other) => other],
    [
      'has a bit turned',
      (sealed) => Buffer.from(sealed).fill((sealed[70_000] as number) ^ 1, 70_000, 70_001),
    ],
    ['has a tag changed', (sealed) => Buffer.from(sealed).fill(0, sealed.length - 16)],
  ]
  test.each(damages)('that %s does not open', async (_, damage) => {
    const { arrived, sealed } = await sealedOf(contentOf(200_000))
    const { sealed: other } = await sealedOf(contentOf(200_000))
    await expect(opened(damage(sealed, other), arrived)).rejects.toThrow(DamagedFile)
  })

  test('shortened with its event’s number of bytes changed too does not open: the length is authenticated', async () => {
    const { arrived, sealed } = await sealedOf(contentOf(200_000))
    const bytes = 3 * chunkBytes
    await expect(opened(sealed.subarray(0, sealedSize(bytes)), { ...arrived, bytes })).rejects.toThrow(
      'does not open',
    )
  })

  test('of another customer does not open', async () => {
    const { arrived, sealed } = await sealedOf(contentOf(100))
    const file = { ...arrived.file, subjectId: '33333333-3333-4333-8333-333333333333' }
    await expect(opened(sealed, { ...arrived, file })).rejects.toThrow('does not open')
  })
})

describe('an upload', () => {
  const left = () => readdirSync(dir).length
  test.each<[string, AsyncIterable<Uint8Array>, string]>([
    ['without a byte', Readable.from([]), 'attachment_empty'],
    [
      'of one byte too many',
      Readable.from([Buffer.alloc(20 * 1024 * 1024, 'a'), Buffer.from('a')]),
      'attachment_too_large',
    ],
    ['of no type', Readable.from([Buffer.from([0, 1, 2])]), 'attachment_type_not_allowed'],
  ])('%s is refused and leaves nothing', async (_, source, code) => {
    const before = left()
    await expect(receive({ dir, scanner: null }, { subjectId, key }, source)).rejects.toMatchObject({ code })
    expect(left()).toBe(before)
  })

  test('that breaks off leaves nothing', async () => {
    const before = left()
    const source = (async function* () {
      yield Buffer.from('begin')
      throw new Error('gone')
    })()
    await expect(receive({ dir, scanner: null }, { subjectId, key }, source)).rejects.toThrow('gone')
    expect(left()).toBe(before)
  })

  test('of exactly 20 MiB is taken', async () => {
    const { bytes } = await receive(
      { dir, scanner: null },
      { subjectId, key },
      Readable.from([Buffer.alloc(20 * 1024 * 1024, 'a')]),
    )
    expect(bytes).toBe(20 * 1024 * 1024)
  })
})
