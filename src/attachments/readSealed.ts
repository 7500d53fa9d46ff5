/** Opens ranges of a sealed file. */
import type { KeyObject } from 'node:crypto'
import {
  chunkBytes,
  chunkOffset,
  chunksIn,
  openChunk,
  placeIn,
  sealedChunkBytes,
  sealedSize,
} from './chunks.ts'
import type { FileKey, FileStore } from './fileStore.ts'

/** Sealed bytes are missing, or are not those that were stored. */
export class DamagedFile extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'DamagedFile'
  }
}

/** There are no sealed bytes of that name. */
export class MissingFile extends DamagedFile {
  constructor() {
    super('it is missing')
    this.name = 'MissingFile'
  }
}

type SealedSource = { store: Pick<FileStore, 'open'>; key: KeyObject; file: FileKey; bytes: number }

/** Cuts a stream into sealed chunks. @throws DamagedFile where it ends too early */
async function* sealedChunks(
  stream: AsyncIterable<Buffer>,
  { first, last, bytes }: { first: number; last: number; bytes: number },
): AsyncGenerator<{ chunk: number; sealed: Buffer }> {
  let chunk = first
  let held: Buffer[] = []
  let size = 0
  for await (const part of stream) {
    held.push(part)
    size += part.length
    while (chunk <= last && size >= sealedChunkBytes(chunk, bytes)) {
      const wanted = sealedChunkBytes(chunk, bytes)
      const all = held.length === 1 ? (held[0] as Buffer) : Buffer.concat(held)
      yield { chunk, sealed: all.subarray(0, wanted) }
      held = [all.subarray(wanted)]
      size = all.length - wanted
      chunk += 1
    }
  }
  if (chunk <= last) throw new DamagedFile('it ends too early')
}

/**
 * The bytes `first` to `last` of a file that has `bytes`, both inclusive, chunk by chunk.
 * @throws DamagedFile where the file is missing, has another size, or a chunk does not open; FilesUnavailable
 */
export async function* readSealed(
  { store, key, file, bytes }: SealedSource,
  { first, last }: { first: number; last: number },
): AsyncGenerator<Buffer> {
  const chunks = { first: Math.floor(first / chunkBytes), last: Math.floor(last / chunkBytes) }
  const end = chunkOffset(chunks.last) + sealedChunkBytes(chunks.last, bytes) - 1
  const opened = await store.open(file, { first: chunkOffset(chunks.first), last: end })
  if (opened === null) throw new MissingFile()
  const { size, stream } = opened
  try {
    if (size !== sealedSize(bytes)) throw new DamagedFile('it has another size than when it was stored')
    for await (const { chunk, sealed } of sealedChunks(stream, { ...chunks, bytes })) {
      let plain: Buffer
      try {
        plain = openChunk(key, sealed, placeIn(file, chunk, bytes))
      } catch (error) {
        throw new DamagedFile(`chunk ${chunk + 1} of ${chunksIn(bytes)} does not open`, { cause: error })
      }
      const start = chunk * chunkBytes
      yield plain.subarray(Math.max(0, first - start), last - start + 1)
    }
  } finally {
    stream.destroy()
  }
}
