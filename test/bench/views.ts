/** Rebuild of all views against reading and parsing the same log; the quarter's rates on what came of it. */
import { createSecretKey } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { commandIdOf } from '../../api/commandId.ts'
import { dealerStream } from '../../domain/dealer.ts'
import { type EventStore, eventId, type Position } from '../../domain/eventStore.ts'
import { quarterBounds } from '../../domain/instant.ts'
import { rboStream } from '../../domain/rbo.ts'
import { startViews } from '../../projections/runner.ts'
import { openViews } from '../../projections/views.ts'
import { createSealing } from '../../src/keys/sealing.ts'
import { openSqliteKeys } from '../../src/keys/sqliteKeys.ts'
import { seedMasterData } from '../../src/seed.ts'
import { openSqliteStore } from '../../src/store/sqliteStore.ts'
import { writeLog } from './log.ts'
import { atLeast, atMost, type Row, said } from './table.ts'

const tickets = 100_000
const from = '2024-01-01T00:00:00.000Z'
const days = 730
const quarter = '2025Q3'
const asOf = '2026-03-01T00:00:00.000Z'
const dealers = Array.from({ length: 600 }, (_, index) => `D${String(index + 1).padStart(3, '0')}`)
const rbos = ['EAST', 'NORTH', 'WEST']

const addUnits = async (store: EventStore): Promise<void> => {
  const put = (stream: string, type: string, data: object) => {
    const commandId = commandIdOf('bench', stream)
    const metadata = {
      commandId,
      actor: { id: 'bench', role: 'admin' },
      correlationId: commandId,
      recordedAt: from,
    }
    return store.append(stream, 0, [{ id: eventId(commandId, 0), type, data, metadata }])
  }
  for (const rbo of rbos) await put(rboStream(rbo), 'RboSet', { name: rbo, calendar: null })
  await Promise.all(
    dealers.map((code, index) =>
      put(dealerStream(code), 'DealerSet', {
        name: code,
        rbo: rbos[index % 3],
        calendar: null,
        active: true,
      }),
    ),
  )
}

const readWhole = async (store: EventStore): Promise<number> => {
  let events = 0
  for (let after: Position | null = null; ; ) {
    const page = await store.readAll(after, 2_000)
    if (page.length === 0) return events
    events += page.length
    after = page.at(-1)?.position ?? after
  }
}

const secondsOf = async (work: () => unknown): Promise<number> => {
  const started = performance.now()
  await work()
  return (performance.now() - started) / 1000
}

const medianMs = (work: () => unknown): number => {
  const times = Array.from({ length: 31 }, () => {
    const started = performance.now()
    work()
    return performance.now() - started
  })
  return times.sort((a, b) => a - b)[15] as number
}

export const viewRows = async (): Promise<Row[]> => {
  const folder = mkdtempSync(join(tmpdir(), 'complaints-bench-'))
  const masterKey = createSecretKey(Buffer.alloc(32, 7))
  const keys = openSqliteKeys(join(folder, 'keys.db'), masterKey)
  const sealing = createSealing(keys, masterKey)
  const store = openSqliteStore(join(folder, 'events.db'))
  const open = (name: string) =>
    openViews({ file: join(folder, name), sealing, comparePositions: store.comparePositions })
  try {
    await seedMasterData(store, from)
    await addUnits(store)
    const first = open('master.db')
    const following = startViews(first, store)
    await following.ready
    const { at: masterAt } = first.master
    await following.stop()
    await writeLog({ store, sealing, subjects: keys, masterAt, dealers, tickets, from, days })
    first.close()

    let events = 0
    const read = await secondsOf(async () => {
      events = await readWhole(store)
    })
    const views = open('views.db')
    const rebuild = await secondsOf(async () => {
      const running = startViews(views, store)
      await running.ready
      await running.stop()
    })
    const query = {
      ...quarterBounds(quarter),
      by: 'dealer',
      tier: 'dealer',
      asOf,
      scope: [{ kind: 'all' }],
    } as const
    const kpi = medianMs(() => views.kpi.rates(query))
    const units = views.kpi.rates(query).totals.total
    views.close()
    return [
      said('log: events', events, 'events'),
      said('log: read and parse', events / read, 'events/s'),
      said('rebuild of all views', events / rebuild, 'events/s'),
      atLeast('rebuild of all views ÷ reading and parsing the same log', read / rebuild, 0.2, 'ratio'),
      said(`units of ${quarter}`, units, 'units'),
      atMost(`quarter KPI by dealer over ${tickets.toLocaleString('en')} tickets, live`, kpi, 5, 'ms'),
    ]
  } finally {
    await store.close()
    keys.close()
    rmSync(folder, { recursive: true, force: true })
  }
}
