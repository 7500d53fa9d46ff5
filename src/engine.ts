/** The parts that differ by engine: the store, the keys, the views' place, and the locks. */
import { join } from 'node:path'
import { createChangeMemory } from '../projections/columns/changeCounts.ts'
import { openViews } from '../projections/views.ts'
import { openLocalAccess } from './access/localAccess.ts'
import { accessDir, moveOldLines } from './access/oldFile.ts'
import { type Engine, type EngineOptions, forgetSubject, viewStopped } from './engineParts.ts'
import { requireKeysOfLog } from './keys/keysOfLog.ts'
import { loadMasterKey, requireKeys } from './keys/masterKey.ts'
import { createSealing } from './keys/sealing.ts'
import { openSqliteKeys } from './keys/sqliteKeys.ts'
import { completeChain } from './logChain/completeChain.ts'
import { namingDamage } from './store/damage.ts'
import { openSqliteStore, type SqliteStoreOptions } from './store/sqliteStore.ts'
import { removeStrangeViews } from './strangeViews.ts'
import { createViewsHelper } from './viewsBuild/helper.ts'

const openSqliteEngine = async (
  { config, log, onProgress, onUnreadable, onCommit }: EngineOptions,
  options: SqliteStoreOptions | undefined,
): Promise<Engine> => {
  const file = (name: string): string => join(config.dataDir, name)
  requireKeys(config.dataDir)
  const masterKey = loadMasterKey(config.dataDir, config.masterKey)
  const missing = requireKeysOfLog(config.dataDir)
  if (missing > 0)
    log.warn(
      { missing },
      'keys.db is older than events.db: texts of the newest customers are shown as unreadable. Put a newer keys.db back from a backup',
    )
  await completeChain(file('events.db'), log)
  const keys = namingDamage(file('keys.db'), () => openSqliteKeys(file('keys.db'), masterKey))
  const store = namingDamage(file('events.db'), () => openSqliteStore(file('events.db'), options))
  const sealing = createSealing(keys, keys.derive, onUnreadable)
  const { comparePositions, id: logId, isWritable = async () => true } = store
  await removeStrangeViews(file('views.db'), store, log)
  const changes = createChangeMemory()
  const views = openViews({
    file: file('views.db'),
    sealing,
    comparePositions,
    logId,
    changes,
    onProgress,
    onStopped: viewStopped(log),
    ...(onCommit !== undefined && { onCommit }),
  })
  namingDamage(file('access.db'), () => moveOldLines(config.dataDir))
  const access = openLocalAccess(accessDir(config.dataDir))
  const files = { events: file('events.db'), keys: file('keys.db'), views: file('views.db') }
  return {
    store,
    // a complaint of a new customer needs a key before its event
    commandStore: { ...store, isWritable: async () => (await isWritable()) && keys.canCreate() },
    keys: {
      ...keys,
      destroy: (subject) => {
        keys.destroy(subject)
        forgetSubject({ sealing, views }, subject)
      },
    },
    sealing,
    views,
    digestUpTo: store.digestUpTo,
    graceMs: 1_000,
    access,
    threadSources: { log: { file: files.events }, views: files.views, keys: files.keys, masterKey, changes },
    helper: createViewsHelper(files, masterKey),
    close: async () => {
      await store.close()
      views.close()
      keys.close()
      await access.close()
    },
  }
}

/**
 * Opens what the configuration's `EVENT_STORE` names.
 * @throws Error with a sentence where a key is wrong; StoreUnavailable where EventStoreDB does not answer.
 */
export const openEngine = async (opening: EngineOptions, options?: SqliteStoreOptions): Promise<Engine> => {
  const { eventStore } = opening.config
  if (eventStore === 'sqlite') return openSqliteEngine(opening, options)
  // loaded where it is used: the vendor's client takes memory and time at the start
  const { openEsdbEngine } = await import('./esdbEngine.ts')
  return openEsdbEngine(opening, eventStore)
}
