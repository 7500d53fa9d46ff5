import type { FastifyReply, FastifyRequest } from 'fastify'
import { decodeCursor, encodeCursor, linkNext } from '../cursor.ts'
import type { Deps } from '../deps.ts'

type Page = { limit: number; after: string | null }
type List<Row> = { list: string; page(page: Page): Row[] }
type Asked = { limit: number; cursor?: string | undefined }

/** One page of a list that is ordered by `code` and that everybody sees the same of. */
export const pageByCode = <Row extends { code: string }>(
  { sealing }: Pick<Deps, 'sealing'>,
  request: FastifyRequest<{ Querystring: Asked }>,
  reply: FastifyReply,
  { list, page }: List<Row>,
): { items: Row[]; nextCursor: string | null } => {
  const { limit, cursor } = request.query
  const identity = { list, filters: null, scope: null }
  const after = cursor === undefined ? null : String(decodeCursor(sealing, cursor, identity)[0])
  // One more than asked for tells whether there is a next page.
  const rows = page({ limit: limit + 1, after })
  const items = rows.slice(0, limit)
  const nextCursor = rows.length > limit ? encodeCursor(sealing, [items.at(-1)!.code], identity) : null
  linkNext(request, reply, nextCursor)
  return { items, nextCursor }
}
