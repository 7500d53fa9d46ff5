/** The service without a socket: a data folder of its own, a clock that tests set, answers held against their schemas. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { InjectOptions } from 'fastify'
import { type Logger, pino } from 'pino'
import { buildApp } from '../../api/http/app.ts'
import type { Deps } from '../../api/http/deps.ts'
import type { Role } from '../../domain/authority.ts'
import { type Instant, toEpoch } from '../../domain/instant.ts'
import { readConfig } from '../../src/config.ts'
import { openCore } from '../../src/core.ts'
import { signToken } from '../../src/developmentToken.ts'
import { loadDevelopmentKey } from '../../src/devKey.ts'
import type { SqliteStoreOptions } from '../../src/store/sqliteStore.ts'

export type Who = { roles: Role[]; dealer?: string; rbo?: string; sub?: string }

/** Whatever JSON holds: tests say what they expect of it. */
export type Json = ReturnType<typeof JSON.parse>

export type Answer = {
  status: number
  headers: Record<string, unknown>
  body: Json
  text: string
  bytes: Buffer
}

export const startTestService = async ({
  now = '2026-11-01T02:00:00.000Z',
  dataDir,
  store,
  eventStore = 'sqlite',
  log = pino({ level: 'silent' }),
  variables = {},
  hasReadThreads = false,
}: {
  now?: Instant
  dataDir?: string
  store?: SqliteStoreOptions
  /** As the variable `EVENT_STORE` has it. */
  eventStore?: string
  log?: Logger
  /** More of the environment. */
  variables?: Record<string, string>
  /** Heavy reads in threads, as in the service that listens; else they are answered by this thread. */
  hasReadThreads?: boolean
} = {}) => {
  const folder = dataDir ?? mkdtempSync(join(tmpdir(), 'complaints-'))
  let clock = now
  let monotonic: number | null = null
  const config = readConfig({
    DATA_DIR: folder,
    METRICS_PORT: '0',
    RATE_LIMIT_PER_MINUTE: '0',
    EVENT_STORE: eventStore,
    ...variables,
  })
  const core = await openCore(config, {
    log,
    now: () => clock,
    // tests move both clocks together; one that jumps sets the wall clock alone
    monotonic: () => monotonic ?? toEpoch(clock),
    checkAnswers: true,
    ...(store !== undefined && { store }),
  })
  await core.ready
  const { readThreads: _, ...withoutThreads } = core.deps
  const deps: Deps = hasReadThreads ? core.deps : withoutThreads
  const app = buildApp(deps)
  const tokens = new Map<string, string>()
  const tokenOf = async (who: Who): Promise<string> => {
    const key = JSON.stringify(who)
    const known =
      tokens.get(key) ??
      (await signToken({ sub: 'somebody', hours: 1, ...who }, loadDevelopmentKey(folder), Date.now()))
    tokens.set(key, known)
    return known
  }
  return {
    app,
    deps,
    folder,
    tokenOf,
    /** A token that lasts so many seconds. */
    shortToken: (who: Who, seconds: number): Promise<string> =>
      signToken({ sub: 'somebody', hours: seconds / 3_600, ...who }, loadDevelopmentKey(folder), Date.now()),
    setClock: (instant: Instant): void => {
      clock = instant
    },
    /** From now on the clock that nobody sets shows this; `null`: the same as the wall clock. */
    setMonotonic: (ms: number | null): void => {
      monotonic = ms
    },
    /** One look of the timer that records dues. */
    lookForDues: () => core.dues.look(),
    dues: core.dues,
    webhooks: core.webhooks,
    cleanAttachments: core.cleanAttachments,
    call: async (
      who: Who | null,
      method: string,
      url: string,
      options: { body?: unknown; headers?: Record<string, string> } = {},
    ): Promise<Answer> => {
      const headers = { ...(who && { authorization: `Bearer ${await tokenOf(who)}` }), ...options.headers }
      const isStream = url.startsWith('/v1/stream')
      const answer = await app.inject({
        method: method as NonNullable<InjectOptions['method']>,
        url,
        headers,
        ...(options.body !== undefined && { payload: options.body as string | object }),
        // a stream does not end: of one that begins only status and headers are told
        payloadAsStream: isStream,
      })
      if (String(answer.headers['content-type']).startsWith('text/event-stream')) {
        answer.stream().destroy()
        return {
          status: answer.statusCode,
          headers: answer.headers,
          body: null,
          text: '',
          bytes: Buffer.alloc(0),
        }
      }
      const bytes = isStream ? Buffer.concat(await answer.stream().toArray()) : answer.rawPayload
      const text = bytes.toString()
      const isJson = text !== '' && String(answer.headers['content-type']).includes('json')
      return {
        status: answer.statusCode,
        headers: answer.headers,
        body: isJson ? JSON.parse(text) : null,
        text,
        bytes,
      }
    },
    close: async (): Promise<void> => {
      await app.close()
      await core.close()
      if (dataDir === undefined) rmSync(folder, { recursive: true, force: true })
    },
  }
}
export type TestService = Awaited<ReturnType<typeof startTestService>>
