/**
 * The mark of a log on EventStoreDB, stream `master-key`: what tells the log apart, under which master key its keys are,
 * and every change of that key.
 */
import type { KeyObject } from 'node:crypto'
import { type EventStore, type StoredEvent, VersionConflict } from '../../domain/eventStore.ts'
import type { WrappedKeys } from './derivedKeys.ts'
import { decrypt, encrypt } from './sealedText.ts'
import { systemEvent } from './systemEvent.ts'

/** The first stream of a log. */
export const markStream = 'master-key'
const checkName = Buffer.from('the master key of this log')

type Store = Pick<EventStore, 'append' | 'readStream'>

export type MarkOfLog = {
  /** Tells this log from every other. */
  logId: string
  /** Opens with the master key of now. */
  box: string
  /** Which change of the master key the keys of now are of; `null`: it was never changed. */
  rotation: string | null
  /** The service's own keys, where they do not follow from the master key of now. */
  derived: WrappedKeys | null
  /** Changes that were begun. */
  begun: { rotation: string; box: string }[]
  /** Events of the mark. */
  version: number
}

export const boxFor = (masterKey: KeyObject): string =>
  encrypt(masterKey, checkName, checkName).toString('base64')

export const boxOpens = (box: string, masterKey: KeyObject): boolean => {
  try {
    decrypt(masterKey, Buffer.from(box, 'base64'), checkName)
    return true
  } catch {
    return false
  }
}

const markOf = (events: readonly StoredEvent[]): MarkOfLog | null => {
  const [first] = events
  if (first === undefined) return null
  const { box, derived = null } = first.data as { box: string; derived?: WrappedKeys }
  // from its end: what it begins with is the time
  const logId = first.id.slice(-20).replace('-', '')
  const mark: MarkOfLog = { logId, box, derived, rotation: null, begun: [], version: events.length }
  for (const { type, data } of events) {
    if (type === 'MasterKeyChangeBegun') mark.begun.push(data as MarkOfLog['begun'][number])
    if (type !== 'MasterKeyChanged') continue
    const changed = data as { rotation: string; derived: WrappedKeys }
    mark.rotation = changed.rotation
    mark.derived = changed.derived
    mark.box = mark.begun.find(({ rotation }) => rotation === changed.rotation)?.box ?? mark.box
  }
  return mark
}

/** @returns `null` where the log has no mark yet. @throws StoreUnavailable */
export const readMark = async (store: Pick<Store, 'readStream'>): Promise<MarkOfLog | null> =>
  markOf(await store.readStream(markStream))

/**
 * Sees that all nodes over one log have the same master key; the first leaves its mark. `derived`: the service's own
 * keys of a log that comes from elsewhere.
 * @throws Error with a sentence that says what to do, where it is another key.
 */
export const markLog = async (
  store: Store,
  masterKey: KeyObject,
  derived?: WrappedKeys,
): Promise<MarkOfLog> => {
  let mark = await readMark(store)
  if (mark === null) {
    const data = { box: boxFor(masterKey), ...(derived && { derived }) }
    await store.append(markStream, 0, [systemEvent('MasterKeyMarked', data)]).catch((error: unknown) => {
      if (!(error instanceof VersionConflict)) throw error
    })
    mark = await readMark(store)
  }
  if (mark === null) throw new Error('the mark of the master key was written and is not there')
  if (!boxOpens(mark.box, masterKey))
    throw new Error(
      'The keys in the event store were made under another master key. Give every node the MASTER_KEY they were made under; after npm run rotate-master-key that is the new one.',
    )
  return mark
}
