/**
 * `npm run rebuild`: rebuilds the views from the log, beside the old ones, which stay until the new ones are whole.
 * The service must not be running. Exit code 0: done; 1: it could not be done, and the old views are as they were.
 */
import '../umask.ts'
import { renameSync } from 'node:fs'
import { join } from 'node:path'
import type { EventStore } from '../../domain/eventStore.ts'
import type { Sealing } from '../../domain/sealing.ts'
import { flushToDisk } from '../../projections/flushToDisk.ts'
import type { ViewsHelper } from '../../projections/runner.ts'
import type { Progress } from '../../projections/views.ts'
import { removeDatabase } from '../../projections/viewsFile.ts'
import { buildViews } from '../buildViews.ts'
import { readConfig } from '../config.ts'
import { requireKeysOfLog } from '../keys/keysOfLog.ts'
import { loadMasterKey, requireKeys } from '../keys/masterKey.ts'
import { createSealing } from '../keys/sealing.ts'
import { openSqliteKeys } from '../keys/sqliteKeys.ts'
import { lockDataFolder } from '../store/dataFolderLock.ts'
import { openSqliteStore } from '../store/sqliteStore.ts'
import { createViewsHelper } from '../viewsBuild/helper.ts'
import { requireLog } from './requireLog.ts'

const say = (line: string): boolean => process.stdout.write(`${line}\n`)

/** A line a second at most, and one at the end; positions of the embedded engine count the events. */
const createProgress = (total: number) => {
  const started = performance.now()
  let shown = started
  const perSecond = (events: number): number =>
    Math.round(events / Math.max(0.001, (performance.now() - started) / 1000))
  return {
    show: ({ events, position }: Progress): void => {
      if (performance.now() - shown < 1_000) return
      shown = performance.now()
      const percent = Math.floor((100 * Number(position ?? 0)) / total)
      say(`${events} of ${total} events, ${percent} % of the log, ${perSecond(events)} events/s`)
    },
    end: (): void => {
      const seconds = ((performance.now() - started) / 1000).toFixed(1)
      say(`${total} events in ${seconds} s, ${perSecond(total)} events/s.`)
    },
  }
}

type Parts = { store: EventStore; sealing: Sealing; helper: ViewsHelper; logId: string }

/** @throws Error with a sentence where a view stops on the way. */
const build = async (file: string, parts: Parts): Promise<void> => {
  const progress = createProgress(Number((await parts.store.head()) ?? 0))
  await buildViews(file, parts, progress.show)
  progress.end()
}

/** Puts the new file in the old one's place; a crash on the way leaves no views, which the next start builds. */
const swap = (fresh: string, file: string, dataDir: string): void => {
  flushToDisk(fresh)
  // The file goes before its write-ahead log, for a log that is left alone is taken for nobody's.
  removeDatabase(file)
  renameSync(fresh, file)
  flushToDisk(dataDir)
}

const rebuild = async (): Promise<void> => {
  if (process.argv.length > 2)
    throw new Error('npm run rebuild takes no arguments; DATA_DIR names the folder.')
  const config = readConfig(process.env)
  const { dataDir, masterKey: fromEnvironment } = config
  const file = (name: string): string => join(dataDir, name)
  requireLog(config)
  requireKeys(dataDir)
  requireKeysOfLog(dataDir)
  const unlock = lockDataFolder(dataDir)
  const masterKey = loadMasterKey(dataDir, fromEnvironment)
  const keys = openSqliteKeys(file('keys.db'), masterKey)
  const store = openSqliteStore(file('events.db'))
  const fresh = file('views.new.db')
  try {
    // What a rebuild left that was interrupted.
    removeDatabase(fresh)
    const files = { events: file('events.db'), keys: file('keys.db'), views: fresh }
    const helper = createViewsHelper(files, masterKey)
    await build(fresh, { store, sealing: createSealing(keys, masterKey), helper, logId: store.id })
    swap(fresh, file('views.db'), dataDir)
    say('The new views are in place.')
  } finally {
    removeDatabase(fresh)
    await store.close()
    keys.close()
    unlock()
  }
}

rebuild().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
})
