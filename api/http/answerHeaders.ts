/** The headers that answers may have, for the OpenAPI document. */
import type { Node } from './documentNodes.ts'

const header = (description: string, type: 'string' | 'integer' = 'string'): Node => ({
  description,
  schema: { type },
})

const everywhere: Node = {
  'X-Request-Id': header('The id of this request, by which it is found in the log.'),
}
const limited: Node = {
  'RateLimit-Policy': header('The requests a subject has in a minute.'),
  RateLimit: header('How many of them are left, and until when.'),
}
const written: Node = {
  ETag: header('The version, for If-Match of the next write.'),
  'X-Position': header('Where the write is in the log, for X-Min-Position of a read.'),
  'Idempotent-Replayed': header('true: the answer of the first write with this Idempotency-Key.'),
}
const refused: Node = {
  'Retry-After': header('Seconds, where sending the same request again helps.', 'integer'),
}

/** Whether an answer is a page of a list. */
export const isPage = (answer: Node): boolean =>
  JSON.stringify(answer.content ?? null).includes('nextCursor') || /Page"/.test(JSON.stringify(answer))

/** The headers an answer may have, by method, path and status. */
export const headersOf = (method: string, path: string, status: string, answer: Node): Node => {
  if (!path.startsWith('/v1/')) return everywhere
  if (!status.startsWith('2')) return { ...everywhere, ...refused }
  return {
    ...everywhere,
    ...limited,
    ...(method !== 'get' && written),
    ...(method === 'get' && /\}$/.test(path) && { ETag: written.ETag! }),
    ...(method === 'get' &&
      isPage(answer) && { Link: header('The next page, rel="next"; none on the last.') }),
    ...(status === '201' && { Location: header('Where what was made is.') }),
  }
}
