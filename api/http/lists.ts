/** Pages of keyset lists, the same way everywhere; as a file, the whole list. */

import { scopesFor } from '../../domain/scope.ts'
import type { Keyset } from '../../projections/keysetPage.ts'
import type { InFlight } from '../commands/inFlight.ts'
import type { Column } from '../files/columns.ts'
import { isFile } from '../files/negotiation.ts'
import { everyPage, type FindPage, sliceRows } from '../files/pages.ts'
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

/** A usual page is made ready in one go. */
const usualPage = 50

/** What is shown of a page; one of hundreds yields to commands as a file does, for what is sealed takes long to open. */
const shownOf = async <T, A>(
  rows: readonly T[],
  present: (row: T) => A,
  { pause }: Pick<InFlight, 'pause'>,
): Promise<A[]> => {
  if (rows.length <= usualPage) return rows.map(present)
  const shown: A[] = []
  for (let from = 0; from < rows.length; from += sliceRows) {
    await pause()
    for (const row of rows.slice(from, from + sliceRows)) shown.push(present(row))
  }
  return shown
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
  const { items, next } = await find({ after, limit })
  const nextCursor = next === null ? null : encodeCursor(deps.sealing, form.pack(next), identity)
  linkNext(request, reply, nextCursor)
  if (bytesOf === undefined) return { items: await shownOf(items, present, deps.inFlight), nextCursor }
  const bytes = pageBytes(await shownOf(items, bytesOf, deps.inFlight), nextCursor)
  return reply.type('application/json; charset=utf-8').send(bytes) as never
}
