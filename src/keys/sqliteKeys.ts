/** The keys of the embedded engine, and the copy of the log's keys that a node of many has. */
import { createSecretKey, type KeyObject } from 'node:crypto'
import type { Position } from '../../domain/eventStore.ts'
import { createRecent } from '../../domain/recent.ts'
import type { SubjectId } from '../../domain/subjectKeys.ts'
import { uuidBytes, uuidText } from '../../domain/uuid.ts'
import type { Derive, WrappedKeys } from './derivedKeys.ts'
import {
  deriveIn,
  emptyWalSoon,
  type FollowMark,
  followedIn,
  keepDerived,
  noteFollowed,
  openKeyFile,
} from './keyFile.ts'
import { createKeyPool, wrappedBytes } from './keyPool.ts'
import { decrypt } from './sealedText.ts'
import { createSharedReads } from './sharedReads.ts'

export type SqliteKeysOptions = {
  /** For tools beside the service: the file must be there, and no key is made or destroyed. */
  readonly?: boolean
  /** Keys made and flushed at a time. */
  poolSize?: number
  /** Keys held in memory at most. */
  cacheSize?: number
}

/** `SubjectKeys`, all of it synchronous. */
export type SqliteKeys = {
  create(): SubjectId
  /** Whether `create` has a key to give; where it has none left, it tries to make some. */
  canCreate(): boolean
  get(subject: SubjectId, once?: boolean): KeyObject | null
  /** Whether there is a key, or was one that was destroyed. */
  isKnown(subject: SubjectId): boolean
  destroy(subject: SubjectId): void
  /** The keys of the service itself. */
  derive: Derive
  /** Takes over the service's own keys, wrapped under the same master key. */
  keepDerived(wrapped: WrappedKeys): void
  /** How the key of a subject is kept: wrapped under the master key; empty where it was destroyed. */
  wrapped(): IterableIterator<{ subject: SubjectId; wrapped: Buffer }>
  /** Takes over keys made elsewhere under the same master key; one that is known already, or destroyed, stays as it is. */
  adopt(keys: readonly { subject: SubjectId; wrapped: Buffer }[]): void
  /** Up to where the log these keys were adopted from is known, and what was noted with it. */
  followed(): FollowMark | null
  setFollowed(position: Position, note?: string): void
  close(): void
}

/** The bytes of a subject, `null` where the text is none as `uuidText` writes it: one subject has one spelling. */
const bytesOf = (subject: SubjectId): Buffer | null => {
  const bytes = uuidBytes(subject)
  return bytes.length === 16 && uuidText(bytes) === subject ? bytes : null
}

/**
 * The keys of the embedded engine, in a file of their own, each wrapped under the master key and bound to its subject.
 * A destroyed key is overwritten, also in the write-ahead log as soon as no other process reads the file.
 * @throws Error with a sentence that says what to do, where the file belongs to another master key.
 */
export const openSqliteKeys = (
  file: string,
  masterKey: KeyObject,
  { readonly = false, poolSize = 512, cacheSize = 8_000 }: SqliteKeysOptions = {},
): SqliteKeys => {
  const db = openKeyFile(file, masterKey, readonly)
  const select = db.prepare<[Buffer], Buffer>('SELECT wrapped FROM subject_keys WHERE subject = ?').pluck()
  const adoptOne = db.prepare<[Buffer, Buffer]>(
    'INSERT INTO subject_keys (subject, wrapped) VALUES (?, ?) ON CONFLICT DO NOTHING',
  )
  const all = db.prepare<[], { subject: Buffer; wrapped: Buffer }>(
    'SELECT subject, wrapped FROM subject_keys ORDER BY number',
  )
  // one that was never heard of is known as destroyed from then on: its key is gone from the log
  const overwrite = db.prepare<[Buffer]>(
    `INSERT INTO subject_keys (subject, wrapped) VALUES (?, zeroblob(${wrappedBytes}))
       ON CONFLICT (subject) DO UPDATE SET wrapped = zeroblob(length(wrapped))`,
  )
  const cache = createRecent<SubjectId, KeyObject>(cacheSize)
  const reads = createSharedReads(db)
  const pool = createKeyPool(db, { masterKey, size: poolSize, beforeWrite: reads.end })

  const adoptAll = db.transaction((keys: readonly { subject: SubjectId; wrapped: Buffer }[]): void => {
    for (const { subject, wrapped } of keys) {
      const id = bytesOf(subject)
      if (id !== null) adoptOne.run(id, wrapped)
    }
  })

  return {
    create: () => {
      const { subject, key } = pool.take()
      cache.put(subject, key)
      return subject
    },

    canCreate: pool.canTake,

    get: (subject, once = false) => {
      const cached = cache.get(subject)
      if (cached !== undefined) return cached
      const id = bytesOf(subject)
      if (id === null) return null
      reads.join()
      const wrapped = select.get(id)
      if (wrapped === undefined || wrapped.every((byte) => byte === 0)) return null
      const key = createSecretKey(decrypt(masterKey, wrapped, id))
      if (!once) cache.put(subject, key)
      return key
    },

    isKnown: (subject) => {
      const id = bytesOf(subject)
      return id !== null && select.get(id) !== undefined
    },

    destroy: (subject) => {
      const id = bytesOf(subject)
      if (id === null) return
      reads.end()
      overwrite.run(id)
      cache.drop(subject)
      emptyWalSoon(db, reads.end)
    },

    wrapped: function* () {
      for (const { subject, wrapped } of all.iterate())
        yield {
          subject: uuidText(subject),
          wrapped: wrapped.every((byte) => byte === 0) ? Buffer.alloc(0) : wrapped,
        }
    },

    derive: (purpose) => deriveIn(db, masterKey)(purpose),

    keepDerived: (wrapped) => {
      reads.end()
      keepDerived(db, wrapped)
    },

    adopt: (keys) => adoptAll(keys),

    followed: () => followedIn(db),

    setFollowed: (position, note) => {
      reads.end()
      noteFollowed(db, position, note)
    },

    close: () => {
      reads.end()
      db.close()
    },
  }
}
