/** Who calls: a bearer token becomes a `Caller`, and a route's action is compared with the caller's roles. */
import { hash, type KeyObject } from 'node:crypto'
import {
  errors,
  type JWTPayload,
  type JWTVerifyGetKey,
  type JWTVerifyOptions,
  type JWTVerifyResult,
  jwtVerify,
} from 'jose'
import { type Action, type Actor, permissions, type Role, roleSchema } from '../../domain/authority.ts'
import { Refusal, type Words } from '../../domain/refusal.ts'
import { unitCodeSchema } from '../../domain/unitCode.ts'
import { invalidHeader, Problem } from './problems.ts'
import { callerOfServiceToken } from './serviceToken.ts'

/**
 * Whose word counts: an issuer's published keys, in development the key in the data folder, or in a read thread the
 * service itself.
 */
export type AuthConfig =
  | { kind: 'service'; secret: string }
  | { kind: 'jwks'; keyOf: JWTVerifyGetKey; issuer: string; audience: string }
  | { kind: 'development'; key: KeyObject }

/** The actor of a request; `id` is recorded as the actor of what it writes. */
export type Caller = Actor & {
  /** The token's own subject; rate limits and idempotency keys are counted by it. */
  sub: string
  /** When the token ends, in epoch milliseconds. */
  expiresAt: number
}

export type Authenticator = (authorizationHeader: string | undefined) => Promise<Caller>

/** Asymmetric algorithms only: a party that can verify must not be able to sign. */
const asymmetric = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
]

/** How long a verified token is taken at its word without verifying it again. */
const trustMs = 60_000
const maxRemembered = 10_000
const maxIdLength = 200

type CacheEntry = { caller: Caller; until: number }

/**
 * Makes the function that turns an `Authorization` header into a caller. `clock` gives epoch milliseconds: tokens
 * expire by the wall clock, also where tests set the clock of the business.
 * It throws Problem `unauthenticated`, `token_expired`, `invalid_claims` (401), `auth_unavailable` (503).
 */
export const createAuthenticator = (config: AuthConfig, clock: () => number = Date.now): Authenticator => {
  if (config.kind === 'service')
    return async (header) => {
      const caller = callerOfServiceToken(header, config.secret) as Caller | null
      if (caller === null) throw unauthenticated('unauthenticated')
      return caller
    }
  const verify = verifierOf(config)
  const remembered = new Map<string, CacheEntry>()

  const remember = (digest: string, entry: CacheEntry): void => {
    remembered.delete(digest)
    if (remembered.size >= maxRemembered) remembered.delete(remembered.keys().next().value!)
    remembered.set(digest, entry)
  }

  return async (header) => {
    const now = clock()
    const token = /^Bearer +([\w-]+\.[\w-]+\.[\w-]*)$/i.exec(header ?? '')?.[1]
    if (token === undefined) throw new RefusedToken('unauthenticated', null, header ? notBearer : noToken)
    // by the digest of the token alone, so that neither its length nor padding around it takes memory
    const digest = hash('sha256', token, 'base64')
    const known = remembered.get(digest)
    if (known !== undefined && now < known.until) return known.caller
    const caller = callerOf(await verify(token, new Date(now)))
    remember(digest, { caller, until: Math.min(caller.expiresAt, now + trustMs) })
    return caller
  }
}

type Verify = (token: string, now: Date) => Promise<JWTPayload>

const verifierOf = (config: Exclude<AuthConfig, { kind: 'service' }>): Verify => {
  const common = { requiredClaims: ['exp', 'sub'] }
  if (config.kind === 'development') {
    const options: JWTVerifyOptions = { ...common, algorithms: ['HS256'] }
    return (token, currentDate) =>
      jwtVerify(token, config.key, { ...options, currentDate }).then(accessClaims, refuse)
  }
  const { keyOf, issuer, audience } = config
  const options: JWTVerifyOptions = { ...common, algorithms: asymmetric, issuer, audience }
  return (token, currentDate) =>
    jwtVerify(token, keyOf, { ...options, currentDate }).then(accessClaims, refuse)
}

/** The `typ` values an access token may have; a token of another type (`logout+jwt`) is signed for other ends. */
const accessTypes = new Set<unknown>([undefined, 'jwt', 'at+jwt', 'application/at+jwt'])

/** The claims of a verified access token. @throws Problem `unauthenticated` for every other type of token */
const accessClaims = ({ payload, protectedHeader }: JWTVerifyResult): JWTPayload => {
  const { typ } = protectedHeader
  if (!accessTypes.has(typeof typ === 'string' ? typ.toLowerCase() : typ))
    throw unauthenticated('unauthenticated', payload.sub)
  return payload
}

const noToken: Words = {
  en: 'There is no token; send one in the header Authorization: Bearer.',
  zh: '缺少令牌，请在 Authorization: Bearer 请求头中提供。',
}
const notBearer: Words = {
  en: 'The header Authorization must be the word Bearer, a space and a JWT: three parts with dots between them.',
  zh: 'Authorization 请求头的格式应为 Bearer、空格、JWT（以点分隔的三段）。',
}
/** The same for every fault, so that the answer helps nobody to forge one. */
const notOurs: Words = {
  en: 'The service does not take this token: it was signed for another one, is not valid yet, or was cut or changed.',
  zh: '令牌对本服务无效：并非为本服务签发、尚未生效，或内容不完整、已被改动。',
}

