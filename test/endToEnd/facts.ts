/** What a service and its data folder say, and what the writers' account says they must. */
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { ticketOfStream } from '../../domain/ticket/events.ts'
import { openSqliteStore } from '../../src/store/sqliteStore.ts'
import type { Json, Who } from '../support/service.ts'
import { type ServiceProcess, wholeList } from './serviceProcess.ts'
import { expectedEvents, type Write } from './writers.ts'

export const reader: Who = { roles: ['sa'] }

/** Every ticket there is, as the lists have it. */
export const allTickets = (service: ServiceProcess): Promise<Json[]> =>
  wholeList(service, reader, '/v1/tickets?limit=200&sort=-registeredAt')

/** A ticket as far as the account can tell. */
export const statesOf = (account: readonly Write[]) => {
  const kindsOf = new Map<string, Set<string>>()
  const linked = new Map<string, string>()
  for (const { kind, ticketNo, answer } of account) {
    const on = kind === 'register' || kind === 'repeat' ? (answer!.body.ticketNo as string) : ticketNo!
    kindsOf.set(on, new Set([...(kindsOf.get(on) ?? []), kind]))
    if (kind === 'repeat') linked.set(ticketNo!, on)
  }
  const stateOf = (kinds: Set<string>): string =>
    kinds.has('duplicate')
      ? 'duplicate'
      : kinds.has('close')
        ? 'completed'
        : kinds.has('respond')
          ? 'in_progress'
          : 'unhandled'
  const events = expectedEvents(account)
  return [...kindsOf].map(([ticketNo, kinds]) => ({
    ticketNo,
    state: stateOf(kinds),
    version: events.get(ticketNo)!.length,
    escalatedTo: linked.get(ticketNo) ?? null,
    isRepeat: kinds.has('repeat'),
  }))
}

/** Types of the events of every ticket in the log, sorted. */
export const eventsInLog = async (dataDir: string): Promise<Map<string, string[]>> => {
  const store = openSqliteStore(join(dataDir, 'events.db'), { readonly: true })
  const found = new Map<string, string[]>()
  for (let after: string | null = null; ; ) {
    const page = await store.readAll(after, 2_000)
    for (const { stream, type } of page) {
      const ticketNo = ticketOfStream(stream)
      if (ticketNo !== null) found.set(ticketNo, [...(found.get(ticketNo) ?? []), type].sort())
    }
    if (page.length === 0) break
    after = page.at(-1)!.position
  }
  await store.close()
  return found
}

/** The same in an order of its own, to be compared. */
export const byTicket = (events: Map<string, string[]>): [string, string[]][] =>
  [...events].sort(([a], [b]) => (a < b ? -1 : 1))

/** Number and digest of the rows of every table of the views. */
export const digestOfViews = (dataDir: string): Record<string, string> => {
  const db = new Database(join(dataDir, 'views.db'), { readonly: true })
  try {
    const tables = db.prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'table'").pluck().all()
    return Object.fromEntries(
      tables.sort().map((table) => {
        const rows = (db.prepare(`SELECT * FROM ${table}`).raw().all() as unknown[][])
          .map((row) => JSON.stringify(row))
          .sort()
        return [table, `${rows.length} ${createHash('sha256').update(rows.join('\n')).digest('hex')}`]
      }),
    )
  } finally {
    db.close()
  }
}
