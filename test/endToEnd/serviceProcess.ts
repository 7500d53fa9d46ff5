/** The real service: `node src/main.ts` as a process of its own over a data folder, and calls to it by HTTP. */
import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { signToken } from '../../src/developmentToken.ts'
import { loadDevelopmentKey } from '../../src/devKey.ts'
import type { Json, Who } from '../support/service.ts'

const projectRoot = join(import.meta.dirname, '../..')
/** For a process that hangs, not for one that is slow on a busy machine; below what a test and its hooks may take. */
const waitsMs = 50_000
/** For one whose progress can be seen. */
const longestMs = 180_000

export type Answer = { status: number; headers: Headers; body: Json }
export type RequestOptions = { body?: unknown; key?: string; minPosition?: string; requestId?: string }
export type ExitResult = { code: number | null; signal: NodeJS.Signals | null; output: string }

/** Only what the test says is in the environment of the process, and where compiled code is kept (see jest.config.js). */
const environmentOf = (variables: Record<string, string>): NodeJS.ProcessEnv => ({
  PATH: process.env.PATH,
  NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
  ...variables,
})

const endOf = (child: ChildProcess, output: () => string): Promise<ExitResult> =>
  new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code, signal) => resolve({ code, signal, output: output() }))
  })

const launch = (script: string, variables: Record<string, string>, args: string[] = []) => {
  const child = spawn(process.execPath, [script, ...args], {
    cwd: projectRoot,
    env: environmentOf(variables),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const chunks: string[] = []
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (chunk) => chunks.push(chunk))
  const output = (): string => chunks.join('')
  return { child, output, ended: endOf(child, output) }
}

/** Starts one of the programs and kills it as soon as `enough` says so; its end, where it was there before. */
export const killedWhen = async (
  script: string,
  variables: Record<string, string>,
  { args = [], enough }: { args?: string[]; enough: () => boolean },
): Promise<ExitResult> => {
  const { child, ended } = launch(script, variables, args)
  const look = setInterval(() => enough() && child.kill('SIGKILL'), 1)
  const end = await ended
  clearInterval(look)
  return end
}

/** Runs one of the programs to its end. */
export const runToEnd = (
  script: string,
  variables: Record<string, string>,
  args: string[] = [],
): Promise<ExitResult> => launch(script, variables, args).ended

/**
 * Looks every few milliseconds until there is something to see.
 * @param progress a value that changes while it goes on: a busy machine is waited for, and nothing that stands still
 * @throws Error 50 s after the beginning or the last progress, at the latest after three minutes
 */
export const eventually = async <T>(
  what: string,
  look: () => Promise<T | undefined> | T | undefined,
  progress: () => unknown = () => null,
) => {
  const began = Date.now()
  let last = progress()
  for (let movedAt = began; Date.now() < Math.min(movedAt + waitsMs, began + longestMs); ) {
    const seen = await look()
    if (seen !== undefined) return seen
    const now = progress()
    if (now !== last) movedAt = Date.now()
    last = now
    await sleep(10)
  }
  throw new Error(`waited ${Date.now() - began} ms in vain: ${what}`)
}

const ticksPerSecond = 100
/** Seconds of the processor that a process has used; 0 where the system does not say. */
const cpuSecondsOf = ({ pid }: ChildProcess): number => {
  try {
    const [user = 0, system = 0] = readFileSync(`/proc/${pid}/stat`, 'latin1')
      .split(') ')
      .at(-1)!
      .split(' ')
      .slice(11, 13)
      .map(Number)
    return (user + system) / ticksPerSecond
  } catch {
    return 0
  }
}

/** A port nobody listens on. */
export const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer().once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      server.close(() => resolve(port))
    })
  })

const bodyOf = async (response: Response): Promise<Json> => {
  const text = await response.text()
  return response.headers.get('content-type')?.includes('json') ? JSON.parse(text) : text
}

/**
 * Starts the service and waits until it listens; `ready` waits for its views. `script` is what is started. A service that
 * does not come to listen is killed before this throws: nobody else could.
 */
export const startProcess = async (
  dataDir: string,
  variables: Record<string, string> = {},
  script = 'src/main.ts',
) => {
  const { child, output, ended } = launch(script, {
    DATA_DIR: dataDir,
    PORT: '0',
    METRICS_PORT: '0',
    RATE_LIMIT_PER_MINUTE: '0',
    ...variables,
  })
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve))
  let over = false
  ended.then(() => {
    over = true
  })
  /** A start that goes on uses the processor. */
  const cpuSeconds = (): number => cpuSecondsOf(child)
  const url = await eventually(
    'the service listens',
    () => {
      if (over) throw new Error(`the service did not start: ${output()}`)
      return /"url":"([^"]+)"/.exec(output())?.[1]
    },
    cpuSeconds,
  ).catch(async (error: unknown) => {
    child.kill('SIGKILL')
    await ended
    throw error
  })
  const tokens = new Map<string, Promise<string>>()
  const tokenOf = (who: Who): Promise<string> => {
    const name = JSON.stringify(who)
    const known =
      tokens.get(name) ??
      signToken({ sub: 'somebody', hours: 1, ...who }, loadDevelopmentKey(dataDir), Date.now())
    tokens.set(name, known)
    return known
  }
  return {
    url,
    output,
    ended,
    /** The exit code; settles also where nobody reads what the process wrote. */
    exited,
    /** From now on nobody reads the log; `closed`: its pipe has no reader any more. */
    ignoreLog: (how: 'unread' | 'closed'): void => {
      if (how === 'closed') child.stdout.destroy()
      else child.stdout.pause()
    },
    tokenOf,
    kill: (signal: NodeJS.Signals): Promise<ExitResult> => {
      child.kill(signal)
      return ended
    },
    /** @throws TypeError where the connection ends without an answer. */
    call: async (
      who: Who | null,
      method: string,
      path: string,
      { body, key, minPosition, requestId }: RequestOptions = {},
    ): Promise<Answer> => {
      const response = await fetch(url + path, {
        method,
        headers: {
          ...(who && { authorization: `Bearer ${await tokenOf(who)}` }),
          ...(body !== undefined && { 'content-type': 'application/json' }),
          ...(key !== undefined && { 'idempotency-key': key }),
          ...(minPosition !== undefined && { 'x-min-position': minPosition }),
          ...(requestId !== undefined && { 'x-request-id': requestId }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      })
      return { status: response.status, headers: response.headers, body: await bodyOf(response) }
    },
    cpuSeconds,
    ready: () =>
      eventually(
        'the service is ready',
        async () => {
          if (over) throw new Error(`the service ended: ${output()}`)
          const { status } = await fetch(`${url}/readyz`)
          return status === 200 ? true : undefined
        },
        // asking costs it a little too: what counts are whole tenths of a second
        () => Math.floor(10 * cpuSeconds()),
      ),
  }
}
export type ServiceProcess = Awaited<ReturnType<typeof startProcess>>

/** Every page of a list. */
export const wholeList = async (service: ServiceProcess, who: Who, path: string): Promise<Json[]> => {
  const items: Json[] = []
  for (let cursor: string | null = ''; cursor !== null; ) {
    const page = await service.call(who, 'GET', `${path}${cursor && `&cursor=${encodeURIComponent(cursor)}`}`)
    if (page.status !== 200) throw new Error(`${path} answered ${page.status}`)
    items.push(...page.body.items)
    cursor = page.body.nextCursor
  }
  return items
}
