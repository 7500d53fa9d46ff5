/** Takes an upload in: sealed into a temporary file while it comes, counted, typed and scanned, in bounded memory. */
import { createHash, type KeyObject, randomUUID } from 'node:crypto'
import { type FileHandle, open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Problem } from '../../api/http/problems.ts'
import { type AttachmentType, maxAttachmentBytes } from '../../domain/attachments/attachments.ts'
import {
  chunkBytes,
  chunkOffset,
  fileKeyOf,
  header,
  openChunk,
  placeIn,
  sealChunk,
  sealedChunkBytes,
} from './chunks.ts'
import type { FileKey, SealedFile } from './fileStore.ts'
import { createTypeCheck } from './mediaType.ts'
import { type Scan, type ScannerAddress, ScannerUnavailable, startScan } from './scanner.ts'

export type ReceiveOptions = {
  /** Folder of temporary files, on the same disk as the folder of attachments. */
  dir: string
  scanner: ScannerAddress | null
}

/** An upload that is whole, of a type that is taken, clean, and on the local disk. */
export type ReceivedUpload = {
  file: FileKey
  sealed: SealedFile
  mediaType: AttachmentType
  bytes: number
  sha256: string
}

type SealTarget = { handle: FileHandle; key: KeyObject; file: FileKey }

/** Seals what comes chunk by chunk; the last chunk is known only when nothing follows it. */
const createSealer = ({ handle, key, file }: SealTarget) => {
  const digest = createHash('sha256')
  const pending = Buffer.allocUnsafe(chunkBytes)
  let [filled, chunk, total] = [0, 0, 0]
  const write = async (bytes: Buffer): Promise<void> => {
    digest.update(bytes)
    await handle.write(bytes)
  }
  const flush = async (isLast: boolean): Promise<void> => {
    const place = { file, chunk, total: isLast ? total : null }
    await write(sealChunk(key, pending.subarray(0, filled), place))
    chunk += 1
    filled = 0
  }
  return {
    add: async (bytes: Buffer): Promise<void> => {
      if (total === 0) await write(header)
      for (let at = 0; at < bytes.length; ) {
        if (filled === chunkBytes) await flush(false)
        const taken = bytes.copy(pending, filled, at, at + chunkBytes - filled)
        filled += taken
        total += taken
        at += taken
      }
    },
    /** Of the sealed file. */
    end: async (): Promise<string> => {
      await flush(true)
      await handle.sync()
      return digest.digest('hex')
    },
  }
}

/** Reads opened bytes anywhere in the temporary file. */
const readerAt =
  ({ handle, key, file }: SealTarget, total: number) =>
  async (offset: number, length: number): Promise<Buffer> => {
    const end = Math.min(offset + length, total)
    const parts: Buffer[] = []
    for (let at = offset; at < end; ) {
      const chunk = Math.floor(at / chunkBytes)
      const sealed = Buffer.allocUnsafe(sealedChunkBytes(chunk, total))
      await handle.read(sealed, 0, sealed.length, chunkOffset(chunk))
      const plain = openChunk(key, sealed, placeIn(file, chunk, total))
      const from = at - chunk * chunkBytes
      const part = plain.subarray(from, from + end - at)
      parts.push(part)
      at += part.length
    }
    return Buffer.concat(parts)
  }

const typeOf = async (
  check: ReturnType<typeof createTypeCheck>,
  writing: SealTarget,
  bytes: number,
): Promise<AttachmentType> => {
  const verdict = await check.end(readerAt(writing, bytes), bytes)
  if (verdict === 'other') throw new Problem('attachment_type_not_allowed')
  if (verdict === 'expands too far') throw new Problem('attachment_expands_too_far')
  return verdict
}

const requireClean = async (scan: Scan | null): Promise<void> => {
  const verdict = await scan?.end().catch((error: unknown) => {
    if (error instanceof ScannerUnavailable) throw new Problem('scanner_unavailable')
    throw error
  })
  if (verdict === 'infected') throw new Problem('attachment_infected')
}

const takeIn = async (
  source: AsyncIterable<Uint8Array>,
  writing: SealTarget,
  scan: Scan | null,
): Promise<Omit<ReceivedUpload, 'file' | 'sealed'> & { sealedSha256: string }> => {
  const [sealer, digest, check] = [createSealer(writing), createHash('sha256'), createTypeCheck()]
  let bytes = 0
  for await (const part of source) {
    const piece = Buffer.from(part.buffer, part.byteOffset, part.byteLength)
    bytes += piece.length
    if (bytes > maxAttachmentBytes) throw new Problem('attachment_too_large')
    digest.update(piece)
    check.add(piece)
    await sealer.add(piece)
    await scan?.add(piece)
  }
  if (bytes === 0) throw new Problem('attachment_empty')
  const sealedSha256 = await sealer.end()
  const mediaType = await typeOf(check, writing, bytes)
  await requireClean(scan)
  return { bytes, sha256: digest.digest('hex'), mediaType, sealedSha256 }
}

/**
 * Takes in one upload of a customer. `key`: the customer's. Whatever goes wrong, the temporary file is gone.
 * @throws Problem as `AttachmentFiles.receive`; what the source throws
 */
export const receive = async (
  { dir, scanner }: ReceiveOptions,
  { subjectId, key }: { subjectId: string; key: KeyObject },
  source: AsyncIterable<Uint8Array>,
): Promise<ReceivedUpload> => {
  const file = { subjectId, attachmentId: randomUUID() }
  const path = join(dir, `${file.attachmentId}.part`)
  const handle = await open(path, 'wx+', 0o600)
  const scan = scanner === null ? null : startScan(scanner)
  try {
    const { sealedSha256, ...arrived } = await takeIn(
      source,
      { handle, key: fileKeyOf(key, file), file },
      scan,
    )
    const { size } = await handle.stat()
    return { file, sealed: { path, bytes: size, sha256: sealedSha256 }, ...arrived }
  } catch (error) {
    await rm(path, { force: true })
    throw error
  } finally {
    scan?.stop()
    await handle.close()
  }
}
