/** A data folder with many tickets, whole: a service can be started on it. */
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
const description = (folder: string): string => join(folder, 'dataset.json')

/** Appends what the maker sends, in its order. */
const writeAll = (store: EventStore, data: MakerData): Promise<void> =>
  new Promise((resolve, reject) => {
    const waiting = new Int32Array(data.waiting)
    const worker = new Worker(new URL('./maker.ts', import.meta.url), {
      workerData: data,
      resourceLimits: { maxYoungGenerationSizeMb: 64 },
    })
    let writing = Promise.resolve()
    worker.on('message', (text: string) => {
      writing = writing.then(async () => {
        const made = JSON.parse(text) as Append[]
        await Promise.all(made.map(({ stream, version, events }) => store.append(stream, version, events)))
        Atomics.sub(waiting, 0, 1)
        Atomics.notify(waiting, 0)
      })
      writing.catch((error: unknown) => {
        reject(error)
        worker.terminate()
      })
    })
    worker.on('error', reject)
    worker.on('exit', () => writing.then(resolve, reject))
  })

/** Fills a folder that is empty or not there yet: five years of complaints, up to the hour. */
export const makeDataset = async (folder: string, tickets: number): Promise<Dataset> => {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const until = Math.floor(Date.now() / HOUR) * HOUR
  const period = { from: toInstant(until - years * 365 * DAY), until: toInstant(until) }
  openSqliteKeys(join(folder, 'keys.db'), loadMasterKey(folder, undefined)).close()
  const store = openSqliteStore(join(folder, 'events.db'))
  try {
    await enterNetwork(store, period.from)
    const waiting = new SharedArrayBuffer(4)
    await writeAll(store, { folder, tickets, ...period, waiting })
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
