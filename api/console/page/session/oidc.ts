/**
 * Sign-in at the brand's identity provider: authorization code with PKCE, and renewal by refresh token. Loaded only where
 * one is configured.
 */
import * as oauth from 'oauth4webapi'
import { ofTab } from '../core/storage.ts'
import type { Provider, Tokens } from './wayBack.ts'

/** What survives the way to the provider and back. */
type PendingLogin = { verifier: string; state: string; hash: string }

const redirectUri = (): string => `${location.origin}/console`

/** Plain http is for an identity provider on this machine only. */
const insecure = ({ issuer }: Provider) =>
  new URL(issuer).protocol === 'http:' ? { [oauth.allowInsecureRequests]: true } : {}

const discover = async (provider: Provider): Promise<oauth.AuthorizationServer> => {
  const issuer = new URL(provider.issuer)
  return oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, insecure(provider)))
}

/** Leads to the provider. `isSilent`: it asks the user nothing, or sends back at once. */
export const leaveToSignIn = async (provider: Provider, isSilent = false): Promise<void> => {
  const server = await discover(provider)
  const pending: PendingLogin = {
    verifier: oauth.generateRandomCodeVerifier(),
    state: oauth.generateRandomState(),
    hash: location.hash,
  }
  const address = new URL(server.authorization_endpoint as string)
  const asked = {
    client_id: provider.clientId,
    redirect_uri: redirectUri(),
    response_type: 'code',
    scope: server.scopes_supported?.includes('offline_access') ? 'openid offline_access' : 'openid',
    code_challenge: await oauth.calculatePKCECodeChallenge(pending.verifier),
    code_challenge_method: 'S256',
    state: pending.state,
    ...(isSilent && { prompt: 'none' }),
  }
  for (const [name, value] of Object.entries(asked)) address.searchParams.set(name, value)
  ofTab.set('sign-in', JSON.stringify(pending))
  location.assign(address)
}

const tokensOf = ({ access_token, refresh_token }: oauth.TokenEndpointResponse): Tokens => ({
  token: access_token,
  refresh: refresh_token ?? null,
})

/** Finishes on the way back; the code is removed from the address at once. @throws Error where it is refused */
export const finishSignIn = async (provider: Provider): Promise<Tokens> => {
  const address = new URL(location.href)
  const kept = ofTab.get('sign-in')
  ofTab.remove('sign-in')
  const pending = kept === null ? null : (JSON.parse(kept) as PendingLogin)
  history.replaceState(null, '', `/console${pending?.hash ?? ''}`)
  if (pending === null) throw new Error('no sign-in was begun in this tab')
  const server = await discover(provider)
  const client: oauth.Client = { client_id: provider.clientId }
  const parameters = oauth.validateAuthResponse(server, client, address, pending.state)
  const answer = await oauth.authorizationCodeGrantRequest(
    server,
    client,
    oauth.None(),
    parameters,
    redirectUri(),
    pending.verifier,
    insecure(provider),
  )
  return tokensOf(await oauth.processAuthorizationCodeResponse(server, client, answer))
}

/** New tokens for a refresh token. @throws Error where the provider refuses or cannot be reached */
export const renew = async (provider: Provider, refresh: string): Promise<Tokens> => {
  const server = await discover(provider)
  const client: oauth.Client = { client_id: provider.clientId }
  const answer = await oauth.refreshTokenGrantRequest(
    server,
    client,
    oauth.None(),
    refresh,
    insecure(provider),
  )
  const tokens = tokensOf(await oauth.processRefreshTokenResponse(server, client, answer))
  return { ...tokens, refresh: tokens.refresh ?? refresh }
}
