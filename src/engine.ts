/** The parts that differ by engine: the store, the keys, the views' place, and whose turn it is. */
import type { KeyObject } from 'node:crypto'
import { join } from 'node:path'
import type { Logger } from 'pino'
import type { EventStore } from '../domain/eventStore.ts'
import type { Sealing } from '../domain/sealing.ts'
import type { SubjectKeys } from '../domain/subjectKeys.ts'
import type { ViewsHelper } from '../projections/runner.ts'
import { openViews, type Progress, type Views } from '../projections/views.ts'
import type { Config } from './config.ts'
import { loadMasterKey, requireKeys } from './keys/masterKey.ts'
import { createSealing } from './keys/sealing.ts'
import { openSqliteKeys } from './keys/sqliteKeys.ts'
import type { LogTurns } from './nodes/turns.ts'
import { openSqliteStore, type SqliteStoreOptions } from './store/sqliteStore.ts'
import { createViewsHelper } from './viewsBuild/helper.ts'

export type Engine = {
  /** The log as views follow it. */
  store: EventStore
  /** The log as commands write it: a write is in this node's views when its append returns. */
  commandStore: EventStore
  keys: SubjectKeys<KeyObject>
  sealing: Sealing
  views: Views
  helper?: ViewsHelper
  turns?: LogTurns
  close(): Promise<void>
}

export type Opening = { config: Config; log: Logger; onProgress: (progress: Progress) => void }

const openSqliteEngine = (
  { config, onProgress }: Opening,
  options: SqliteStoreOptions | undefined,
): Engine => {
  const file = (name: string): string => join(config.dataDir, name)
  requireKeys(config.dataDir)
  const masterKey = loadMasterKey(config.dataDir, config.masterKey)
  const keys = openSqliteKeys(file('keys.db'), masterKey)
  const store = openSqliteStore(file('events.db'), options)
  const sealing = createSealing(keys, masterKey)
  const { comparePositions } = store
  const views = openViews({ file: file('views.db'), sealing, comparePositions, onProgress })
  const files = { events: file('events.db'), keys: file('keys.db'), views: file('views.db') }
  return {
    store,
    commandStore: store,
    keys,
    sealing,
    views,
    helper: createViewsHelper(files, masterKey),
    close: async () => {
      await store.close()
      views.close()
      keys.close()
    },
  }
}

/**
 * Opens what the configuration's `EVENT_STORE` names.
 * @throws Error with a sentence where a key is wrong; StoreUnavailable where EventStoreDB does not answer.
 */
export const openEngine = async (opening: Opening, options?: SqliteStoreOptions): Promise<Engine> => {
  const { eventStore } = opening.config
  if (eventStore === 'sqlite') return openSqliteEngine(opening, options)
  // loaded where it is used: the vendor's client takes memory and time at the start
  const { openEsdbEngine } = await import('./esdbEngine.ts')
  return openEsdbEngine(opening, eventStore)
}
