/** Agents who send complaints at a steady pace, far from what the service can take, while something else goes on. */
import { setTimeout as sleep } from 'node:timers/promises'
import { bodyOf, type Connection, openConnection, requestOf } from './connection.ts'
import { complaint, freshNumbers } from './intake.ts'
import { tokenFor } from './tokens.ts'

const agents = 4
/** Each agent sends a complaint so often: together 160 a second. */
const everyMs = 25
const warmUpMs = 2_000
const idleMs = 10_000

type Agent = { token: string; number: () => number; isOver: () => boolean }

/** Sends complaints until told to stop; milliseconds of each. */
const register = async (on: Connection, { token, number, isOver }: Agent): Promise<number[]> => {
  const times: number[] = []
  for (let due = performance.now(); !isOver(); due += everyMs) {
    await sleep(Math.max(0, due - performance.now()))
    const started = performance.now()
    const answer = await on.send(requestOf('POST', '/v1/complaints', token, complaint(number())))
    times.push(performance.now() - started)
    bodyOf(answer, 201)
  }
  return times
}

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
  const [token, number] = [await tokenFor(folder, 'csr'), freshNumbers()]
  const connections = await Promise.all(Array.from({ length: agents }, () => openConnection(url)))
  const during: Agents['during'] = async (work) => {
    let over = false
    const isOver = (): boolean => over
    const registering = Promise.all(connections.map((each) => register(each, { token, number, isOver })))
    const result = await work().finally(() => {
      over = true
    })
    return [(await registering).flat(), result]
  }
  try {
    await during(() => sleep(warmUpMs))
    return await measure({ during, idle: async () => (await during(() => sleep(idleMs)))[0] })
  } finally {
    for (const each of connections) each.close()
  }
}
