/** How the content of an attachment is sent: as a download and nothing else, whole or one range of it. */
import { Readable } from 'node:stream'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { ByteRange } from '../../domain/attachments/files.ts'
import { Problem } from '../http/problems.ts'

const rangeForm = /^bytes=(\d{0,40})-(\d{0,40})$/

/**
 * The range that is asked for; `null`: the whole, also where several are asked for or the form is another, as RFC 9110
 * allows. With `If-Range` it is always the whole: there is no validator that it could name.
 * @throws Problem `range_not_satisfiable`
 */
export const rangeOf = ({ headers }: FastifyRequest, bytes: number): ByteRange | null => {
  const { range, 'if-range': ifRange } = headers
  const [, from = '', to = ''] = rangeForm.exec(range ?? '') ?? []
  if (ifRange !== undefined || (from === '' && to === '')) return null
  if (from !== '' && to !== '' && Number(to) < Number(from)) return null
  const first = from === '' ? Math.max(0, bytes - Number(to)) : Number(from)
  const last = from === '' || to === '' ? bytes - 1 : Math.min(Number(to), bytes - 1)
  if (first >= bytes || (from === '' && Number(to) === 0))
    throw new Problem('range_not_satisfiable', { headers: { 'content-range': `bytes */${bytes}` } })
  return { first, last }
}

/** RFC 6266: a plain name for old programs, and the real one in UTF-8. */
export const dispositionOf = (name: string): string => {
  const plain = name.replace(/[^ -~]/g, '_').replace(/["\\%]/g, '_')
  const encoded = encodeURIComponent(name).replace(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
  return `attachment; filename="${plain}"; filename*=UTF-8''${encoded}`
}

type Content = { name: string; mediaType: string; bytes: number; range: ByteRange | null }

/** Nothing in it may run or load anything, should a browser show it in spite of all. */
const sandbox = "default-src 'none'; sandbox"

/** Says what is sent. A HEAD is told the same and sent nothing. */
export const sendContent = async (
  request: FastifyRequest,
  reply: FastifyReply,
  { name, mediaType, bytes, range }: Content,
  open: (range: ByteRange) => Promise<AsyncIterable<Uint8Array>>,
): Promise<FastifyReply> => {
  const sent = range ?? { first: 0, last: bytes - 1 }
  // a HEAD is logged by nobody and reads nothing
  const content = request.method === 'HEAD' ? [] : await open(sent)
  return reply
    .code(range === null ? 200 : 206)
    .headers({
      'accept-ranges': 'bytes',
      'content-disposition': dispositionOf(name),
      'content-length': sent.last - sent.first + 1,
      'content-security-policy': sandbox,
      'content-type': mediaType,
      'x-content-type-options': 'nosniff',
      ...(range !== null && { 'content-range': `bytes ${sent.first}-${sent.last}/${bytes}` }),
    })
    .send(Readable.from(content, { objectMode: false }))
}
