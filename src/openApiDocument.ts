import { createSecretKey } from 'node:crypto'
import { pino } from 'pino'
import { createFoldedStates } from '../api/commands/folded.ts'
import { createInFlight } from '../api/commands/inFlight.ts'
import { createKeyedMutex } from '../api/commands/keyedMutex.ts'
import { buildApp } from '../api/http/app.ts'
import { createMetrics } from '../api/http/metrics.ts'

/** In place of a dependency: the routes are only described, so any use of it is a mistake. */
const untouched = <T extends object>(name: string): T =>
  new Proxy({} as T, {
    get: (_, property) => {
      throw new Error(`describing the API used ${name}.${String(property)}`)
    },
  })

const never = (): never => {
  throw new Error('describing the API did something')
}

/** The OpenAPI document as it is kept in `openapi/openapi.json`: made from the routes, without a store or a socket. */
export const openApiText = async (): Promise<string> => {
  const app = buildApp({
    store: untouched('store'),
    views: untouched('views'),
    sealing: untouched('sealing'),
    subjects: untouched('subjects'),
    access: untouched('access'),
    attachments: untouched('attachments'),
    now: never,
    newCommandId: never,
    log: pino({ level: 'silent' }),
    metrics: createMetrics(),
    inFlight: createInFlight(),
    keyedWrites: new Set(),
    digestUpTo: never,
    mutex: createKeyedMutex(),
    headWatch: untouched('headWatch'),
    webhooks: untouched('webhooks'),
    folded: createFoldedStates(),
    config: {
      auth: { kind: 'development', key: createSecretKey(Buffer.alloc(32)) },
      rateLimitPerMinute: 0,
      corsOrigins: [],
      maxConnections: 10_000,
      bodyLimitBytes: 1,
      checkAnswers: false,
    },
  })
  await app.ready()
  const text = `${JSON.stringify(app.swagger(), null, 2)}\n`
  await app.close()
  return text
}
