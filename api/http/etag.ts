import type { FastifyReply, FastifyRequest } from 'fastify'
import { invalidHeader, Problem } from './problems.ts'

/** The version a write was asked to be made on: `any` of them, or one of a list. */
export type Precondition = 'any' | readonly number[]

const entityTag = /^(?:W\/)?"(\d{1,9})"$/

/**
 * Reads `If-Match`: `"7"`, `W/"7"`, a list of such, or `*`; `undefined` where there is none.
 * @throws Problem `invalid_request` where it is anything else.
 */
export const ifMatch = (request: FastifyRequest): Precondition | undefined => {
  const header = request.headers['if-match']
  if (header === undefined) return undefined
  if (header.trim() === '*') return 'any'
  return header.split(',').map((tag) => {
    const version = entityTag.exec(tag.trim())?.[1]
    if (version !== undefined) return Number(version)
    throw invalidHeader('If-Match', {
      en: 'must be an ETag this service gave, such as "7", or *.',
      zh: '应为本服务返回的 ETag（如 "7"）或 *。',
    })
  })
}

/**
 * Compares a version (0: there is nothing yet) with a precondition.
 * @throws Problem `version_conflict`
 */
export const requireMatch = (precondition: Precondition | undefined, version: number): void => {
  if (precondition === undefined) return
  const matches = precondition === 'any' ? version > 0 : precondition.includes(version)
  if (!matches) throw new Problem('version_conflict')
}

/** Gives an answer its version as `ETag`. */
export const sendETag = (reply: FastifyReply, version: number): void => {
  reply.header('etag', `"${version}"`)
}
