/** Keys made ahead, many with one flush, so that a complaint of a new customer waits for none. */
import { createSecretKey, type KeyObject, randomBytes } from 'node:crypto'
import type Database from 'better-sqlite3'
import { StoreUnavailable } from '../../domain/eventStore.ts'
import type { SubjectId } from '../../domain/subjectKeys.ts'
import { uuidText } from '../../domain/uuid.ts'
import { orUnavailable } from '../store/storeFault.ts'
import { encrypt } from './sealedText.ts'

const subjectBytes = 16
const keyBytes = 32
/** A wrapped key: nonce, key, tag. */
export const wrappedBytes = 12 + keyBytes + 16

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

export type PooledKey = { subject: SubjectId; key: KeyObject }

type Parts = {
  masterKey: KeyObject
  /** Keys made and flushed at a time. */
  size: number
  /** Called before something is written. */
  beforeWrite(): void
}

export const createKeyPool = (db: Database.Database, { masterKey, size, beforeWrite }: Parts) => {
  const insert = db.prepare<[Buffer, Buffer]>('INSERT INTO subject_keys (subject, wrapped) VALUES (?, ?)')
  let pool: PooledKey[] = []
  let isRefilling = false

  const makeKeys = db.transaction((now: number): PooledKey[] => {
    const each = subjectBytes + keyBytes
    // one call for all: it costs as much as one for each
    const random = randomBytes(size * each)
    return Array.from({ length: size }, (_, index) => {
      const subject = newSubject(now, random.subarray(index * each, index * each + subjectBytes))
      const secret = random.subarray(index * each + subjectBytes, (index + 1) * each)
      insert.run(subject, encrypt(masterKey, secret, subject))
      return { subject: uuidText(subject), key: createSecretKey(secret) }
    })
  })

  /** @throws StoreUnavailable */
  const refill = (): void => {
    beforeWrite()
    pool = [...orUnavailable(() => makeKeys(Date.now())), ...pool]
  }

  const refillSoon = (): void => {
    if (isRefilling) return
    isRefilling = true
    setImmediate(() => {
      isRefilling = false
      if (!db.open || pool.length > size / 2) return
      try {
        refill()
      } catch {
        // Nobody waits for these; the call that finds the pool empty meets the error itself.
      }
    })
  }

  return {
    /** @throws StoreUnavailable */
    take: (): PooledKey => {
      if (pool.length === 0) refill()
      const taken = pool.pop()!
      if (pool.length <= size / 2) refillSoon()
      return taken
    },
    /** Whether there is a key to take; where there is none, it tries to make some. */
    canTake: (): boolean => {
      try {
        if (pool.length === 0) refill()
        return true
      } catch (error) {
        if (error instanceof StoreUnavailable) return false
        throw error
      }
    },
  }
}
