/**
 * The log of deliveries: what came of each, for 30 days, without bodies. A file of its own that may be lost; what is
 * pending or parked is also in the event log.
 */
import { rmSync } from 'node:fs'
import type Database from 'better-sqlite3'
import type { DeliveryPage, DeliveryRow, DeliveryStatus } from '../../api/webhooks/port.ts'
import { DAY } from '../../domain/instant.ts'
import { openDatabase } from '../../projections/openDatabase.ts'

const keptForMs = 30 * DAY
/** A file of another form is thrown away. */
const form = 2
/** Rows in memory until they are written. */
const mostUnwritten = 100
const writeAfterMs = 200

export type DeliveryLog = {
  put(webhookId: string, row: DeliveryRow): void
  /** The rows of a status are these and no others. Rows that are known keep what their last attempt came to. */
  setAll(webhookId: string, status: Exclude<DeliveryStatus, 'delivered'>, rows: readonly DeliveryRow[]): void
  page(webhookId: string, page: DeliveryPage): DeliveryRow[]
  find(webhookId: string, sequence: number): DeliveryRow | null
  forget(webhookId: string): void
  /** Removes rows whose last attempt is older than 30 days, pending ones excepted. */
  removeOld(now: number): void
  close(): void
}

/** The fields of a row in the order in which they are kept; another order is another form. */
const keptFields = Object.keys({
  sequence: true,
  eventId: true,
  name: true,
  ticketNo: true,
  stream: true,
  version: true,
  at: true,
  status: true,
  attempts: true,
  firstAttemptAt: true,
  lastAttemptAt: true,
  nextAttemptAt: true,
  httpStatus: true,
  fault: true,
  durationMs: true,
  answer: true,
} satisfies Record<keyof DeliveryRow, true>) as (keyof DeliveryRow)[]

/** A row as text, without the names of its fields: they would be half of it. */
const textOf = (row: DeliveryRow): string => JSON.stringify(keptFields.map((field) => row[field]))
const rowOf = (text: string): DeliveryRow => {
  const values = JSON.parse(text) as unknown[]
  return Object.fromEntries(keptFields.map((field, index) => [field, values[index]])) as DeliveryRow
}

const create = (file: string): Database.Database => {
  const db = openDatabase(file)
  try {
    db.pragma('journal_mode = WAL')
    db.pragma('synchronous = OFF')
    if (db.pragma('user_version', { simple: true }) !== form) {
      db.exec('DROP TABLE IF EXISTS deliveries')
      db.exec(`CREATE TABLE deliveries (webhook TEXT NOT NULL, sequence INTEGER NOT NULL, status TEXT NOT NULL,
        at INTEGER NOT NULL, data TEXT NOT NULL, PRIMARY KEY (webhook, sequence)) STRICT, WITHOUT ROWID;
        CREATE INDEX deliveriesUndelivered ON deliveries (webhook, status, sequence) WHERE status <> 'delivered';
        CREATE INDEX deliveriesByAge ON deliveries (at);`)
      db.pragma(`user_version = ${form}`)
    }
    return db
  } catch (error) {
    db.close()
    throw error
  }
}

const open = (file: string): Database.Database => {
  try {
    return create(file)
  } catch {
    for (const end of ['', '-wal', '-shm']) rmSync(`${file}${end}`, { force: true })
    return create(file)
  }
}

