/** What a token says of its holder: pure functions. The service alone judges whether it counts. */
import type { Role } from '../../../../domain/authority.ts'

export type Me = {
  sub: string
  roles: readonly Role[]
  dealer: string | null
  rbo: string | null
  /** Epoch milliseconds. */
  expiresAt: number
}

const decode = (part: string): unknown => {
  const binary = atob(part.replaceAll('-', '+').replaceAll('_', '/'))
  return JSON.parse(new TextDecoder().decode(Uint8Array.from(binary, (each) => each.charCodeAt(0))))
}

const text = (value: unknown): string | null => (typeof value === 'string' ? value : null)

/** The holder of a token; `null` where it is no JWT with a subject and roles. */
export const claimsOf = (token: string): Me | null => {
  const part = /^[\w-]+\.([\w-]+)\.[\w-]+$/.exec(token)?.[1]
  if (part === undefined) return null
  try {
    const claims = decode(part) as Record<string, unknown>
    const { sub, exp, roles } = claims
    if (typeof sub !== 'string' || typeof exp !== 'number' || !Array.isArray(roles)) return null
    return {
      sub,
      roles: roles.filter((role) => typeof role === 'string') as Role[],
      dealer: text(claims.dealer),
      rbo: text(claims.rbo),
      expiresAt: exp * 1_000,
    }
  } catch {
    return null
  }
}

/** The same for tokens that see the same: tabs with the same one share a stream. */
export const identityOf = ({ sub, roles, dealer, rbo }: Me): string =>
  JSON.stringify([sub, [...roles].sort(), dealer, rbo])
