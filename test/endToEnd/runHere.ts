/**
 * Commands run in the test's own process: what they say and how they end, without the second or two that a start takes.
 * What is about the process itself (signals, its memory, a kill) needs `runToEnd`.
 */
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { format } from 'node:util'
import type { ExitResult } from './serviceProcess.ts'

const root = join(import.meta.dirname, '../..')

/** `process.exit` in a command. */
class Exit extends Error {
  readonly code: number
  constructor(code: number) {
    super(`the command exits with ${code}`)
    this.code = code
  }
}

/** Puts values in the place of properties. @returns what puts the old ones back */
const swap = (target: object, values: Record<string, unknown>): (() => void) => {
  const before = Object.keys(values).map(
    (name) => [name, Object.getOwnPropertyDescriptor(target, name)] as const,
  )
  for (const [name, value] of Object.entries(values))
    Object.defineProperty(target, name, { value, configurable: true, enumerable: true, writable: true })
  return () => {
    for (const [name, old] of before) {
      if (old === undefined) Reflect.deleteProperty(target, name)
      else Object.defineProperty(target, name, old)
    }
  }
}

let runs = 0

/**
 * Runs one of the programs of `src/cli` as `runToEnd` does, one at a time. Its file is loaded again each time, what it
 * imports is not. What it logs by pino goes past `output`.
 */
export const runHere = async (
  script: string,
  variables: Record<string, string>,
  args: string[] = [],
): Promise<ExitResult> => {
  const chunks: string[] = []
  const say = (...words: unknown[]): void => void chunks.push(`${format(...words)}\n`)
  const out = () =>
    new Writable({
      write: (chunk, _, done) => {
        chunks.push(String(chunk))
        done()
      },
    })
  const mask = process.umask(0o077)
  const { exitCode } = process
  process.exitCode = undefined
  const restore = [
    swap(console, { log: say, info: say, warn: say, error: say }),
    swap(process, {
      argv: [process.execPath, join(root, script), ...args],
      env: { PATH: process.env.PATH, NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE, ...variables },
      stdout: out(),
      stderr: out(),
      exit: (code = 0): never => {
        throw new Exit(code)
      },
    }),
  ]
  const end = (code: number): ExitResult => ({ code, signal: null, output: chunks.join('') })
  try {
    runs += 1
    await import(`${join(root, script)}?${runs}`)
    return end(Number(process.exitCode ?? 0))
  } catch (error) {
    if (error instanceof Exit) return end(error.code)
    throw error
  } finally {
    for (const each of restore) each()
    process.exitCode = exitCode
    process.umask(mask)
  }
}
