/** The environment, read once. A wrong value stops the start with a sentence that says what to do. */
import { availableParallelism } from 'node:os'
import { z } from 'zod'
import type { AttachmentSettings } from './attachments/attachments.ts'
import type { ScannerAddress } from './attachments/scanner.ts'
import { type EsdbAddress, readEsdbAddress, requireQuietClient } from './store/esdb/address.ts'
import { type AllowedTargets, readAllowedTargets } from './webhooks/address.ts'

export type AuthSettings = { jwksUrl: URL; issuer: string; audience: string }

/** The identity provider that people sign in at in the console. */
export type ConsoleSignInSettings = { issuer: string; clientId: string }

export type Config = {
  production: boolean
  host: string
  port: number
  /** `null`: no metrics are served. */
  metricsPort: number | null
  dataDir: string
  /** The embedded engine, or where the EventStoreDB is. */
  eventStore: 'sqlite' | EsdbAddress
  /** `null`: development, tokens are signed with the key in the data folder. */
  auth: AuthSettings | null
  logLevel: string
  masterKey: string | undefined
  /** Requests a minute and `sub`; 0 is no limit. */
  rateLimitPerMinute: number
  /** Connections at once. */
  maxConnections: number
  /** Threads for heavy reads at most. */
  readThreads: number
  corsOrigins: string[]
  /** `null`: the console takes a token that is pasted. */
  consoleSignIn: ConsoleSignInSettings | null
  /** Receivers of webhooks that may be private or http. */
  webhookAllow: AllowedTargets
  /** Where the bytes of attachments are. */
  attachments: AttachmentSettings
  /** A virus scanner for uploads; `null`: none. */
  clamd: ScannerAddress | null
}

const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const

/** A whole number in a variable, with the sentence for everything else. */
const whole = (min: number, max: number, sentence: string) =>
  z
    .string()
    .regex(/^\d{1,9}$/, sentence)
    .transform(Number)
    .refine((value) => value >= min && value <= max, sentence)

const isOrigin = (text: string): boolean => URL.canParse(text) && new URL(text).origin === text

/** An address with a bucket in its path and nothing that would be a secret or be lost. */
const isBucketUrl = (text: string): boolean => {
  if (!URL.canParse(text)) return false
  const { protocol, username, password, search, hash, pathname } = new URL(text)
  const isPlain = [username, password, search, hash].every((part) => part === '')
  return /^https?:$/.test(protocol) && isPlain && /^\/[\w.-]+(?:\/[\w.-]+)*\/?$/.test(pathname)
}

const isHttpUrl = (text: string): boolean => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)

const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host)

const portSentence = 'PORT must be a whole number from 0 to 65535; leave it out for 8080.'
const metricsSentence =
  'METRICS_PORT must be a whole number from 0 to 65535; 0 turns metrics off, leave it out for 9464.'
const rateSentence =
  'RATE_LIMIT_PER_MINUTE must be a whole number from 0 to 1000000; 0 turns the limit off, leave it out for 6000.'
const connectionsSentence =
  'MAX_CONNECTIONS must be a whole number from 1 to 1000000; leave it out for 10000.'
const threadsSentence =
  'READ_THREADS must be a whole number from 1 to 64; leave it out for one less than the machine has cores.'
const jwksSentence = 'AUTH_JWKS_URL must be the http(s) address of the JWKS of your identity provider.'
const logSentence = `LOG_LEVEL must be one of ${logLevels.join(', ')}; leave it out for info.`
const attachmentsSentence =
  'ATTACHMENTS must be folder, or the http(s) address of an S3 bucket such as https://s3.example.com/bucket/prefix, without user, query or fragment; leave it out for the data folder.'
const clamdSentence =
  'CLAMD must be the address of a clamd as host:port, such as 127.0.0.1:3310; leave it out for no virus scanner.'
const corsSentence =
  'CORS_ORIGINS must be a comma list of origins such as https://desk.example.com, without a path or a slash at the end.'
const issuerSentence =
  'CONSOLE_OIDC_ISSUER must be the https address of your identity provider; http is taken on loopback only.'

