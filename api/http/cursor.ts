/** Keyset cursors: opaque, signed, and good only for the list they came from. */
import { createHash } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Sealer } from '../../domain/sealing.ts'
import { canonicalJson } from '../commands/canonicalJson.ts'
import { apiProblems } from './problemCodes.ts'
import { type FieldError, Problem } from './problems.ts'

/** Where a list goes on: the sort key of the last row that was given. */
export type KeysetKey = readonly (string | number | null)[]

/** What a cursor is bound to: the list, its filters and sort, and what the caller may see of it. */
export type ListIdentity = { list: string; filters: unknown; scope: unknown }

const digestOf = (identity: ListIdentity): string =>
  createHash('sha256').update(canonicalJson(identity)).digest('base64url').slice(0, 16)

/** A signature by the service's own key. The prefix is no JSON, so no request's digest is ever a signature. */
const sign = (sealing: Sealer, payload: string): string =>
  (sealing.requestDigest(null, `cursor:${payload}`) ?? '').slice(0, 22)

/** The cursor that goes on after `key`. */
export const encodeCursor = (sealing: Sealer, key: KeysetKey, identity: ListIdentity): string => {
  const payload = Buffer.from(JSON.stringify([digestOf(identity), ...key])).toString('base64url')
  return `${payload}.${sign(sealing, payload)}`
}

/** Where a request has its cursor. */
type Place = Pick<FieldError, 'in' | 'pointer'>
const inQuery: Place = { in: 'query', pointer: 'cursor' }
/** Of a search, whose filters are its body. */
export const inBody: Place = { in: 'body', pointer: '#/cursor' }

const refusal = (code: 'invalid_cursor' | 'cursor_mismatch', place: Place): Problem =>
  new Problem(code, { errors: [{ ...place, detail: apiProblems[code] }] })

/**
 * The key in a cursor.
 * @throws Problem `invalid_cursor` where this service did not make it, `cursor_mismatch` where it belongs to
 * another list, other filters or another scope.
 */
export const decodeCursor = (
  sealing: Sealer,
  cursor: string,
  identity: ListIdentity,
  place: Place = inQuery,
): KeysetKey => {
  const [payload = '', signature, ...rest] = cursor.split('.')
  if (rest.length > 0 || signature !== sign(sealing, payload)) throw refusal('invalid_cursor', place)
  const [digest, ...key] = JSON.parse(Buffer.from(payload, 'base64url').toString()) as [string, ...KeysetKey]
  if (digest !== digestOf(identity)) throw refusal('cursor_mismatch', place)
  return key
}

/**
 * Adds `Link: rel="next"` to a page that has a successor: the same address with the next cursor. A page that was asked
 * for by `POST` has none: its cursor belongs in the body, and no address leads to the next page.
 */
export const linkNext = (request: FastifyRequest, reply: FastifyReply, nextCursor: string | null): void => {
  if (nextCursor === null || request.method === 'POST') return
  const [path = '', query] = request.url.split('?')
  const params = new URLSearchParams(query)
  params.set('cursor', nextCursor)
  reply.header('link', `<${path}?${params}>; rel="next"`)
}
