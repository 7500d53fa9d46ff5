import { afterEach, describe, expect, it } from '@jest/globals'
import { commandIdOf, newCommandId } from '../../api/commands/commandId.ts'
import { decodeCursor, encodeCursor } from '../../api/http/cursor.ts'
import { createRateLimit } from '../../api/http/rateLimit.ts'
import { eventId } from '../../domain/eventStore.ts'
import { bearer, type Fake, fakeApp, fakeSealing, tokenFor } from './fakes.ts'

let fake: Fake
afterEach(() => fake?.app.close())

describe('a command id', () => {
  it('is a UUIDv7 with room for the events’ numbers', () => {
    expect(newCommandId()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{9}000$/)
    expect(new Set(Array.from({ length: 1000 }, newCommandId)).size).toBe(1000)
    expect(eventId(newCommandId(), 4095)).toMatch(/fff$/)
  })

  it('of the same parts is always the same, and of others another', () => {
    expect(commandIdOf('a', 'bc')).toMatch(
      /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{9}000$/,
    )
    expect(commandIdOf('a', 'bc')).toBe(commandIdOf('a', 'bc'))
    expect(commandIdOf('a', 'bc')).not.toBe(commandIdOf('ab', 'c'))
    expect(commandIdOf('sub', 'POST', '/v1/complaints', 'k')).toBe('8012d4e6-c0a4-81fb-9f9f-35a2eaf7f000')
  })
})

describe('a cursor', () => {
  const sealing = fakeSealing()
  const list = { list: 'tickets', filters: { state: 'open' }, scope: [{ kind: 'all' }] }
  const cursor = encodeCursor(sealing, ['2026-03-02T02:00:00.000Z', 'T1', null, 7], list)

  it('gives its key back for the same list', () => {
    expect(decodeCursor(sealing, cursor, { ...list, filters: { state: 'open' } })).toEqual([
      '2026-03-02T02:00:00.000Z',
      'T1',
      null,
      7,
    ])
  })

  it.each([
    ['other filters', { ...list, filters: { state: 'completed' } }],
    ['another list', { ...list, list: 'warnings' }],
    ['another scope', { ...list, scope: [{ kind: 'dealer', code: 'D001' }] }],
  ])('is of no use with %s', (_, other) => {
    expect(() => decodeCursor(sealing, cursor, other)).toThrow(
      expect.objectContaining({ code: 'cursor_mismatch' }),
    )
  })

  it.each([
    ['tampered with', `x${cursor.slice(1)}`],
    ['signed otherwise', `${cursor.slice(0, -1)}${cursor.endsWith('A') ? 'B' : 'A'}`],
    ['cut', cursor.slice(0, -1)],
    ['without a signature', cursor.split('.')[0]!],
    ['with too much', `${cursor}.x`],
    ['nonsense', 'nonsense'],
  ])('is invalid where it is %s', (_, wrong) => {
    expect(() => decodeCursor(sealing, wrong, list)).toThrow(
      expect.objectContaining({ code: 'invalid_cursor' }),
    )
  })
})

