/** The same write twice is one effect: `Idempotency-Key` makes the command's id, and the log remembers it. */
import type { FastifyRequest } from 'fastify'
import type { SubjectId } from '../../domain/subjectKeys.ts'
import { canonicalJson } from '../commands/canonicalJson.ts'
import { CommandDone } from '../commands/commandDone.ts'
import { commandIdOf } from '../commands/commandId.ts'
import type { CommandRow } from '../commands/deps.ts'
import { rowsOfCommand } from '../commands/rowsOfCommand.ts'
import type { Deps } from './deps.ts'
import { Problem } from './problems.ts'

/** One write: its command id, and the digest of its body where the caller gave a key. */
export type Write = {
  commandId: string
  /** Makes `requestDigest` of the events' metadata, keyed by the subject the write speaks of, `null` where by none. */
  digestOf?: (subject: SubjectId | null) => string
}

export type Idempotent<A> = {
  /** Does the write for the first time. */
  fresh(write: Write): Promise<A>
  /**
   * Refuses a caller who may not have the first answer now, whatever they might when it was given: rights change, and
   * a key is kept as long as the log. The presenter decides which parts of the answer the caller may see.
   */
  permit(rows: readonly CommandRow[]): void | Promise<void>
  /** Makes the first answer again, from the events the rows name. */
  again(rows: readonly CommandRow[]): Promise<A>
  /** Whose key the first write's digest was made with; none for master data. */
  subjectOf?(rows: readonly CommandRow[]): SubjectId | null | Promise<SubjectId | null>
}

const keyForm = /^[\x21-\x7e]{1,255}$/

/** The key a request carries. @throws Problem `invalid_idempotency_key` */
const keyOf = (request: FastifyRequest): string | undefined => {
  const key = request.headers['idempotency-key']
  if (key === undefined) return undefined
  if (typeof key !== 'string' || !keyForm.test(key)) throw new Problem('invalid_idempotency_key')
  return key
}

/**
 * Keeps the body as it was parsed, for validation replaces it and a digest is of what was sent. A `preValidation`
 * hook; does nothing where there is no key.
 */
export const keepParsedBody = (request: FastifyRequest): void => {
  if (keyOf(request) !== undefined) request.parsedBody = canonicalJson(request.body)
}

/** The id of a request's command where it has an `Idempotency-Key`. @throws Problem `invalid_idempotency_key` */
export const keyedCommandId = (request: FastifyRequest): string | undefined => {
  const key = keyOf(request)
  return key === undefined
    ? undefined
    : commandIdOf(request.caller.sub, request.method, request.url.split('?', 1)[0]!, key)
}

/** How long a replay waits for the views to have the first write, milliseconds. */
const viewsTimeoutMs = 5_000

/**
 * Does a write once: without an `Idempotency-Key` it is new; with one that was seen, the first answer is made again
 * and `replayed` is true. The key's scope is `sub`, method and path, and it is kept as long as the log. Where another
 * node has done it and this one's view does not know, `fresh` finds it in the stream it is about to append to.
 * @throws Problem `invalid_idempotency_key`, `request_in_progress`, `idempotency_key_reused`, and what `fresh` and `permit`
 * throw.
 */
export const writeOnce = async <A>(
  deps: Pick<Deps, 'store' | 'views' | 'sealing' | 'newCommandId' | 'keyedWrites'>,
  request: FastifyRequest,
  { fresh, permit, again, subjectOf = () => null }: Idempotent<A>,
): Promise<{ answer: A; replayed: boolean }> => {
  const commandId = keyedCommandId(request)
  if (commandId === undefined) {
    return { answer: await fresh({ commandId: deps.newCommandId() }), replayed: false }
  }
  const body = request.parsedBody ?? 'null'
  const busy = deps.keyedWrites
  if (busy.has(commandId)) throw new Problem('request_in_progress')
  busy.add(commandId)
  try {
    const known = () => rowsOfCommand(deps, commandId)
    const answer = async (rows: readonly CommandRow[]): Promise<{ answer: A; replayed: boolean }> => {
      if (rows.length === 0) {
        // Of an erased subject not even a digest of the text is kept: that the command was seen must do.
        const digestOf = (subject: SubjectId | null): string =>
          deps.sealing.requestDigest(subject, body) ?? commandId
        return { answer: await fresh({ commandId, digestOf }), replayed: false }
      }
      // before the bodies are compared, for that tells something of the first one
      await permit(rows)
      const digest = deps.sealing.requestDigest(await subjectOf(rows), body)
      // Without the subject's key nobody can tell any more whether it is the same body.
      if (digest !== null && rows.every((row) => row.digest !== digest))
        throw new Problem('idempotency_key_reused')
      return { answer: await again(rows), replayed: true }
    }
    try {
      return await answer(await known())
    } catch (error) {
      if (!(error instanceof CommandDone)) throw error
      // another node did it; the answer is made from this node's views
      if (!(await deps.views.reached(error.position, viewsTimeoutMs)))
        throw new Problem('request_in_progress')
      return await answer(await known())
    }
  } finally {
    busy.delete(commandId)
  }
}
