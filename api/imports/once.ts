/** An import with an `Idempotency-Key` is run once; the same file under the same key gets the first answer. */
import { createHash } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import type { Position } from '../../domain/eventStore.ts'
import { type ImportRun, importRunAggregate } from '../../domain/importRun.ts'
import { CommandDone } from '../commands/commandDone.ts'
import { readFound } from '../commands/folded.ts'
import { handle } from '../commands/handle.ts'
import type { Deps } from '../http/deps.ts'
import { keyedCommandId } from '../http/idempotency.ts'
import { Problem } from '../http/problems.ts'

type Body = AsyncIterable<Uint8Array>
type ImportAnswer = { result: ImportRun; position: Position | null; replayed: boolean }

/** Passes a body on, and has the digest of what went through. */
const hashing = (body: Body) => {
  const hash = createHash('sha256')
  return {
    async *chunks(): AsyncGenerator<Uint8Array> {
      for await (const chunk of body) {
        hash.update(chunk)
        yield chunk
      }
    },
    digest: (): string => hash.digest('hex'),
  }
}

const digestOfAll = async (body: Body): Promise<string> => {
  const { chunks, digest } = hashing(body)
  for await (const _ of chunks());
  return digest()
}

/**
 * Runs an import; with a key that was seen it reads the file and answers as the first time. Only an import that came to
 * its end is remembered.
 * @throws Problem `idempotency_key_reused`, `request_in_progress`, `invalid_idempotency_key`; and what `run` throws
 */
export const importOnce = async (
  deps: Deps,
  request: FastifyRequest,
  body: Body,
  run: (body: Body) => Promise<ImportRun>,
): Promise<ImportAnswer> => {
  const commandId = keyedCommandId(request)
  if (commandId === undefined)
    return { result: await run(body), position: await deps.store.head(), replayed: false }
  const busy = deps.keyedWrites
  if (busy.has(commandId)) throw new Problem('request_in_progress')
  busy.add(commandId)
  try {
    const digestOf = (file: string): string => deps.sealing.requestDigest(null, file) ?? commandId
    const again = async (file: string): Promise<ImportAnswer> => {
      const { state, position } = await readFound(deps, importRunAggregate, commandId)
      const rows = deps.views.commands.find(commandId)
      if (rows.every(({ digest }) => digest !== digestOf(file))) throw new Problem('idempotency_key_reused')
      return { result: state as ImportRun, position, replayed: true }
    }
    if (deps.views.commands.find(commandId).length > 0) return await again(await digestOfAll(body))
    const { chunks, digest } = hashing(body)
    const result = await run(chunks())
    const file = digest()
    const act = {
      actor: request.caller,
      now: deps.now(),
      commandId,
      correlationId: request.id,
      requestDigest: digestOf(file),
    }
    try {
      const { position } = await handle(deps, importRunAggregate, commandId, {
        act,
        command: () => ({ type: 'CompleteImport' as const, result }),
      })
      return { result, position, replayed: false }
    } catch (error) {
      if (!(error instanceof CommandDone)) throw error
      // another node was asked the same meanwhile
      if (!(await deps.views.reached(error.position, 5_000))) throw new Problem('request_in_progress')
      return await again(file)
    }
  } finally {
    busy.delete(commandId)
  }
}
