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

  it('shows its description without a token and without another host', async () => {
    const page = await fake.app.inject('/docs/')
    expect(page.statusCode).toBe(200)
    expect(page.body).not.toMatch(/(src|href)="https?:/)
    const document = (await fake.app.inject('/openapi.json')).json()
    expect(document.openapi).toBe('3.1.0')
    expect(document.paths['/v1/rbos/{code}'].put).toMatchObject({ security: [{ bearer: [] }] })
    expect(Object.keys(document.paths)).not.toContain('/docs/')
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