describe('a rate limit', () => {
  const reply = () => {
    const headers: Record<string, string> = {}
    return { headers, header: (name: string, value: string) => Object.assign(headers, { [name]: value }) }
  }

  it('grants a burst, refills evenly, and counts each sub on its own', () => {
    let now = 0
    const limit = createRateLimit(60, () => now)
    const ask = (sub = 'a') => {
      const answer = reply()
      limit(sub, answer as never)
      return answer.headers
    }
    for (let i = 0; i < 59; i++) ask()
    expect(ask()).toEqual({ 'ratelimit-policy': '"default";q=60;w=60', ratelimit: '"default";r=0;t=1' })
    expect(ask).toThrow(expect.objectContaining({ code: 'rate_limited', headers: { 'retry-after': '1' } }))
    expect(() => ask('b')).not.toThrow()
    now += 1000
    expect(() => ask()).not.toThrow()
    expect(ask).toThrow()
  })

  it('remembers ten thousand subs and no more, and never forgets one that goes on calling', () => {
    const limit = createRateLimit(1, () => 0)
    const isRefused = (sub: string): boolean => {
      try {
        limit(sub, reply() as never)
        return false
      } catch {
        return true
      }
    }
    expect(['busy', 'quiet', 'busy', 'quiet'].map(isRefused)).toEqual([false, false, true, true])
    for (let other = 0; other < 30_000; other++) {
      expect(isRefused(`other ${other}`)).toBe(false)
      if (other % 5_000 === 0) expect(isRefused('busy')).toBe(true)
    }
    expect(['busy', 'quiet'].map(isRefused)).toEqual([true, false])
  })

  it('of one sub is not that of another, whatever roles and addresses they use', async () => {
    fake = await fakeApp({}, { rateLimitPerMinute: 3 })
    const status = async (sub: string, roles: string[], url: string) => {
      const authorization = `Bearer ${await tokenFor({ sub, roles })}`
      return (await fake.app.inject({ url, headers: { authorization } })).statusCode
    }
    expect(await status('a', ['csr'], '/v1/codes')).toBe(200)
    expect(await status('a', ['sa'], '/v1/policy')).toBe(200)
    expect(await status('a', ['csr'], '/v1/rbos')).toBe(200)
    expect(await status('a', ['csr'], '/v1/codes')).toBe(429)
    expect(await status('b', ['csr'], '/v1/codes')).toBe(200)
  })

  it('is off where it is 0', async () => {
    fake = await fakeApp({}, { rateLimitPerMinute: 0 })
    const headers = await bearer('csr')
    for (let index = 0; index < 200; index++) {
      const response = await fake.app.inject({ url: '/v1/codes', headers })
      expect([response.statusCode, response.headers.ratelimit]).toEqual([200, undefined])
    }
  })

  it('answers 429 with what is to be known', async () => {
    fake = await fakeApp({}, { rateLimitPerMinute: 1 })
    const headers = await bearer('csr')
    expect((await fake.app.inject({ url: '/v1/codes', headers })).statusCode).toBe(200)
    const response = await fake.app.inject({ url: '/v1/codes', headers })
    expect(response.statusCode).toBe(429)
    expect(response.headers).toMatchObject({
      'retry-after': '60',
      ratelimit: '"default";r=0;t=60',
      'ratelimit-policy': '"default";q=1;w=60',
    })
  })
})

describe('every answer', () => {
  it('echoes a usable X-Request-Id and makes one up otherwise', async () => {
    fake = await fakeApp()
    const ask = async (id: string) =>
      (await fake.app.inject({ url: '/livez', headers: { 'x-request-id': id } })).headers['x-request-id']
    expect(await ask('abc-1')).toBe('abc-1')
    expect(await ask('a b')).toMatch(/^[0-9a-f-]{36}$/)
    expect((await fake.app.inject('/nothing')).headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/)
  })

  it('goes to browsers of the origins named, and to no others', async () => {
    fake = await fakeApp({}, { corsOrigins: ['https://desk.example.com'] })
    const from = async (origin: string) =>
      (await fake.app.inject({ url: '/livez', headers: { origin } })).headers['access-control-allow-origin']
    expect(await from('https://desk.example.com')).toBe('https://desk.example.com')
    expect(await from('https://elsewhere.example.com')).toBeUndefined()
    const preflight = await fake.app.inject({
      method: 'OPTIONS',
      url: '/v1/codes',
      headers: { origin: 'https://desk.example.com', 'access-control-request-method': 'GET' },
    })
    expect(preflight.statusCode).toBe(204)
    for (const method of ['GET', 'HEAD', 'POST', 'PUT', 'DELETE'])
      expect(preflight.headers['access-control-allow-methods']).toContain(method)
  })
})

