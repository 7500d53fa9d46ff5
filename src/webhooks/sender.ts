/** Sends one signed request to a receiver and says what came of it. Redirects and proxies are not followed. */
import type { KeyObject } from 'node:crypto'
import type { LookupFunction } from 'node:net'
import { Agent } from 'undici'
import type { AddressFault, DeliveryFault } from '../../api/webhooks/port.ts'
import { AddressRefusal, type AllowedTargets, urlFault } from './address.ts'
import { exchange, type Outcome } from './exchange.ts'
import { createShortCache } from './shortCache.ts'
import { signatureOf, signingKeyOf } from './signature.ts'

/** Until the whole answer's head is there, milliseconds. */
const answerWithinMs = 15_000
/** URLs whose parts are kept. */
const mostTargets = 1_000
/** A secret is held on to for so long, milliseconds. */
const keyForMs = 1_000

export type WebhookRequest = {
  url: string
  /** Each signs; the first is the current one. */
  secrets: readonly string[]
  /** Id of the event. */
  id: string
  body: string
}

export type DeliveryAttempt = {
  status: number | null
  fault: DeliveryFault | null
  durationMs: number
  answer: string | null
  /** What a 429 or 503 asks to wait, milliseconds. */
  retryAfterMs: number | null
}

export type Sender = {
  /** `null`: it was cut by `signal` before anything came of it. */
  send(wanted: WebhookRequest, signal: AbortSignal): Promise<DeliveryAttempt | null>
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

/** The headers of Standard Webhooks; several signatures are separated by spaces. `keys`: each signs. */
const signedHeaders = (
  keys: readonly KeyObject[],
  signed: { id: string; timestamp: number; body: Buffer },
): Record<string, string> => ({
  'content-type': 'application/json',
  'user-agent': 'complaint-tickets',
  'webhook-id': signed.id,
  'webhook-timestamp': String(signed.timestamp),
  'webhook-signature': keys.map((key) => signatureOf(key, signed)).join(' '),
})

type Target = { fault: AddressFault } | { fault: null; origin: string; path: string }

/** Where a URL leads, parsed and checked once: a literal address reaches no look-up. */
const createTargets = (allowed: AllowedTargets): ((url: string) => Target) => {
  const targets = new Map<string, Target>()
  const targetOf = (url: string): Target => {
    const fault = urlFault(url, allowed)
    if (fault !== null) return { fault }
    const { origin, pathname, search } = new URL(url)
    return { fault, origin, path: pathname + search }
  }
  return (url) => {
    const target = targets.get(url) ?? targetOf(url)
    if (targets.size >= mostTargets) targets.clear()
    targets.set(url, target)
    return target
  }
}

const isRefusal = (error: unknown): boolean =>
  error instanceof AddressRefusal || (error instanceof AggregateError && error.errors.some(isRefusal))

const faultOf = (error: Error): DeliveryFault => {
  if (isRefusal(error)) return 'address_refused'
  return /Timeout/.test(error.name) ? 'timed_out' : 'no_connection'
}

const withoutAnswer = (fault: DeliveryFault): Omit<DeliveryAttempt, 'durationMs'> => ({
  status: null,
  fault,
  answer: null,
  retryAfterMs: null,
})

/** What came of a request; `null`: nothing, for it was cut. */
const attemptOf = (outcome: Outcome, now: number): Omit<DeliveryAttempt, 'durationMs'> | null => {
  switch (outcome.kind) {
    case 'cut':
      return null
    case 'timed_out':
      return withoutAnswer('timed_out')
    case 'failed':
      return withoutAnswer(faultOf(outcome.error))
    case 'answered': {
      const { status, answer, retryAfter } = outcome
      const isAskedToWait = status === 429 || status === 503
      const retryAfterMs = isAskedToWait ? retryAfterOf(retryAfter, now) : null
      return { status, fault: null, answer, retryAfterMs }
    }
  }
}

export const createSender = ({ allowed, lookup, now, timeoutMs = answerWithinMs }: Options): Sender => {
  const agent = new Agent({
    connect: { lookup, timeout: timeoutMs },
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    pipelining: 1,
  })
  const targetOf = createTargets(allowed)
  const keyOf = createShortCache<KeyObject>(keyForMs, () => performance.now())

  return {
    send: async (wanted, signal) => {
      const began = performance.now()
      const target = targetOf(wanted.url)
      if (target.fault !== null) return { ...withoutAnswer('address_refused'), durationMs: 0 }
      const body = Buffer.from(wanted.body)
      const keys = wanted.secrets.map((secret) => keyOf(secret, () => signingKeyOf(secret)))
      const headers = signedHeaders(keys, { id: wanted.id, timestamp: Math.floor(now() / 1_000), body })
      const { origin, path } = target
      const outcome = await exchange(agent, { origin, path, headers, body, timeoutMs, signal })
      const attempt = attemptOf(outcome, now())
      return attempt && { ...attempt, durationMs: Math.round(performance.now() - began) }
    },
    close: () => agent.destroy(),
  }
}