const prepare = (file: string) => {
  const db = open(file)
  return {
    db,
    upsert: db.prepare(
      `INSERT INTO deliveries VALUES (?, ?, ?, ?, ?) ON CONFLICT (webhook, sequence)
       DO UPDATE SET status = excluded.status, at = excluded.at, data = excluded.data`,
    ),
    one: db
      .prepare<[string, number], string>('SELECT data FROM deliveries WHERE webhook = ? AND sequence = ?')
      .pluck(),
    remove: db.prepare('DELETE FROM deliveries WHERE webhook = ? AND sequence = ?'),
    removeAll: db.prepare('DELETE FROM deliveries WHERE webhook = ?'),
    removeBefore: db.prepare(`DELETE FROM deliveries WHERE at < ? AND status <> 'pending'`),
    every: db
      .prepare<[string, number, number], string>(
        'SELECT data FROM deliveries WHERE webhook = ? AND sequence < ? ORDER BY sequence DESC LIMIT ?',
      )
      .pluck(),
    // nearly all are: no index of their own
    delivered: db
      .prepare<[string, number, number], string>(
        `SELECT data FROM deliveries WHERE webhook = ? AND status = 'delivered' AND sequence < ?
         ORDER BY sequence DESC LIMIT ?`,
      )
      .pluck(),
    undelivered: db
      .prepare<[string, string, number, number], string>(
        `SELECT data FROM deliveries WHERE webhook = ? AND status = ? AND status <> 'delivered' AND sequence < ?
         ORDER BY sequence DESC LIMIT ?`,
      )
      .pluck(),
    undeliveredSequences: db
      .prepare<[string, string], number>(
        `SELECT sequence FROM deliveries WHERE webhook = ? AND status = ? AND status <> 'delivered'`,
      )
      .pluck(),
  }
}

/**
 * The log in `file`, which is opened when it is first needed: most tools never do.
 * `onFault` is called if rows could not be written; they are then lost.
 */
export const openDeliveryLog = (file: string, onFault: (error: unknown) => void): DeliveryLog => {
  let prepared: ReturnType<typeof prepare> | undefined
  const opened = (): ReturnType<typeof prepare> => {
    prepared ??= prepare(file)
    return prepared
  }
  let unwritten: [string, DeliveryRow][] = []
  let timer: NodeJS.Timeout | undefined

  const insert = (webhookId: string, row: DeliveryRow): void =>
    void opened().upsert.run(
      webhookId,
      row.sequence,
      row.status,
      Date.parse(row.lastAttemptAt ?? row.at),
      textOf(row),
    )

  const guarded = (write: () => void): void => {
    try {
      opened().db.transaction(write)()
    } catch (error) {
      onFault(error)
    }
  }
  const flush = (): void => {
    clearTimeout(timer)
    timer = undefined
    const rows = unwritten
    unwritten = []
    if (rows.length === 0) return
    guarded(() => {
      for (const [webhookId, row] of rows) insert(webhookId, row)
    })
  }
  const pageOf = (
    status: DeliveryStatus | null,
    webhookId: string,
    below: number,
    limit: number,
  ): string[] => {
    const { every, delivered, undelivered } = opened()
    if (status === null) return every.all(webhookId, below, limit)
    if (status === 'delivered') return delivered.all(webhookId, below, limit)
    return undelivered.all(webhookId, status, below, limit)
  }

  return {
    put: (webhookId, row) => {
      unwritten.push([webhookId, row])
      if (unwritten.length >= mostUnwritten) flush()
      else timer ??= setTimeout(flush, writeAfterMs).unref()
    },
    setAll: (webhookId, status, rows) => {
      flush()
      guarded(() => {
        const wanted = new Set(rows.map(({ sequence }) => sequence))
        for (const sequence of opened().undeliveredSequences.all(webhookId, status))
          if (!wanted.has(sequence)) opened().remove.run(webhookId, sequence)
        for (const row of rows) {
          const known = opened().one.get(webhookId, row.sequence)
          const before = known === undefined ? null : rowOf(known)
          const keeps = before !== null && row.lastAttemptAt === null && before.attempts === row.attempts
          insert(webhookId, keeps ? { ...before, status, nextAttemptAt: row.nextAttemptAt } : row)
        }
      })
    },
    page: (webhookId, { status, limit, after }) => {
      flush()
      return pageOf(status, webhookId, after ?? Number.MAX_SAFE_INTEGER, limit).map(rowOf)
    },
    find: (webhookId, sequence) => {
      flush()
      const text = opened().one.get(webhookId, sequence)
      return text === undefined ? null : rowOf(text)
    },
    forget: (webhookId) => {
      flush()
      guarded(() => void opened().removeAll.run(webhookId))
    },
    removeOld: (now) => {
      flush()
      guarded(() => void opened().removeBefore.run(now - keptForMs))
    },
    close: () => {
      flush()
      prepared?.db.close()
    },
  }
}
