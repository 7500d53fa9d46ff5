/** The keys of customers on EventStoreDB: a stream each, wrapped under the master key, and a copy in a file of each node. */
import { type KeyObject, randomBytes, randomUUID } from 'node:crypto'
import { yieldToEventLoop } from '../../api/commands/inFlight.ts'
import {
  type EventStore,
  type NewEvent,
  type StoredEvent,
  StoreUnavailable,
  VersionConflict,
} from '../../domain/eventStore.ts'
import type { SubjectId, SubjectKeys } from '../../domain/subjectKeys.ts'
import { uuidBytes } from '../../domain/uuid.ts'
import { encrypt } from './sealedText.ts'
import type { SqliteKeys } from './sqliteKeys.ts'
import { systemEvent } from './systemEvent.ts'

const keyBytes = 32
const subjectStream = (subject: SubjectId): string => `subject-${subject}`
export const subjectOfStream = (stream: string): SubjectId => stream.slice('subject-'.length)

/** A key in the log. `rotation`: the change of the master key it was wrapped in; left out: before the first. */
export type MadeKey = { wrapped: string; rotation?: string }

type WrappedKey = Parameters<SqliteKeys['adopt']>[0][number]
type Store = Pick<EventStore, 'append' | 'readStream'> & { destroyStream(stream: string): Promise<void> }
export type EsdbKeysParts = {
  store: Store
  /** The copy of this node: asked at every sealing, and written before any event that needs the key is handed over. */
  local: SqliteKeys
  masterKey: KeyObject
  /** The change of the master key that the keys of now are of; left out: none. */
  rotation?: string | null
  /** Told when a subject's key was destroyed, here or on another node. */
  onDestroyed: (subject: SubjectId) => void
}

export type EsdbKeys = SubjectKeys<KeyObject> & {
  /** Takes over what other nodes have told of keys. */
  heard(events: readonly StoredEvent[]): void
}

/** The event that puts a key into the log. */
export const wrappedKeyMade = (wrapped: Buffer, rotation: string | null = null): NewEvent => {
  const data: MadeKey = { wrapped: wrapped.toString('base64'), ...(rotation !== null && { rotation }) }
  return systemEvent('SubjectKeyMade', data)
}

export const createEsdbKeys = ({
  store,
  local,
  masterKey,
  rotation = null,
  onDestroyed,
}: EsdbKeysParts): EsdbKeys => {
  /** The master key was changed after this node started: nobody could read what it seals for a new customer. */
  let isStale = false

  /** What is written with the next flush. */
  let next: { keys: WrappedKey[]; written: Promise<void> } | undefined
  /** Keys that are made in one turn of the event loop share a flush to the disk. */
  const adopt = (key: WrappedKey): Promise<void> => {
    const keys = next?.keys ?? []
    next ??= {
      keys,
      written: yieldToEventLoop().then(() => {
        next = undefined
        local.adopt(keys)
      }),
    }
    keys.push(key)
    return next.written
  }

  /** A key of its own, durable before it is used. Made on demand: one made ahead would often stay unused in the log. */
  const make = async (): Promise<SubjectId> => {
    if (isStale)
      throw new StoreUnavailable(new Error('the master key was changed: start this node with the new one'))
    // as a UUID of version 7, for ids of one time lie together in the index
    const time = Date.now().toString(16).padStart(12, '0')
    const subject = `${time.slice(0, 8)}-${time.slice(8)}-7${randomUUID().slice(15)}`
    const wrapped = encrypt(masterKey, randomBytes(keyBytes), uuidBytes(subject))
    await store.append(subjectStream(subject), 0, [wrappedKeyMade(wrapped, rotation)])
    await adopt({ subject, wrapped })
    return subject
  }

  const forget = (subject: SubjectId): void => {
    local.destroy(subject)
    onDestroyed(subject)
  }

  return {
    create: make,

    get: (subject) => local.get(subject),

    isKnown: (subject) => local.isKnown(subject),

    destroy: async (subject) => {
      // in a stream of its own, which stays: a node that was away must hear of it even after the next scavenge
      await store
        .append(`erased-${subject}`, 0, [systemEvent('SubjectKeyDestroyed', { subject })])
        .catch((error: unknown) => {
          if (!(error instanceof VersionConflict)) throw error
        })
      forget(subject)
      await store.destroyStream(subjectStream(subject))
    },

    heard: (events) => {
      const made = events.flatMap(({ type, stream, data }) => {
        const key = data as MadeKey
        // of another change of the master key: wrapped under a key that is not ours
        if (type !== 'SubjectKeyMade' || (key.rotation ?? null) !== rotation) return []
        return { subject: subjectOfStream(stream), wrapped: Buffer.from(key.wrapped, 'base64') }
      })
      for (const { type, data } of events)
        if (type === 'MasterKeyChanged') isStale = (data as MadeKey).rotation !== rotation
      if (made.length > 0) local.adopt(made)
      for (const { type, data } of events)
        if (type === 'SubjectKeyDestroyed') forget((data as { subject: SubjectId }).subject)
    },

    close: () => local.close(),
  }
}
