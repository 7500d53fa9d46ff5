/** Makes a share of the log in a thread of its own. Waits where the one that writes it falls behind. */
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { parentPort, workerData } from 'node:worker_threads'
import { startViews } from '../../../projections/runner.ts'
import { openViews } from '../../../projections/views.ts'
import { deriveFrom } from '../../../src/keys/derivedKeys.ts'
import { loadMasterKey } from '../../../src/keys/masterKey.ts'
import { createSealing } from '../../../src/keys/sealing.ts'
import { openSqliteKeys } from '../../../src/keys/sqliteKeys.ts'
import { openSqliteStore } from '../../../src/store/sqliteStore.ts'
import { type LogInputs, makeLog } from './log.ts'
import type { Append } from './recorder.ts'

export type MakerData = Required<Pick<LogInputs, 'tickets' | 'share' | 'from' | 'until'>> & {
  folder: string
  /** Messages the writer has not worked off yet, one number. */
  waiting: SharedArrayBuffer
}

/** Appends to a message, and messages that may wait. */
const atOnce = 2_000
const mostWaiting = 8

const { folder, waiting: shared, ...period } = workerData as MakerData
const waiting = new Int32Array(shared)
const masterKey = loadMasterKey(folder, undefined)
const keys = openSqliteKeys(join(folder, 'keys.db'), masterKey, { poolSize: 4_096 })
const sealing = createSealing(keys, deriveFrom(masterKey))

const store = openSqliteStore(join(folder, 'events.db'), { readonly: true })
const viewsFolder = join(folder, `making${period.share.nth}`)
mkdirSync(viewsFolder)
const views = openViews({
  file: join(viewsFolder, 'views.db'),
  sealing,
  comparePositions: store.comparePositions,
})
const running = startViews(views, store)
await running.ready
const master = views.master.at(period.from)
await running.stop()
views.close()
rmSync(viewsFolder, { recursive: true })
await store.close()

let made: Append[] = []
const send = (): void => {
  if (made.length === 0) return
  for (let count = Atomics.load(waiting, 0); count >= mostWaiting; count = Atomics.load(waiting, 0))
    Atomics.wait(waiting, 0, count)
  Atomics.add(waiting, 0, 1)
  // as text, which is cheaper to hand over than objects
  parentPort?.postMessage(JSON.stringify(made))
  made = []
}
makeLog({ master, sealing, createSubject: keys.create, ...period }, (append) => {
  if (append.events.length === 0) return
  made.push(append)
  if (made.length === atOnce) send()
})
send()
keys.close()
