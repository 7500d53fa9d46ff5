/** Every token that must not count is 401 through the whole app, whoever's word counts. */
import { createSecretKey } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { exportJWK, exportSPKI, generateKeyPair, type JWTHeaderParameters, SignJWT } from 'jose'
import { type IdentityProvider, keysAt, startIdentityProvider } from '../support/identityProvider.ts'
import { type Fake, fakeApp, key } from './fakes.ts'

const inSeconds = (seconds: number): number => Math.floor(Date.now() / 1000) + seconds
const genuine = { sub: 'u', roles: ['csr'], exp: inSeconds(3_600) }
const ofProvider = { ...genuine, iss: 'https://idp', aud: 'tickets' }
type Claims = Record<string, unknown>
type Signer = Parameters<SignJWT['sign']>[0]

const sign = (claims: Claims, header: JWTHeaderParameters, signer: Signer): Promise<string> =>
  new SignJWT(claims).setProtectedHeader(header).sign(signer)

const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
const unsigned = (header: object, claims: Claims, signature = ''): string =>
  `${part(header)}.${part(claims)}.${signature}`

/** The token with its claims exchanged and its signature kept. */
const withClaims = (token: string, claims: Claims): string => {
  const [header, , signature] = token.split('.')
  return `${header}.${part(claims)}.${signature}`
}

const ask = async (fake: Fake, authorization: string | undefined) => {
  const response = await fake.app.inject({
    url: '/v1/codes',
    headers: { ...(authorization !== undefined && { authorization }) },
  })
  return response
}

/** 401 as a problem with that code, which says how to come back and is kept nowhere. */
const isRefused = async (fake: Fake, authorization: string | undefined, code: string): Promise<void> => {
  const response = await ask(fake, authorization)
  expect([response.statusCode, response.json().code]).toEqual([401, code])
  expect(response.headers['content-type']).toBe('application/problem+json; charset=utf-8')
  expect(response.headers['www-authenticate']).toMatch(/^Bearer/)
  expect(response.headers['cache-control']).toBe('no-store')
}

/** Claims that a genuine token may not have, whoever signed it. */
const wrongClaims: [string, Claims, string][] = [
  ['expired', { exp: inSeconds(-1) }, 'token_expired'],
  ['not yet valid', { nbf: inSeconds(600) }, 'unauthenticated'],
  ['without an end', { exp: undefined }, 'unauthenticated'],
  ['with an end that is no number', { exp: 'tomorrow' }, 'unauthenticated'],
  ['without a subject', { sub: undefined }, 'unauthenticated'],
  ['with a blank subject', { sub: ' ' }, 'invalid_claims'],
  ['with a subject too long to record', { sub: 'x'.repeat(201) }, 'invalid_claims'],
  ['with roles as a text', { roles: 'csr' }, 'invalid_claims'],
  ['with roles as an object', { roles: { csr: true } }, 'invalid_claims'],
  ['with a role in a list of lists', { roles: [['csr']] }, 'invalid_claims'],
  ['without roles', { roles: undefined }, 'invalid_claims'],
  ['with no role', { roles: [] }, 'invalid_claims'],
  ['with an unknown role', { roles: ['csr', 'root'] }, 'invalid_claims'],
  ['with a role of every object', { roles: ['constructor'] }, 'invalid_claims'],
  ['of a dealer without its code', { roles: ['dealer'] }, 'invalid_claims'],
  ['of an RBO with a list for a code', { roles: ['rbo'], rbo: ['EAST'] }, 'invalid_claims'],
]

describe('in development', () => {
  let fake: Fake
  beforeAll(async () => {
    fake = await fakeApp()
  })
  afterAll(() => fake.app.close())
  const hs256 = (claims: Claims, signer: Signer = key) => sign(claims, { alg: 'HS256' }, signer)

  it('the service’s own token is taken', async () => {
    expect((await ask(fake, `Bearer ${await hs256(genuine)}`)).statusCode).toBe(200)
  })

  it.each(wrongClaims)('a token %s is 401', async (_, change, code) => {
    await isRefused(fake, `Bearer ${await hs256({ ...genuine, ...change })}`, code)
  })

  it.each(['JWT', 'jwt', 'at+jwt', 'AT+JWT', 'application/at+jwt'])(
    'a token of type %s is taken',
    async (typ) => {
      const token = await sign(genuine, { alg: 'HS256', typ }, key)
      expect((await ask(fake, `Bearer ${token}`)).statusCode).toBe(200)
    },
  )

  it.each(['logout+jwt', 'id+jwt', 'dpop+jwt', 'secevent+jwt', ' ', 'at+jwt2'])(
    'a token of type %j is 401',
    async (typ) => {
      await isRefused(fake, `Bearer ${await sign(genuine, { alg: 'HS256', typ }, key)}`, 'unauthenticated')
    },
  )

  it('no token, and what is none, is 401', async () => {
    const token = await hs256(genuine)
    for (const header of [undefined, '', 'Bearer', 'Bearer ', `Basic ${token}`, token, `Bearer ${token} x`])
      await isRefused(fake, header, 'unauthenticated')
    for (const text of ['a.b.c', '..', 'a', `${token}.x`, `${token}x`, token.slice(0, -2)])
      await isRefused(fake, `Bearer ${text}`, 'unauthenticated')
  })

  it('a token signed by anybody else, or with another algorithm, is 401', async () => {
    const other = createSecretKey(Buffer.alloc(32, 8))
    const { privateKey } = await generateKeyPair('RS256')
    const tokens = [
      await hs256(genuine, other),
      await hs256(genuine, createSecretKey(Buffer.alloc(1))),
      await sign(genuine, { alg: 'HS512' }, createSecretKey(Buffer.alloc(64, 7))),
      await sign(genuine, { alg: 'RS256' }, privateKey),
      withClaims(await hs256(genuine), { ...genuine, roles: ['sa'] }),
    ]
    for (const alg of ['none', 'None', 'NONE', '', 'HS256'])
      tokens.push(unsigned({ alg }, genuine), unsigned({ alg }, genuine, 'AAAA'))
    for (const token of tokens) await isRefused(fake, `Bearer ${token}`, 'unauthenticated')
  })
})

