/** Small files of every type that is taken, and archives made by hand. */
import { deflateRawSync } from 'node:zlib'
import { strToU8, zipSync } from 'fflate'
import type { AttachmentType } from '../../domain/attachments/attachments.ts'

const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1')
const padded = (head: Buffer, size = 200): Buffer => Buffer.concat([head, Buffer.alloc(size)])

const wordMain = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml'
const sheetMain = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml'
const contentTypes = (part: string, type: string): string =>
  `<?xml version="1.0"?><Types><Override PartName="/${part}" ContentType="${type}"/></Types>`

/** An office document whose main part has that text. */
export const officeOf = (kind: 'docx' | 'xlsx' | 'docm', text = '正文'): Buffer => {
  const [part, type] =
    kind === 'xlsx'
      ? (['xl/workbook.xml', sheetMain] as const)
      : ([
          'word/document.xml',
          kind === 'docm' ? 'application/vnd.ms-word.document.macroEnabled.main+xml' : wordMain,
        ] as const)
  return Buffer.from(
    zipSync({ '[Content_Types].xml': strToU8(contentTypes(part, type)), [part]: strToU8(text) }),
  )
}

type Part = { name: string; packed: Buffer; unpacked: number; method?: number; from?: Part }

const header = (signature: string, { packed, unpacked, method = 8 }: Part, more: number): Buffer => {
  const fields = Buffer.alloc(26 + more)
  fields.write(signature, 0, 'latin1')
  const at = more === 4 ? 4 : 6
  fields.writeUInt16LE(20, at)
  fields.writeUInt16LE(method, at + 4)
  fields.writeUInt32LE(packed.length, at + 14)
  fields.writeUInt32LE(unpacked, at + 18)
  return fields
}

/** A ZIP file whose directory says what the parts say of themselves, true or not. `from`: shares that part's bytes. */
export const zipOf = (parts: readonly Part[]): Buffer => {
  const files: Buffer[] = []
  const directory: Buffer[] = []
  const offsets = new Map<Part, number>()
  let offset = 0
  for (const part of parts) {
    const name = Buffer.from(part.name)
    if (part.from === undefined) {
      const local = header('PK\x03\x04', part, 4)
      local.writeUInt16LE(name.length, 26)
      const bytes = Buffer.concat([local, name, part.packed])
      offsets.set(part, offset)
      files.push(bytes)
      offset += bytes.length
    }
    const entry = header('PK\x01\x02', part, 20)
    entry.writeUInt16LE(name.length, 28)
    entry.writeUInt32LE(offsets.get(part.from ?? part) ?? 0, 42)
    directory.push(entry, name)
  }
  const listed = Buffer.concat(directory)
  const end = Buffer.alloc(22)
  end.write('PK\x05\x06', 'latin1')
  end.writeUInt16LE(parts.length, 8)
  end.writeUInt16LE(parts.length, 10)
  end.writeUInt32LE(listed.length, 12)
  end.writeUInt32LE(offset, 16)
  return Buffer.concat([...files, listed, end])
}

const types: Part = {
  name: '[Content_Types].xml',
  packed: deflateRawSync(contentTypes('word/document.xml', wordMain)),
  unpacked: Buffer.byteLength(contentTypes('word/document.xml', wordMain)),
}
const zeros = (bytes: number): Buffer => deflateRawSync(Buffer.alloc(bytes))

/** Word documents that are bombs, each in its own way. */
export const bombs = (): Record<string, Buffer> => {
  const big = { name: 'word/document.xml', packed: zeros(300_000_000), unpacked: 300_000_000 }
  const shared = { name: 'word/document.xml', packed: zeros(30_000_000), unpacked: 30_000_000 }
  const copies = Array.from({ length: 20 }, (_, index) => ({
    ...shared,
    name: `word/${index}.xml`,
    from: shared,
  }))
  return {
    'says how large it is': zipOf([types, big]),
    'says it is small': zipOf([types, { ...big, unpacked: 1_000 }]),
    'has parts that share their bytes': zipOf([types, shared, ...copies]),
    'has shared parts that say they are small': zipOf([
      types,
      { ...shared, unpacked: 1 },
      ...copies.map((copy) => ({ ...copy, unpacked: 1 })),
    ]),
  }
}

export const email = `From: a@example.com\r\nTo: b@example.com\r\nSubject: =?utf-8?B?5oqV6K+J?=\r\n\tgoes on\r\n\r\n正文\r\n`

/** One of each type. */
export const samples: Record<AttachmentType, Buffer> = {
  'application/pdf': latin1('%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n'),
  'image/jpeg': padded(Buffer.from('ffd8ffe000104a46494600010100000100010000', 'hex')),
  'image/png': Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
    'base64',
  ),
  'image/webp': padded(latin1('RIFF\x24\x00\x00\x00WEBPVP8 ')),
  'image/tiff': padded(latin1('II*\0\x08\0\0\0\0\0\0\0\0\0\0\0')),
  'audio/mpeg': padded(Buffer.from('fffb9064', 'hex'), 2_000),
  'audio/mp4': padded(latin1('\0\0\0\x20ftypM4A \0\0\0\0M4A mp42isom\0\0\0\0')),
  'audio/wav': padded(latin1('RIFF\x24\x00\x00\x00WAVEfmt ')),
  'audio/amr': padded(latin1('#!AMR\n')),
  'text/plain': Buffer.from('客户来信：\n车辆有异响。\n'),
  'message/rfc822': Buffer.from(email),
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': officeOf('docx'),
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': officeOf('xlsx'),
}

/** The body of an upload and its header. Fields come after the file, or before it with `first`. */
export const formOf = (
  content: Uint8Array,
  {
    name = 'letter.pdf',
    fields = {},
    first = false,
    field = 'file',
  }: { name?: string; fields?: Record<string, string>; first?: boolean; field?: string } = {},
) => {
  const border = '----border-of-a-test'
  const parts = Object.entries(fields).map(([key, value]) =>
    Buffer.from(`--${border}\r\nContent-Disposition: form-data; name="${key}"\r\n\r\n${value}\r\n`),
  )
  const file = Buffer.concat([
    Buffer.from(
      `--${border}\r\nContent-Disposition: form-data; name="${field}"; filename="${name.replace(/"/g, '%22')}"\r\nContent-Type: application/octet-stream\r\n\r\n`,
    ),
    content,
    Buffer.from('\r\n'),
  ])
  const body = Buffer.concat([
    ...(first ? parts : []),
    file,
    ...(first ? [] : parts),
    Buffer.from(`--${border}--\r\n`),
  ])
  return { body, headers: { 'content-type': `multipart/form-data; boundary=${border}` } }
}
