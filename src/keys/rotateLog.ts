/**
 * Changes the master key of a log on EventStoreDB: every customer's stream gets its key once more, wrapped under the new
 * one; one event then makes those the right ones. Until then nodes take the old ones.
 */
import { randomUUID } from 'node:crypto'
import { type Position, type StoredEvent, VersionConflict } from '../../domain/eventStore.ts'
import { uuidBytes } from '../../domain/uuid.ts'
import type { EsdbStore } from '../store/esdb/store.ts'
import { deriveFrom, unwrapDerived, wrapDerived } from './derivedKeys.ts'
import { type MadeKey, subjectOfStream, wrappedKeyMade } from './esdbKeys.ts'
import { boxFor, boxOpens, type MarkOfLog, markStream, readMark } from './logMark.ts'
import type { Rotation } from './rotateFile.ts'
import { decrypt, encrypt } from './sealedText.ts'
import { systemEvent } from './systemEvent.ts'

type Store = Pick<EsdbStore, 'append' | 'readStream' | 'readAll' | 'truncateBefore'>

const pageSize = 2_000
const inFlight = 64

const madeIn = ({ data }: StoredEvent): MadeKey => data as MadeKey

/** Passes every event that made a key in that change of the master key to `work`. @returns where the log ended. */
const eachKey = async (
  store: Store,
  { after, rotation }: { after: Position | null; rotation: string | null },
  work: (event: StoredEvent) => Promise<void>,
): Promise<Position | null> => {
  for (let from = after; ; ) {
    const page: StoredEvent[] = await store.readAll(from, pageSize)
    const made = page.filter(
      (event) => event.type === 'SubjectKeyMade' && (madeIn(event).rotation ?? null) === rotation,
    )
    for (let next = 0; next < made.length; next += inFlight)
      await Promise.all(made.slice(next, next + inFlight).map(work))
    from = page.at(-1)?.position ?? from
    if (page.length < pageSize) return from
  }
}

/** A subject that was erased meanwhile has no stream any more. */
const unlessErased = async (store: Store, stream: string, work: () => Promise<unknown>): Promise<void> => {
  try {
    await work()
  } catch (error) {
    if ((await store.readStream(`erased-${subjectOfStream(stream)}`)).length === 0) throw error
  }
}

/** Appends the key under the new master key, unless an earlier run did. */
const rewrap = async (
  store: Store,
  { stream, version, ...event }: StoredEvent,
  { from, to, rotation }: Rotation & { rotation: string },
): Promise<void> => {
  const subject = uuidBytes(subjectOfStream(stream))
  const wrapped = Buffer.from((event.data as MadeKey).wrapped, 'base64')
  const made = wrappedKeyMade(encrypt(to, decrypt(from, wrapped, subject), subject), rotation)
  try {
    await store.append(stream, version, [made])
  } catch (error) {
    if (!(error instanceof VersionConflict)) throw error
    const there = await store.readStream(stream)
    if (there.some((each) => madeIn(each).rotation === rotation)) return
    await store.append(stream, there.at(-1)?.version ?? 0, [made])
  }
}

/** What was wrapped under the old key is gone from the disks after the next scavenge. */
const dropOld = (store: Store, rotation: string): Promise<unknown> =>
  eachKey(store, { after: null, rotation }, ({ stream, version }) =>
    // version 1 was never wrapped under another key
    version === 1
      ? Promise.resolve()
      : unlessErased(store, stream, () => store.truncateBefore(stream, version)),
  )

/** The change to this key that an earlier run began, or a new one. */
const begin = async (store: Store, mark: MarkOfLog, { to }: Rotation): Promise<[string, number]> => {
  const begun = mark.begun.find(({ box }) => boxOpens(box, to))
  if (begun !== undefined) return [begun.rotation, mark.version]
  const data = { rotation: randomUUID(), box: boxFor(to) }
  await store.append(markStream, mark.version, [systemEvent('MasterKeyChangeBegun', data)])
  return [data.rotation, mark.version + 1]
}

/**
 * @returns how many keys were wrapped; `null`: the log was under the new key already.
 * @throws Error with a sentence where the log is under neither key; StoreUnavailable
 */
export const rotateLog = async (
  store: Store,
  keys: Rotation,
  onProgress: (done: number) => void,
): Promise<number | null> => {
  const mark = await readMark(store)
  if (mark === null) throw new Error('The event store holds no log: there is no master key to change.')
  if (boxOpens(mark.box, keys.to)) {
    if (mark.rotation !== null) await dropOld(store, mark.rotation)
    return null
  }
  if (!boxOpens(mark.box, keys.from))
    throw new Error('The keys in the event store are under neither the old master key nor the new one.')
  const [rotation, version] = await begin(store, mark, keys)
  let count = 0
  const work = async (event: StoredEvent): Promise<void> => {
    await unlessErased(store, event.stream, () => rewrap(store, event, { ...keys, rotation }))
    count += 1
    onProgress(count)
  }
  const end = await eachKey(store, { after: null, rotation: mark.rotation }, work)
  const derive = mark.derived === null ? deriveFrom(keys.from) : unwrapDerived(mark.derived, keys.from)
  const changed = { rotation, derived: wrapDerived(derive, keys.to) }
  await store.append(markStream, version, [systemEvent('MasterKeyChanged', changed)])
  // of a node that ran all the same
  await eachKey(store, { after: end, rotation: mark.rotation }, work)
  await dropOld(store, rotation)
  return count
}
