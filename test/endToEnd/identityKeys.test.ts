/** The real process with an identity provider that is not there at the start. */
import { afterEach, expect, test } from '@jest/globals'
import { SignJWT } from 'jose'
import { temporaryFolder } from '../store/folder.ts'
import { type IdentityProvider, startIdentityProvider } from '../support/identityProvider.ts'
import { eventually, freePort, type ServiceProcess, startProcess } from './serviceProcess.ts'

let service: ServiceProcess | undefined
let provider: IdentityProvider | undefined
let remove = async (): Promise<void> => {}
afterEach(async () => {
  provider?.close()
  await service?.kill('SIGKILL')
  await remove()
})

test('a service whose identity provider is not there is degraded, says so, and serves when it comes', async () => {
  const folder = await temporaryFolder()
  remove = folder.remove
  const [port, metricsPort] = [await freePort(), await freePort()]
  service = await startProcess(folder.dir, {
    NODE_ENV: 'Production',
    AUTH_JWKS_URL: `http://127.0.0.1:${port}/jwks?secret=s3cr3t`,
    AUTH_ISSUER: 'https://idp',
    AUTH_AUDIENCE: 'tickets',
    METRICS_PORT: String(metricsPort),
  })
  const { call, url, output } = service
  await service.ready()
  await eventually('it is degraded', async () => {
    const { body } = await call(null, 'GET', '/readyz')
    return body.reasons.some(({ name }: { name: string }) => name === 'identity_keys') || undefined
  })
  expect(await call(null, 'GET', '/readyz')).toMatchObject({ status: 200, body: { status: 'degraded' } })
  expect(output()).toContain('the keys of the identity provider cannot be fetched')
  const scrape = async () => (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text()
  expect(await scrape()).toMatch(/^identity_keys_failing 1$/m)

  provider = await startIdentityProvider(port)
  const token = await new SignJWT({ sub: 'u', roles: ['csr'] })
    .setProtectedHeader({ alg: 'RS256', kid: 'rsa', typ: 'at+jwt' })
    .setIssuer('https://idp')
    .setAudience('tickets')
    .setExpirationTime('5m')
    .sign(provider.rsa.privateKey)
  const ask = () => fetch(`${url}/v1/codes`, { headers: { authorization: `Bearer ${token}` } })
  expect(['200', '503']).toContain(String((await ask()).status))
  await eventually('tokens count', async () => (await ask()).status === 200 || undefined)
  expect(await call(null, 'GET', '/readyz')).toMatchObject({ body: { status: 'ready', reasons: [] } })
  expect(await scrape()).toMatch(/^identity_keys_failing 0$/m)
  expect(output()).not.toContain('s3cr3t')
}, 40_000)
