/** How the page and its files are served. */
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { describe, expect, it } from '@jest/globals'
import Fastify from 'fastify'
import type { ConsolePort } from '../../api/console/port.ts'
import { consoleRoutes } from '../../api/console/routes.ts'
import type { Deps } from '../../api/http/deps.ts'

const script = Buffer.from('console.log("工单")'.repeat(50))

const served = async (signIn: ConsolePort['signIn'] = null) => {
  let builds = 0
  const port: ConsolePort = {
    signIn,
    build: async () => {
      builds += 1
      return {
        script: 'console-A.js',
        style: 'console-B.css',
        preload: ['part-C.js'],
        assets: new Map([
          ['console-A.js', script],
          ['console-B.css', Buffer.from('body{}')],
          ['secrets.txt', Buffer.from('x')],
        ]),
      }
    },
  }
  const app = Fastify()
  await app.register(consoleRoutes({ console: port } as Deps))
  return { app, builds: () => builds }
}

describe('GET /console', () => {
  it('is a document under the strict policy, and builds the page once', async () => {
    const { app, builds } = await served()
    const answer = await app.inject('/console')
    expect(answer.statusCode).toBe(200)
    expect(answer.headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-cache',
      'content-security-policy':
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'",
    })
    expect(answer.body).toContain('src="/console/assets/console-A.js"')
    // asked for with the entry, not after it
    expect(answer.body).toContain('<link rel="modulepreload" href="/console/assets/part-C.js">')
    expect(answer.body).not.toMatch(/<script(?![^>]* src=)|<style|style=/)
    const again = await app.inject({ url: '/console', headers: { 'if-none-match': answer.headers.etag } })
    expect([again.statusCode, again.body]).toEqual([304, ''])
    expect(builds()).toBe(1)
  })

  it('lets the page call the identity provider where there is one, and no other host', async () => {
    const { app } = await served({ issuer: 'https://idp.example/realms/brand', clientId: 'console' })
    const answer = await app.inject('/console')
    expect(answer.headers['content-security-policy']).toContain("connect-src 'self' https://idp.example;")
    expect(answer.body).toContain('&quot;clientId&quot;:&quot;console&quot;')
  })
})

describe('the files of the page', () => {
  it('are compressed as the browser takes it, and kept for ever', async () => {
    const { app } = await served()
    const get = (encoding: string) =>
      app.inject({ url: '/console/assets/console-A.js', headers: { 'accept-encoding': encoding } })
    const [br, gzip, plain] = [await get('gzip, br'), await get('gzip;q=0.5, br;q=0'), await get('identity')]
    expect(br.headers).toMatchObject({
      'content-encoding': 'br',
      'content-type': 'text/javascript; charset=utf-8',
      'cache-control': 'public, max-age=31536000, immutable',
      vary: 'accept-encoding',
    })
    expect(brotliDecompressSync(br.rawPayload)).toEqual(script)
    expect(gunzipSync(gzip.rawPayload)).toEqual(script)
    expect(plain.headers['content-encoding']).toBeUndefined()
    expect(plain.rawPayload).toEqual(script)
  })

  it('are those that were built, and scripts and styles only', async () => {
    const { app } = await served()
    for (const name of ['secrets.txt', 'console-X.js', '..%2Fmain.tsx'])
      expect((await app.inject(`/console/assets/${name}`)).statusCode).toBeGreaterThanOrEqual(400)
  })
})
