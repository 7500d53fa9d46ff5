/**
 * `npm run rebuild`: rebuilds the views from the log, beside the old ones, which stay until the new ones are whole.
 * The service must not be running. Where it could not be done, the old views are as they were.
 */
import '../umask.ts'
import { renameSync } from 'node:fs'
import { join } from 'node:path'
import type { EventStore } from '../../domain/eventStore.ts'
import type { Sealer } from '../../domain/sealing.ts'
import { flushToDisk } from '../../projections/flushToDisk.ts'
import type { ViewsHelper } from '../../projections/runner.ts'
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
import { runCommand } from './command.ts'
import { startProgress } from './progress.ts'
import { requireLog } from './requireLog.ts'

type Parts = { store: EventStore; sealing: Sealer; helper: ViewsHelper; logId: string }

/** @throws Error with a sentence where a view stops on the way. */
const build = async (file: string, parts: Parts): Promise<void> => {
  // positions of the embedded engine count the events
  const total = Number((await parts.store.head()) ?? 0)
  const progress = startProgress({ label: 'views', unit: 'events', total, out: process.stdout })
  await buildViews(file, parts, ({ position }) => progress.update(Number(position ?? 0)))
  progress.end(total)
}

/** Puts the new file in the old one's place; a crash on the way leaves no views, which the next start builds. */
const swap = (fresh: string, file: string, dataDir: string): void => {
  flushToDisk(fresh)
  // The file goes before its write-ahead log, for a log that is left alone is taken for nobody's.
  removeDatabase(file)
  renameSync(fresh, file)
  flushToDisk(dataDir)
}

const usage = `Usage: npm run rebuild
Rebuilds the views from the log. DATA_DIR names the data folder; the service must not be running.`

await runCommand({ usage }, async () => {
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
    await build(fresh, { store, sealing: createSealing(keys, keys.derive), helper, logId: store.id })
    swap(fresh, file('views.db'), dataDir)
    console.log('The new views are in place.')
    return 0
  } finally {
    removeDatabase(fresh)
    await store.close()
    keys.close()
    unlock()
  }
})
