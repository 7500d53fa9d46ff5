/** Load on a server: so many clients, each with one request after the other. */
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

/** The value that a share of all does not exceed: 0.5 is the median. */
export const quantile = (values: readonly number[], share: number): number => {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN
}

export const median = (values: readonly number[]): number => quantile(values, 0.5)
