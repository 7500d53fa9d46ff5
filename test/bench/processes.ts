/** Servers and measurements in processes of their own, with the flags the service is started with. */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Connection, openConnection, requestOf } from './connection.ts'

/** `cpuSeconds`: of all its threads since it began; `bytes`: resident now, and the most there ever were. */
export type Usage = { cpuSeconds: number; bytes: number; mostBytes: number }

export type Server = { url: string; usage(): Promise<Usage>; stop(): Promise<void> }
export type ServerKind = { kind: 'service' | 'storing' | 'baseline'; folder: string; flushMs: number }

/** What `npm start` gives Node. */
const flags = (): string[] => {
  const { scripts } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
  return (scripts.start as string).split(' ').filter((word) => word.startsWith('--'))
}

/** Runs one of the bench's own files. */
export const start = (file: string, args: string[]): ChildProcess =>
  fork(new URL(file, import.meta.url), args, { execArgv: flags(), stdio: 'inherit' })

/** The next thing a process says. @throws Error where it ends instead */
export const hear = <T>(child: ChildProcess): Promise<T> =>
  new Promise((resolve, reject) => {
    const ended = () => reject(new Error('a process of the bench ended before it had answered'))
    child.once('exit', ended)
    child.once('message', (said) => {
      child.off('exit', ended)
      resolve(said as T)
    })
  })

/** Asks a process for things, one after the other. */
export const talkTo = <A>(child: ChildProcess) => ({
  ask: <T>(question: A): Promise<T> => {
    const answer = hear<T>(child)
    child.send(question as object)
    return answer
  },
  end: (): void => child.disconnect(),
})

/** What a measurement in a process of its own found. */
export const measured = async <T>(file: string, args: string[]): Promise<T> => {
  const child = start(file, args)
  const found = await hear<T>(child)
  if (child.connected) child.disconnect()
  if (child.exitCode === null) await once(child, 'exit')
  return found
}

const pollMs = 5

/** Until `/readyz` says so. */
const ready = async (url: string): Promise<void> => {
  const connection: Connection = await openConnection(url)
  while ((await connection.send(requestOf('GET', '/readyz', ''))).status !== 200) await sleep(pollMs)
  connection.close()
}

/** A server that is ready. It is stopped as an operator would stop it. */
export const startServer = async ({ kind, folder, flushMs }: ServerKind): Promise<Server> => {
  const child = start('./server.ts', [kind, folder, String(flushMs)])
  const url = await hear<string>(child)
  if (kind === 'service') await ready(url)
  return {
    url,
    usage: () => {
      child.send('usage')
      return hear<Usage>(child)
    },
    stop: async () => {
      child.send('stop')
      await once(child, 'exit')
    },
  }
}

/** Runs `work` against a server of its own. */
export const withServer = async <T>(kind: ServerKind, work: (server: Server) => Promise<T>): Promise<T> => {
  const server = await startServer(kind)
  try {
    return await work(server)
  } finally {
    await server.stop()
  }
}
