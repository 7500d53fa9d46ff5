/**
 * The form of a sealed file: a header of four bytes, then chunks of 64 KiB, each under AES-256-GCM with its tag behind it.
 *
 * The key is derived from the customer's for this one file, so a nonce can say the number of the chunk and whether it is
 * the last; the last chunk also authenticates the length of the whole. Chunks that were cut off, put in another order, or
 * taken from another file do not open.
 */
import { createCipheriv, createDecipheriv, createHmac, createSecretKey, type KeyObject } from 'node:crypto'
import type { FileKey } from './fileStore.ts'

const algorithm = 'aes-256-gcm'
const tagBytes = 16
export const chunkBytes = 64 * 1024
export const header = Buffer.from('CTA1')

/** The key of one file, from the customer's. An id is used for one file only. */
export const fileKeyOf = (key: KeyObject, { attachmentId }: FileKey): KeyObject =>
  createSecretKey(createHmac('sha256', key).update(`attachment\x01${attachmentId}`).digest())

export const chunksIn = (bytes: number): number => Math.ceil(bytes / chunkBytes)

/** Bytes of the sealed file of so many. */
export const sealedSize = (bytes: number): number => header.length + bytes + chunksIn(bytes) * tagBytes

/** Where a chunk begins in the sealed file. */
export const chunkOffset = (chunk: number): number => header.length + chunk * (chunkBytes + tagBytes)

/** A chunk's place; `total`: the bytes of the whole, of the last chunk only. */
export type ChunkPlace = { file: FileKey; chunk: number; total: number | null }

const nonceOf = ({ chunk, total }: ChunkPlace): Buffer => {
  const nonce = Buffer.alloc(12)
  nonce.writeUInt32BE(chunk, 0)
  nonce[11] = total === null ? 0 : 1
  return nonce
}

const boundTo = ({ file, chunk, total }: ChunkPlace): Buffer =>
  Buffer.from(`CTA1 ${file.subjectId} ${file.attachmentId} ${chunk} ${total ?? 'more'}`)

/** A chunk sealed: ciphertext and tag. `key`: the file's. */
export const sealChunk = (key: KeyObject, plain: Uint8Array, place: ChunkPlace): Buffer => {
  const cipher = createCipheriv(algorithm, key, nonceOf(place))
  cipher.setAAD(boundTo(place))
  const text = cipher.update(plain)
  cipher.final()
  return Buffer.concat([text, cipher.getAuthTag()])
}

/** The chunk opened. @throws Error where it is not the chunk of that place, or was changed */
export const openChunk = (key: KeyObject, sealed: Buffer, place: ChunkPlace): Buffer => {
  const end = sealed.length - tagBytes
  if (end < 1) throw new Error('the chunk is too short')
  const decipher = createDecipheriv(algorithm, key, nonceOf(place), { authTagLength: tagBytes })
  decipher.setAAD(boundTo(place))
  decipher.setAuthTag(sealed.subarray(end))
  const plain = decipher.update(sealed.subarray(0, end))
  decipher.final()
  return plain
}

/** Bytes of the sealed chunk number `chunk` of a file of `total` bytes. */
export const sealedChunkBytes = (chunk: number, total: number): number =>
  Math.min(chunkBytes, total - chunk * chunkBytes) + tagBytes

/** The place of chunk number `chunk` in a file of `total` bytes. */
export const placeIn = (file: FileKey, chunk: number, total: number): ChunkPlace => ({
  file,
  chunk,
  total: chunk === chunksIn(total) - 1 ? total : null,
})