describe('a read that asks for a position', () => {
  const ask = async (position: string, reached: boolean) => {
    fake = await fakeApp()
    fake.deps.views.reached = async () => reached
    const headers = { ...(await bearer('csr')), 'x-min-position': position }
    return fake.app.inject({ url: '/v1/codes', headers })
  }

  it('is answered where the views have it, and 503 where they have not', async () => {
    expect((await ask('3', true)).statusCode).toBe(200)
    const late = await ask('3', false)
    expect(late.json()).toMatchObject({ status: 503, code: 'view_behind' })
    expect(late.headers['retry-after']).toBe('1')
  })

  it('is refused where it is no position', async () => {
    expect((await ask('x', true)).json()).toMatchObject({
      errors: [{ in: 'header', pointer: 'X-Min-Position' }],
    })
  })
})

describe('health', () => {
  const view = { name: 'tickets', version: 1, state: 'ready', position: '3', readByCommands: true } as const
  const ready = async (views: object[], more: object = {}) => {
    fake = await fakeApp(more)
    fake.deps.views.status = () => views as never
    return fake.app.inject('/readyz')
  }

  it('lives', async () => {
    fake = await fakeApp()
    expect((await fake.app.inject('/livez')).json()).toEqual({ status: 'live' })
  })

  it.each([
    ['ready', 200, {}],
    ['unready', 503, { state: 'stopped' }],
    ['unready', 503, { state: 'rebuilding' }],
    ['degraded', 200, { state: 'stopped', name: 'kpi', readByCommands: false }],
  ])('is %s (%i) with a view that is %j', async (status, code, change) => {
    const response = await ready([view, { ...view, ...change }])
    expect(response.statusCode).toBe(code)
    expect(response.json()).toMatchObject({ status, store: 'ok' })
  })

  it('is unready while draining and without the store', async () => {
    expect((await ready([view], { phase: () => 'draining' })).json()).toMatchObject({
      status: 'unready',
      phase: 'draining',
    })
    await fake.app.close()
    fake = await fakeApp()
    fake.deps.store.head = () => Promise.reject(new Error('gone'))
    expect((await fake.app.inject('/readyz')).json()).toMatchObject({
      status: 'unready',
      store: 'unavailable',
    })
  })

  it('is unready while the store takes no write, which is not asked of one that cannot tell', async () => {
    fake = await fakeApp()
    fake.deps.views.status = () => []
    fake.deps.store.isWritable = async () => false
    expect((await fake.app.inject('/readyz')).json()).toMatchObject({
      status: 'unready',
      store: 'unavailable',
    })
  })

  it('refuses what comes in while draining with a problem document, and closes the connection', async () => {
    fake = await fakeApp({ phase: () => 'draining' })
    for (const url of ['/v1/rbos', '/livez', '/nowhere']) {
      const response = await fake.app.inject({ url, headers: { 'accept-language': 'zh-CN' } })
      expect(response.headers).toMatchObject({
        'content-type': 'application/problem+json; charset=utf-8',
        'retry-after': '5',
        connection: 'close',
      })
      expect(response.json()).toMatchObject({
        status: 503,
        code: 'shutting_down',
        detail: '服务正在停止，不再接受新请求，请稍后再试。',
      })
    }
  })

  it('refuses to read a view that is not ready', async () => {
    await ready([{ ...view, state: 'rebuilding' }])
    const response = await fake.app.inject({ url: '/v1/rbos', headers: await bearer('csr') })
    expect(response.json()).toMatchObject({ status: 503, code: 'view_rebuilding' })
  })
})

describe('the metrics', () => {
  it('count requests by route pattern and tell how the views are', async () => {
    fake = await fakeApp()
    await fake.app.inject({ url: '/v1/rbos/EAST?name=secret', headers: await bearer('csr') })
    await fake.app.inject({ url: '/v1/rbos/EAST', headers: await bearer('csr') })
    const { metrics } = fake.deps
    metrics.watchViews(
      () => [{ name: 'kpi', version: 1, state: 'stopped', position: '3', readByCommands: false }],
      async () => '5',
    )
    const { body } = await metrics.scrape()
    expect(body).toContain(
      'http_request_duration_seconds_count{method="GET",route="/v1/rbos/:code",status="404"} 1',
    )
    expect(body).toContain('view_lag_events{view="kpi"} 2')
    expect(body).toContain('view_state{view="kpi",state="stopped"} 1')
    expect(body).not.toContain('secret')
  })
})
