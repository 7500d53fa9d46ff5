/**
 * Values of 16 random bytes each in the order of the log, found again by value. A B-tree would take each into a page
 * of its own, to be read, logged and copied back. Here they are written one after the other, many to a row, and
 * searched through an index in memory that is made of the rows when they are opened and kept up with every flush.
 */
import type Database from 'better-sqlite3'
import { createHashIndex, type HashIndex } from './hashIndex.ts'

const valueBytes = 16

/** As many as fit a page of the file. */
const valuesPerRow = 250

const none = Buffer.alloc(valueBytes)

export type HashList = {
  /** How many there are, those not yet flushed included. */
  length(): number
  /** Takes the next place, `null` too, which nothing finds. */
  add(value: Uint8Array | null): void
  /** Places, from 0, of the flushed values that are equal; the newest first. */
  find(value: Uint8Array): number[]
  /** `null`: nothing is there. */
  at(place: number): Buffer | null
  /** Puts another value at a place with the next flush; `null`: nothing finds it any more. */
  set(place: number, value: Uint8Array | null): void
  /** The place stays, but nothing finds it any more. */
  erase(place: number): void
  flush(): void
  /** Forgets what was added since the last flush. */
  discard(): void
  /** Reads the rows again. */
  reload(): void
}

export const hashListSql = (table: string): string =>
  `CREATE TABLE ${table} (id INTEGER PRIMARY KEY, hashes BLOB NOT NULL) STRICT`

const wordsPerValue = valueBytes / Uint32Array.BYTES_PER_ELEMENT

const isNone = (value: Buffer): boolean => value.equals(none)

/** The row of a place. */
const rowOf = (place: number): number => Math.floor(place / valuesPerRow) + 1

/** Values being indexed, as numbers in one buffer: a start indexes millions. */
const createWords = () => {
  const words = new Uint32Array(valuesPerRow * wordsPerValue)
  const bytes = new Uint8Array(words.buffer)
  return {
    tagOf: (value: Uint8Array): number => {
      bytes.set(value)
      return words[0]!
    },
    /** Adds the values side by side in `values` to the index; most customers give no number of theirs. */
    addTo: (hashes: HashIndex, values: Uint8Array): void => {
      bytes.set(values)
      const end = values.length / Uint32Array.BYTES_PER_ELEMENT
      for (let at = 0; at < end; at += wordsPerValue) {
        const isEmpty = (words[at]! | words[at + 1]! | words[at + 2]! | words[at + 3]!) === 0
        hashes.add(isEmpty ? null : words[at]!)
      }
    },
  }
}

/** The values of a table made by `hashListSql`; each connection that looks for one keeps an index of its own. */
export const createHashList = (db: Database.Database, table: string): HashList => {
  const rowsAfter = db.prepare<[number], { id: number; hashes: Buffer }>(
    `SELECT id, hashes FROM ${table} WHERE id > ? ORDER BY id LIMIT 100`,
  )
  const readValue = db
    .prepare<[number, number], Buffer>(
      `SELECT substr(hashes, ? * ${valueBytes} + 1, ${valueBytes}) FROM ${table} WHERE id = ?`,
    )
    .pluck()
  // in place, so that no free part of a page keeps the old one
  const overwrite = db.prepare<[Buffer, number]>(`UPDATE ${table} SET hashes = ? WHERE id = ?`)
  const write = db.prepare<[number, Buffer]>(`INSERT OR REPLACE INTO ${table} VALUES (?, ?)`)
  const read = db.prepare<[number], Buffer>(`SELECT hashes FROM ${table} WHERE id = ?`).pluck()
  const lastRow = db.prepare<[], number | null>(`SELECT max(id) FROM ${table}`).pluck()
  const dataVersion = db.prepare<[], number>('PRAGMA data_version').pluck()
  const tail = Buffer.alloc(valuesPerRow * valueBytes)
  const words = createWords()
  let hashes: HashIndex
  /** Those in rows. */
  let written = 0
  let added: (Uint8Array | null)[] = []
  let replaced = new Map<number, Uint8Array | null>()
  let seen: number | undefined

  const load = (): void => {
    hashes = createHashIndex((lastRow.get() ?? 0) * valuesPerRow)
    written = 0
    added = []
    replaced = new Map()
    for (let last = 0; ; ) {
      const rows = rowsAfter.all(last)
      for (const { id, hashes: row } of rows) {
        words.addTo(hashes, row)
        written += row.length / valueBytes
        row.copy(tail)
        last = id
      }
      if (rows.length === 0) return
    }
  }
  const at = (place: number): Buffer | null => {
    const value = readValue.get(place % valuesPerRow, rowOf(place))
    return value === undefined || isNone(value) ? null : value
  }
  /** Puts a value into the row of a place that was written. */
  const putInRow = (place: number, value: Uint8Array): void => {
    const row = read.get(rowOf(place))
    if (row === undefined) return
    row.set(value, (place % valuesPerRow) * valueBytes)
    if (rowOf(place) === rowOf(written)) row.copy(tail)
    overwrite.run(row, rowOf(place))
  }
  /** A connection that only reads makes its index when it first looks for a value, and again when another has written. */
  const followOthers = (): void => {
    if (!db.readonly) return
    const now = dataVersion.get()
    if (now !== seen) load()
    seen = now
  }

  if (!db.readonly) load()
  return {
    length: () => written + added.length,
    add: (value) => {
      added.push(value)
    },
    find: (value) => {
      followOthers()
      return hashes.withTag(words.tagOf(value)).filter((place) => at(place)?.equals(value) ?? false)
    },
    at,
    set: (place, value) => {
      replaced.set(place, value)
    },
    erase: (place) => {
      replaced.delete(place)
      if (place >= written) added[place - written] = null
      else putInRow(place, none)
    },
    flush: () => {
      let from = (written % valuesPerRow) * valueBytes
      let end = from
      for (const [number, value] of added.entries()) {
        tail.set(value ?? none, end)
        end += valueBytes
        if (end < tail.length && number < added.length - 1) continue
        const row = tail.subarray(0, end)
        write.run(rowOf(written), row)
        words.addTo(hashes, row.subarray(from))
        written += (end - from) / valueBytes
        from = end % tail.length
        end = from
      }
      added = []
      for (const [place, value] of replaced) {
        putInRow(place, value ?? none)
        hashes.set(place, value === null ? null : words.tagOf(value))
      }
      replaced = new Map()
    },
    discard: () => {
      added = []
      replaced = new Map()
    },
    reload: load,
  }
}
