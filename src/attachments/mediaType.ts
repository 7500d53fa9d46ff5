/** The type of a file, told by its content and never by its name. */
import { fileTypeFromBuffer } from 'file-type'
import type { AttachmentType } from '../../domain/attachments/attachments.ts'
import { createTextCheck } from './textCheck.ts'
import { type ReadAt, type ZipVerdict, zipVerdict } from './zipCheck.ts'

/** What the library calls the types that are told by their first bytes. */
const byMagic: Record<string, AttachmentType> = {
  'application/pdf': 'application/pdf',
  'image/jpeg': 'image/jpeg',
  'image/png': 'image/png',
  'image/apng': 'image/png',
  'image/webp': 'image/webp',
  'image/tiff': 'image/tiff',
  'audio/mpeg': 'audio/mpeg',
  'audio/mp4': 'audio/mp4',
  'audio/x-m4a': 'audio/mp4',
  'audio/wav': 'audio/wav',
  'audio/amr': 'audio/amr',
}

/** First bytes that are kept for the library. */
const headBytes = 64 * 1024

const isZip = (head: Buffer): boolean => head.subarray(0, 2).toString('latin1') === 'PK'
/** What the library would unpack to look inside. */
const isGzip = (head: Buffer): boolean => head[0] === 0x1f && head[1] === 0x8b
const isTiff = (head: Buffer): boolean => /^(II\*\0|MM\0\*)/.test(head.subarray(0, 4).toString('latin1'))

const magicOf = async (head: Buffer): Promise<AttachmentType | null> => {
  if (isGzip(head)) return null
  const found = await fileTypeFromBuffer(head).catch(() => undefined)
  // its directory of a TIFF may lie behind the first bytes
  if (found === undefined) return isTiff(head) ? 'image/tiff' : null
  return byMagic[found.mime] ?? null
}

/** Looks at a file while it comes in. */
export const createTypeCheck = () => {
  const text = createTextCheck()
  let head = Buffer.alloc(0)
  return {
    add: (bytes: Buffer): void => {
      if (head.length < headBytes) head = Buffer.concat([head, bytes.subarray(0, headBytes - head.length)])
      text.add(bytes)
    },
    /** The verdict on the whole file; `other`: no type that is taken. */
    end: async (readAt: ReadAt, size: number): Promise<ZipVerdict> => {
      if (isZip(head)) {
        const verdict = await zipVerdict(readAt, size)
        if (verdict !== 'other') return verdict
      }
      return (await magicOf(isZip(head) ? Buffer.alloc(0) : head)) ?? text.end() ?? 'other'
    },
  }
}
