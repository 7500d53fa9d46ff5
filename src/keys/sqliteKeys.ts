import { createSecretKey, type KeyObject, randomBytes } from 'node:crypto'
import type Database from 'better-sqlite3'
import { type Position, StoreUnavailable } from '../../domain/eventStore.ts'
import { createRecent } from '../../domain/recent.ts'
import type { SubjectId } from '../../domain/subjectKeys.ts'
import { uuidBytes, uuidText } from '../../domain/uuid.ts'
import { openDatabase } from '../../projections/openDatabase.ts'
import { isStorageFault } from '../../projections/storageFault.ts'
import type { Derive, WrappedKeys } from './derivedKeys.ts'
import { deriveIn, keepDerived, markKeyFile, opensWith, prepareKeyFile } from './keyFile.ts'
import { decrypt, encrypt } from './sealedText.ts'

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
  followed(): { position: Position; note: string | null } | null
  setFollowed(position: Position, note?: string): void
  close(): void
}

const busyTimeoutMs = 5_000
/** How long an erasure waits for readers of the file to close it, and when it tries again where they did not. */
const emptyTimeoutMs = 50
const emptyAgainMs = 1_000
/** Reads that share a transaction at most, where a turn of the event loop is long: some milliseconds of them. */
const readsOfTransaction = 500
const subjectBytes = 16
const keyBytes = 32
/** A wrapped key: nonce, key, tag. */
const wrappedBytes = 12 + keyBytes + 16
/**
 * A UUID of version 7 out of 16 random bytes: time-ordered, as random ones would touch a page of the index each; 74
 * bits stay random.
 */
const newSubject = (now: number, bytes: Buffer): Buffer => {
  bytes.writeUIntBE(now, 0, 6)
  bytes[6] = 0x70 | (bytes[6]! & 0x0f)
  bytes[8] = 0x80 | (bytes[8]! & 0x3f)
  return bytes
}

/** The bytes of a subject, `null` where the text is none as `uuidText` writes it: one subject has one spelling. */
const bytesOf = (subject: SubjectId): Buffer | null => {
  const bytes = uuidBytes(subject)
  return bytes.length === 16 && uuidText(bytes) === subject ? bytes : null
}

const openKeyFile = (file: string, masterKey: KeyObject, readonly: boolean): Database.Database => {
  const db = openDatabase(file, { readonly, fileMustExist: readonly, timeout: busyTimeoutMs })
  try {
    if (!readonly) {
      prepareKeyFile(db)
      markKeyFile(db, masterKey)
    }
    if (!opensWith(db, masterKey))
      throw new Error(
        `The keys in ${file} were made under another master key. Start with the MASTER_KEY, or the master.key file, they were made under.`,
      )
    return db
  } catch (error) {
    db.close()
    throw error
  }
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
  const insert = db.prepare<[Buffer, Buffer]>('INSERT INTO subject_keys (subject, wrapped) VALUES (?, ?)')
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
  let pool: { subject: SubjectId; key: KeyObject }[] = []
  let refilling = false

  const begin = db.prepare('BEGIN')
  const commit = db.prepare('COMMIT')
  let reads = 0
  /** Before anything is written, and after a while: so that none misses what was destroyed or holds up emptying the log. */
  const endReads = (): void => {
    if (db.open && db.inTransaction) commit.run()
    reads = 0
  }
  /** What is read in one turn of the event loop shares a transaction, for a page of a list asks for many keys: at half the cost. */
  const readTogether = (): void => {
    if (reads === readsOfTransaction) endReads()
    if (reads === 0) {
      begin.run()
      setImmediate(endReads)
    }
    reads += 1
  }

  const adoptAll = db.transaction((keys: readonly { subject: SubjectId; wrapped: Buffer }[]): void => {
    for (const { subject, wrapped } of keys) {
      const id = bytesOf(subject)
      if (id !== null) adoptOne.run(id, wrapped)
    }
  })

  const noteFollowed = db.transaction((position: Position, note: string | undefined): void => {
    db.prepare('INSERT OR REPLACE INTO followed VALUES (1, ?)').run(position)
    db.prepare('DELETE FROM followed_note').run()
    if (note !== undefined) db.prepare('INSERT INTO followed_note VALUES (?, ?)').run(position, note)
  })

  const makeKeys = db.transaction((now: number) => {
    const each = subjectBytes + keyBytes
    // one call for all: it costs as much as one for each
    const random = randomBytes(poolSize * each)
    return Array.from({ length: poolSize }, (_, index) => {
      const subject = newSubject(now, random.subarray(index * each, index * each + subjectBytes))
      const secret = random.subarray(index * each + subjectBytes, (index + 1) * each)
      insert.run(subject, encrypt(masterKey, secret, subject))
      return { subject: uuidText(subject), key: createSecretKey(secret) }
    })
  })

  /** @throws StoreUnavailable */
  const refill = (): void => {
    endReads()
    try {
      pool = [...makeKeys(Date.now()), ...pool]
    } catch (error) {
      throw isStorageFault(error) ? new StoreUnavailable(error) : error
    }
  }

  const refillSoon = (): void => {
    if (refilling) return
    refilling = true
    setImmediate(() => {
      refilling = false
      if (!db.open || pool.length > poolSize / 2) return
      try {
        refill()
      } catch {
        // Nobody waits for these; the call that finds the pool empty meets the error itself.
      }
    })
  }

  /** Until the write-ahead log is emptied a wrapped key lies there although its row is overwritten. */
  const emptyWal = (): boolean => {
    endReads()
    db.pragma(`busy_timeout = ${emptyTimeoutMs}`)
    try {
      const [result] = db.pragma('wal_checkpoint(TRUNCATE)') as { busy: number }[]
      return result?.busy === 0
    } catch {
      return false
    } finally {
      db.pragma(`busy_timeout = ${busyTimeoutMs}`)
    }
  }

  const emptyWalSoon = (): void => {
    if (db.open && !emptyWal()) setTimeout(emptyWalSoon, emptyAgainMs).unref()
  }

  return {
    create: () => {
      if (pool.length === 0) refill()
      const { subject, key } = pool.pop()!
      if (pool.length <= poolSize / 2) refillSoon()
      cache.put(subject, key)
      return subject
    },

    canCreate: () => {
      try {
        if (pool.length === 0) refill()
        return true
      } catch (error) {
        if (error instanceof StoreUnavailable) return false
        throw error
      }
    },

    get: (subject, once = false) => {
      const cached = cache.get(subject)
      if (cached !== undefined) return cached
      const id = bytesOf(subject)
      if (id === null) return null
      readTogether()
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
      endReads()
      overwrite.run(id)
      cache.drop(subject)
      emptyWalSoon()
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
      endReads()
      keepDerived(db, wrapped)
    },

    adopt: (keys) => adoptAll(keys),

    followed: () =>
      db
        .prepare<[], { position: Position; note: string | null }>(
          'SELECT position, note FROM followed LEFT JOIN followed_note USING (position)',
        )
        .get() ?? null,

    setFollowed: (position, note) => {
      endReads()
      noteFollowed(position, note)
    },

    close: () => {
      endReads()
      db.close()
    },
  }
}
