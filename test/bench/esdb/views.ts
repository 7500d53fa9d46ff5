/** In a process of its own: the views of a log from zero, the bare subscription to it, or how late live views are. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { EventStoreDBClient, START, streamNameFilter } from '@eventstore/db-client'
import { pino } from 'pino'
import { startViews } from '../../../projections/runner.ts'
import { readConfig } from '../../../src/config.ts'
import { openEngine } from '../../../src/engine.ts'
import { loadMasterKey } from '../../../src/keys/masterKey.ts'
import { toGroups } from '../../../src/migrate/groups.ts'
import { readEsdbAddress } from '../../../src/store/esdb/address.ts'
import { openSqliteStore } from '../../../src/store/sqliteStore.ts'
import { quantile } from '../load.ts'

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
  return openEngine({ config, log: pino({ level: 'silent' }), onProgress: () => {} })
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

/** Milliseconds from each acknowledged append until the views have it, at so many appends a second. */
const lags = async (folder: string, perSecond: number, seconds: number): Promise<number[]> => {
  const engine = await openIn(folder)
  const running = startViews(engine.views, engine.store)
  await running.ready
  const source = openSqliteStore(join(dataset, 'events.db'), { readonly: true })
  const groups = toGroups(await source.readAll(null, perSecond * seconds * 2))
  await source.close()
  const found: number[] = []
  const streams = new Map<string, Promise<unknown>>()
  const began = performance.now()
  const all: Promise<unknown>[] = []
  for (const [index, { stream, expectedVersion, events }] of groups.slice(0, perSecond * seconds).entries()) {
    const due = began + (index * 1_000) / perSecond
    if (due > performance.now()) await new Promise((resolve) => setTimeout(resolve, due - performance.now()))
    const plain = events.map(({ id, type, data, metadata }) => ({ id, type, data, metadata }))
    const one = (streams.get(stream) ?? Promise.resolve()).then(async () => {
      const { position } = await engine.store.append(stream, expectedVersion, plain)
      const at = performance.now()
      await engine.views.reached(position, 60_000)
      found.push(performance.now() - at)
    })
    streams.set(stream, one)
    all.push(one)
  }
  await Promise.all(all)
  const took = (performance.now() - began) / 1_000
  await running.stop()
  await engine.close()
  return [all.length / took, quantile(found, 0.5), quantile(found, 0.99)]
}

const folder = mkdtempSync(join(tmpdir(), 'complaints-bench-'))
try {
  if (what === 'bare') process.send?.(await bareSeconds(Number(process.argv[5])))
  else if (what === 'views') process.send?.(await viewsSeconds(folder))
  else process.send?.(await lags(folder, 1_000, 15))
} finally {
  rmSync(folder, { recursive: true, force: true })
}
process.exit()