describe('with an identity provider', () => {
  let provider: IdentityProvider
  let fake: Fake
  beforeAll(async () => {
    provider = await startIdentityProvider()
    fake = await fakeApp(
      {},
      {
        auth: { kind: 'jwks', keyOf: keysAt(provider.url).keyOf, issuer: 'https://idp', audience: 'tickets' },
      },
    )
  })
  afterAll(async () => {
    await fake.app.close()
    provider.close()
  })
  const rs256 = (claims: Claims, header: Partial<JWTHeaderParameters> = {}) =>
    sign(claims, { alg: 'RS256', kid: 'rsa', ...header }, provider.rsa.privateKey)

  it('its tokens are taken, RS256 and EdDSA alike', async () => {
    const ed = await sign(ofProvider, { alg: 'EdDSA', kid: 'ed' }, provider.ed.privateKey)
    for (const token of [await rs256(ofProvider), ed])
      expect((await ask(fake, `Bearer ${token}`)).statusCode).toBe(200)
    const several = await rs256({ ...ofProvider, aud: ['mail', 'tickets'] })
    expect((await ask(fake, `Bearer ${several}`)).statusCode).toBe(200)
  })

  it.each<[string, Claims, string]>([
    ...wrongClaims,
    ['for another audience', { aud: 'mail' }, 'unauthenticated'],
    ['for other audiences', { aud: ['mail', 'tickets2'] }, 'unauthenticated'],
    ['for no audience', { aud: undefined }, 'unauthenticated'],
    ['of another issuer', { iss: 'https://elsewhere' }, 'unauthenticated'],
    ['of no issuer', { iss: undefined }, 'unauthenticated'],
  ])('a token %s is 401', async (_, change, code) => {
    await isRefused(fake, `Bearer ${await rs256({ ...ofProvider, ...change })}`, code)
  })

  it('a token without a signature is 401', async () => {
    for (const alg of ['none', 'None', 'nOnE'])
      for (const kid of ['rsa', undefined])
        await isRefused(fake, `Bearer ${unsigned({ alg, kid }, ofProvider)}`, 'unauthenticated')
  })

  it('a token signed with what is public of the key is 401', async () => {
    const { publicKey } = provider.rsa
    const pem = await exportSPKI(publicKey)
    const secrets = [pem, pem.trim(), JSON.stringify(await exportJWK(publicKey)), provider.jwks[0]!.n!]
    for (const secret of secrets)
      for (const alg of ['HS256', 'HS384', 'HS512']) {
        const signer = createSecretKey(Buffer.from(secret))
        await isRefused(
          fake,
          `Bearer ${await sign(ofProvider, { alg, kid: 'rsa' }, signer)}`,
          'unauthenticated',
        )
      }
  })

  it('a token of a key that is not published, or that brings its own, is 401', async () => {
    const other = await generateKeyPair('RS256', { extractable: true })
    const jwk = await exportJWK(other.publicKey)
    const headers: Partial<JWTHeaderParameters>[] = [
      { kid: 'unknown' },
      { kid: '../../rsa' },
      { kid: 'rsa' },
      { kid: 'ed' },
      { jwk },
      { kid: 'rsa', jwk, jku: 'https://elsewhere/jwks' },
    ]
    for (const header of headers) {
      const token = await sign(ofProvider, { alg: 'RS256', ...header }, other.privateKey)
      await isRefused(fake, `Bearer ${token}`, 'unauthenticated')
    }
    const changed = withClaims(await rs256(ofProvider), { ...ofProvider, roles: ['sa'] })
    await isRefused(fake, `Bearer ${changed}`, 'unauthenticated')
    await isRefused(fake, `Bearer ${await sign(genuine, { alg: 'HS256' }, key)}`, 'unauthenticated')
  })

  it('a flood of unknown keys does not become one at the provider', async () => {
    const before = provider.asked()
    for (let index = 0; index < 50; index++)
      await isRefused(fake, `Bearer ${await rs256(ofProvider, { kid: `flood-${index}` })}`, 'unauthenticated')
    expect(provider.asked() - before).toBeLessThan(3)
  })

  it('no token that is refused is in the log', () => {
    expect(fake.logged.join('')).not.toContain('eyJ')
    expect(fake.logged.length).toBeLessThan(20)
  })
})
