/** What the headers of a write's answer say. */
import type { FastifyReply } from 'fastify'
import type { Position } from '../../domain/eventStore.ts'
import { sendETag } from './etag.ts'
import { sendPosition } from './positions.ts'

export type WriteFacts = {
  /** The version the write left; left out: the caller may not see what was written to. */
  version?: number
  /** Where the write is in the log. */
  position: Position | null
  /** Whether the answer is that of an earlier request with the same `Idempotency-Key`. */
  replayed: boolean
}

/** Sends `ETag`, `X-Position` and `Idempotent-Replayed`. */
export const sendWritten = (reply: FastifyReply, { version, position, replayed }: WriteFacts): void => {
  if (version !== undefined) sendETag(reply, version)
  sendPosition(reply, position)
  if (replayed) reply.header('idempotent-replayed', 'true')
}
