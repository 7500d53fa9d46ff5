import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { describe, expect, it } from '@jest/globals'
import { createAuthenticator } from '../../api/http/auth.ts'
import { readConfig } from '../../src/config.ts'
import { claimsOf, signToken, tokenOptions } from '../../src/developmentToken.ts'
import { loadDevelopmentKey } from '../../src/devKey.ts'

const auth = { AUTH_JWKS_URL: 'https://idp/jwks', AUTH_ISSUER: 'https://idp', AUTH_AUDIENCE: 'tickets' }

describe('the configuration', () => {
  it('needs nothing for development', () => {
    expect(readConfig({})).toEqual({
      production: false,
      host: '127.0.0.1',
      port: 8080,
      metricsPort: 9464,
      dataDir: './data',
      eventStore: 'sqlite',
      auth: null,
      logLevel: 'info',
      masterKey: undefined,
      rateLimitPerMinute: 6000,
      corsOrigins: [],
      maxConnections: 10_000,
      readThreads: 1,
      webhookAllow: { hosts: new Set(), networks: [] },
      attachments: { kind: 'folder' },
      clamd: null,
      consoleSignIn: null,
    })
  })

  it('is read from the environment, and what is empty is left out', () => {
    const variables = {
      ...auth,
      NODE_ENV: 'production',
      HOST: '0.0.0.0',
      PORT: '0',
      METRICS_PORT: '0',
      LOG_LEVEL: ' ',
    }
    expect(
      readConfig({ ...variables, CORS_ORIGINS: 'https://a.example, http://localhost:3000' }),
    ).toMatchObject({
      production: true,
      host: '0.0.0.0',
      port: 0,
      metricsPort: null,
      auth: { jwksUrl: new URL('https://idp/jwks'), issuer: 'https://idp', audience: 'tickets' },
      logLevel: 'info',
      corsOrigins: ['https://a.example', 'http://localhost:3000'],
    })
  })

  it.each([
    [{ PORT: 'http' }, 'PORT must be a whole number from 0 to 65535; leave it out for 8080.'],
    [{ PORT: '70000' }, 'PORT must be'],
    [{ METRICS_PORT: '-1' }, 'METRICS_PORT must be'],
    [{ METRICS_PORT: '8080' }, 'METRICS_PORT and PORT are both 8080: give the metrics a port of their own.'],
    [{ EVENT_STORE: 'postgres://localhost' }, 'EVENT_STORE must be sqlite, or an address like esdb://'],
    [{ ATTACHMENTS: 's3' }, 'ATTACHMENTS must be folder, or the http(s) address of an S3 bucket'],
    [{ ATTACHMENTS: 'https://s3.example' }, 'ATTACHMENTS must be folder'],
    [{ ATTACHMENTS: 'https://user:secret@s3.example/bucket' }, 'ATTACHMENTS must be folder'],
    [{ ATTACHMENTS: 'https://s3.example/bucket' }, 'set S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY too'],
    [{ CLAMD: 'scanner' }, 'CLAMD must be the address of a clamd as host:port'],
    [{ CLAMD: 'scanner:0' }, 'CLAMD must be'],
    [{ CLAMD: 'scanner:70000' }, 'CLAMD must be'],
    [{ LOG_LEVEL: 'loud' }, 'LOG_LEVEL must be one of fatal, error'],
    [{ RATE_LIMIT_PER_MINUTE: '1.5' }, 'RATE_LIMIT_PER_MINUTE must be'],
    [{ CORS_ORIGINS: 'https://a.example/' }, 'without a path or a slash at the end'],
    [{ ...auth, AUTH_JWKS_URL: 'idp' }, 'AUTH_JWKS_URL must be the http(s) address'],
    [{ AUTH_ISSUER: 'https://idp' }, 'Set AUTH_JWKS_URL and AUTH_AUDIENCE too'],
    [{ NODE_ENV: ' Production ' }, 'NODE_ENV=production needs AUTH_JWKS_URL'],
    [
      { ...auth, NODE_ENV: 'PRODUCTION', AUTH_JWKS_URL: 'http://idp/jwks' },
      'AUTH_JWKS_URL must begin with https',
    ],
    [{ NODE_ENV: 'production' }, 'NODE_ENV=production needs AUTH_JWKS_URL, AUTH_ISSUER, AUTH_AUDIENCE'],
    [{ HOST: '0.0.0.0' }, 'HOST 0.0.0.0 can be reached from other machines'],
  ])('with %j stops the start with a sentence', (variables, sentence) => {
    expect(() => readConfig(variables)).toThrow(sentence)
  })

  it('names everything that is wrong at once', () => {
    expect(() => readConfig({ PORT: 'x', LOG_LEVEL: 'x' })).toThrow(/PORT must.*\nLOG_LEVEL must/)
  })
})

describe('a development token', () => {
  it('is one the service takes', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'complaint-tickets-'))
    const key = loadDevelopmentKey(dir)
    expect((await stat(join(dir, 'development.key'))).mode & 0o777).toBe(0o600)
    expect(loadDevelopmentKey(dir).equals(key)).toBe(true)
    const token = await signToken(claimsOf({ role: ['rbo', 'csr'], rbo: 'EAST' }), key, Date.now())
    expect(await createAuthenticator({ kind: 'development', key })(`Bearer ${token}`)).toMatchObject({
      id: 'dev-rbo-csr-EAST',
      roles: ['rbo', 'csr'],
      rbo: 'EAST',
    })
    await rm(dir, { recursive: true })
  })

  it.each([
    [[], 'Say at least one --role: csr, csr_media, csc_system,'],
    [['--role', 'boss'], 'There is no role boss; there are: csr, csr_media,'],
    [['--role', 'dealer'], 'Role dealer needs --dealer CODE.'],
    [['--role', 'csr', '--rbo', 'EAST'], '--rbo goes with --role rbo only.'],
    [['--role', 'rbo', '--rbo', 'a b'], '--rbo must be 1 to 20 letters'],
    [['--role', 'csr', '--hours', '0'], '--hours must be'],
  ])('is refused for %j', (args, sentence) => {
    expect(() => claimsOf(parseArgs({ args, options: tokenOptions }).values)).toThrow(sentence)
  })
})

describe('the keys of production', () => {
  const production = { ...auth, NODE_ENV: 'production' }

  it.each(['localhost', '127.0.0.1', '127.8.8.8', '[::1]'])('may come over http from %s', (host) => {
    const { auth: settings } = readConfig({ ...production, AUTH_JWKS_URL: `http://${host}:8080/jwks` })
    expect(settings?.jwksUrl.protocol).toBe('http:')
  })

  it.each(['127.0.0.1.example.com', 'localhost.example.com', '10.0.0.1', '[::2]', '0.0.0.0'])(
    'may not come over http from %s',
    (host) => {
      expect(() => readConfig({ ...production, AUTH_JWKS_URL: `http://${host}/jwks` })).toThrow('https')
    },
  )

  it('may come over http from anywhere in development', () => {
    expect(readConfig({ ...auth, AUTH_JWKS_URL: 'http://idp/jwks' }).auth).not.toBeNull()
  })
})

describe('the connections', () => {
  it.each(['0', '-1', 'many', '1000001', '1.5'])('cannot be %s', (value) => {
    expect(() => readConfig({ MAX_CONNECTIONS: value })).toThrow('MAX_CONNECTIONS must be')
  })

  it('come in at one address where HOST is localhost', () => {
    expect(readConfig({ HOST: ' LocalHost ' }).host).toBe('127.0.0.1')
  })
})
