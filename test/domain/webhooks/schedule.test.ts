import { describe, expect, test } from '@jest/globals'
import { nextAttemptAt, triedForMs } from '../../../domain/webhooks/schedule.ts'
import { settleAttempt } from '../../../domain/webhooks/settle.ts'

const second = 1_000
const minute = 60 * second
const hour = 60 * minute

/** The pauses between the attempts of a delivery that always fails. */
const pausesOf = (random: number): number[] => {
  const pauses: number[] = []
  let now = 0
  for (let attempts = 1; attempts < 100; attempts++) {
    const next = nextAttemptAt({ attempts, firstAt: 0, now, retryAfterMs: null, random })
    if (next === null) return pauses
    pauses.push(next - now)
    now = next
  }
  return pauses
}

describe('a delivery that fails', () => {
  test('is tried after 5 s, 30 s, 2 min, 10 min, 1 h, 3 h, 6 h, then every 12 h, for three days', () => {
    const pauses = pausesOf(0)
    expect(pauses.slice(0, 8)).toEqual([
      5 * second,
      30 * second,
      2 * minute,
      10 * minute,
      hour,
      3 * hour,
      6 * hour,
      12 * hour,
    ])
    expect(pauses.slice(8, -1).every((pause) => pause === 12 * hour)).toBe(true)
    expect(pauses.reduce((a, b) => a + b)).toBe(triedForMs)
  })

  test('waits up to a tenth longer by chance, and never past the three days', () => {
    const [least, most] = [pausesOf(0), pausesOf(1)]
    for (let n = 0; n < 7; n++) expect(most[n]).toBeCloseTo((least[n] as number) * 1.1, 5)
    expect(most.reduce((a, b) => a + b)).toBeCloseTo(triedForMs, 5)
  })

  test('waits as long as Retry-After asks, at most 12 hours', () => {
    const failed = { attempts: 1, firstAt: 0, now: 0, random: 0 }
    expect(nextAttemptAt({ ...failed, retryAfterMs: 40 * minute })).toBe(40 * minute)
    expect(nextAttemptAt({ ...failed, retryAfterMs: second })).toBe(5 * second)
    expect(nextAttemptAt({ ...failed, retryAfterMs: 1e12 })).toBe(12 * hour)
  })
})

describe('an attempt', () => {
  const attempt = {
    ...{ status: 500, retryAfterMs: null, attempts: 3, firstAt: 0, failingSince: 0, now: hour, random: 0 },
    isClockBelieved: true,
  }

  test.each([200, 201, 204, 299])('answered with %i is delivered', (status) => {
    expect(settleAttempt({ ...attempt, status })).toEqual({ kind: 'delivered' })
  })

  test.each([null, 100, 301, 302, 307, 400, 404, 429, 500, 503])(
    'answered with %s is tried again',
    (status) => {
      expect(settleAttempt({ ...attempt, status })).toMatchObject({ kind: 'failed', pause: null })
    },
  )

  test('answered with 410 pauses the endpoint', () => {
    expect(settleAttempt({ ...attempt, status: 410 })).toMatchObject({ kind: 'failed', pause: 'gone' })
  })

  test('is parked after three days, where others got through', () => {
    expect(settleAttempt({ ...attempt, now: triedForMs, failingSince: triedForMs - hour })).toEqual({
      kind: 'parked',
    })
  })

  test('parks nothing after three days without any success: it pauses the endpoint', () => {
    expect(settleAttempt({ ...attempt, now: triedForMs })).toMatchObject({ kind: 'failed', pause: 'failing' })
  })

  test('gives nothing up while the clock has jumped', () => {
    const jumped = { ...attempt, now: 30 * triedForMs, isClockBelieved: false }
    expect(settleAttempt(jumped)).toMatchObject({ kind: 'failed', pause: null })
    expect(settleAttempt({ ...jumped, failingSince: jumped.now })).toMatchObject({ kind: 'failed' })
  })
})
