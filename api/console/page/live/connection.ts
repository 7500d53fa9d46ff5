/** How live the page is: pure functions over what is known of the stream. */

export type Connection =
  | { state: 'connecting' }
  | { state: 'live' }
  /** Since when nothing comes, epoch ms. */
  | { state: 'lost'; since: number }

/** What is said of it. `stale`: it has been so long that what is shown may be another today. */
export type Liveness = 'connecting' | 'live' | 'reconnecting' | 'stale'

/** A heartbeat comes every 15 s; without one for so long the connection is taken to be dead. */
export const silenceMs = 18_000
/** After so long without a stream, what is shown is called stale. */
export const staleMs = 60_000

export const livenessOf = (connection: Connection, now: number): Liveness => {
  if (connection.state !== 'lost') return connection.state
  return now - connection.since >= staleMs ? 'stale' : 'reconnecting'
}

/** How long to wait before the next attempt; `random` from 0 to 1 spreads the browsers. */
export const retryMs = (attempt: number, random: number): number =>
  Math.min(1_000 * 2 ** Math.min(attempt, 4), 10_000) * (0.5 + random / 2)
