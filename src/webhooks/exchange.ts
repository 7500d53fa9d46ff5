/** One request and the beginning of its answer, by callbacks: a stream and promises for each answer cost more than the request. */
import type { Dispatcher } from 'undici'

/** For the rest of an answer whose status is known, milliseconds. */
const restWithinMs = 1_000
/** Kept of an answer, bytes. */
const keptBytes = 1_000
/** Read of an answer so that its connection can be used again; of a longer one the connection is closed. */
const readBytes = 64 * 1024

export type ExchangeOptions = {
  origin: string
  path: string
  headers: Record<string, string>
  body: Buffer
  /** For connecting, sending and the head of the answer, milliseconds. */
  timeoutMs: number
  /** Ends the exchange when it aborts. */
  signal: AbortSignal
}

export type Outcome =
  | { kind: 'answered'; status: number; retryAfter: string | string[] | undefined; answer: string }
  | { kind: 'timed_out' }
  /** By the signal, before the status was known. */
  | { kind: 'cut' }
  | { kind: 'failed'; error: Error }

type Head = { status: number; retryAfter: string | string[] | undefined }

/** The first bytes of an answer as text. */
const textOf = (parts: readonly Buffer[]): string => {
  if (parts.length === 0) return ''
  const bytes = Buffer.concat(parts).subarray(0, keptBytes)
  // `stream` leaves out a character that was cut in the middle
  return new TextDecoder().decode(bytes, { stream: true })
}

/**
 * Sends a request and resolves when its answer has come, or enough of it. Once the status is known it counts, whatever
 * becomes of the rest. Never rejects.
 */
export const exchange = (dispatcher: Dispatcher, options: ExchangeOptions): Promise<Outcome> =>
  new Promise((resolve) => {
    const { origin, path, headers, body, timeoutMs, signal } = options
    let controller: Dispatcher.DispatchController | undefined
    let head: Head | undefined
    const parts: Buffer[] = []
    let read = 0
    let isOver = false

    const finish = (outcome: Outcome): void => {
      if (isOver) return
      isOver = true
      clearTimeout(timer)
      signal.removeEventListener('abort', cut)
      resolve(outcome)
    }
    const answered = ({ status, retryAfter }: Head): void =>
      finish({ kind: 'answered', status, retryAfter, answer: textOf(parts) })
    /** Ends it before its end: the connection cannot be used again. */
    const leave = (outcome: Exclude<Outcome, { kind: 'answered' }>): void => {
      if (head === undefined) finish(outcome)
      else answered(head)
      controller?.abort(new Error('the answer is not waited for'))
    }
    const cut = (): void => leave({ kind: 'cut' })
    const late = (): void => leave({ kind: 'timed_out' })
    let timer = setTimeout(late, timeoutMs)
    if (signal.aborted) return finish({ kind: 'cut' })
    signal.addEventListener('abort', cut)

    dispatcher.dispatch(
      { origin, path, method: 'POST', headers, body },
      {
        onRequestStart: (started) => {
          controller = started
          // it was given up while it waited for a connection: nothing is sent
          if (isOver) started.abort(new Error('the request was given up'))
        },
        onResponseStart: (_, status, answerHeaders) => {
          if (status < 200) return
          head = { status, retryAfter: answerHeaders['retry-after'] }
          clearTimeout(timer)
          timer = setTimeout(late, restWithinMs)
        },
        onResponseData: (_, chunk) => {
          if (read < keptBytes) parts.push(chunk)
          read += chunk.length
          if (read > readBytes) late()
        },
        onResponseEnd: () => {
          if (head !== undefined) answered(head)
        },
        onResponseError: (_, error) => {
          if (head === undefined) finish({ kind: 'failed', error })
          else answered(head)
        },
      },
    )
  })
