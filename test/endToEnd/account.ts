/** Holds what the service has against what the writers' account says it must have. */
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { expect } from '@jest/globals'
import Database from 'better-sqlite3'
import { ticketOfStream } from '../../domain/ticket/events.ts'
import { openSqliteStore } from '../../src/store/sqliteStore.ts'
import type { Json, Who } from '../support/service.ts'
import { runToEnd, type ServiceProcess, wholeList } from './serviceProcess.ts'
import { expectedEvents, send, type Write } from './writers.ts'

const reader: Who = { roles: ['sa'] }
const dayMs = 86_400_000

const isAnswered = ({ answer }: Write): boolean => answer !== undefined

const allTickets = (service: ServiceProcess): Promise<Json[]> =>
  wholeList(service, reader, '/v1/tickets?limit=200&sort=-registeredAt')

const rates = async (service: ServiceProcess): Promise<Json> => {
  const from = new Date(Date.now() - dayMs).toISOString()
  const to = new Date(Date.now() + dayMs).toISOString()
  return (await service.call(reader, 'GET', `/v1/reports/kpi?from=${from}&to=${to}`)).body.totals
}

/** A ticket as far as the account can tell. */
const statesOf = (account: readonly Write[]) => {
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

/** Right after a start: whatever was acknowledged is in the lists, in the state it was acknowledged in. */
export const expectAcknowledged = async (service: ServiceProcess, account: readonly Write[]) => {
  const answered = account.filter(isAnswered)
  const open = account.filter((write) => !isAnswered(write))
  const unsure = new Set(open.flatMap(({ ticketNo, other }) => [ticketNo, other]))
  const found = new Map((await allTickets(service)).map((ticket) => [ticket.ticketNo, ticket]))
  const expected = statesOf(answered)
  const sure = expected.filter(({ ticketNo }) => !unsure.has(ticketNo))
  expect(
    sure.map(({ ticketNo }) => {
      const { state, version, escalatedTo, ordinal } = found.get(ticketNo) ?? {}
      return { ticketNo, state, version, escalatedTo, isRepeat: ordinal === 2 }
    }),
  ).toEqual(sure)
  for (const { ticketNo, version } of expected)
    expect(found.get(ticketNo)?.version ?? 0).toBeGreaterThanOrEqual(version)
  expect(found.size).toBeGreaterThanOrEqual(expected.length)
  expect(found.size).toBeLessThanOrEqual(expected.length + open.length)
}

/** Repeats writes with their keys, twice: whatever was answered before is answered the same. */
export const expectReplays = async (service: ServiceProcess, writes: readonly Write[]): Promise<void> => {
  const shown = ({ status, headers, body }: NonNullable<Write['answer']>) => ({
    status,
    body,
    headers: ['etag', 'location', 'x-position'].map((name) => headers.get(name)),
  })
  for (const write of writes) {
    if (!isAnswered(write)) expect((await send(service, write)).status).toBeLessThan(300)
    const again = await send(service, write)
    expect({ of: write.kind, ...shown(again) }).toEqual({ of: write.kind, ...shown(write.answer!) })
    expect(again.headers.get('idempotent-replayed')).toBe('true')
  }
}

/** Types of the events of every ticket in the log, sorted. */
const eventsInLog = async (dataDir: string): Promise<Map<string, string[]>> => {
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

const byTicket = (events: Map<string, string[]>): [string, string[]][] =>
  [...events].sort(([a], [b]) => (a < b ? -1 : 1))

/** Every write answered: the log, the lists and the rates have exactly what the account has. */
export const expectExactly = async (
  service: ServiceProcess,
  dataDir: string,
  account: readonly Write[],
): Promise<void> => {
  expect(byTicket(await eventsInLog(dataDir))).toEqual(byTicket(expectedEvents(account)))
  const expected = statesOf(account)
  await expectAcknowledged(service, account)
  const units = expected.filter(({ state, isRepeat }) => state !== 'duplicate' && !isRepeat)
  const [responded, closed] = ['completed,in_progress', 'completed'].map(
    (states) => units.filter(({ state }) => states.split(',').includes(state)).length,
  ) as [number, number]
  const total = units.length
  const repeated = units.filter(({ escalatedTo }) => escalatedTo !== null).length
  expect(await rates(service)).toMatchObject({
    total,
    response: { met: responded, failed: 0, pending: total - responded },
    close: { met: closed, failed: 0, pending: total - closed },
    firstTime: { met: 0, failed: repeated, pending: total - repeated },
  })
}

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

/** The service having stopped: its views are what a rebuild makes of the log. */
export const expectEqualToRebuild = async (dataDir: string): Promise<void> => {
  const live = digestOfViews(dataDir)
  const rebuilt = await runToEnd('src/cli/rebuild.ts', { DATA_DIR: dataDir })
  expect(rebuilt).toMatchObject({ code: 0, output: expect.stringContaining('The new views are in place.') })
  expect(digestOfViews(dataDir)).toEqual(live)
}
