/** What the HTTP side asks of the read threads. */
import type { Readable } from 'node:stream'
import type { Instant } from '../../domain/instant.ts'
import type { Caller } from './auth.ts'

/** A request as a thread gets it: the caller is known and has been let in. */
export type HeavyRead = {
  method: string
  /** Path and query. */
  url: string
  requestId: string
  caller: Caller
  /** The clock of the request. */
  now: Instant
  headers: { readonly [name: string]: string }
  /** JSON. */
  body: string | null
}

export type ReadAnswer = {
  status: number
  headers: { readonly [name: string]: string | string[] | undefined }
  body: Readable
}

export type ReadThreads = {
  /**
   * Answers in a thread. The signal says that nobody waits any more.
   * @throws Error where the thread ends before it has answered
   */
  answer(read: HeavyRead, signal: AbortSignal): Promise<ReadAnswer>
}
