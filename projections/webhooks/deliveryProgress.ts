/** How far the deliveries of each webhook endpoint are, and what is parked. */
import { DAY, toEpoch } from '../../domain/instant.ts'
import type { ParkedDelivery, WebhookProgress } from '../../domain/webhooks/progress.ts'
import type { Statements } from '../statements.ts'

/** `version` is that of the stream of the cursor. */
export type WebhookProgressRow = WebhookProgress & { version: number }

export const progressTables = {
  webhookProgress: `CREATE TABLE webhookProgress (id TEXT PRIMARY KEY, version INTEGER NOT NULL,
      data TEXT NOT NULL) STRICT, WITHOUT ROWID`,
  webhookParked: `CREATE TABLE webhookParked (id TEXT NOT NULL, sequence INTEGER NOT NULL, data TEXT NOT NULL,
      PRIMARY KEY (id, sequence)) STRICT, WITHOUT ROWID`,
} as const

/** Parked deliveries are kept for so long. */
const parkedForMs = 30 * DAY

export type ProgressQueries = {
  /** How far its deliveries were at the last event of its cursor; `null`: there is none yet. */
  progress(id: string): WebhookProgressRow | null
  /** Parked deliveries, by sequence. */
  parked(id: string): ParkedDelivery[]
  parkedOne(id: string, sequence: number): ParkedDelivery | null
}

export type DeliveryProgress = {
  /** Writes how far an endpoint is, with what was parked and what is parked no more. */
  write(id: string, version: number, progress: WebhookProgress): void
  /** Of an endpoint that is deleted. */
  remove(id: string): void
  queries: ProgressQueries
}

const progressOf = ({ version, data }: { version: number; data: string }): WebhookProgressRow => ({
  ...(JSON.parse(data) as WebhookProgress),
  version,
})

const deliveryOf = ({ data }: { data: string }): ParkedDelivery => JSON.parse(data) as ParkedDelivery

export const createDeliveryProgress = (statements: Statements): DeliveryProgress => {
  const park = (id: string, delivery: ParkedDelivery): void => {
    statements.run('INSERT INTO webhookParked VALUES (?, ?, ?) ON CONFLICT DO NOTHING', [
      id,
      delivery.sequence,
      JSON.stringify(delivery),
    ])
    const oldest = toEpoch(delivery.parkedAt) - parkedForMs
    statements.run(`DELETE FROM webhookParked WHERE id = ? AND unixepoch(data ->> 'parkedAt') < ?`, [
      id,
      oldest / 1_000,
    ])
  }

  return {
    write: (id, version, progress) => {
      statements.run(
        `INSERT INTO webhookProgress VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET version = excluded.version,
         data = excluded.data`,
        [id, version, JSON.stringify({ ...progress, parked: [], unparked: [] })],
      )
      for (const sequence of progress.unparked)
        statements.run('DELETE FROM webhookParked WHERE id = ? AND sequence = ?', [id, sequence])
      for (const delivery of progress.parked) park(id, delivery)
    },
    remove: (id) => {
      statements.run('DELETE FROM webhookProgress WHERE id = ?', [id])
      statements.run('DELETE FROM webhookParked WHERE id = ?', [id])
    },
    queries: {
      progress: (id) =>
        statements.find('SELECT version, data FROM webhookProgress WHERE id = ?', [id], progressOf),
      parked: (id) =>
        statements
          .all<{ data: string }>('SELECT data FROM webhookParked WHERE id = ? ORDER BY sequence', [id])
          .map(deliveryOf),
      parkedOne: (id, sequence) =>
        statements.find(
          'SELECT data FROM webhookParked WHERE id = ? AND sequence = ?',
          [id, sequence],
          deliveryOf,
        ),
    },
  }
}
