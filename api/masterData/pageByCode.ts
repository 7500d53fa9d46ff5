import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Deps } from '../http/deps.ts'
import { type KeysetForm, sendPage } from '../http/lists.ts'

type Page = { limit: number; after: string | null }
type ByCode<Row> = { list: string; page(page: Page): Row[] }
type PageParams = { limit?: number | undefined; cursor?: string | undefined }

const byCode: KeysetForm<string> = { pack: (code) => [code], unpack: ([code]) => String(code) }

/** One page of a list that is ordered by `code` and that everybody sees the same of. */
export const pageByCode = <Row extends { code: string }>(
  deps: Pick<Deps, 'sealing' | 'now' | 'inFlight' | 'views'>,
  request: FastifyRequest<{ Querystring: PageParams }>,
  reply: FastifyReply,
  { list, page }: ByCode<Row>,
): Promise<{ items: Row[]; nextCursor: string | null }> =>
  sendPage(
    deps,
    { request: request as FastifyRequest, reply },
    { list, filters: null, asked: request.query, alike: true },
    {
      form: byCode,
      find: ({ limit, after }) => {
        // one more than asked for tells whether there is a next page
        const rows = page({ limit: limit + 1, after })
        const items = rows.slice(0, limit)
        return { items, next: rows.length > limit ? items.at(-1)!.code : null }
      },
      present: (row) => row,
    },
  )
