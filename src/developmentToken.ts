import type { KeyObject } from 'node:crypto'
import { SignJWT } from 'jose'
import { roles } from '../domain/authority.ts'
import { unitCodeSchema } from '../domain/unitCode.ts'

export type TokenClaims = { sub: string; roles: string[]; hours: number; dealer?: string; rbo?: string }

export const tokenUsage = `Usage: npm run token -- --role ROLE [--role ROLE …] [--dealer CODE] [--rbo CODE] [--sub NAME] [--hours N]
Roles: ${Object.keys(roles).join(' ')}`

export const tokenOptions = {
  role: { type: 'string', multiple: true },
  dealer: { type: 'string' },
  rbo: { type: 'string' },
  sub: { type: 'string' },
  hours: { type: 'string' },
} as const

/** What the flags of a command line say. */
export type TokenFlags = {
  role?: string[] | undefined
  dealer?: string | undefined
  rbo?: string | undefined
  sub?: string | undefined
  hours?: string | undefined
}

const roleNames = Object.keys(roles).join(', ')

/**
 * The claims a command line asks for.
 * @throws Error with a sentence that says what is wrong with it.
 */
export const claimsOf = (values: TokenFlags): TokenClaims => {
  const asked = [...new Set(values.role ?? [])]
  if (asked.length === 0) throw new Error(`Say at least one --role: ${roleNames}.`)
  const unknown = asked.find((role) => !Object.hasOwn(roles, role))
  if (unknown !== undefined) throw new Error(`There is no role ${unknown}; there are: ${roleNames}.`)
  const hours = Number(values.hours ?? 12)
  if (!(hours > 0 && hours <= 8760)) throw new Error('--hours must be a number above 0 and at most 8760.')
  const unit = (role: 'dealer' | 'rbo'): string | undefined => {
    const code = values[role]
    if (asked.includes(role) && code === undefined) throw new Error(`Role ${role} needs --${role} CODE.`)
    if (!asked.includes(role) && code !== undefined)
      throw new Error(`--${role} goes with --role ${role} only.`)
    if (code === undefined || unitCodeSchema.safeParse(code).success) return code
    throw new Error(`--${role} must be 1 to 20 letters, digits, hyphens or underscores.`)
  }
  const [dealer, rbo] = [unit('dealer'), unit('rbo')]
  return {
    sub: values.sub ?? ['dev', ...asked, dealer, rbo].filter((part) => part !== undefined).join('-'),
    roles: asked,
    hours,
    ...(dealer !== undefined && { dealer }),
    ...(rbo !== undefined && { rbo }),
  }
}

/** Signs a development token; `now` in epoch milliseconds. */
export const signToken = (
  { sub, hours, ...claims }: TokenClaims,
  key: KeyObject,
  now: number,
): Promise<string> =>
  new SignJWT(claims)
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setSubject(sub)
    .setIssuedAt(Math.floor(now / 1000))
    .setExpirationTime(Math.floor(now / 1000 + hours * 3600))
    .sign(key)
