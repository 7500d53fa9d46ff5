/** What a read thread is started with, and what it and the service say to each other beside requests and answers. */
import type { KeyObject } from 'node:crypto'
import type { AccessLine } from '../../domain/accessLog.ts'
import type { EsdbAddress } from '../store/esdb/address.ts'

/** What a thread reads from. */
export type ThreadSources = {
  /** The log: the file of the embedded engine, or where the EventStoreDB is. */
  log: { file: string } | { address: EsdbAddress }
  /** Files. */
  views: string
  keys: string
  masterKey: KeyObject
  /** Memory shared with the views that are written, see `changeCounts.ts`. */
  changes: SharedArrayBuffer
}

export type ThreadOrder = ThreadSources & {
  /** The Unix socket it listens on. */
  socket: string
  /** Only the service itself knows it. */
  secret: string
  logLevel: string
  bodyLimitBytes: number
  checkAnswers: boolean
}

export type FromThread =
  | { kind: 'listening' }
  /** A line of its log, JSON. */
  | { kind: 'log'; line: string }
  /** A sealed text did not open. */
  | { kind: 'unreadable' }
  /** To be written to the access log before the answer goes out. */
  | { kind: 'access'; id: number; line: AccessLine; file: string | undefined }
  | { kind: 'completed'; file: string; count: number }

/** Whether a line of the access log was written. */
export type ToThread = { id: number; isWritten: boolean }
