/** In a process of its own: the views of a log from zero, the bare subscription to it, or how late live views are. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { EventStoreDBClient, START, streamNameFilter } from '@eventstore/db-client'
import { pino } from 'pino'
import type { EventStore, Position } from '../../../domain/eventStore.ts'
import { startViews } from '../../../projections/runner.ts'
import { readConfig } from '../../../src/config.ts'
import { openEngine } from '../../../src/engine.ts'
import { loadMasterKey } from '../../../src/keys/masterKey.ts'
import { toGroups } from '../../../src/migrate/groups.ts'
import { readEsdbAddress } from '../../../src/store/esdb/address.ts'
import { openEsdbStore } from '../../../src/store/esdb/store.ts'
import { openSqliteStore } from '../../../src/store/sqliteStore.ts'
import { quantile } from '../load.ts'
import { measured } from '../processes.ts'

const [, , what, given, dataset] = process.argv as [string, string, string, string, string]
const address = readEsdbAddress(given)

/** Seconds from the first call until every event was handed over. */
const bareSeconds = async (events: number): Promise<number> => {
  const client = new EventStoreDBClient(
    { endpoint: address.endpoints[0] as { address: string; port: number } },
    { insecure: !address.tls },
  )
  const began = performance.now()
  let seen = 0
  const filter = streamNameFilter({ prefixes: [address.prefix], checkpointInterval: 4 })
  const subscription = client.subscribeToAll({ fromPosition: START, filter })
  for await (const { event } of subscription) if (event !== undefined && ++seen >= events) break
  const seconds = (performance.now() - began) / 1_000
  await subscription.unsubscribe()
  return seconds
}

const openIn = async (folder: string) => {
  const masterKey = loadMasterKey(dataset, undefined).export().toString('base64')
  const config = readConfig({ DATA_DIR: folder, EVENT_STORE: given, MASTER_KEY: masterKey })
  return openEngine({ config, log: pino({ level: 'silent' }), onProgress: () => {}, onUnreadable: () => {} })
}

/** The same until the views have all of them. */
const viewsSeconds = async (folder: string): Promise<number> => {
  const engine = await openIn(folder)
  const began = performance.now()
  const running = startViews(engine.views, engine.store)
  await running.ready
  const seconds = (performance.now() - began) / 1_000
  await running.stop()
  await engine.close()
  return seconds
}

type AcknowledgedAppend = { position: Position; at: number }

const now = (): number => performance.timeOrigin + performance.now()

/** The writer's part: so many appends a second, and when each was acknowledged. */
const write = async (perSecond: number, seconds: number): Promise<AcknowledgedAppend[]> => {
  const store = openEsdbStore({ address })
  const source = openSqliteStore(join(dataset, 'events.db'), { readonly: true })
  const groups = toGroups(await source.readAll(null, perSecond * seconds * 2))
  await source.close()
  const streams = new Map<string, Promise<unknown>>()
  const acknowledged: AcknowledgedAppend[] = []
  const began = performance.now()
  for (const [index, { stream, expectedVersion, events }] of groups.slice(0, perSecond * seconds).entries()) {
    const early = began + (index * 1_000) / perSecond - performance.now()
    if (early > 1) await new Promise((resolve) => setTimeout(resolve, early))
    const plain = events.map(({ id, type, data, metadata }) => ({ id, type, data, metadata }))
    // those of one stream go one after the other
    const one = (streams.get(stream) ?? Promise.resolve()).then(async () => {
      const { position } = await store.append(stream, expectedVersion, plain)
      acknowledged.push({ position, at: now() })
    })
    streams.set(stream, one)
  }
  await Promise.all(streams.values())
  await store.close()
  return acknowledged
}

/** Appends a second, and the milliseconds from acknowledged to seen by the views of another node: half, and 99 of 100. */
const lags = async (folder: string): Promise<number[]> => {
  const engine = await openIn(folder)
  const seen: AcknowledgedAppend[] = []
  const store: EventStore = {
    ...engine.store,
    follow: (after, onBatch, onStopped) =>
      engine.store.follow(
        after,
        async (events, reached) => {
          await onBatch(events, reached)
          if (reached !== undefined) seen.push({ position: reached, at: now() })
        },
        onStopped,
      ),
  }
  const running = startViews(engine.views, store)
  await running.ready
  const written = await measured<AcknowledgedAppend[]>('./esdb/views.ts', ['write', given, dataset])
  const last = written.reduce((a, b) => (store.comparePositions(a.position, b.position) > 0 ? a : b))
  await engine.views.reached(last.position, 60_000)
  const late: number[] = []
  let next = 0
  for (const { position, at } of written.toSorted((a, b) => store.comparePositions(a.position, b.position))) {
    while (store.comparePositions((seen[next] as AcknowledgedAppend).position, position) < 0) next += 1
    late.push(Math.max(0, (seen[next] as AcknowledgedAppend).at - at))
  }
  const ats = written.map(({ at }) => at)
  await running.stop()
  await engine.close()
  const took = (Math.max(...ats) - Math.min(...ats)) / 1_000
  return [written.length / took, quantile(late, 0.5), quantile(late, 0.99)]
}

const folder = mkdtempSync(join(tmpdir(), 'complaints-bench-'))
/** All of it is on its way before the process ends. */
const say = (found: unknown): Promise<void> =>
  new Promise((resolve) => process.send?.(found as object, undefined, undefined, () => resolve()))

try {
  if (what === 'bare') await say(await bareSeconds(Number(process.argv[5])))
  else if (what === 'views') await say(await viewsSeconds(folder))
  else if (what === 'write') await say(await write(1_000, 15))
  else await say(await lags(folder))
} finally {
  rmSync(folder, { recursive: true, force: true })
}
process.exit()
