/** Load on a server: so many clients, each with one request after the other. */
import { setTimeout as sleep } from 'node:timers/promises'
import { createRandom } from '../../src/demo/random.ts'
import { type Connection, openConnection } from './connection.ts'

export type Load = { clients: number; seconds: number }

/** Lets each client take turns until the time is over. @returns the seconds it took */
export const drive = async (
  url: string,
  { clients, seconds }: Load,
  turn: (connection: Connection, client: number) => Promise<void>,
): Promise<number> => {
  const connections = await Promise.all(Array.from({ length: clients }, () => openConnection(url)))
  const started = performance.now()
  const end = started + seconds * 1000
  await Promise.all(
    connections.map(async (connection, client) => {
      while (performance.now() < end) await turn(connection, client)
    }),
  )
  const took = (performance.now() - started) / 1000
  for (const connection of connections) connection.close()
  return took
}

/** Connections that are open before requests are offered; where none is free another is opened. */
const someConnections = 256

/**
 * Begins turns at random instants, `perSecond` on average, whatever became of those before: what callers do who know
 * nothing of each other.
 */
export const offer = async (
  url: string,
  { perSecond, seconds }: { perSecond: number; seconds: number },
  turn: (connection: Connection) => Promise<void>,
): Promise<void> => {
  const free = await Promise.all(Array.from({ length: someConnections }, () => openConnection(url)))
  const turns: Promise<void>[] = []
  const freeOne = (): Connection | undefined => {
    const connection = free.pop()
    return connection === undefined || connection.isOpen() ? connection : freeOne()
  }
  const take = async (connection: Connection): Promise<void> => {
    await turn(connection)
    free.push(connection)
  }
  const random = createRandom('bench arrivals')
  // between two arrivals, ms
  const pause = (): number => (-Math.log(1 - random.next()) * 1000) / perSecond
  const end = performance.now() + seconds * 1000
  for (let due = performance.now(); due < end; due += pause()) {
    await sleep(Math.max(0, due - performance.now()))
    const taken = take(freeOne() ?? (await openConnection(url)))
    // one that fails is heard of at the end
    taken.catch(() => {})
    turns.push(taken)
  }
  await Promise.all(turns)
  for (const connection of free) connection.close()
}

/** The value that a share of all does not exceed: 0.5 is the median. */
export const quantile = (values: readonly number[], share: number): number => {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN
}

export const median = (values: readonly number[]): number => quantile(values, 0.5)
