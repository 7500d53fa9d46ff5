/** Pages of keyset lists, the same way everywhere. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { scopeOf } from './auth.ts'
import { decodeCursor, encodeCursor, inBody, type KeysetKey, linkNext } from './cursor.ts'
import type { Deps } from './deps.ts'

export type Http = { request: FastifyRequest; reply: FastifyReply }
type Asked = { limit: number; cursor?: string | undefined }

/** How a view says where a page ended, and how that travels in a cursor. */
export type KeysetForm<K> = { pack(end: K): KeysetKey; unpack(key: KeysetKey): K }

/** The keyset of most views: the sort's value, then the order of registration. */
export type Keyset = { key: number; id: number }
export const keyset: KeysetForm<Keyset> = {
  pack: ({ key, id }) => [key, id],
  unpack: ([key, id]) => ({ key: Number(key), id: Number(id) }),
}

type Source<T, A, K> = {
  form: KeysetForm<K>
  find(after: K | null): { items: T[]; next: K | null }
  present(item: T): A
}

/**
 * Gives one page: decodes the cursor, which is bound to the list's name, its filters and the caller's scope, asks
 * the view, and says where to go on.
 * @throws Problem `invalid_cursor`, `cursor_mismatch`
 */
export const sendPage = <T, A, K>(
  deps: Pick<Deps, 'sealing'>,
  { request, reply }: Http,
  { list, filters, asked }: { list: string; filters: unknown; asked: Asked },
  { form, find, present }: Source<T, A, K>,
): { items: A[]; nextCursor: string | null } => {
  const identity = { list, filters, scope: scopeOf(request.caller) }
  const { cursor } = asked
  const place = request.method === 'POST' ? inBody : undefined
  const after = cursor === undefined ? null : form.unpack(decodeCursor(deps.sealing, cursor, identity, place))
  const { items, next } = find(after)
  const nextCursor = next === null ? null : encodeCursor(deps.sealing, form.pack(next), identity)
  linkNext(request, reply, nextCursor)
  return { items: items.map(present), nextCursor }
}
