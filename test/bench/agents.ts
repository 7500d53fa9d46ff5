/** Agents who send complaints at a steady pace, far from what the service can take, while something else goes on. */
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { hear, start, talkTo } from './processes.ts'

const warmUpMs = 2_000
const idleMs = 10_000

export type Agents = {
  /** Milliseconds of every complaint while `work` goes on, and what it comes to. */
  during<T>(work: () => Promise<T>): Promise<[times: number[], result: T]>
  /** The same while nothing else goes on. */
  idle(): Promise<number[]>
}

/** Connects the agents to a server on a data folder, and lets it warm up. */
export const withAgents = async <T>(
  { url, folder }: { url: string; folder: string },
  measure: (agents: Agents) => Promise<T>,
): Promise<T> => {
  const child = start('./agentsProcess.ts', [url, folder])
  await hear(child)
  const { ask, end } = talkTo<'begin' | 'end'>(child)
  const during: Agents['during'] = async (work) => {
    await ask('begin')
    const result = await work()
    return [await ask<number[]>('end'), result]
  }
  try {
    await during(() => sleep(warmUpMs))
    return await measure({ during, idle: async () => (await during(() => sleep(idleMs)))[0] })
  } finally {
    end()
    if (child.exitCode === null) await once(child, 'exit')
  }
}
