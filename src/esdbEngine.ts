/** The engine for many nodes over one log; see `docs/adr/0015-eventstoredb.md`. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Logger } from 'pino'
import { isDuesStream } from '../domain/dues.ts'
import type { EventStore, Position } from '../domain/eventStore.ts'
import type { SubjectId } from '../domain/subjectKeys.ts'
import { allProjections } from '../projections/allProjections.ts'
import { createChangeMemory } from '../projections/columns/changeCounts.ts'
import { openViews, type Views } from '../projections/views.ts'
import { openEsdbAccess } from './access/esdbAccess.ts'
import { accessDir, moveOldLines } from './access/oldFile.ts'
import type { Config } from './config.ts'
import { type Engine, type EngineOptions, forgetSubject, viewStopped } from './engineParts.ts'
import { createEsdbKeys } from './keys/esdbKeys.ts'
import { removeForeignCopy } from './keys/keyFile.ts'
import { markLog } from './keys/logMark.ts'
import { loadMasterKey } from './keys/masterKey.ts'
import { createSealing } from './keys/sealing.ts'
import { openSqliteKeys } from './keys/sqliteKeys.ts'
import { chainView } from './logChain/chainView.ts'
import { requireWhole } from './migrate/target.ts'
import { createDistributedLocks, type LogLocks } from './nodes/distributedLocks.ts'
import { newIdentity, nextIncarnation } from './nodes/identity.ts'
import { filterInternal } from './nodes/internalStreams.ts'
import type { LockEntry } from './nodes/lockQueue.ts'
import { createOwnAppends } from './nodes/ownAppends.ts'
import { requireSeparator } from './separator.ts'
import type { EsdbAddress } from './store/esdb/address.ts'
import { clockSentence, clocksApart, measureClock } from './store/esdb/clock.ts'
import { openEsdbStore } from './store/esdb/store.ts'
import { removeStrangeViews } from './strangeViews.ts'

/** How long a write waits for the views of its own node; it is done whether they have it or not. */
const ownViewsTimeoutMs = 2_000
/** How long the holder of a lock waits until the views have what was done under the lock before. */
const lockTimeoutMs = 5_000
/** How often it is noted down from where on the log has to be read for keys and locks. */
const noteEveryMs = 5_000

/** The same failure is logged this often at most, because everything in flight meets it at once. */
const tellEveryMs = 5_000

/** Tells of trouble by its words alone: nothing of an address, a user or an event is in them. */
const tellSeldom = (log: Logger) => {
  const told = new Map<string, number>()
  return (what: string, error: unknown): void => {
    if (Date.now() - (told.get(what) ?? 0) < tellEveryMs) return
    told.set(what, Date.now())
    const words = error instanceof Error ? error.message || error.name : String(error)
    log.warn({ what, error: words }, 'the event store has to be asked again')
  }
}

const least = (a: Position | null, b: Position, compare: EventStore['comparePositions']): Position | null =>
  a === null || compare(a, b) <= 0 ? a : b

/** A log's own folder, for what is kept of one log says nothing of another. */
const folderOf = ({ dataDir }: Config, logId: string): string => {
  const folder = join(dataDir, `esdb-${logId.slice(0, 8)}`)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  return folder
}

/** Appends carry a deadline by our clock. @throws Error with a sentence where ours is behind the server's. */
const requireClock = async (address: EsdbAddress, log: Logger): Promise<void> => {
  const aheadMs = await measureClock(address)
  const sentence = clockSentence(aheadMs)
  if (sentence !== null) throw new Error(sentence)
  const apart = clocksApart(aheadMs)
  if (apart !== null)
    log.warn({ seconds: apart }, 'the clocks of this machine and of EventStoreDB differ: set both by NTP')
}

/** The log as views follow it, and appends of commands, which are in this node's views when they return. */
const withOwnViews = (
  business: EventStore,
  { esdb, locks, views }: { esdb: EventStore; locks: LogLocks; views: Views },
): { store: EventStore; append: EventStore['append'] } => {
  const own = createOwnAppends()
  const store: EventStore = {
    ...business,
    follow: (position, onBatch, onStopped) =>
      business.follow(
        position,
        (events, reached) => {
          own.passed(events)
          return onBatch(events, reached)
        },
        onStopped,
      ),
  }
  const append: EventStore['append'] = async (...wanted) => {
    locks.requireLock()
    // no command reads what is in these, and the timer waits for its own view
    if (isDuesStream(wanted[0])) return esdb.append(...wanted)
    return own.append(esdb, (position) => views.reached(position, ownViewsTimeoutMs), ...wanted)
  }
  return { store, append }
}

