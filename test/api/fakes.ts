/** An app on an in-memory log with the real views of master data and commands, and tokens for it. */
import { createHmac, createSecretKey, randomUUID } from 'node:crypto'
import Database from 'better-sqlite3'
import type { FastifyInstance } from 'fastify'
import { SignJWT } from 'jose'
import { pino } from 'pino'
import { newCommandId } from '../../api/commands/commandId.ts'
import type { CommandViews } from '../../api/commands/deps.ts'
import { createFoldedStates } from '../../api/commands/folded.ts'
import { createInFlight } from '../../api/commands/inFlight.ts'
import { createKeyedMutex } from '../../api/commands/keyedMutex.ts'
import { buildApp } from '../../api/http/app.ts'
import type { Deps } from '../../api/http/deps.ts'
import { createMetrics } from '../../api/http/metrics.ts'
import { type EventStore, type StoredEvent, VersionConflict } from '../../domain/eventStore.ts'
import type { Sealer } from '../../domain/sealing.ts'
import { commands } from '../../projections/commands.ts'
import { master } from '../../projections/master/master.ts'
import type { Projection } from '../../projections/projection.ts'

export const key = createSecretKey(Buffer.alloc(32, 7))

/** A development token; claims that are given win. */
export const tokenFor = (claims: Record<string, unknown>, expires: string | number = '1h'): Promise<string> =>
  new SignJWT({ sub: 'someone', ...claims })
    .setProtectedHeader({ alg: 'HS256' })
    .setExpirationTime(expires)
    .sign(key)

export const bearer = async (...roles: string[]): Promise<{ authorization: string }> => ({
  authorization: `Bearer ${await tokenFor({ sub: `the ${roles.join(' and ')}`, roles })}`,
})

const unused = <T>(name: string): T =>
  new Proxy(
    {},
    {
      get: (_, property) => {
        throw new Error(`this test has no ${name}.${String(property)}`)
      },
    },
  ) as T

export const fakeSealing = (): Sealer => ({
  ...unused<Sealer>('sealing'),
  requestDigest: (subject, text) =>
    createHmac('sha256', `digest ${subject}`).update(text).digest('base64url'),
})

/** A log in memory; `onAppend` is told of every event before the append returns. */
export const memoryStore = (onAppend: (events: StoredEvent[]) => void = () => undefined): EventStore => {
  const log: StoredEvent[] = []
  const readStream: EventStore['readStream'] = async (stream, after = 0) =>
    log.filter((event) => event.stream === stream && event.version > after)
  return {
    ...unused<EventStore>('store'),
    readStream,
    append: async (stream, expected, events) => {
      const actual = (await readStream(stream)).length
      if (actual !== expected) throw new VersionConflict(stream, expected, actual)
      const stored = events.map((event, index) => ({
        ...event,
        stream,
        version: expected + index + 1,
        position: String(log.length + index + 1),
      }))
      log.push(...stored)
      onAppend(stored)
      return { version: expected + events.length, position: String(log.length) }
    },
    comparePositions: (a, b) => {
      if (![a, b].every((each) => /^\d+$/.test(each))) throw new Error('no position')
      return Number(a) - Number(b)
    },
    head: async () => log.at(-1)?.position ?? null,
  }
}

const opened = <Q>(projection: Projection<Q>) => {
  const db = new Database(':memory:')
  for (const table of Object.values(projection.tables)) db.exec(table)
  const { apply, flush, queries } = projection.open(db, fakeSealing())
  return {
    queries,
    take: (events: StoredEvent[]) => {
      for (const event of events) apply(event)
      flush()
    },
  }
}

export type Fake = { app: FastifyInstance; deps: Deps; logged: string[] }

/** The app with what a test wants otherwise; nothing listens. */
export const fakeApp = async (
  more: Partial<Deps> = {},
  config: Partial<Deps['config']> = {},
): Promise<Fake> => {
  const views = { commands: opened(commands), master: opened(master) }
  const store = memoryStore((events) => {
    views.commands.take(events)
    views.master.take(events)
  })
  const logged: string[] = []
  const deps: Deps = {
    store,
    views: {
      ...unused<CommandViews>('views'),
      reached: async () => true,
      status: () => [],
      commands: views.commands.queries,
      master: views.master.queries,
      // the document looks for tickets to give as examples
      tickets: {
        ...unused<CommandViews['tickets']>('tickets'),
        page: () => ({ items: [], nextCursor: null }) as never,
      },
    },
    sealing: fakeSealing(),
    access: {
      write: async () => {},
      complete: () => {},
      settle: async () => {},
      find: async () => ({ items: [], next: null }),
      reason: () => null,
    },
    attachments: unused<Deps['attachments']>('attachments'),
    subjects: { create: () => randomUUID(), get: () => null, destroy: () => {} },
    now: () => '2026-03-02T02:00:00.000Z',
    newCommandId,
    log: pino({ level: 'info' }, { write: (line: string) => void logged.push(line) }),
    metrics: createMetrics(),
    inFlight: createInFlight(),
    keyedWrites: new Set(),
    digestUpTo: () => null,
    mutex: createKeyedMutex(),
    folded: createFoldedStates(),
    headWatch: {
      look: () => deps.store.head().catch(() => undefined),
      secondsBehind: () => 0,
      stop: () => undefined,
    },
    webhooks: unused<Deps['webhooks']>('webhooks'),
    config: {
      auth: { kind: 'development', key },
      rateLimitPerMinute: 0,
      corsOrigins: [],
      maxConnections: 10_000,
      bodyLimitBytes: 1_048_576,
      checkAnswers: true,
      ...config,
    },
    ...more,
  }
  const app = buildApp(deps)
  await app.ready()
  return { app, deps, logged }
}
