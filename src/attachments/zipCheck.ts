/**
 * Whether a ZIP file is a Word document or an Excel workbook, told by its parts. Nothing is unpacked in memory: parts are
 * inflated in pieces, counted and thrown away, up to a bound for the whole file, so that a ZIP bomb costs that much and
 * no more.
 */
import { once } from 'node:events'
import { createInflateRaw } from 'node:zlib'
import type { AttachmentType } from '../../domain/attachments/attachments.ts'

/** Reads bytes from `offset` on; fewer than asked for at the end of the file. */
export type ReadAt = (offset: number, length: number) => Promise<Buffer>

/** Most bytes of all parts unpacked, and most parts. */
export const mostUnpacked = 256 * 1024 * 1024
const mostParts = 10_000
const pieceBytes = 64 * 1024
const mostDirectory = 2 * 1024 * 1024
/** The list of content types is kept while it is looked at. */
const mostContentTypes = 1024 * 1024

export type ZipVerdict = AttachmentType | 'other' | 'expands too far'

type Part = { name: string; method: number; packed: number; unpacked: number; offset: number }

/** The end record is in the last 64 KiB; `null`: there is none, or the file is split or of the 64-bit form. */
const findDirectory = async (readAt: ReadAt, size: number) => {
  const from = Math.max(0, size - 65_557)
  const tail = await readAt(from, size - from)
  const at = tail.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'))
  if (at < 0 || at + 22 > tail.length) return null
  const [count, length, offset] = [
    tail.readUInt16LE(at + 10),
    tail.readUInt32LE(at + 12),
    tail.readUInt32LE(at + 16),
  ]
  if (offset + length > size || length > mostDirectory || count > mostParts) return null
  return { count, length, offset }
}

const partsOf = (directory: Buffer, count: number): Part[] | null => {
  const parts: Part[] = []
  for (let at = 0; parts.length < count; ) {
    if (at + 46 > directory.length || directory.readUInt32LE(at) !== 0x02014b50) return null
    const [nameBytes, extraBytes, commentBytes] = [28, 30, 32].map((field) =>
      directory.readUInt16LE(at + field),
    ) as [number, number, number]
    const isEncrypted = (directory.readUInt16LE(at + 8) & 1) === 1
    const end = at + 46 + nameBytes
    if (isEncrypted || end > directory.length) return null
    parts.push({
      name: directory.toString('utf8', at + 46, end),
      method: directory.readUInt16LE(at + 10),
      packed: directory.readUInt32LE(at + 20),
      unpacked: directory.readUInt32LE(at + 24),
      offset: directory.readUInt32LE(at + 42),
    })
    at = end + extraBytes + commentBytes
  }
  return parts
}

type ZipSource = { readAt: ReadAt; size: number }

/** Where the bytes of a part begin; `null`: there is no such part. */
const dataOf = async ({ readAt, size }: ZipSource, { offset, packed }: Part): Promise<number | null> => {
  const local = await readAt(offset, 30)
  if (local.length < 30 || local.readUInt32LE(0) !== 0x04034b50) return null
  const from = offset + 30 + local.readUInt16LE(26) + local.readUInt16LE(28)
  return from + packed > size ? null : from
}

/** What became of one part: its bytes unpacked; `null`: broken, or more of them than `most`. */
type InflateResult = { bytes: number; kept: Buffer } | 'broken' | 'too much'

/** Inflates a part in pieces. `keep`: the first bytes are wanted. */
const inflate = async (
  { readAt }: ZipSource,
  { from, packed }: { from: number; packed: number },
  { most, keep }: { most: number; keep: number },
): Promise<InflateResult> => {
  const inflater = createInflateRaw({ chunkSize: pieceBytes })
  const kept: Buffer[] = []
  let bytes = 0
  let isBroken = false
  inflater.on('error', () => {
    isBroken = true
  })
  inflater.on('data', (piece: Buffer) => {
    if (bytes < keep) kept.push(piece)
    bytes += piece.length
    if (bytes > most) inflater.destroy()
  })
  const closed = once(inflater, 'close').catch(() => undefined)
  for (let done = 0; done < packed && !inflater.destroyed; ) {
    const piece = await readAt(from + done, Math.min(pieceBytes, packed - done))
    if (piece.length === 0) break
    done += piece.length
    if (!inflater.write(piece)) await Promise.race([once(inflater, 'drain').catch(() => undefined), closed])
  }
  if (!inflater.destroyed) inflater.end()
  await closed
  if (bytes > most) return 'too much'
  return isBroken ? 'broken' : { bytes, kept: Buffer.concat(kept) }
}

const unpack = async (unpacking: ZipSource, part: Part, most: number): Promise<InflateResult> => {
  const from = await dataOf(unpacking, part)
  if (from === null) return 'broken'
  const keep = part.name === '[Content_Types].xml' ? mostContentTypes : 0
  if (part.method === 8) return inflate(unpacking, { from, packed: part.packed }, { most, keep })
  if (part.method !== 0 || part.packed !== part.unpacked) return 'broken'
  if (part.packed > most) return 'too much'
  const kept = await unpacking.readAt(from, Math.min(keep, part.packed))
  return { bytes: part.packed, kept }
}

const mainTypes: readonly [AttachmentType, string, string][] = [
  [
    'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
    'word/document.xml',
    'application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml',
  ],
  [
    'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    'xl/workbook.xml',
    'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml',
  ],
]

/** Looks at a whole ZIP file of `size` bytes. */
export const zipVerdict = async (readAt: ReadAt, size: number): Promise<ZipVerdict> => {
  const found = await findDirectory(readAt, size)
  if (found === null) return 'other'
  const parts = partsOf(await readAt(found.offset, found.length), found.count)
  if (parts === null) return 'other'
  const names = new Set(parts.map(({ name }) => name))
  const claimed = parts.reduce((sum, { unpacked }) => sum + unpacked, 0)
  if (claimed > mostUnpacked) return 'expands too far'
  let left = mostUnpacked
  let contentTypes = ''
  for (const part of parts) {
    // a part that is longer than it says is no honest one
    const unpacked = await unpack({ readAt, size }, part, Math.min(left, part.unpacked))
    if (unpacked === 'too much') return 'expands too far'
    if (unpacked === 'broken' || unpacked.bytes !== part.unpacked) return 'other'
    left -= unpacked.bytes
    if (part.name === '[Content_Types].xml') contentTypes = unpacked.kept.toString()
  }
  const type = mainTypes.find(([, part, main]) => names.has(part) && contentTypes.includes(`"${main}"`))
  return type?.[0] ?? 'other'
}
