/** Webhook endpoints, how far their deliveries are, and what is parked. */
import type { StoredEvent } from '../../domain/eventStore.ts'
import { DAY, toEpoch } from '../../domain/instant.ts'
import {
  type ParkedDelivery,
  type WebhookProgress,
  webhookOfCursor,
  webhookProgressEventData,
} from '../../domain/webhooks/progress.ts'
import {
  evolveWebhook,
  type Webhook,
  type WebhookEvent,
  webhookEventData,
  webhookOfStream,
} from '../../domain/webhooks/webhook.ts'
import type { Projection } from '../projection.ts'
import { createStatements } from '../statements.ts'

/** An endpoint with its id and the version of its stream. */
export type WebhookRow = Webhook & { id: string; version: number }

/** `version` is that of the stream of the cursor. */
export type WebhookProgressRow = WebhookProgress & { version: number }

export type WebhookQueries = {
  /** An endpoint, also a deleted one; `null`: there never was one. */
  find(id: string): WebhookRow | null
  /** Endpoints that are not deleted, by their creation. */
  all(): WebhookRow[]
  /** Whose keys are to be destroyed: deleted endpoints. */
  deleted(): WebhookRow[]
  /** How far its deliveries were at the last event of its cursor; `null`: there is none yet. */
  progress(id: string): WebhookProgressRow | null
  /** Parked deliveries, by sequence. */
  parked(id: string): ParkedDelivery[]
  parkedOne(id: string, sequence: number): ParkedDelivery | null
}

/** Parked deliveries are kept for so long. */
const parkedForMs = 30 * DAY

type StoredWebhook = { id: string; version: number; data: string }

const endpointOf = ({ id, version, data }: StoredWebhook): WebhookRow => ({
  ...(JSON.parse(data) as Webhook),
  id,
  version,
})

export const webhooks: Projection<WebhookQueries> = {
  name: 'webhooks',
  version: 1,
  readByCommands: false,
  types: [...Object.keys(webhookEventData), ...Object.keys(webhookProgressEventData)],
  tables: {
    webhooks: `CREATE TABLE webhooks (id TEXT PRIMARY KEY, version INTEGER NOT NULL, createdAt TEXT NOT NULL,
      isDeleted INTEGER NOT NULL, data TEXT NOT NULL) STRICT, WITHOUT ROWID`,
    webhookProgress: `CREATE TABLE webhookProgress (id TEXT PRIMARY KEY, version INTEGER NOT NULL,
      data TEXT NOT NULL) STRICT, WITHOUT ROWID`,
    webhookParked: `CREATE TABLE webhookParked (id TEXT NOT NULL, sequence INTEGER NOT NULL, data TEXT NOT NULL,
      PRIMARY KEY (id, sequence)) STRICT, WITHOUT ROWID`,
  },
  indexes: {},
  open: (db) => {
    const statements = createStatements(db)
    /** Endpoints changed since the last flush, by id. */
    let changed = new Map<string, WebhookRow>()
    let progressed: { id: string; version: number; data: WebhookProgress }[] = []
    const forget = (): void => {
      changed = new Map()
      progressed = []
    }
    const stored = (id: string): WebhookRow | null => {
      const row = statements.get<StoredWebhook>('SELECT id, version, data FROM webhooks WHERE id = ?', [id])
      return row === undefined ? null : endpointOf(row)
    }
    const several = (isDeleted: 0 | 1): WebhookRow[] =>
      statements
        .all<StoredWebhook>(
          'SELECT id, version, data FROM webhooks WHERE isDeleted = ? ORDER BY createdAt, id',
          [isDeleted],
        )
        .map(endpointOf)

    const applyTo = (id: string, event: StoredEvent): void => {
      const before = changed.get(id) ?? stored(id)
      const after = evolveWebhook(before, event as unknown as WebhookEvent, event.metadata)
      if (after !== null) changed.set(id, { ...after, id, version: event.version })
    }

    const writeEndpoint = ({ id, version, ...webhook }: WebhookRow): void => {
      statements.run(
        `INSERT INTO webhooks VALUES (?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET version = excluded.version,
         createdAt = excluded.createdAt, isDeleted = excluded.isDeleted, data = excluded.data`,
        [id, version, webhook.createdAt, webhook.isDeleted ? 1 : 0, JSON.stringify(webhook)],
      )
      if (!webhook.isDeleted) return
      statements.run('DELETE FROM webhookProgress WHERE id = ?', [id])
      statements.run('DELETE FROM webhookParked WHERE id = ?', [id])
    }

    const writeProgress = ({ id, version, data }: (typeof progressed)[number]): void => {
      // deliveries may end after their endpoint was deleted
      if (stored(id)?.isDeleted !== false) return
      statements.run(
        `INSERT INTO webhookProgress VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET version = excluded.version,
         data = excluded.data`,
        [id, version, JSON.stringify({ ...data, parked: [], unparked: [] })],
      )
      for (const sequence of data.unparked)
        statements.run('DELETE FROM webhookParked WHERE id = ? AND sequence = ?', [id, sequence])
      for (const parked of data.parked) {
        statements.run('INSERT INTO webhookParked VALUES (?, ?, ?) ON CONFLICT DO NOTHING', [
          id,
          parked.sequence,
          JSON.stringify(parked),
        ])
        const oldest = toEpoch(parked.parkedAt) - parkedForMs
        statements.run(`DELETE FROM webhookParked WHERE id = ? AND unixepoch(data ->> 'parkedAt') < ?`, [
          id,
          oldest / 1_000,
        ])
      }
    }

    return {
      apply: (event) => {
        const id = webhookOfStream(event.stream)
        if (id !== null) return applyTo(id, event)
        const cursorOf = webhookOfCursor(event.stream)
        if (cursorOf !== null)
          progressed.push({ id: cursorOf, version: event.version, data: event.data as WebhookProgress })
      },
      flush: () => {
        for (const row of changed.values()) writeEndpoint(row)
        for (const each of progressed) writeProgress(each)
        forget()
      },
      discard: forget,
      reload: forget,
      queries: {
        find: stored,
        all: () => several(0),
        deleted: () => several(1),
        progress: (id) => {
          const row = statements.get<StoredWebhook>(
            'SELECT id, version, data FROM webhookProgress WHERE id = ?',
            [id],
          )
          return row === undefined
            ? null
            : { ...(JSON.parse(row.data) as WebhookProgress), version: row.version }
        },
        parked: (id) =>
          statements
            .all<{ data: string }>('SELECT data FROM webhookParked WHERE id = ? ORDER BY sequence', [id])
            .map(({ data }) => JSON.parse(data) as ParkedDelivery),
        parkedOne: (id, sequence) => {
          const row = statements.get<{ data: string }>(
            'SELECT data FROM webhookParked WHERE id = ? AND sequence = ?',
            [id, sequence],
          )
          return row === undefined ? null : (JSON.parse(row.data) as ParkedDelivery)
        },
      },
    }
  },
}
