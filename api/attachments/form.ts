/** The body of an upload: `multipart/form-data` with one file and a description, read part by part as it comes. */
import type { Readable } from 'node:stream'
import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { maxAttachmentBytes } from '../../domain/attachments/attachments.ts'
import type { ReceivedFile } from '../../domain/attachments/files.ts'
import { Refusal, type Words } from '../../domain/refusal.ts'
import { isStorable } from '../commands/fields.ts'
import { Problem } from '../http/problems.ts'

/** For the documentation: what the parts are. */
export const uploadForm = z
  .strictObject({
    file: z.string().meta({
      format: 'binary',
      contentMediaType: 'application/octet-stream',
      description: 'One file of at most 20 MiB. Its type is told by its content.',
    }),
    description: z.string().max(2_000).optional(),
  })
  .meta({ id: 'AttachmentUpload' })

/** Bytes of the form beside the file: borders, headers of parts, the description. */
const mostAround = 64 * 1024

/** What the parser is told; `defCharset` is that of names. */
export const multipartOptions = {
  throwFileSizeLimit: false,
  preservePath: true,
  limits: {
    // one more than is taken, so that the fault is told by us
    fileSize: maxAttachmentBytes + 1,
    files: 2,
    fields: 8,
    parts: 10,
    fieldSize: 16_384,
    fieldNameSize: 100,
    headerPairs: 20,
  },
}

const refuse = (code: 'invalid_request' | 'unknown_field', pointer: string, detail: Words): Problem =>
  new Problem(code, { errors: [{ in: 'body', pointer, detail }] })

const fileMissing: Words = {
  en: 'must be given, as a part with a file name.',
  zh: '必须提供带文件名的文件部分。',
}
const once: Words = { en: 'must be given once.', zh: '只能提供一次。' }
const unknown: Words = { en: 'is not known here.', zh: '未知字段。' }
const notText: Words = {
  en: 'must be text of at most 2,000 characters, without NUL.',
  zh: '应为不超过 2000 个字符的文本，且不含 NUL。',
}

const notPacked: Words = { en: 'must be identity for an attachment.', zh: '上传附件时只能为 identity。' }

/**
 * Refuses by the headers what is surely too large or of another form, before any of it is read.
 * @throws Problem `unsupported_media_type`, `attachment_too_large`
 */
export const requireForm = ({ headers }: FastifyRequest): void => {
  const encoding = (headers['content-encoding'] ?? 'identity').trim().toLowerCase()
  const isForm = /^multipart\/form-data\s*;/i.test(headers['content-type'] ?? '')
  if (encoding !== 'identity')
    throw new Problem('unsupported_media_type', {
      errors: [{ in: 'header', pointer: 'Content-Encoding', detail: notPacked }],
    })
  if (!isForm) throw new Problem('unsupported_media_type')
  if (Number(headers['content-length'] ?? 0) > maxAttachmentBytes + mostAround)
    throw new Problem('attachment_too_large')
}

type Part = { fieldname: string } & (
  | { type: 'file'; file: Readable; filename?: string }
  | { type: 'field'; value: unknown; valueTruncated: boolean }
)

/** What the parser and the connection say goes wrong is the caller's doing, if it is no problem of ours. */
const asProblem = (error: unknown): unknown => {
  if (error instanceof Problem || error instanceof Refusal) return error
  const { code, message } = error as { code?: unknown; message?: unknown }
  const isParser =
    (typeof code === 'string' && /^FST_/.test(code)) ||
    /multipart|boundary|part terminated|part headers|header pair|aborted|premature/i.test(String(message))
  return isParser || code === 'ERR_STREAM_PREMATURE_CLOSE' || code === 'ECONNRESET'
    ? new Problem('malformed_multipart')
    : error
}

const descriptionOf = (part: Part & { type: 'field' }): string | null => {
  const { value, valueTruncated } = part
  if (typeof value !== 'string' || valueTruncated || value.length > 2_000 || !isStorable(value))
    throw refuse('invalid_request', '#/description', notText)
  return value.trim() === '' ? null : value
}

export type Upload = { received: ReceivedFile; filename: string; description: string | null }

/**
 * Reads a form. `take` is given the bytes of the file and must read all of them or throw. Where anything is wrong,
 * what was taken is discarded.
 * @throws Problem `malformed_multipart`, `invalid_request`, `unknown_field`, and what `take` throws
 */
export const readUpload = async (
  request: FastifyRequest,
  take: (file: Readable) => Promise<ReceivedFile>,
): Promise<Upload> => {
  let taken: { received: ReceivedFile; filename: string } | null = null
  let description: string | null | undefined
  try {
    for await (const part of request.parts() as AsyncIterableIterator<Part>) {
      if (part.type === 'field') {
        if (part.fieldname !== 'description')
          throw refuse(
            part.fieldname === 'file' ? 'invalid_request' : 'unknown_field',
            `#/${part.fieldname}`,
            part.fieldname === 'file' ? fileMissing : unknown,
          )
        if (description !== undefined) throw refuse('invalid_request', '#/description', once)
        description = descriptionOf(part)
      } else {
        if (part.fieldname !== 'file') throw refuse('unknown_field', `#/${part.fieldname}`, unknown)
        if (taken !== null) throw refuse('invalid_request', '#/file', once)
        taken = { received: await take(part.file), filename: part.filename ?? '' }
      }
    }
    if (taken === null) throw refuse('invalid_request', '#/file', fileMissing)
    return { ...taken, description: description ?? null }
  } catch (error) {
    await taken?.received.discard()
    throw asProblem(error)
  }
}
