import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { exportJWK, exportSPKI, generateKeyPair, SignJWT } from 'jose'
import { type AuthConfig, createAuthenticator, onBehalfOf, requireAction } from '../../api/http/auth.ts'
import { keysAt } from '../support/identityProvider.ts'
import { key, tokenFor } from './fakes.ts'

const development: AuthConfig = { kind: 'development', key }
const csr = { roles: ['csr'] }
const withHeader = (header: object, claims: object): string =>
  [...[header, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')), ''].join('.')

describe('a development token', () => {
  const authenticate = createAuthenticator(development)
  const call = async (claims: Record<string, unknown>, expires?: string | number) =>
    authenticate(`Bearer ${await tokenFor(claims, expires)}`)

  it('names the caller, its roles and its unit', async () => {
    expect(await call({ sub: 'u1', roles: ['rbo', 'auditor'], rbo: 'EAST', dealer: 'D001' })).toMatchObject({
      id: 'u1',
      sub: 'u1',
      roles: ['rbo', 'auditor'],
      rbo: 'EAST',
    })
  })

  it('gives no unit to a role that is not there', async () => {
    expect(await call({ ...csr, dealer: 'D001' })).not.toHaveProperty('dealer')
  })

  it.each([
    ['missing', undefined],
    ['of another scheme', 'Basic abc'],
    ['no token', 'Bearer abc'],
    ['unsigned', `Bearer ${withHeader({ alg: 'none' }, { sub: 'u', exp: 9e9, ...csr })}`],
  ])('is refused: %s', async (_, header) => {
    await expect(authenticate(header)).rejects.toMatchObject({ code: 'unauthenticated' })
  })

  it('is refused after its end', async () => {
    await expect(call(csr, '-1s')).rejects.toMatchObject({ code: 'token_expired' })
  })

  it('is refused before its beginning', async () => {
    const nbf = Math.floor(Date.now() / 1000) + 600
    await expect(call({ ...csr, nbf })).rejects.toMatchObject({ code: 'unauthenticated' })
  })

  it('is refused without an end', async () => {
    const token = await new SignJWT({ sub: 'u', ...csr }).setProtectedHeader({ alg: 'HS256' }).sign(key)
    await expect(authenticate(`Bearer ${token}`)).rejects.toMatchObject({ code: 'unauthenticated' })
  })

  it.each([
    ['roles as a text', { roles: 'csr' }],
    ['no roles', { roles: [] }],
    ['an unknown role', { roles: ['csr', 'root'] }],
    ['a dealer without its code', { roles: ['dealer'] }],
    ['an RBO with a list for a code', { roles: ['rbo'], rbo: ['EAST'] }],
    ['a blank sub', { ...csr, sub: ' ' }],
  ])('is refused with %s', async (_, claims) => {
    await expect(call(claims)).rejects.toMatchObject({ code: 'invalid_claims' })
  })

  it('is remembered once, whatever padding is around it', async () => {
    const remembering = createAuthenticator(development)
    const token = await tokenFor(csr, '1h')
    const first = await remembering(`Bearer ${token}`)
    for (const header of [`Bearer   ${token}`, `bearer ${token}`, `BEARER  ${token}`])
      expect(await remembering(header)).toBe(first)
  })

  it('is refused at its end even where it is remembered', async () => {
    let now = Date.now()
    const remembering = createAuthenticator(development, () => now)
    const header = `Bearer ${await tokenFor(csr, Math.floor(now / 1000) + 30)}`
    const first = await remembering(header)
    expect(await remembering(header)).toBe(first)
    now += 31_000
    await expect(remembering(header)).rejects.toMatchObject({ code: 'token_expired' })
  })

  it('is verified again after a minute', async () => {
    let now = Date.now()
    const remembering = createAuthenticator(development, () => now)
    const header = `Bearer ${await tokenFor(csr)}`
    const first = await remembering(header)
    now += 61_000
    expect(await remembering(header)).not.toBe(first)
  })
})

describe('a token of an identity provider', () => {
  let server: Server
  let keys: { kid: string; pair: CryptoKeyPair }[]
  let config: Extract<AuthConfig, { kind: 'jwks' }>
  type CryptoKeyPair = Awaited<ReturnType<typeof generateKeyPair>>

  beforeAll(async () => {
    const make = async (kid: string) => ({ kid, pair: await generateKeyPair('RS256', { extractable: true }) })
    keys = [await make('known'), await make('unknown')]
    const jwk = { ...(await exportJWK(keys[0]!.pair.publicKey)), kid: 'known', alg: 'RS256' }
    server = createServer((_, response) => {
      response.setHeader('content-type', 'application/json').end(JSON.stringify({ keys: [jwk] }))
    })
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    config = {
      kind: 'jwks',
      keyOf: keysAt(new URL(`http://127.0.0.1:${port}/jwks`)).keyOf,
      issuer: 'https://idp',
      audience: 'tickets',
    }
  })
  afterAll(() => {
    server.closeAllConnections()
    server.close()
  })

  const signed = ({ kid = 'known', issuer = 'https://idp', audience = 'tickets' } = {}) =>
    new SignJWT({ sub: 'u', ...csr })
      .setProtectedHeader({ alg: 'RS256', kid })
      .setIssuer(issuer)
      .setAudience(audience)
      .setExpirationTime('5m')
      .sign(keys.find((each) => each.kid === kid)!.pair.privateKey)

  it('is taken', async () => {
    expect(await createAuthenticator(config)(`Bearer ${await signed()}`)).toMatchObject({
      id: 'u',
      roles: ['csr'],
    })
  })

  it.each([
    ['for another audience', { audience: 'mail' }],
    ['of another issuer', { issuer: 'https://elsewhere' }],
    ['of an unknown key', { kid: 'unknown' }],
  ])('is refused: %s', async (_, options) => {
    const call = createAuthenticator(config)(`Bearer ${await signed(options)}`)
    await expect(call).rejects.toMatchObject({ code: 'unauthenticated' })
  })

  it('is refused where it is signed with the public key as a shared secret', async () => {
    const secret = new TextEncoder().encode(await exportSPKI(keys[0]!.pair.publicKey))
    const token = await new SignJWT({ sub: 'u', ...csr, iss: 'https://idp', aud: 'tickets' })
      .setProtectedHeader({ alg: 'HS256', kid: 'known' })
      .setExpirationTime('5m')
      .sign(secret)
    await expect(createAuthenticator(config)(`Bearer ${token}`)).rejects.toMatchObject({
      code: 'unauthenticated',
    })
  })

  it('is not blamed where the keys cannot be had', async () => {
    const nowhere = { ...config, keyOf: keysAt(new URL('http://127.0.0.1:1/jwks')).keyOf }
    const call = createAuthenticator(nowhere)(`Bearer ${await signed()}`)
    await expect(call).rejects.toMatchObject({ code: 'auth_unavailable' })
  })
})

describe('a caller', () => {
  const caller = { id: 'sys', sub: 'sys', expiresAt: 0, roles: ['csc_system'] as const }

  it('acts for an agent where it is the CSC’s software', () => {
    expect(onBehalfOf(caller, 'csr-007')).toMatchObject({ id: 'csr-007', sub: 'sys' })
    expect(onBehalfOf(caller, undefined)).toBe(caller)
  })

  it.each([
    ['csc_system', 'a b'],
    ['csc_system', ''],
    ['csc_system', 'x'.repeat(65)],
    ['csr', 'csr-007'],
  ] as const)('does not act as %s for %j', (role, header) => {
    expect(() => onBehalfOf({ ...caller, roles: [role] }, header)).toThrow(
      expect.objectContaining({ code: 'invalid_request' }),
    )
  })

  it('needs a role that one of the actions takes', () => {
    const check = requireAction(['record_work', 'inform_consumer'])
    expect(() => check({ ...caller, roles: ['csr'] })).not.toThrow()
    expect(() => check({ ...caller, roles: ['auditor'] })).toThrow(
      expect.objectContaining({
        code: 'role_not_allowed',
        params: { roles: expect.stringContaining('csr_media') },
      }),
    )
  })
})
