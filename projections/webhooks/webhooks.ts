/** Webhook endpoints, how far their deliveries are, and what is parked. */
import type { StoredEvent } from '../../domain/eventStore.ts'
import {
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
import { createDeliveryProgress, type ProgressQueries, progressTables } from './deliveryProgress.ts'

/** An endpoint with its id and the version of its stream. */
export type WebhookRow = Webhook & { id: string; version: number }

export type WebhookQueries = ProgressQueries & {
  /** An endpoint, also a deleted one; `null`: there never was one. */
  find(id: string): WebhookRow | null
  /** Endpoints that are not deleted, by their creation. */
  all(): WebhookRow[]
  /** Whose keys are to be destroyed: deleted endpoints. */
  deleted(): WebhookRow[]
}

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
    ...progressTables,
  },
  indexes: {},
  open: (db) => {
    const statements = createStatements(db)
    const deliveries = createDeliveryProgress(statements)
    /** Endpoints changed since the last flush, by id. */
    let changed = new Map<string, WebhookRow>()
    let progressed: { id: string; version: number; data: WebhookProgress }[] = []
    const forget = (): void => {
      changed = new Map()
      progressed = []
    }
    const stored = (id: string): WebhookRow | null =>
      statements.find('SELECT id, version, data FROM webhooks WHERE id = ?', [id], endpointOf)
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
      if (webhook.isDeleted) deliveries.remove(id)
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
        // deliveries may end after their endpoint was deleted
        for (const { id, version, data } of progressed)
          if (stored(id)?.isDeleted === false) deliveries.write(id, version, data)
        forget()
      },
      discard: forget,
      reload: forget,
      queries: {
        find: stored,
        all: () => several(0),
        deleted: () => several(1),
        ...deliveries.queries,
      },
    }
  },
}