/** @throws Error with a sentence where a key is wrong; StoreUnavailable where EventStoreDB does not answer. */
export const openEsdbEngine = async (
  { config, log, onProgress, onUnreadable, onCommit }: EngineOptions,
  address: EsdbAddress,
): Promise<Engine> => {
  const masterKey = loadMasterKey(config.dataDir, config.masterKey)
  const onTrouble = tellSeldom(log)
  const esdb = openEsdbStore({ address, onTrouble })
  try {
    await requireClock(address, log)
    await requireWhole(esdb)
    await requireSeparator('EVENT_STORE', address, esdb)
    const { logId, rotation, derived } = await markLog(esdb, masterKey)
    const folder = folderOf(config, logId)
    removeForeignCopy(join(folder, 'keys.db'), masterKey)
    const local = openSqliteKeys(join(folder, 'keys.db'), masterKey)
    if (derived !== null) local.keepDerived(derived)
    const onDestroyed = (subject: SubjectId): void => forgetSubject({ sealing, views }, subject)
    const keys = createEsdbKeys({ store: esdb, local, masterKey, rotation, onDestroyed })
    const sealing = createSealing(keys, local.derive, onUnreadable)
    const { comparePositions, readStream } = esdb
    const file = join(folder, 'views.db')
    await removeStrangeViews(file, { readStream, id: logId }, log)
    const changes = createChangeMemory()
    const views: Views = openViews({
      file,
      sealing,
      comparePositions,
      logId,
      changes,
      onProgress,
      onStopped: viewStopped(log),
      ...(onCommit !== undefined && { onCommit }),
      projections: { ...allProjections, chain: chainView(comparePositions) },
    })
    const lead = views.lead()
    if (lead !== null) esdb.knownUpTo(lead)
    const followed = local.followed()
    const locks = createDistributedLocks({
      store: esdb,
      identity: nextIncarnation(folder),
      renewIdentity: () => {
        log.warn('another process uses a copy of this data folder: this node takes another identity')
        return newIdentity(folder)
      },
      open: followed?.note == null ? [] : (JSON.parse(followed.note) as LockEntry[]),
      reached: (position) => views.reached(position, lockTimeoutMs),
    })
    // further on than the views is what a log that was restored may not have, or have something else at
    const knownUpTo =
      lead === null || followed === null ? null : least(followed.position, lead, comparePositions)
    let heardTo = knownUpTo
    let notedAt = 0
    /** Notes from where on the log has to be read after a restart; the locks that are open there go with it. */
    const note = (): void => {
      if (heardTo !== null) local.setFollowed(heardTo, JSON.stringify(locks.open()))
      notedAt = Date.now()
    }
    moveOldLines(folder)
    const access = openEsdbAccess(esdb, accessDir(folder), comparePositions)
    const business = filterInternal(esdb, {
      knownUpTo,
      onInternal: (events, reached) => {
        keys.heard(events)
        access.heard(events)
        locks.heard(events, reached)
        heardTo = reached ?? heardTo
        if (Date.now() - notedAt >= noteEveryMs) note()
      },
    })
    const { store, append } = withOwnViews(business, { esdb, locks, views })
    await locks.start()
    return {
      store,
      commandStore: { ...store, append },
      keys,
      sealing,
      views,
      digestUpTo: (position) => views.chain?.upTo(position) ?? null,
      locks,
      // an append of a command that holds a lock may take as long as the lock lasts
      graceMs: 30_000,
      access,
      threadSources: { log: { address }, views: file, keys: join(folder, 'keys.db'), masterKey, changes },
      readInternalStreams: business.readInternalStreams,
      close: async () => {
        await locks.close()
        await access.bringOver()
        await esdb.close()
        note()
        views.close()
        local.close()
        await access.close()
      },
    }
  } catch (error) {
    await esdb.close()
    throw error
  }
}
