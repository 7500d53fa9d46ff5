/** What is needed of the sign-in at a provider before its library is loaded. */

export type Provider = { issuer: string; clientId: string }

export type Tokens = { token: string; refresh: string | null }

/** Whether the address is the way back from the provider. */
export const isWayBack = (): boolean => {
  const parameters = new URLSearchParams(location.search)
  return parameters.has('state') && (parameters.has('code') || parameters.has('error'))
}
