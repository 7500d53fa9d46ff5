/**
 * What tickets are filtered and sorted by, in columns by ticket id. They are kept beside the rows in pages of many
 * tickets, for reading a million rows takes longer than a start may.
 */
import type Database from 'better-sqlite3'

export const recordTable =
  'CREATE TABLE ticketRecords (page INTEGER PRIMARY KEY, records BLOB NOT NULL) STRICT'

/** Epoch ms, `never` for none. */
const instantFields = ['registeredAt', 'sortDue', 'closeDueAt'] as const
export type InstantField = (typeof instantFields)[number]

/** Words by their number. */
export const wordFields = [
  'state',
  'level',
  'category',
  'tier',
  'unit',
  'dealer',
  'rbo',
  'responsibleDealer',
] as const
export type WordField = (typeof wordFields)[number]

/** Whole numbers up to 65,535; `marks` has the bits of `markBits`, and more, see `closedLists.ts`. */
const numberFields = [...wordFields, 'ordinal', 'openWarnings', 'marks'] as const
export type NumberField = (typeof numberFields)[number]

/** Numbers are below this. */
export const mostNumbers = 65_536

/** So many records that a page of the database file holds them. */
const ticketsOfPage = 85
const pageBytes = ticketsOfPage * (instantFields.length * 8 + numberFields.length * 2)

/** How much more room is made where it ends, and at a start for what comes. */
const growth = 1.25
const spare = 1.1

type Instants = Record<InstantField, Float64Array>
type Numbers = Record<NumberField, Uint16Array>

/** The columns are others once a ticket was touched; not every id has a ticket. */
export type TicketRecords = {
  readonly instants: Readonly<Instants>
  readonly numbers: Readonly<Numbers>
  /** Makes room for a ticket whose record will be written with the next flush. */
  touch(id: number): void
  flush(): void
  /** Reads all pages. */
  load(): void
}

const columnsOf = <F extends string, C>(fields: readonly F[], make: (field: F) => C): Record<F, C> =>
  Object.fromEntries(fields.map((field) => [field, make(field)])) as Record<F, C>

export const createTicketRecords = (db: Database.Database): TicketRecords => {
  const lastPage = db.prepare<[], number | null>('SELECT max(page) FROM ticketRecords').pluck()
  const select = db.prepare<[], { page: number; records: Buffer }>('SELECT page, records FROM ticketRecords')
  const write = db.prepare<[number, Buffer]>('INSERT OR REPLACE INTO ticketRecords VALUES (?, ?)')
  const touched = new Set<number>()
  let instants = columnsOf(instantFields, () => new Float64Array(0))
  let numbers = columnsOf(numberFields, () => new Uint16Array(0))
  /** The page being read: a million tickets are ten thousand pages at a start. */
  const pageRead = new Uint8Array(pageBytes)
  /** The bytes of each column, in the order of a page, and its part of the page being read. */
  let columns: { bytes: Uint8Array; perPage: number; part: Uint8Array }[] = []

  const room = (): number => instants.registeredAt.length
  const makeRoom = (pages: number): void => {
    const [before, beforeNumbers] = [instants, numbers]
    instants = columnsOf(instantFields, () => new Float64Array(pages * ticketsOfPage))
    numbers = columnsOf(numberFields, () => new Uint16Array(pages * ticketsOfPage))
    for (const field of instantFields) instants[field].set(before[field])
    for (const field of numberFields) numbers[field].set(beforeNumbers[field])
    let from = 0
    columns = [...Object.values(instants), ...Object.values(numbers)].map((column) => {
      const perPage = ticketsOfPage * column.BYTES_PER_ELEMENT
      const part = pageRead.subarray(from, from + perPage)
      from += perPage
      return { bytes: new Uint8Array(column.buffer), perPage, part }
    })
  }
  const pageOf = (page: number): Buffer =>
    Buffer.concat(
      columns.map(({ bytes, perPage }) => bytes.subarray(page * perPage, (page + 1) * perPage)),
      pageBytes,
    )
  const readPage = (page: number, records: Buffer): void => {
    pageRead.set(records)
    for (const { bytes, perPage, part } of columns) bytes.set(part, page * perPage)
  }
  return {
    get instants() {
      return instants
    },
    get numbers() {
      return numbers
    },
    touch: (id) => {
      const page = Math.floor(id / ticketsOfPage)
      if (id >= room()) makeRoom(Math.max(16, Math.ceil(page * growth)))
      touched.add(page)
    },
    flush: () => {
      for (const page of touched) write.run(page, pageOf(page))
      touched.clear()
    },
    load: () => {
      touched.clear()
      instants = columnsOf(instantFields, () => new Float64Array(0))
      numbers = columnsOf(numberFields, () => new Uint16Array(0))
      makeRoom(Math.ceil(((lastPage.get() ?? 0) + 1) * spare))
      for (const { page, records } of select.iterate()) readPage(page, records)
    },
  }
}
