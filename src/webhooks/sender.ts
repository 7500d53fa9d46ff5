/** Sends one signed request to a receiver and says what came of it. Redirects and proxies are not followed. */
import type { LookupFunction } from 'node:net'
import { Webhook } from 'standardwebhooks'
import { Agent, type Dispatcher, request } from 'undici'
import type { DeliveryFault } from '../../api/webhooks/port.ts'
import { AddressRefused, type AllowedTargets, urlFault } from './address.ts'

/** Until the whole answer's head is there, milliseconds. */
const answerWithinMs = 15_000
/** For the rest of an answer whose status is known. */
const restWithinMs = 1_000
/** Kept of an answer, bytes. */
const keptBytes = 1_000
/** Read of an answer so that its connection can be used again; of a longer one the connection is closed. */
const readBytes = 64 * 1024

export type WebhookRequest = {
  url: string
  /** Each signs; the first is the current one. */
  secrets: readonly string[]
  /** Id of the event. */
  id: string
  body: string
}

export type Attempt = {
  status: number | null
  fault: DeliveryFault | null
  durationMs: number
  answer: string | null
  /** What a 429 or 503 asks to wait, milliseconds. */
  retryAfterMs: number | null
}

export type Sender = {
  /** `null`: it was cut by `signal` before anything came of it. */
  send(wanted: WebhookRequest, signal: AbortSignal): Promise<Attempt | null>
  close(): Promise<void>
}

type Options = {
  allowed: AllowedTargets
  lookup: LookupFunction
  /** Epoch ms, for the timestamp that is signed. */
  now: () => number
  /** For tests. */
  timeoutMs?: number
}

/** Seconds, or an HTTP date. */
export const retryAfterOf = (header: string | string[] | undefined, now: number): number | null => {
  const text = [header].flat()[0]?.trim()
  if (text === undefined || text === '') return null
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1_000
  const at = Date.parse(text)
  return Number.isNaN(at) ? null : Math.max(0, at - now)
}

/** The headers of Standard Webhooks; several signatures are separated by spaces. */
const signedHeaders = ({ secrets, id, body }: WebhookRequest, now: number): Record<string, string> => {
  const timestamp = Math.floor(now / 1_000)
  const at = new Date(timestamp * 1_000)
  return {
    'content-type': 'application/json',
    'user-agent': 'complaint-tickets',
    'webhook-id': id,
    'webhook-timestamp': String(timestamp),
    'webhook-signature': secrets.map((secret) => new Webhook(secret).sign(id, at, body)).join(' '),
  }
}

/** The first bytes of an answer as text. Never waits long, never reads much. */
const beginningOf = async (body: Dispatcher.ResponseData['body']): Promise<string> => {
  const timer = setTimeout(() => body.destroy(), restWithinMs)
  const parts: Buffer[] = []
  let [kept, read] = [0, 0]
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      if (kept < keptBytes) {
        parts.push(chunk.subarray(0, keptBytes - kept))
        kept += parts.at(-1)!.length
      }
      read += chunk.length
      if (read > readBytes) break
    }
  } catch {
    // the status counts, whatever becomes of the rest
  } finally {
    clearTimeout(timer)
    if (!body.readableEnded) body.destroy()
  }
  // `stream` leaves out a character that was cut in the middle
  return new TextDecoder().decode(Buffer.concat(parts), { stream: true })
}

const isRefusal = (error: unknown): boolean =>
  error instanceof AddressRefused || (error instanceof AggregateError && error.errors.some(isRefusal))

export const createSender = ({ allowed, lookup, now, timeoutMs = answerWithinMs }: Options): Sender => {
  const agent = new Agent({
    connect: { lookup, timeout: timeoutMs },
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    pipelining: 1,
  })

  const ask = async (wanted: WebhookRequest, signal: AbortSignal) => {
    const { url, body } = wanted
    const {
      statusCode,
      headers,
      body: answer,
    } = await request(url, {
      dispatcher: agent,
      method: 'POST',
      headers: signedHeaders(wanted, now()),
      body,
      signal,
    })
    const isAskedToWait = statusCode === 429 || statusCode === 503
    return {
      status: statusCode,
      fault: null,
      retryAfterMs: isAskedToWait ? retryAfterOf(headers['retry-after'], now()) : null,
      answer: await beginningOf(answer),
    }
  }

  return {
    send: async (wanted, signal) => {
      const began = performance.now()
      const failed = (fault: DeliveryFault): Attempt => ({
        status: null,
        fault,
        durationMs: Math.round(performance.now() - began),
        answer: null,
        retryAfterMs: null,
      })
      // a literal address reaches no look-up; the list of the operator may have changed, too
      if (urlFault(wanted.url, allowed) !== null) return failed('address_refused')
      const limit = new AbortController()
      let isLate = false
      const timer = setTimeout(() => {
        isLate = true
        limit.abort()
      }, timeoutMs)
      // `AbortSignal.any` costs much more
      const stop = (): void => limit.abort()
      signal.addEventListener('abort', stop)
      try {
        const attempt = await ask(wanted, limit.signal)
        return { ...attempt, durationMs: Math.round(performance.now() - began) }
      } catch (error) {
        if (isLate) return failed('timed_out')
        if (signal.aborted) return null
        if (isRefusal(error)) return failed('address_refused')
        const { name } = error as Error
        return failed(/Timeout/.test(name) ? 'timed_out' : 'no_connection')
      } finally {
        clearTimeout(timer)
        signal.removeEventListener('abort', stop)
      }
    },
    close: () => agent.destroy(),
  }
}
