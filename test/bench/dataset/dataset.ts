/** A data folder with many tickets, whole: a service can be started on it. */
import { on } from 'node:events'
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { EventStore } from '../../../domain/eventStore.ts'
import { DAY, HOUR, toInstant } from '../../../domain/instant.ts'
import { loadMasterKey } from '../../../src/keys/masterKey.ts'
import { openSqliteKeys } from '../../../src/keys/sqliteKeys.ts'
import { openSqliteStore } from '../../../src/store/sqliteStore.ts'
import type { MakerData } from './maker.ts'
import { enterNetwork } from './network.ts'
import type { Append } from './recorder.ts'

export type Dataset = { folder: string; tickets: number; events: number; from: string; until: string }

const years = 5
/** Threads that make it; the one that writes it has time to spare. */
const makers = 2
const description = (folder: string): string => join(folder, 'dataset.json')

/** What a maker sends, as it comes: some appends at a time. */
async function* madeBy(data: Omit<MakerData, 'waiting'>): AsyncGenerator<Append[]> {
  const waiting = new Int32Array(new SharedArrayBuffer(4))
  const worker = new Worker(new URL('./maker.ts', import.meta.url), {
    workerData: { ...data, waiting: waiting.buffer } satisfies MakerData,
    resourceLimits: { maxYoungGenerationSizeMb: 64 },
  })
  for await (const [text] of on(worker, 'message', { close: ['exit'] })) {
    yield JSON.parse(text as string) as Append[]
    Atomics.sub(waiting, 0, 1)
    Atomics.notify(waiting, 0)
  }
}

const timeOf = ({ events }: Append): string => events[0]!.metadata.recordedAt

/** What several send in order of time, in order of time. */
async function* merged(makers: readonly AsyncGenerator<Append[]>[]): AsyncGenerator<Append[]> {
  type SentBatch = { made: Append[]; at: number; more(): Promise<Append[]> }
  const more = async (maker: AsyncGenerator<Append[]>) => (await maker.next()).value ?? []
  const sent = await Promise.all(
    makers.map(
      async (maker): Promise<SentBatch> => ({ made: await more(maker), at: 0, more: () => more(maker) }),
    ),
  )
  const next = ({ made, at }: SentBatch): Append => made[at] as Append
  for (let left = sent; left.length > 0; left = left.filter(({ made }) => made.length > 0)) {
    const some: Append[] = []
    // until one has nothing at hand, and nobody knows whether its next comes first
    while (left.every(({ made, at }) => at < made.length)) {
      const first = left.reduce((a, b) => (timeOf(next(b)) < timeOf(next(a)) ? b : a))
      some.push(next(first))
      first.at += 1
    }
    yield some
    for (const each of left) {
      if (each.at < each.made.length) continue
      each.made = await each.more()
      each.at = 0
    }
  }
}

const writeAll = async (store: EventStore, made: AsyncIterable<Append[]>): Promise<void> => {
  for await (const appends of made)
    await Promise.all(appends.map(({ stream, version, events }) => store.append(stream, version, events)))
}

/** Fills a folder that is empty or not there yet: five years of complaints, up to the hour. */
export const makeDataset = async (folder: string, tickets: number): Promise<Dataset> => {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const until = Math.floor(Date.now() / HOUR) * HOUR
  const period = { from: toInstant(until - years * 365 * DAY), until: toInstant(until) }
  openSqliteKeys(join(folder, 'keys.db'), loadMasterKey(folder, undefined)).close()
  const store = openSqliteStore(join(folder, 'events.db'))
  try {
    await enterNetwork(store, period.from)
    const shares = Array.from({ length: makers }, (_, nth) => ({ nth, of: makers }))
    const made = shares.map((share) =>
      madeBy({ folder, tickets: Math.ceil(tickets / makers), share, ...period }),
    )
    await writeAll(store, merged(made))
    const dataset = { tickets, events: Number(await store.head()), ...period }
    writeFileSync(description(folder), `${JSON.stringify(dataset)}\n`)
    return { folder, ...dataset }
  } finally {
    await store.close()
  }
}

/** The dataset that was left in a folder; `null` where there is none. */
export const datasetIn = (folder: string): Dataset | null =>
  existsSync(description(folder))
    ? { folder, ...(JSON.parse(readFileSync(description(folder), 'utf8')) as Omit<Dataset, 'folder'>) }
    : null

/** Bytes of a file of the folder; 0 where it is not there. */
export const bytesOf = ({ folder }: Dataset, file: string): number =>
  existsSync(join(folder, file)) ? statSync(join(folder, file)).size : 0
