import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { buildApp } from '../../api/http/app.ts'
import { createMetrics } from '../../api/http/metrics.ts'
import { openApiText } from '../../src/openApiDocument.ts'
import { bearer, type Fake, fakeApp } from './fakes.ts'

let fake: Fake
beforeAll(async () => {
  fake = await fakeApp()
})
afterAll(() => fake.app.close())

describe('the app', () => {
  it('takes no route under /v1 that does not say what it does', async () => {
    const app = buildApp({ ...fake.deps, metrics: createMetrics() })
    app.register(async (scope) => {
      scope.get('/v1/forgotten', async () => 'anybody may see this')
    })
    await expect(app.ready()).rejects.toThrow('GET /v1/forgotten declares no config.action')
  })

  it('takes no route under /v1 that does not say what it refuses', async () => {
    const app = buildApp({ ...fake.deps, metrics: createMetrics() })
    app.register(async (scope) => {
      scope.get('/v1/forgotten', { config: { action: 'read' } }, async () => 'who knows how it ends')
    })
    await expect(app.ready()).rejects.toThrow('GET /v1/forgotten declares no config.refusals')
  })

  it('takes no route with a tag that nothing describes', async () => {
    const app = buildApp({ ...fake.deps, metrics: createMetrics() })
    app.register(async (scope) => {
      scope.get('/nowhere', { schema: { tags: ['nowhere'] } }, async () => 'not in the document')
    })
    await expect(app.ready()).rejects.toThrow('GET /nowhere has the tag nowhere')
  })

  it('shows its description without a token and without another host', async () => {
    const page = await fake.app.inject('/docs/')
    expect(page.statusCode).toBe(200)
    expect(page.body).not.toMatch(/(src|href)="https?:/)
    const document = (await fake.app.inject('/openapi.json')).json()
    expect(document.openapi).toBe('3.1.0')
    expect(document.paths['/v1/rbos/{code}'].put).toMatchObject({ security: [{ bearer: [] }] })
    expect(Object.keys(document.paths)).not.toContain('/docs/')
  })

  it('gives every answer the headers that keep browsers from guessing and telling', async () => {
    for (const url of ['/livez', '/docs/', '/openapi.json', '/nothing', '/v1/codes', '/%zz', '/problems/x']) {
      const { headers } = await fake.app.inject(url)
      expect({ url, ...headers }).toMatchObject({
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
      })
    }
  })

  it('keeps /docs to this host and to plain HTTP where it came by that', async () => {
    const policy = String((await fake.app.inject('/docs/')).headers['content-security-policy'])
    expect(policy).toContain("default-src 'none'")
    expect(policy).not.toMatch(/https?:|upgrade-insecure-requests|\w\.\w/)
  })

  it('echoes any X-Request-Id, and stores only what looks like an id', async () => {
    const { requestIdOf } = await import('../../api/http/requestId.ts')
    const stored = (id: string) => requestIdOf({ headers: { 'x-request-id': id } })
    for (const id of [
      'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11',
      '01ARZ3NDEKTSV4RRFFQ69G5FAV',
      'd41d8cd98f00b204e9800998ecf8427e',
    ])
      expect(stored(id)).toBe(id)
    for (const id of ['13800000001', 'zhang@example.com', 'x'.repeat(32), ''])
      expect(stored(id)).toMatch(/^[0-9a-f]{8}-[0-9a-f-]{27}$/)
    const { headers } = await fake.app.inject({ url: '/livez', headers: { 'x-request-id': '13800000001' } })
    expect(headers['x-request-id']).toBe('13800000001')
  })

  it.each([
    ['GET', '/v1/nope'],
    ['GET', '/v1/%00'],
    ['PATCH', '/v1/policy'],
    ['GET', '/v1/tickets/%E0%A4%A'],
    ['GET', '/v1/tickets'],
  ] as const)('lets nobody keep a refusal: %s %s', async (method, url) => {
    const { headers } = await fake.app.inject({ method, url })
    expect(headers['cache-control']).toBe('no-store')
  })

  it('describes itself the same without its parts', async () => {
    const document = JSON.parse(await openApiText())
    expect(document).toEqual((await fake.app.inject('/openapi.json')).json())
  })

  it('gives every operation a summary and refers to nothing that is not there', async () => {
    const document = JSON.parse(await openApiText())
    type Operations = Record<string, { summary?: string }>
    const operations = Object.values<Operations>(document.paths).flatMap((path) => Object.values(path))
    expect(operations.filter(({ summary }) => !summary)).toEqual([])
    const references = JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)
    for (const [, name] of references) expect(document.components.schemas).toHaveProperty(name!)
  })

  it('lists all codes with labels in both languages', async () => {
    const codes = (await fake.app.inject({ url: '/v1/codes', headers: await bearer('auditor') })).json()
    expect(codes.categories).toContainEqual({
      code: 'A4a',
      label: { en: "dealer's sales service", 'zh-CN': '经销商销售服务' },
      level: 'A',
      tiers: ['dealer', 'rbo', 'se'],
    })
    expect(codes.problems).toContainEqual(expect.objectContaining({ code: 'not_the_holder', status: 403 }))
  })
})