/** A token that does not count. `sub` is its subject where its signature is good, else `null`. */
export class RefusedToken extends Problem {
  readonly sub: string | null

  constructor(code: 'unauthenticated' | 'token_expired' | 'invalid_claims', sub: unknown, why?: Words) {
    const isOfToken = code !== 'unauthenticated'
    super(code, {
      // what is wrong with the claims is told beside the sentence of the code, and otherwise in its stead
      ...(why && code === 'unauthenticated' && { detail: why }),
      ...(why && { errors: [{ in: 'header', pointer: 'Authorization', detail: why }] }),
      headers: { 'www-authenticate': isOfToken ? 'Bearer error="invalid_token"' : 'Bearer' },
    })
    this.sub = typeof sub === 'string' ? sub.slice(0, maxIdLength) : null
  }
}

const unauthenticated = (code: 'unauthenticated' | 'token_expired', sub?: unknown): Problem =>
  new RefusedToken(code, sub, code === 'unauthenticated' ? notOurs : undefined)

/** Codes that speak of the token; everything else that can go wrong is that the keys could not be had. */
const ofToken = new Set<string>([
  errors.JWSInvalid.code,
  errors.JWTInvalid.code,
  errors.JWSSignatureVerificationFailed.code,
  errors.JOSEAlgNotAllowed.code,
  errors.JOSENotSupported.code,
  errors.JWKSNoMatchingKey.code,
  errors.JWKSMultipleMatchingKeys.code,
])

const refuse = (error: unknown): never => {
  const code = error instanceof errors.JOSEError ? error.code : undefined
  if (error instanceof errors.JWTExpired) throw unauthenticated('token_expired', error.payload.sub)
  if (error instanceof errors.JWTClaimValidationFailed)
    throw unauthenticated('unauthenticated', error.payload.sub)
  // A TypeError is a key of another kind than the algorithm's, so a token that was never for us.
  if (
    (code !== undefined && ofToken.has(code)) ||
    (error instanceof TypeError && error.cause === undefined)
  ) {
    throw unauthenticated('unauthenticated')
  }
  throw new Problem('auth_unavailable')
}

const invalidClaims = (why: Words, sub: unknown): Problem => new RefusedToken('invalid_claims', sub, why)

const unitClaim = (
  payload: JWTPayload,
  roles: readonly Role[],
  role: 'dealer' | 'rbo',
): string | undefined => {
  if (!roles.includes(role)) return undefined
  const code = unitCodeSchema.safeParse(payload[role])
  if (!code.success)
    throw invalidClaims(
      {
        en: `needs the claim ${role} with a code, for the role ${role}.`,
        zh: `角色 ${role} 须有声明 ${role}，其值为代码。`,
      },
      payload.sub,
    )
  return code.data
}

/** The caller that verified claims name. @throws Problem `invalid_claims` */
const callerOf = (payload: JWTPayload): Caller => {
  const { sub, exp } = payload
  if (typeof sub !== 'string' || sub.trim() === '' || sub.length > maxIdLength) {
    throw invalidClaims(
      {
        en: `needs a sub of 1 to ${maxIdLength} characters.`,
        zh: `sub 应为 1 至 ${maxIdLength} 个字符的文本。`,
      },
      sub,
    )
  }
  const roles = roleSchema.array().min(1).safeParse(payload.roles)
  if (!roles.success)
    throw invalidClaims({ en: 'needs roles, a list of known roles.', zh: 'roles 应为已知角色的列表。' }, sub)
  const dealer = unitClaim(payload, roles.data, 'dealer')
  const rbo = unitClaim(payload, roles.data, 'rbo')
  return {
    id: sub,
    sub,
    roles: [...new Set(roles.data)],
    expiresAt: exp! * 1000,
    ...(dealer !== undefined && { dealer }),
    ...(rbo !== undefined && { rbo }),
  }
}

/**
 * The caller as `X-On-Behalf-Of` has it: the CSC's software says for which agent it writes (`api.md`, Manners).
 * @throws Problem `invalid_request` from any other caller, and where it is not 1 to 64 visible characters.
 */
export const onBehalfOf = (caller: Caller, header: string | string[] | undefined): Caller => {
  if (header === undefined) return caller
  if (!caller.roles.includes('csc_system')) {
    throw invalidHeader('X-On-Behalf-Of', {
      en: 'may only be sent by csc_system.',
      zh: '仅 csc_system 可以使用。',
    })
  }
  if (typeof header === 'string' && /^[\x21-\x7e]{1,64}$/.test(header)) return { ...caller, id: header }
  throw invalidHeader('X-On-Behalf-Of', {
    en: 'must be 1 to 64 visible ASCII characters.',
    zh: '应为 1 至 64 个可见 ASCII 字符。',
  })
}

/**
 * Makes the check that a caller has a role one of the actions takes (rulebook §2). Which unit, where it matters, is
 * for the ticket's own guards.
 * @throws from the check: Refusal `role_not_allowed`
 */
export const requireAction = (actions: Action | readonly Action[]): ((caller: Caller) => void) => {
  const allowed = new Set<Role>([actions].flat().flatMap((action) => permissions[action] as readonly Role[]))
  const named = [...allowed].join(', ')
  return (caller) => {
    if (!caller.roles.some((role) => allowed.has(role)))
      throw new Refusal('role_not_allowed', { roles: named })
  }
}
