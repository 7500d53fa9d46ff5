/** Pages of keyset lists, the same way everywhere; as a file, the whole list. */

import type { FastifyRequest } from 'fastify'
import { scopesFor } from '../../domain/scope.ts'
import type { Keyset } from '../../projections/keysetPage.ts'
import type { InFlight } from '../commands/inFlight.ts'
import type { Column } from '../files/columns.ts'
import { isFile } from '../files/negotiation.ts'
import { everyPage, type FindPage } from '../files/pages.ts'
import { sendList } from '../files/send.ts'
import { decodeCursor, encodeCursor, inBody, type KeysetKey, linkNext } from './cursor.ts'
import type { Deps, Http } from './deps.ts'
import { usualLimit } from './schemas.ts'

type PageParams = { limit?: number | undefined; cursor?: string | undefined }

/** `alike`: everybody sees the same of it, so that a cursor is good for everybody. */
export type ListRequest = {
  list: string
  filters: unknown
  asked: PageParams
  alike?: boolean
  /** Of its file, where the route's are not right. */
  columns?: readonly Column[]
}

/** How a view says where a page ended, and how that travels in a cursor. */
export type KeysetForm<K> = { pack(end: K): KeysetKey; unpack(key: KeysetKey): K }

/** The keyset of most views: the sort's value, then the order of registration. */
export const keyset: KeysetForm<Keyset> = {
  pack: ({ key, id }) => [key, id],
  unpack: ([key, id]) => ({ key: Number(key), id: Number(id) }),
}

/** `bytesOf`: the JSON of what `present` gives, where that is kept in bytes. */
type Source<T, A, K> = {
  form: KeysetForm<K>
  find: FindPage<T, K>
  present(item: T): A
  bytesOf?: ((item: T) => Buffer) | undefined
}

type Page<A> = { items: A[]; nextCursor: string | null }

/**
 * A file, or a page that goes on from another: such a caller takes very many rows and none of them again, so nothing of
 * them is held on to.
 */
export const isReadOnce = (request: FastifyRequest): boolean => {
  const goesOn = [request.query, request.body].some(
    (part) => (part as PageParams | null)?.cursor !== undefined,
  )
  return isFile(request) || goesOn
}

/** A usual page is made ready in one go. */
const usualPage = 50

type ShownPage<A, K> = { shown: A[]; next: K | null }

/** A page as it is shown; one of hundreds yields to commands as a file does, for rows and what is sealed take long to open. */
const shownPage = async <T, A, K>(
  find: FindPage<T, K>,
  present: (row: T) => A,
  inFlight: Pick<InFlight, 'pause'>,
  { after, limit }: { after: K | null; limit: number },
): Promise<ShownPage<A, K>> => {
  if (limit <= usualPage) {
    const { items, next } = await find({ after, limit })
    return { shown: items.map(present), next }
  }
  const shown: A[] = []
  const slices = everyPage(find, present, inFlight, { after, most: limit })
  for (;;) {
    const { done, value } = await slices.next()
    if (done === true) return { shown, next: value }
    shown.push(...value)
  }
}

/** A page of rows whose JSON is there in bytes. */
const pageBytes = (rows: readonly Buffer[], nextCursor: string | null): Buffer => {
  const parts: Buffer[] = [Buffer.from('{"items":[')]
  for (const [index, row] of rows.entries()) parts.push(...(index === 0 ? [] : [comma]), row)
  parts.push(Buffer.from(`],"nextCursor":${JSON.stringify(nextCursor)}}`))
  return Buffer.concat(parts)
}
const comma = Buffer.from(',')

/**
 * Gives one page: decodes the cursor, which is bound to the list's name, its filters and the caller's scope, asks
 * the view, and says where to go on. Where a file was asked for it gives every page.
 * @throws Problem `invalid_cursor`, `cursor_mismatch`
 */
export const sendPage = async <T, A, K>(
  deps: Pick<Deps, 'sealing' | 'now' | 'inFlight' | 'views'>,
  http: Http,
  { list, filters, asked, alike = false, columns }: ListRequest,
  { form, find, present, bytesOf }: Source<T, A, K>,
): Promise<Page<A>> => {
  const { request, reply } = http
  if (isFile(request)) return sendList(deps, http, { list, columns }, everyPage(find, present, deps.inFlight))
  const identity = { list, filters, scope: alike ? null : scopesFor(request.caller, 'read') }
  const { cursor, limit = usualLimit } = asked
  const place = request.method === 'POST' ? inBody : undefined
  const after = cursor === undefined ? null : form.unpack(decodeCursor(deps.sealing, cursor, identity, place))
  const part = { after, limit }
  const cursorOf = (next: K | null): string | null => {
    const nextCursor = next === null ? null : encodeCursor(deps.sealing, form.pack(next), identity)
    linkNext(request, reply, nextCursor)
    return nextCursor
  }
  if (bytesOf === undefined) {
    const { shown, next } = await shownPage(find, present, deps.inFlight, part)
    return { items: shown, nextCursor: cursorOf(next) }
  }
  const { shown, next } = await shownPage(find, bytesOf, deps.inFlight, part)
  const bytes = pageBytes(shown, cursorOf(next))
  return reply.type('application/json; charset=utf-8').send(bytes) as never
}
