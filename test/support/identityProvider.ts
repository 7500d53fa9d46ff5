/** An identity provider for tests: it publishes its keys, and counts how often it is asked for them. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair } from 'jose'
import { pino } from 'pino'
import { createIdentityKeys } from '../../src/identityKeys.ts'

export type Pair = Awaited<ReturnType<typeof generateKeyPair>>

/** The keys at an address, as the service has them. */
export const keysAt = (url: URL) => createIdentityKeys({ url, log: pino({ level: 'silent' }) })

/** Publishes an RS256 key `rsa` and an EdDSA key `ed` at `url`. */
export const startIdentityProvider = async (listenPort = 0) => {
  const rsa = await generateKeyPair('RS256', { extractable: true })
  const ed = await generateKeyPair('EdDSA', { extractable: true })
  const keys = [
    { ...(await exportJWK(rsa.publicKey)), kid: 'rsa', alg: 'RS256' },
    { ...(await exportJWK(ed.publicKey)), kid: 'ed', alg: 'EdDSA' },
  ]
  let asked = 0
  const server = createServer((_, response) => {
    asked += 1
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ keys }))
  })
  await new Promise<void>((resolve) => void server.listen(listenPort, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    rsa,
    ed,
    jwks: keys,
    asked: () => asked,
    url: new URL(`http://127.0.0.1:${port}/jwks`),
    close: (): void => {
      server.closeAllConnections()
      server.close()
    },
  }
}
export type IdentityProvider = Awaited<ReturnType<typeof startIdentityProvider>>
