/** Copies a log from the embedded engine to EventStoreDB: keys first, then every event in its order, then a look at all. */
import type { EventStore, Position, StoredEvent } from '../../domain/eventStore.ts'
import { VersionConflict } from '../../domain/eventStore.ts'
import { wrappedKeyMade } from '../keys/esdbKeys.ts'
import type { SqliteKeys } from '../keys/sqliteKeys.ts'
import { systemEvent } from '../keys/systemEvent.ts'
import { isInternal } from '../nodes/internalStreams.ts'
import type { EsdbStore } from '../store/esdb/store.ts'
import { createDigests, type Digests, differences } from './digests.ts'
import { toGroups } from './groups.ts'
import { appendInOrder } from './pipeline.ts'
import { withRetry } from './retry.ts'
import { beginOn, noteDone, noteKeys, type Stage } from './target.ts'

export type MigrationParts = {
  source: EventStore
  keys: SqliteKeys
  target: EsdbStore
  /** Told how far each part has come. */
  onProgress(part: 'keys' | 'events' | 'verified', done: number, isEnd: boolean): void
  /** Brings all else that a service on the target needs, when the events are there; it is run again after a crash. */
  complete?(): Promise<void>
}

const pageSize = 5_000
const keysInFlight = 256
/** Keys between two notes of how many are there. */
const keysPerNote = 20_000

const addKey = async (target: EsdbStore, subject: string, wrapped: Buffer): Promise<void> => {
  const [stream, event] =
    wrapped.length === 0
      ? [`erased-${subject}`, systemEvent('SubjectKeyDestroyed', { subject })]
      : [`subject-${subject}`, wrappedKeyMade(wrapped)]
  await withRetry(() => target.append(stream, 0, [event])).catch((error: unknown) => {
    // it is there from an earlier try
    if (!(error instanceof VersionConflict)) throw error
  })
}

const moveKeys = async ({ keys, target, onProgress }: MigrationParts, begun: Stage): Promise<Stage> => {
  let stage = begun
  let count = 0
  const inFlight = new Set<Promise<void>>()
  for (const { subject, wrapped } of keys.wrapped()) {
    count += 1
    if (count <= begun.keys) continue
    const adding = addKey(target, subject, wrapped).finally(() => inFlight.delete(adding))
    inFlight.add(adding)
    if (inFlight.size >= keysInFlight) await Promise.race(inFlight)
    if (count % keysPerNote === 0) {
      await Promise.all(inFlight)
      stage = await noteKeys(target, stage, count)
    }
    onProgress('keys', count, false)
  }
  await Promise.all(inFlight)
  onProgress('keys', count, true)
  return count > stage.keys ? noteKeys(target, stage, count) : stage
}

const isOnTarget = async (target: EsdbStore, { stream, version, id }: StoredEvent): Promise<boolean> =>
  (await withRetry(() => target.readStream(stream, version - 1)))[0]?.id === id

/** Number of the first event that is not on the target; they are there from the beginning on, and positions count them. */
const firstMissing = async ({ source, target }: MigrationParts): Promise<number> => {
  let [there, missing] = [0, Number((await source.head()) ?? 0) + 1]
  while (missing - there > 1) {
    const middle = Math.floor((there + missing) / 2)
    const [event] = await source.readAll(String(middle - 1), 1)
    if (event !== undefined && (await isOnTarget(target, event))) there = middle
    else missing = middle
  }
  return missing
}

const moveEvents = async (migrating: MigrationParts): Promise<void> => {
  const { source, target, onProgress } = migrating
  const first = await firstMissing(migrating)
  let done = first - 1
  for (let after: Position = String(done); ; ) {
    const page = await source.readAll(after, pageSize)
    const last = page.at(-1)
    if (last === undefined) break
    await appendInOrder(target, toGroups(page), (events) => {
      done += events
      onProgress('events', done, false)
    })
    after = last.position
  }
  onProgress('events', done, true)
}

const digestsOf = async (store: EventStore, onRead: (events: number) => void): Promise<Digests> => {
  const digests = createDigests()
  for (let after: Position | null = null; ; ) {
    const from: Position | null = after
    const page: StoredEvent[] = await withRetry(() => store.readAll(from, pageSize))
    after = page.at(-1)?.position ?? after
    digests.add(page.filter((event) => !isInternal(event)))
    onRead(digests.events())
    if (page.length < pageSize) return digests
  }
}

/**
 * Moves all there is, or goes on where it was stopped.
 * @returns the events there are, and what is wrong with them on the target: nothing where it is done.
 * @throws Error with a sentence where the target holds other data; StoreUnavailable.
 */
export const migrate = async (migrating: MigrationParts): Promise<{ events: number; wrong: string[] }> => {
  const { source, target, onProgress, complete = async () => {} } = migrating
  const [first] = await source.readAll(null, 1)
  if (first === undefined) throw new Error('The log is empty: there is nothing to move.')
  const begun = await beginOn(target, first.id)
  const stage = await moveKeys(migrating, begun)
  await moveEvents(migrating)
  const there = await digestsOf(source, () => {})
  const copied = await digestsOf(target, (events) => onProgress('verified', events, false))
  onProgress('verified', copied.events(), true)
  const wrong = differences(there, copied)
  if (wrong.length === 0) {
    // no service starts on the log before
    await complete()
    await noteDone(target, stage, there.events())
  }
  return { events: there.events(), wrong }
}
