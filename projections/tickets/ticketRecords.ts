/**
 * What tickets are filtered and sorted by, in records of one length that lie side by side in memory. They are kept
 * beside the rows in pages of many tickets, for reading a million rows takes longer than a start may.
 */
import type Database from 'better-sqlite3'

export const recordTable =
  'CREATE TABLE ticketRecords (page INTEGER PRIMARY KEY, records BLOB NOT NULL) STRICT'

/** A page of records fits into a page of the database file. */
const ticketsOfPage = 64
const recordBytes = 48
const pageBytes = ticketsOfPage * recordBytes

/** Where in a record its instants are: epoch ms, `never` for none. */
export const instantAt = { registeredAt: 0, sortDue: 1, closeDueAt: 2 } as const
const perInstants = recordBytes / 8
export type InstantAt = (typeof instantAt)[keyof typeof instantAt]

/** Where in a record its whole numbers up to 65,535 are: words by their number, the others as they are. */
export const numberAt = {
  state: 12,
  level: 13,
  category: 14,
  tier: 15,
  unit: 16,
  dealer: 17,
  rbo: 18,
  responsibleDealer: 19,
  ordinal: 20,
  openWarnings: 21,
} as const
const perNumbers = recordBytes / 2
/** Numbers are below this. */
export const mostNumbers = 65_536
export type NumberAt = (typeof numberAt)[keyof typeof numberAt]

export type TicketRecords = {
  /** Ids are below this; not every one has a ticket. */
  room(): number
  instant(id: number, at: InstantAt): number
  number(id: number, at: NumberAt): number
  setInstant(id: number, at: InstantAt, value: number): void
  setNumber(id: number, at: NumberAt, value: number): void
  /** Makes room for a ticket whose record will be written with the next flush. */
  touch(id: number): void
  flush(): void
  /** Reads all pages. */
  load(): void
}

export const createTicketRecords = (db: Database.Database): TicketRecords => {
  const lastPage = db.prepare<[], number | null>('SELECT max(page) FROM ticketRecords').pluck()
  const select = db.prepare<[], { page: number; records: Uint8Array }>(
    'SELECT page, records FROM ticketRecords',
  )
  const write = db.prepare<[number, Uint8Array]>('INSERT OR REPLACE INTO ticketRecords VALUES (?, ?)')
  const touched = new Set<number>()
  let bytes = new Uint8Array(0)
  let instants = new Float64Array(0)
  let numbers = new Uint16Array(0)

  const view = (pages: number, contents: Uint8Array): void => {
    // what is not used yet takes no memory until it is
    bytes = new Uint8Array(pages * pageBytes)
    bytes.set(contents)
    instants = new Float64Array(bytes.buffer)
    numbers = new Uint16Array(bytes.buffer)
  }
  return {
    room: () => bytes.length / recordBytes,
    instant: (id, at) => instants[id * perInstants + at] as number,
    number: (id, at) => numbers[id * perNumbers + at] as number,
    setInstant: (id, at, value) => {
      instants[id * perInstants + at] = value
    },
    setNumber: (id, at, value) => {
      numbers[id * perNumbers + at] = value
    },
    touch: (id) => {
      const page = Math.floor(id / ticketsOfPage)
      if ((page + 1) * pageBytes > bytes.length) view(Math.max(16, page * 2), bytes)
      touched.add(page)
    },
    flush: () => {
      for (const page of touched) write.run(page, bytes.subarray(page * pageBytes, (page + 1) * pageBytes))
      touched.clear()
    },
    load: () => {
      touched.clear()
      view(Math.ceil(((lastPage.get() ?? 0) + 1) * 1.5), new Uint8Array(0))
      for (const { page, records } of select.iterate()) bytes.set(records, page * pageBytes)
    },
  }
}
