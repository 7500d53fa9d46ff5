import { expect, it } from '@jest/globals'
import { readConfig } from '../../src/config.ts'
import { shownConfig } from '../../src/shownConfig.ts'

it('shows the configuration in the log without any secret', () => {
  const config = readConfig({
    NODE_ENV: 'production',
    AUTH_JWKS_URL: 'https://user:s3cr3t@idp.example/jwks?key=s3cr3t',
    AUTH_ISSUER: 'https://idp.example',
    AUTH_AUDIENCE: 'tickets',
    MASTER_KEY: 's3cr3t',
    ATTACHMENTS: 'https://s3.example:9000/bucket/prefix',
    S3_ACCESS_KEY_ID: 's3cr3t',
    S3_SECRET_ACCESS_KEY: 's3cr3t',
    CLAMD: '[::1]:3310',
    EVENT_STORE: 'esdb://admin:s3cr3t@127.0.0.1:2113?tls=true',
  })
  const shown = JSON.stringify(shownConfig(config))
  expect(shown).not.toContain('s3cr3t')
  expect(JSON.parse(shown)).toMatchObject({
    production: true,
    auth: { jwks: 'https://idp.example/jwks', issuer: 'https://idp.example', audience: 'tickets' },
    masterKey: 'variable',
    eventStore: { endpoints: ['127.0.0.1:2113'], tls: true },
    maxConnections: 10_000,
    readThreads: 1,
    attachments: 'https://s3.example:9000/bucket/prefix',
    clamd: '::1:3310',
  })
})
