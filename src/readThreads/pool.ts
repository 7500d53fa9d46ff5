/** The read threads: started when they are needed, each asked over a socket of its own, replaced when one ends. */
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { Logger } from 'pino'
import { Pool } from 'undici'
import { describeError } from '../../api/commands/describeError.ts'
import type { HeavyRead, ReadThreads } from '../../api/http/readThreads.ts'
import type { AccessLog } from '../../domain/accessLog.ts'
import type { FromThread, ThreadOrder, ThreadSources, ToThread } from './messages.ts'
import { headersOf } from './passing.ts'

/** Megabytes a thread may have: a read that needs more ends its thread, not the service. */
const oldMb = 384
const youngMb = 32

/** Requests a thread works at: one computes, the others wait for their clients. */
const connections = 32

export type ReadThreadsOptions = {
  sources: ThreadSources
  config: Pick<ThreadOrder, 'logLevel' | 'bodyLimitBytes' | 'checkAnswers'>
  /** Threads at most. */
  count: number
  log: Logger
  access: Pick<AccessLog, 'write' | 'complete'>
  onUnreadable: () => void
}

type Thread = { worker: Worker; inFlight: number; pool: Promise<Pool> }

/** What a thread tells beside that it listens. */
type ThreadMessage = Exclude<FromThread, { kind: 'listening' }>

type ThreadListeners = { heard(message: ThreadMessage): void; failed(error: unknown): void; ended(): void }

/** Starts a thread. `pool`: the connections to its socket, once it listens; each request that waits gets the error. */
const startWorker = (
  order: ThreadOrder,
  listeners: ThreadListeners,
): { worker: Worker; pool: Promise<Pool> } => {
  const { socket: socketPath } = order
  const worker = new Worker(new URL('./thread.ts', import.meta.url), {
    workerData: order,
    resourceLimits: { maxOldGenerationSizeMb: oldMb, maxYoungGenerationSizeMb: youngMb },
  })
  const pool = new Promise<Pool>((resolve, reject) => {
    worker.on('message', (message: FromThread) => {
      if (message.kind !== 'listening') return listeners.heard(message)
      resolve(new Pool('http://read-thread', { socketPath, connections, headersTimeout: 0, bodyTimeout: 0 }))
    })
    worker.once('error', (error) => {
      listeners.failed(error)
      reject(new Error('a read thread failed', { cause: error }))
    })
    worker.once('exit', () => {
      listeners.ended()
      rmSync(socketPath, { force: true })
      reject(new Error('a read thread ended before it listened'))
      pool.then((each) => each.destroy()).catch(() => {})
    })
  })
  pool.catch(() => {})
  return { worker, pool }
}

/** Writes a line of a thread's log into that of the service. */
const relog = (log: Logger, line: string): void => {
  const {
    level,
    time: _,
    pid: __,
    hostname: ___,
    msg,
    ...facts
  } = JSON.parse(line) as Record<string, unknown>
  const name = log.levels.labels[level as number] as 'info' | 'warn' | 'error'
  log[name](facts, msg as string)
}

export const createReadThreads = (options: ReadThreadsOptions): ReadThreads & { close(): Promise<void> } => {
  const { log, access, count } = options
  const secret = randomBytes(32).toString('base64url')
  let folder: string | undefined
  let started = 0
  let threads: Thread[] = []
  let isClosed = false

  const drop = (worker: Worker): void => {
    threads = threads.filter((each) => each.worker !== worker)
  }

  const start = (): Thread => {
    // not in the data folder: the names of sockets are short, and not every file system has them
    folder ??= mkdtempSync(join(tmpdir(), 'complaint-tickets-'))
    started += 1
    const socket = join(folder, `${started}.sock`)
    const order = { ...options.sources, ...options.config, socket, secret }
    const { worker, pool } = startWorker(order, {
      heard: (message) => hear(worker, message),
      failed: (error) => {
        // at once: it ends a moment later, and until then would be asked again
        drop(worker)
        log.error({ error: describeError(error) }, 'a read thread failed; the next read starts another')
      },
      ended: () => drop(worker),
    })
    const thread: Thread = { worker, inFlight: 0, pool }
    threads.push(thread)
    return thread
  }

  const hear = (worker: Worker, message: ThreadMessage): void => {
    const { kind } = message
    if (kind === 'log') relog(log, message.line)
    else if (kind === 'unreadable') options.onUnreadable()
    else if (kind === 'completed') access.complete(message.file, message.count)
    else {
      const { id, line, file } = message
      const answer = (isWritten: boolean): void => worker.postMessage({ id, isWritten } satisfies ToThread)
      const write = async (): Promise<void> => access.write(line, file)
      write().then(
        () => answer(true),
        () => answer(false),
      )
    }
  }

  /** The thread with the least to do; where all are at work and more are allowed, a new one. */
  const choose = (): Thread => {
    const [first, ...others] = threads
    if (first === undefined) return start()
    const least = others.reduce((a, b) => (b.inFlight < a.inFlight ? b : a), first)
    return least.inFlight > 0 && threads.length < count ? start() : least
  }

  const ask = async (thread: Thread, read: HeavyRead, signal: AbortSignal) => {
    const pool = await thread.pool
    const { statusCode, headers, body } = await pool.request({
      method: read.method as 'GET',
      path: read.url,
      headers: headersOf(read, secret),
      body: read.body,
      signal,
    })
    return { status: statusCode, headers, body }
  }

  return {
    answer: async (read, signal) => {
      if (isClosed) throw new Error('the read threads are closed')
      const thread = choose()
      thread.inFlight += 1
      const done = (): void => {
        thread.inFlight -= 1
      }
      try {
        const answer = await ask(thread, read, signal)
        answer.body.once('close', done)
        return answer
      } catch (error) {
        done()
        throw error
      }
    },
    close: async () => {
      isClosed = true
      await Promise.all(threads.map(({ worker }) => worker.terminate()))
      if (folder !== undefined) rmSync(folder, { recursive: true, force: true })
    },
  }
}
