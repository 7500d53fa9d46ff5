import { beforeAll, describe, expect, it } from '@jest/globals'
import { exportJWK, generateKeyPair, type JWK } from 'jose'
import { createIdentityKeys } from '../../src/identityKeys.ts'
import { collectLines } from '../support/logLines.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE

let jwks: Record<'one' | 'two', JWK>
beforeAll(async () => {
  const made = async (kid: string): Promise<JWK> => {
    const { publicKey } = await generateKeyPair('RS256', { extractable: true })
    return { ...(await exportJWK(publicKey)), kid, alg: 'RS256' }
  }
  jwks = { one: await made('one'), two: await made('two') }
})

type Answer = { keys?: unknown; status?: number; headers?: Record<string, string> } | Error

/** A provider that answers as `answer` says at the time, and the keys the service has of it. */
const provider = () => {
  const state = { now: Date.parse('2026-11-01T00:00:00Z'), asked: 0, answer: {} as Answer, failures: 0 }
  const { log, text } = collectLines()
  const keys = createIdentityKeys({
    url: new URL('https://idp.example/jwks'),
    log,
    clock: () => state.now,
    onFailure: () => {
      state.failures += 1
    },
    fetch: async () => {
      state.asked += 1
      if (state.answer instanceof Error) throw state.answer
      const { keys: given = [jwks.one], status = 200, headers = {} } = state.answer
      return new Response(JSON.stringify({ keys: given }), { status, headers })
    },
  })
  const find = (kid: string) => keys.keyOf({ alg: 'RS256', kid }, {} as never)
  return { state, keys, find, text }
}
const gone = new TypeError('fetch failed', { cause: new Error('ECONNREFUSED') })

describe('the keys of the identity provider', () => {
  it('are fetched when they are needed, and again after ten minutes', async () => {
    const { state, find, keys } = provider()
    await find('one')
    await find('one')
    expect([state.asked, keys.ageSeconds()]).toEqual([1, 0])
    state.now += 11 * MINUTE
    await find('one')
    expect([state.asked, keys.ageSeconds(), keys.reason()]).toEqual([2, 0, null])
    keys.stop()
  })

  it.each<[string, Answer]>([
    ['does not answer', gone],
    ['answers 500', { status: 500 }],
    ['answers with a redirect', { status: 302 }],
    ['answers something else', { keys: 'none' }],
  ])('go on serving for 24 hours where it %s, with one warning', async (_, answer) => {
    const { state, find, keys, text } = provider()
    await find('one')
    state.answer = answer
    for (let hour = 1; hour <= 23; hour++) {
      state.now += HOUR
      await find('one')
      await new Promise(setImmediate)
    }
    expect(keys.reason()).toMatch(/2026-11-01T00:00:00.000Z serve until 2026-11-02T00:00:00.000Z/)
    expect(state.failures).toBeGreaterThan(20)
    expect(text().match(/cannot be fetched/g)).toHaveLength(1)
    state.now += HOUR
    await expect(find('one')).rejects.toThrow('no keys')
    expect([keys.ageSeconds(), keys.reason()]).toEqual([null, expect.stringContaining('no token')])

    state.answer = {}
    state.now += MINUTE
    await find('one')
    expect(keys.reason()).toBeNull()
    expect(text()).toContain('fetched again')
    keys.stop()
  })

  it('are not waited for while it fails', async () => {
    const { state, find, keys } = provider()
    await find('one')
    state.answer = gone
    state.now += 11 * MINUTE
    await find('one')
    const asked = state.asked
    for (let index = 0; index < 100; index++) await find('one')
    expect(state.asked).toBe(asked)
    keys.stop()
  })

  it('serve for less where its stale-if-error says so', async () => {
    const { state, find, keys } = provider()
    state.answer = { headers: { 'cache-control': 'max-age=600, stale-if-error=3600' } }
    await find('one')
    state.answer = gone
    state.now += 69 * MINUTE
    await find('one')
    state.now += 2 * MINUTE
    await expect(find('one')).rejects.toThrow('no keys')
    keys.stop()
  })

  it('do not serve after their own end', async () => {
    const { state, find, keys } = provider()
    state.answer = { keys: [{ ...jwks.one, exp: state.now / 1_000 + 3_600 }, jwks.two] }
    await find('one')
    state.answer = gone
    state.now += 59 * MINUTE
    await find('one')
    state.now += 2 * MINUTE
    await expect(find('one')).rejects.toThrow('a key is not known')
    await find('two')
    keys.stop()
  })

  it('that are new are fetched at the first token of theirs', async () => {
    const { state, find, keys } = provider()
    await find('one')
    await expect(find('two')).rejects.toMatchObject({ code: 'ERR_JWKS_NO_MATCHING_KEY' })
    expect(state.asked).toBe(1)
    state.answer = { keys: [jwks.one, jwks.two] }
    state.now += MINUTE
    await find('two')
    expect(state.asked).toBe(2)
    keys.stop()
  })

  it('that were withdrawn serve no longer', async () => {
    const { state, find, keys } = provider()
    await find('one')
    state.answer = { keys: [] }
    state.now += 11 * MINUTE
    await expect(find('one')).rejects.toMatchObject({ code: 'ERR_JWKS_NO_MATCHING_KEY' })
    keys.stop()
  })
})
