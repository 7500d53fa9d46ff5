/** Building the views from the log, what both take on the disk, and starting on them. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { openSqliteStore } from '../../src/store/sqliteStore.ts'
import { bytesOf, type Dataset } from './dataset/dataset.ts'
import { median } from './load.ts'
import { startServer } from './processes.ts'
import { atLeast, atMost, type Row, said } from './table.ts'

const secondsOf = async (work: () => Promise<unknown>): Promise<number> => {
  const started = performance.now()
  await work()
  return (performance.now() - started) / 1000
}

/** Events read to say how fast reading is. */
const sample = 500_000

/** Reads and parses the log from its beginning; events a second. */
const readSpeed = async (folder: string): Promise<{ events: number; perSecond: number }> => {
  const store = openSqliteStore(join(folder, 'events.db'), { readonly: true })
  try {
    let read = 0
    const seconds = await secondsOf(async () => {
      for (let after: string | null = null; read < sample; ) {
        const page = await store.readAll(after, 2_000)
        if (page.length === 0) return
        read += page.length
        after = page.at(-1)!.position
      }
    })
    return { events: Number(await store.head()), perSecond: read / seconds }
  } finally {
    await store.close()
  }
}

const rebuild = async (folder: string): Promise<void> => {
  const script = join(import.meta.dirname, '../../src/cli/rebuild.ts')
  const child = spawn(process.execPath, [script], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, DATA_DIR: folder },
  })
  const [code] = (await once(child, 'exit')) as [number]
  if (code !== 0) throw new Error('npm run rebuild failed')
}

export const rebuildRows = async (dataset: Dataset): Promise<Row[]> => {
  const { folder, tickets } = dataset
  const { events, perSecond } = await readSpeed(folder)
  const rebuilt = events / (await secondsOf(() => rebuild(folder)))
  const [log, views] = [bytesOf(dataset, 'events.db'), bytesOf(dataset, 'views.db')]
  return [
    said('log: events a ticket', events / tickets, 'events'),
    said('log: read and parse', perSecond, 'events/s'),
    atLeast('rebuild of all views', rebuilt, 120_000, 'events/s'),
    said('rebuild of all views ÷ reading and parsing the same log', rebuilt / perSecond, 'ratio'),
    said('on the disk a ticket, log and views', (log + views) / tickets, 'bytes'),
    said('on the disk an event of the log', log / events, 'bytes'),
    said('on the disk a ticket, views', views / tickets, 'bytes'),
  ]
}

const starts = 3

export const startRows = async ({ folder, tickets }: Dataset): Promise<Row[]> => {
  const times: number[] = []
  for (let count = 0; count < starts; count++) {
    let stop = async (): Promise<void> => undefined
    times.push(
      await secondsOf(async () => {
        stop = (await startServer({ kind: 'service', folder, flushMs: 0 })).stop
      }),
    )
    await stop()
  }
  return [atMost(`start with ${tickets.toLocaleString('en')} tickets to /readyz`, median(times), 2, 's')]
}
