/** Single calls of the client: what is sent, what is read to its end, and what a refusal of the server means. */
import type { Readable } from 'node:stream'
import {
  AccessDeniedError,
  InvalidArgumentError,
  type JSONType,
  jsonEvent,
  MaxAppendSizeExceededError,
  NotLeaderError,
  StreamDeletedError,
  StreamNotFoundError,
  WrongExpectedVersionError,
} from '@eventstore/db-client'
import { type NewEvent, VersionConflict } from '../../../domain/eventStore.ts'
import { NotLeader, ServerRefusal } from './wire.ts'

/** What the server said, where it said no; the error itself where nobody knows what became of the append. */
export const asKnown = (error: unknown, stream: string, expected: number): unknown => {
  if (error instanceof WrongExpectedVersionError) {
    const { actualVersion } = error
    return new VersionConflict(
      stream,
      expected,
      typeof actualVersion === 'bigint' ? Number(actualVersion) + 1 : 0,
    )
  }
  if (error instanceof NotLeaderError) return new NotLeader()
  if (error instanceof AccessDeniedError) return new ServerRefusal('EventStoreDB denies access', error)
  if (error instanceof StreamDeletedError) return new ServerRefusal('the stream is deleted for good', error)
  if (error instanceof MaxAppendSizeExceededError || error instanceof InvalidArgumentError)
    return new ServerRefusal('EventStoreDB does not take such an append', error)
  return error
}

const utf8 = new TextEncoder()

/** The metadata as bytes: of an object the client makes base64 and back, twice, which is much of what an append costs. */
export const toJson = ({ id, type, data, metadata }: NewEvent) =>
  jsonEvent({ id, type, data: data as JSONType, metadata: utf8.encode(JSON.stringify(metadata)) })

/** Reads to the end; a stream that is not there is empty. Nobody waits longer than `timeoutMs`. */
export const collect = <T>(stream: Readable & { cancel(): Promise<void> }, timeoutMs: number): Promise<T[]> =>
  new Promise((resolve, reject) => {
    const found: T[] = []
    const timer = setTimeout(() => {
      void stream.cancel().catch(() => {})
      reject(new Error(`no answer within ${timeoutMs} ms`))
    }, timeoutMs)
    // stays after the promise is settled, for an error without a listener ends the process
    stream.on('error', (error) => {
      clearTimeout(timer)
      if (error instanceof StreamNotFoundError) resolve([])
      else reject(asKnown(error, '', 0))
    })
    stream.on('data', (each: T) => found.push(each))
    stream.on('end', () => {
      clearTimeout(timer)
      resolve(found)
    })
  })
