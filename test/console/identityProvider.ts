/** A small identity provider: authorization code with PKCE for a public client, and refresh tokens that change. */
import { hash, randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

type PendingLogin = { challenge: string; redirectUri: string }

const bodyOf = async (request: IncomingMessage): Promise<URLSearchParams> => {
  let text = ''
  for await (const part of request) text += String(part)
  return new URLSearchParams(text)
}

export const startProvider = async (clientId: string) => {
  const codes = new Map<string, PendingLogin>()
  let refresh: string | null = null
  const provider = {
    issuer: '',
    /** Makes the access tokens. */
    tokens: (): Promise<string> => Promise.reject(new Error('no tokens are made yet')),
    /** The parameters of each way in. */
    asked: [] as Record<string, string>[],
    /** What tokens were given for. */
    grants: [] as string[],
    stop: (): Promise<void> =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }

  const json = (response: ServerResponse, status: number, body: unknown): void => {
    response.writeHead(status, { 'content-type': 'application/json', 'access-control-allow-origin': '*' })
    response.end(JSON.stringify(body))
  }
  /** Whether the grant is good; a code counts once, and only with what it was asked for. */
  const isGood = (given: URLSearchParams): boolean => {
    if (given.get('client_id') !== clientId) return false
    if (given.get('grant_type') === 'refresh_token') return given.get('refresh_token') === refresh
    const pending = codes.get(given.get('code') ?? '')
    codes.delete(given.get('code') ?? '')
    const challenge = hash('sha256', given.get('code_verifier') ?? '', 'base64url')
    return pending?.challenge === challenge && pending.redirectUri === given.get('redirect_uri')
  }

  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '/', provider.issuer)
    if (url.pathname === '/.well-known/openid-configuration')
      return json(response, 200, {
        issuer: provider.issuer,
        authorization_endpoint: `${provider.issuer}/authorize`,
        token_endpoint: `${provider.issuer}/token`,
        jwks_uri: `${provider.issuer}/jwks`,
        code_challenge_methods_supported: ['S256'],
        scopes_supported: ['openid', 'offline_access'],
      })
    if (url.pathname === '/authorize') {
      const given = Object.fromEntries(url.searchParams)
      provider.asked.push(given)
      const code = randomUUID()
      codes.set(code, { challenge: given.code_challenge ?? '', redirectUri: given.redirect_uri ?? '' })
      const back = new URL(given.redirect_uri ?? '')
      back.searchParams.set('code', code)
      back.searchParams.set('state', given.state ?? '')
      response.writeHead(302, { location: back.href })
      return response.end()
    }
    const given = await bodyOf(request)
    if (url.pathname !== '/token' || !isGood(given)) return json(response, 400, { error: 'invalid_grant' })
    provider.grants.push(given.get('grant_type') ?? '')
    refresh = randomUUID()
    return json(response, 200, {
      access_token: await provider.tokens(),
      token_type: 'Bearer',
      expires_in: 4,
      refresh_token: refresh,
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  provider.issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return provider
}
export type IdentityProvider = Awaited<ReturnType<typeof startProvider>>