const isIssuer = (text: string): boolean => {
  if (!isHttpUrl(text)) return false
  const { protocol, hostname } = new URL(text)
  return protocol === 'https:' || isLoopback(hostname.replace(/^\[|\]$/g, ''))
}

const environment = z.object({
  NODE_ENV: z
    .string()
    .transform((name) => name.trim().toLowerCase())
    .optional(),
  HOST: z
    .string()
    // one address: for `localhost` a second server would listen on ::1, out of reach of the limits of the first
    .transform((host) => (host.trim().toLowerCase() === 'localhost' ? '127.0.0.1' : host.trim()))
    .default('127.0.0.1'),
  PORT: whole(0, 65_535, portSentence).default(8080),
  METRICS_PORT: whole(0, 65_535, metricsSentence).default(9464),
  DATA_DIR: z.string().default('./data'),
  EVENT_STORE: z.string().default('sqlite'),
  DEBUG: z.string().optional(),
  AUTH_JWKS_URL: z.string().refine(isHttpUrl, jwksSentence).optional(),
  AUTH_ISSUER: z.string().optional(),
  AUTH_AUDIENCE: z.string().optional(),
  LOG_LEVEL: z.enum(logLevels, logSentence).default('info'),
  MASTER_KEY: z.string().optional(),
  RATE_LIMIT_PER_MINUTE: whole(0, 1_000_000, rateSentence).default(6000),
  MAX_CONNECTIONS: whole(1, 1_000_000, connectionsSentence).default(10_000),
  READ_THREADS: whole(1, 64, threadsSentence).optional(),
  CORS_ORIGINS: z
    .string()
    .transform((list) => list.split(',').map((origin) => origin.trim()))
    .refine((origins) => origins.every(isOrigin), corsSentence)
    .default([]),
  WEBHOOK_ALLOW: z.string().default(''),
  CONSOLE_OIDC_ISSUER: z.string().refine(isIssuer, issuerSentence).optional(),
  CONSOLE_OIDC_CLIENT_ID: z.string().optional(),
  ATTACHMENTS: z
    .string()
    .trim()
    .refine((text) => text === 'folder' || isBucketUrl(text), attachmentsSentence)
    .default('folder'),
  S3_ACCESS_KEY_ID: z.string().optional(),
  S3_SECRET_ACCESS_KEY: z.string().optional(),
  S3_REGION: z
    .string()
    .regex(/^[\w-]{1,64}$/, 'S3_REGION must be a name such as us-east-1.')
    .default('us-east-1'),
  CLAMD: z
    .string()
    .trim()
    .regex(/^(?:\[[\da-fA-F:.]+\]|[\w.-]+):\d{1,5}$/, clamdSentence)
    .optional(),
})

type Environment = z.infer<typeof environment>

const authNames = ['AUTH_JWKS_URL', 'AUTH_ISSUER', 'AUTH_AUDIENCE'] as const

/** All three or none; with none, development on loopback only. */
const authOf = (env: Environment): AuthSettings | null => {
  const { AUTH_JWKS_URL, AUTH_ISSUER, AUTH_AUDIENCE, NODE_ENV, HOST } = env
  if (AUTH_JWKS_URL !== undefined && AUTH_ISSUER !== undefined && AUTH_AUDIENCE !== undefined) {
    const jwksUrl = new URL(AUTH_JWKS_URL)
    const isSafe = jwksUrl.protocol === 'https:' || isLoopback(jwksUrl.hostname.replace(/^\[|\]$/g, ''))
    if (NODE_ENV === 'production' && !isSafe) {
      throw new Error(
        'AUTH_JWKS_URL must begin with https:// in production, except on loopback: over http anybody on the way can exchange the keys.',
      )
    }
    return { jwksUrl, issuer: AUTH_ISSUER, audience: AUTH_AUDIENCE }
  }
  const missing = authNames.filter((name) => env[name] === undefined)
  if (missing.length < authNames.length) {
    throw new Error(
      `Set ${missing.join(' and ')} too: ${authNames.join(', ')} go together, all three or none.`,
    )
  }
  if (NODE_ENV === 'production') {
    throw new Error(
      `NODE_ENV=production needs ${authNames.join(', ')}: set all three to your identity provider's.`,
    )
  }
  if (!isLoopback(HOST)) {
    throw new Error(
      `HOST ${HOST} can be reached from other machines, which needs ${authNames.join(', ')}: set all three, or HOST=127.0.0.1.`,
    )
  }
  return null
}

