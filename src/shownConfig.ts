/** The configuration as the log shows it: everything that is no secret. */
import type { Config } from './config.ts'

/** Without what may be a secret in its query or user part. */
export const shownUrl = ({ origin, pathname }: URL): string => `${origin}${pathname}`

const shownStore = (store: Config['eventStore']) =>
  store === 'sqlite'
    ? store
    : {
        endpoints: store.endpoints.map(({ address, port }) => `${address}:${port}`),
        tls: store.tls,
        prefix: store.prefix,
      }

/** Every part of the configuration, secrets by their presence; a new part does not compile until it is entered. */
export const shownConfig = (config: Config): Record<keyof Config, unknown> => ({
  production: config.production,
  host: config.host,
  port: config.port,
  metricsPort: config.metricsPort,
  dataDir: config.dataDir,
  logLevel: config.logLevel,
  rateLimitPerMinute: config.rateLimitPerMinute,
  maxConnections: config.maxConnections,
  readThreads: config.readThreads,
  corsOrigins: config.corsOrigins,
  consoleSignIn: config.consoleSignIn === null ? 'token' : shownUrl(new URL(config.consoleSignIn.issuer)),
  webhookAllow: {
    hosts: [...config.webhookAllow.hosts],
    networks: config.webhookAllow.networks.map(([network, bits]) => `${network}/${bits}`),
  },
  eventStore: shownStore(config.eventStore),
  auth:
    config.auth === null
      ? 'development'
      : {
          jwks: shownUrl(config.auth.jwksUrl),
          issuer: config.auth.issuer,
          audience: config.auth.audience,
        },
  attachments: config.attachments.kind === 's3' ? shownUrl(config.attachments.url) : 'folder',
  clamd: config.clamd === null ? null : `${config.clamd.host}:${config.clamd.port}`,
  masterKey: config.masterKey === undefined ? 'file' : 'variable',
})
