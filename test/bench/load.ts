/** Load by HTTP on a server in a process of its own. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { Pool } from 'undici'
import { signToken } from '../../src/developmentToken.ts'
import { loadDevelopmentKey } from '../../src/devKey.ts'

export type Server = { url: string; stop(): Promise<void> }

const startServer = async (
  kind: 'service' | 'baseline',
  folder: string,
  flushMs: number,
): Promise<Server> => {
  const script = new URL('./server.ts', import.meta.url).pathname
  const child: ChildProcess = spawn(
    process.execPath,
    ['--max-semi-space-size=32', script, kind, folder, String(flushMs)],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  const [line] = (await once(child.stdout as NodeJS.ReadableStream, 'data')) as [Buffer]
  return {
    url: line.toString().trim(),
    stop: async () => {
      child.kill('SIGKILL')
      await once(child, 'exit')
    },
  }
}

/** Runs `work` against a server of its own. */
export const withServer = async <T>(
  { kind, folder, flushMs }: { kind: 'service' | 'baseline'; folder: string; flushMs: number },
  work: (server: Server) => Promise<T>,
): Promise<T> => {
  const server = await startServer(kind, folder, flushMs)
  try {
    return await work(server)
  } finally {
    await server.stop()
  }
}

/** A token of the development key in that folder. */
export const tokenFor = (folder: string, roles: string[]): Promise<string> =>
  signToken({ sub: `bench-${roles.join('-')}`, roles, hours: 2 }, loadDevelopmentKey(folder), Date.now())

/**
 * Posts for `seconds` from `clients` connections, each one request after the other.
 * @returns answers of status `expected` per second
 * @throws Error where any other status is answered
 */
export const postFor = async (
  url: string,
  path: string,
  {
    clients,
    seconds,
    token,
    expected,
    body,
  }: { clients: number; seconds: number; token: string; expected: number; body: (nth: number) => string },
): Promise<number> => {
  const pool = new Pool(url, { connections: clients, pipelining: 1 })
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
  let sent = 0
  let answered = 0
  const started = performance.now()
  const end = started + seconds * 1000
  const client = async (): Promise<void> => {
    while (performance.now() < end) {
      const answer = await pool.request({ path, method: 'POST', headers, body: body(sent++) })
      const text = await answer.body.text()
      if (answer.statusCode !== expected) throw new Error(`${answer.statusCode}: ${text}`)
      answered += 1
    }
  }
  await Promise.all(Array.from({ length: clients }, client))
  await pool.close()
  return (answered * 1000) / (performance.now() - started)
}
