/** By what the customers of a table's rows are found: lookup hashes, as many for each row (rulebook §6). */
import type Database from 'better-sqlite3'
import { customerHashes, type IdentifyingFields } from '../domain/customerKeys.ts'
import type { SealedText } from '../domain/sealed.ts'
import { type Sealer, unreadable } from '../domain/sealing.ts'
import type { Searchable } from '../domain/searchKeys.ts'
import type { SubjectId } from '../domain/subjectKeys.ts'
import { createHashList } from './columns/hashList.ts'

export type SearchablePerson = IdentifyingFields & Searchable

/** What sealed data says of a person; nothing where it cannot be read, or the subject is erased. */
export const personOf = (sealing: Sealer, sealed: SealedText): SearchablePerson => {
  const value = sealing.open(sealed)
  // nobody is found by what cannot be read; the ticket itself is there, and shows it
  return value === unreadable ? {} : ((value as SearchablePerson | null) ?? {})
}

/**
 * The policy's placeholders have hashes here, but nobody asks for them: so a word that is entered later parts strangers
 * that were registered before.
 */
export const noPlaceholders: readonly string[] = []

/** The hashes a person is matched by, `matchedEach` of them: customer number, phone, VIN. */
export const matchedBy = (sealing: Sealer, person: IdentifyingFields): (Uint8Array | null)[] => {
  const { customerId, phone, vin } = customerHashes(sealing, person, noPlaceholders)
  return [customerId, phone, vin]
}

export const matchedEach = 3

export type SubjectHashes = {
  /** Takes the hashes of the next row, which belongs to that subject; returns the row's id, from 1. */
  add(subjectId: SubjectId, hashes: readonly (Uint8Array | null)[]): number
  /** Gives a row other hashes with the next flush. */
  replace(id: number, hashes: readonly (Uint8Array | null)[]): void
  /** Ids of the written rows that the hash finds, the newest first. */
  find(hash: Uint8Array): number[]
  /** Whose rows the hash finds, the newest first. */
  subjectsOf(hash: Uint8Array): SubjectId[]
  /** Whose newest row has that customer number, else that phone; `null`: nobody's. */
  subjectOf(customerIdHash: Uint8Array | null, phoneHash: Uint8Array | null): SubjectId | null
  /** Nothing finds the subject's rows any more, those not yet written included. */
  forget(subjectId: SubjectId): void
  flush(): void
  /** Forgets what was added since the last flush. */
  discard(): void
  /** Reads the hashes again: the file has changed under them. */
  reload(): void
}

/** `list`: made by `hashListSql`. `rows`: a table with `id` and `subjectId`, indexed by both; its owner writes it. */
type HashedTable = { list: string; rows: string; each: number }

/** The lookup hashes of a table's rows: those of row `id` have the places from `(id - 1) * each` on in the list. */
export const createSubjectHashes = (
  db: Database.Database,
  { list, rows, each }: HashedTable,
): SubjectHashes => {
  const hashes = createHashList(db, list)
  const subjectOfRow = db.prepare<[number], SubjectId>(`SELECT subjectId FROM ${rows} WHERE id = ?`).pluck()
  const rowsOfSubject = db.prepare<[SubjectId], number>(`SELECT id FROM ${rows} WHERE subjectId = ?`).pluck()
  /** Of the rows added since the last flush, in their order. */
  let added: SubjectId[] = []

  const nextId = (): number => hashes.length() / each + 1
  const placesOf = (id: number): number[] =>
    Array.from({ length: each }, (_, index) => (id - 1) * each + index)
  const find = (hash: Uint8Array): number[] => hashes.find(hash).map((place) => Math.floor(place / each) + 1)
  const newest = (hash: Uint8Array | null): SubjectId | null => {
    const [id] = hash === null ? [] : find(hash)
    return id === undefined ? null : (subjectOfRow.get(id) ?? null)
  }

  return {
    add: (subjectId, ofRow) => {
      const id = nextId()
      for (const hash of ofRow) hashes.add(hash)
      added.push(subjectId)
      return id
    },
    replace: (id, ofRow) => {
      for (const [index, place] of placesOf(id).entries()) hashes.set(place, ofRow[index] ?? null)
    },
    find,
    subjectsOf: (hash) => [...new Set(find(hash).flatMap((id) => subjectOfRow.get(id) ?? []))],
    subjectOf: (customerIdHash, phoneHash) => newest(customerIdHash) ?? newest(phoneHash),
    forget: (subjectId) => {
      const firstAdded = nextId() - added.length
      const fresh = added.flatMap((owner, index) => (owner === subjectId ? [firstAdded + index] : []))
      for (const id of [...rowsOfSubject.all(subjectId), ...fresh])
        for (const place of placesOf(id)) hashes.erase(place)
    },
    flush: () => {
      hashes.flush()
      added = []
    },
    discard: () => {
      hashes.discard()
      added = []
    },
    reload: () => {
      hashes.reload()
      added = []
    },
  }
}

/** Subjects of a table's rows in the order of their ids, those after one; the table has an index by `subjectId`. */
export const subjectsAfter = (db: Database.Database, table: string) => {
  const select = db
    .prepare<[string, number], SubjectId>(
      `SELECT DISTINCT subjectId FROM ${table} WHERE subjectId > ? ORDER BY subjectId LIMIT ?`,
    )
    .pluck()
  return (subjectId: SubjectId, limit: number): SubjectId[] => select.all(subjectId, limit)
}
