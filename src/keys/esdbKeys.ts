/** The keys of customers on EventStoreDB: a stream each, wrapped under the master key, and a copy in a file of each node. */
import { type KeyObject, randomBytes, randomUUID } from 'node:crypto'
import { newCommandId } from '../../api/commands/commandId.ts'
import {
  type EventStore,
  eventId,
  type NewEvent,
  type StoredEvent,
  VersionConflict,
} from '../../domain/eventStore.ts'
import { toInstant } from '../../domain/instant.ts'
import type { SubjectId, SubjectKeys } from '../../domain/subjectKeys.ts'
import { uuidBytes } from '../../domain/uuid.ts'
import { decrypt, encrypt } from './sealedText.ts'
import type { SqliteKeys } from './sqliteKeys.ts'

const keyBytes = 32
const subjectStream = (subject: SubjectId): string => `subject-${subject}`
/** The first stream of a log: it tells the log apart, and its master key. */
export const markStream = 'master-key'
const checkName = Buffer.from('the master key of this log')

type Store = Pick<EventStore, 'append' | 'readStream'> & { destroyStream(stream: string): Promise<void> }
export type EsdbKeysParts = {
  store: Store
  /** The copy of this node: asked at every sealing, and written before any event that needs the key is handed over. */
  local: SqliteKeys
  masterKey: KeyObject
  /** Told when a subject's key was destroyed, here or on another node. */
  onDestroyed: (subject: SubjectId) => void
}

export type EsdbKeys = SubjectKeys<KeyObject> & {
  /** Takes over what other nodes have told of keys. */
  heard(events: readonly StoredEvent[]): void
}

/** One event of the service itself. */
export const systemEvent = (type: string, data: unknown): NewEvent => {
  const commandId = newCommandId()
  const metadata = {
    commandId,
    actor: { id: 'system', role: 'system' },
    correlationId: commandId,
    recordedAt: toInstant(Date.now()),
  }
  return { id: eventId(commandId, 0), type, data, metadata }
}

/** The event that puts a key into the log. */
export const wrappedKeyMade = (wrapped: Buffer): NewEvent =>
  systemEvent('SubjectKeyMade', { wrapped: wrapped.toString('base64') })

/**
 * Sees that all nodes over one log have the same master key; the first leaves its mark.
 * @returns what tells this log from every other.
 * @throws Error with a sentence that says what to do, where it is another key.
 */
export const markLog = async (
  store: Pick<Store, 'append' | 'readStream'>,
  masterKey: KeyObject,
): Promise<string> => {
  const box = encrypt(masterKey, checkName, checkName).toString('base64')
  const find = async () => (await store.readStream(markStream))[0]
  let mark = await find()
  if (mark === undefined) {
    await store.append(markStream, 0, [systemEvent('MasterKeyMarked', { box })]).catch((error: unknown) => {
      if (!(error instanceof VersionConflict)) throw error
    })
    mark = await find()
  }
  if (mark === undefined) throw new Error('the mark of the master key was written and is not there')
  try {
    decrypt(masterKey, Buffer.from((mark.data as { box: string }).box, 'base64'), checkName)
  } catch {
    throw new Error(
      'The keys in the event store were made under another master key. Give every node the MASTER_KEY they were made under.',
    )
  }
  // from its end: what it begins with is the time
  return mark.id.slice(-20).replace('-', '')
}

export const createEsdbKeys = ({ store, local, masterKey, onDestroyed }: EsdbKeysParts): EsdbKeys => {
  /** A key of its own, durable before it is used. Made on demand: one made ahead would often stay unused in the log. */
  const make = async (): Promise<SubjectId> => {
    // as a UUID of version 7, for ids of one time lie together in the index
    const time = Date.now().toString(16).padStart(12, '0')
    const subject = `${time.slice(0, 8)}-${time.slice(8)}-7${randomUUID().slice(15)}`
    const wrapped = encrypt(masterKey, randomBytes(keyBytes), uuidBytes(subject))
    await store.append(subjectStream(subject), 0, [wrappedKeyMade(wrapped)])
    local.adopt([{ subject, wrapped }])
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
      const made = events.flatMap(({ type, stream, data }) =>
        type === 'SubjectKeyMade'
          ? {
              subject: stream.slice('subject-'.length),
              wrapped: Buffer.from((data as { wrapped: string }).wrapped, 'base64'),
            }
          : [],
      )
      if (made.length > 0) local.adopt(made)
      for (const { type, data } of events)
        if (type === 'SubjectKeyDestroyed') forget((data as { subject: SubjectId }).subject)
    },

    close: () => local.close(),
  }
}
