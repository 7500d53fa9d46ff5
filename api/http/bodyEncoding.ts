/** How a body is encoded: plain or gzip, in UTF-8. Everything else is refused before it is read. */
import type { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Words } from '../../domain/refusal.ts'
import { Problem } from './problems.ts'

const encodingWords: Words = {
  en: 'must be gzip or identity.',
  zh: '应为 gzip 或 identity。',
}
const charsetWords: Words = { en: 'must name no charset but utf-8.', zh: '字符集只能为 utf-8。' }

const refuse = (pointer: string, detail: Words): Problem =>
  new Problem('unsupported_media_type', {
    errors: [{ in: 'header', pointer, detail }],
    headers: { 'accept-encoding': 'gzip, identity' },
  })

/** @throws Problem `unsupported_media_type` */
const requireUtf8 = (contentType: string | undefined): void => {
  const charset = /;\s*charset\s*=\s*"?([^";\s]*)/i.exec(contentType ?? '')?.[1]
  if (charset !== undefined && !/^utf-?8$/i.test(charset)) throw refuse('Content-Type', charsetWords)
}

/** @throws Problem `unsupported_media_type` */
const isGzip = (contentEncoding: string | undefined): boolean => {
  const encoding = (contentEncoding ?? 'identity').trim().toLowerCase()
  if (encoding === 'gzip' || encoding === 'x-gzip') return true
  if (encoding === 'identity') return false
  throw refuse('Content-Encoding', encodingWords)
}

/** A stream as Fastify reads it: it compares `receivedEncodedLength` with `Content-Length`. */
type UnpackedBody = Readable & { receivedEncodedLength: number }

/** The body unpacked. Its reader bounds it: what is counted against the body limit is what comes out. */
const unpack = (packed: Readable): UnpackedBody => {
  const gunzip = createGunzip()
  const unpacked = Object.assign(gunzip as Readable, { receivedEncodedLength: 0 })
  packed.on('data', (chunk: Buffer) => {
    unpacked.receivedEncodedLength += chunk.length
  })
  packed.on('error', (error) => gunzip.destroy(error))
  packed.pipe(gunzip)
  // the reader gets the error too; without this listener the process would end if the reader has stopped
  gunzip.on('error', () => packed.unpipe(gunzip))
  return unpacked
}

const carriesBody = ({ method }: FastifyRequest): boolean => method !== 'GET' && method !== 'HEAD'

/** Takes bodies in gzip, and refuses other encodings and charsets with 415. To be called before any route is added. */
export const decodeBodies = (app: FastifyInstance): void => {
  app.addHook('preParsing', async (request, _reply, payload) => {
    if (!carriesBody(request) || request.is404) return payload
    requireUtf8(request.headers['content-type'])
    return isGzip(request.headers['content-encoding']) ? unpack(payload as Readable) : payload
  })
}
