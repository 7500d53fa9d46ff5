/** A token bucket per `sub`: a burst of a minute's worth, refilled evenly. */
import type { FastifyReply } from 'fastify'
import { Problem } from './problems.ts'

type Bucket = { tokens: number; at: number }

/** Buckets kept at most; one that has not been used for a minute is full again and need not be kept. */
const maxBuckets = 10_000
const windowMs = 60_000

export type RateLimit = (sub: string, reply: FastifyReply) => void

/**
 * Makes the check that counts a request against its `sub` and says in `RateLimit` and `RateLimit-Policy` (structured
 * fields of the IETF draft) what is left. `perMinute` 0 is no limit. `clock` gives epoch milliseconds.
 * @throws from the check: Problem `rate_limited` with `Retry-After`
 */
export const createRateLimit = (perMinute: number, clock: () => number = Date.now): RateLimit => {
  if (perMinute === 0) return () => undefined
  const buckets = new Map<string, Bucket>()
  const policy = `"default";q=${perMinute};w=${windowMs / 1000}`
  const perMs = perMinute / windowMs

  const bucketOf = (sub: string, now: number): Bucket => {
    const known = buckets.get(sub)
    if (known !== undefined) {
      // to the end, so that the first is the one unused for longest, and nobody is forgotten while it calls
      buckets.delete(sub)
      buckets.set(sub, known)
      return known
    }
    if (buckets.size >= maxBuckets) buckets.delete(buckets.keys().next().value!)
    const bucket = { tokens: perMinute, at: now }
    buckets.set(sub, bucket)
    return bucket
  }

  return (sub, reply) => {
    const now = clock()
    const bucket = bucketOf(sub, now)
    bucket.tokens = Math.min(perMinute, bucket.tokens + Math.max(0, now - bucket.at) * perMs)
    bucket.at = now
    const granted = bucket.tokens >= 1
    if (granted) bucket.tokens -= 1
    const untilNext = Math.max(1, Math.ceil((1 - bucket.tokens) / perMs / 1000))
    const remaining = Math.floor(bucket.tokens)
    reply.header('ratelimit-policy', policy)
    reply.header('ratelimit', `"default";r=${remaining};t=${remaining > 0 ? windowMs / 1000 : untilNext}`)
    if (granted) return
    throw new Problem('rate_limited', {
      params: { seconds: untilNext },
      headers: { 'retry-after': String(untilNext) },
    })
  }
}