const attachmentsOf = (env: Environment): AttachmentSettings => {
  const { ATTACHMENTS, S3_ACCESS_KEY_ID, S3_SECRET_ACCESS_KEY, S3_REGION: region } = env
  if (ATTACHMENTS === 'folder') return { kind: 'folder' }
  if (S3_ACCESS_KEY_ID === undefined || S3_SECRET_ACCESS_KEY === undefined)
    throw new Error('ATTACHMENTS names an S3 bucket: set S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY too.')
  return {
    kind: 's3',
    url: new URL(ATTACHMENTS),
    accessKeyId: S3_ACCESS_KEY_ID,
    secretAccessKey: S3_SECRET_ACCESS_KEY,
    region,
  }
}

const scannerOf = ({ CLAMD }: Environment): ScannerAddress | null => {
  const [, host, port] = /^\[?(.+?)\]?:(\d+)$/.exec(CLAMD ?? '') ?? []
  if (host === undefined) return null
  if (Number(port) < 1 || Number(port) > 65_535) throw new Error(clamdSentence)
  return { host, port: Number(port) }
}

const storeOf = ({ EVENT_STORE, DEBUG }: Environment): Config['eventStore'] => {
  if (EVENT_STORE.trim() === 'sqlite') return 'sqlite'
  requireQuietClient(DEBUG)
  return readEsdbAddress(EVENT_STORE)
}

/** Both or none. */
const consoleSignInOf = (env: Environment): ConsoleSignInSettings | null => {
  const { CONSOLE_OIDC_ISSUER: issuer, CONSOLE_OIDC_CLIENT_ID: clientId } = env
  if (issuer !== undefined && clientId !== undefined) return { issuer, clientId }
  if (issuer === undefined && clientId === undefined) return null
  const missing = issuer === undefined ? 'CONSOLE_OIDC_ISSUER' : 'CONSOLE_OIDC_CLIENT_ID'
  throw new Error(
    `Set ${missing} too: CONSOLE_OIDC_ISSUER and CONSOLE_OIDC_CLIENT_ID go together, both or none.`,
  )
}

/**
 * Reads the configuration from environment variables; an empty one counts as left out.
 * @throws Error with a sentence per wrong variable that says what to do.
 */
export const readConfig = (variables: Record<string, string | undefined>): Config => {
  const given = Object.entries(variables).filter(([, value]) => value !== undefined && value.trim() !== '')
  const parsed = environment.safeParse(Object.fromEntries(given))
  if (!parsed.success) throw new Error(parsed.error.issues.map(({ message }) => message).join('\n'))
  const env = parsed.data
  if (env.METRICS_PORT !== 0 && env.METRICS_PORT === env.PORT) {
    throw new Error(`METRICS_PORT and PORT are both ${env.PORT}: give the metrics a port of their own.`)
  }
  return {
    production: env.NODE_ENV === 'production',
    host: env.HOST,
    port: env.PORT,
    metricsPort: env.METRICS_PORT === 0 ? null : env.METRICS_PORT,
    dataDir: env.DATA_DIR,
    eventStore: storeOf(env),
    auth: authOf(env),
    logLevel: env.LOG_LEVEL,
    masterKey: env.MASTER_KEY,
    rateLimitPerMinute: env.RATE_LIMIT_PER_MINUTE,
    maxConnections: env.MAX_CONNECTIONS,
    readThreads: env.READ_THREADS ?? Math.max(1, availableParallelism() - 1),
    corsOrigins: env.CORS_ORIGINS,
    consoleSignIn: consoleSignInOf(env),
    webhookAllow: readAllowedTargets(env.WEBHOOK_ALLOW),
    attachments: attachmentsOf(env),
    clamd: scannerOf(env),
  }
}
