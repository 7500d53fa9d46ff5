/** All tickets in memory as the lists need them: records to filter by, and for each value the tickets that have it. */
import type Database from 'better-sqlite3'
import { never } from '../epoch.ts'
import { createSortedIds, type SortedIds } from './sortedIds.ts'
import { createTicketRecords, recordTable, type TicketRecords } from './ticketRecords.ts'
import type { TicketRow } from './ticketRow.ts'
import { createTicketWords, noWord, wordTable } from './ticketWords.ts'

/** The properties that are words; those of which lists are kept, with the ordinal. */
const wordFields = [
  'state',
  'level',
  'category',
  'tier',
  'unit',
  'dealer',
  'rbo',
  'responsibleDealer',
] as const
type WordField = (typeof wordFields)[number]
export type ListField = WordField | 'ordinal'
const listFields: readonly ListField[] = [...wordFields, 'ordinal']

export const indexTables = { ticketRecords: recordTable, ticketWords: wordTable }

/** As of the last flush. */
export type TicketIndex = {
  instants: TicketRecords['instants']
  numbers: TicketRecords['numbers']
  registeredAt(id: number): number
  /** `never` for none. */
  sortDue(id: number): number
  /** `undefined` for a word no ticket ever had. */
  numberOf(word: string): number | undefined
  /** Every ticket, in order of registration. */
  all: SortedIds
  /** Those that have a due, in its order. */
  due: SortedIds
  /** For each value of a property, at the place of its number, the tickets that have it, in order of registration. */
  lists(field: ListField): readonly (SortedIds | undefined)[]
  /** The tickets with an unresolved warning of that bit, in order of registration. */
  warned(bit: number): SortedIds
  /** Some tickets, in order of registration. */
  sorted(ids: Iterable<number>): SortedIds
}

export type KeptTicketIndex = {
  /** The index, made anew where it was forgotten, or for a connection that only reads where the file was written. */
  current(): TicketIndex
  /** For each ticket as events are folded, see `TicketWords.learn`. */
  learn(row: TicketRow): void
  /** Takes over a row that was written. */
  put(row: TicketRow): void
  /** Writes what was put. */
  flush(): void
  /** Forgets what was learnt since the last flush. */
  discard(): void
  /** Forgets all: the file has changed beneath. */
  reload(): void
}

const warningBits = [1, 2, 4, 8, 16, 32]

/** `ofField` has a list for each value that occurs, at the place of its number. */
type Lists = {
  all: SortedIds
  due: SortedIds
  ofField: Record<ListField, SortedIds[]>
  ofWarning: Map<number, SortedIds>
}

/** Opens the index on the tables of `indexTables`. */
export const createTicketIndex = (db: Database.Database): KeptTicketIndex => {
  const words = createTicketWords(db)
  const records = createTicketRecords(db)
  const dataVersion = db.prepare<[], number>('PRAGMA data_version').pluck()
  /** Changes with what others write; the connection that writes is alone, and is told of its own writing. */
  const othersWrote = (): number | undefined => (db.readonly ? dataVersion.get() : 0)
  const registeredAt = (id: number): number => records.instants.registeredAt[id] as number
  const sortDue = (id: number): number => records.instants.sortDue[id] as number
  let lists: Lists | null = null
  let version: number | undefined

  const isTicket = (id: number): boolean => records.numbers.state[id] !== noWord
  const listOf = (ofValue: SortedIds[], value: number): SortedIds => {
    ofValue[value] ??= createSortedIds(registeredAt)
    return ofValue[value]
  }

  /** Every ticket of the records, in order of registration. */
  const inOrder = (): Uint32Array<ArrayBuffer> => {
    const ids = new Uint32Array(records.instants.registeredAt.length)
    let count = 0
    let isSorted = true
    for (let id = 1; id < ids.length; id += 1) {
      if (!isTicket(id)) continue
      const before = ids[count - 1]
      if (before !== undefined && registeredAt(before) > registeredAt(id)) isSorted = false
      ids[count] = id
      count += 1
    }
    const found = ids.subarray(0, count)
    return isSorted ? found : found.sort((a, b) => registeredAt(a) - registeredAt(b) || a - b)
  }
  /** The lists of a property's values: each value's ids are counted, then put side by side. */
  const listsByValue = (ids: Uint32Array<ArrayBuffer>, column: Uint16Array): SortedIds[] => {
    let values = 1
    for (const id of ids) values = Math.max(values, column[id]! + 1)
    const starts = new Uint32Array(values + 1)
    for (const id of ids) starts[column[id]! + 1]! += 1
    for (let value = 0; value < values; value += 1) starts[value + 1]! += starts[value]!
    const sorted = new Uint32Array(ids.length)
    const ends = starts.slice()
    for (const id of ids) {
      const value = column[id]!
      sorted[ends[value]!] = id
      ends[value]! += 1
    }
    const lists: SortedIds[] = []
    for (let value = noWord + 1; value < values; value += 1) {
      const own = sorted.subarray(starts[value], ends[value])
      if (own.length > 0) lists[value] = createSortedIds(registeredAt, own)
    }
    return lists
  }
  const load = (): Lists => {
    version = othersWrote()
    records.load()
    const ids = inOrder()
    const dues = ids.filter((id) => sortDue(id) !== never).sort((a, b) => sortDue(a) - sortDue(b) || a - b)
    const warned = ids.filter((id) => records.numbers.openWarnings[id] !== 0)
    const ofField = listFields.map((field) => [field, listsByValue(ids, records.numbers[field])])
    const ofWarning = warningBits.map((bit): [number, SortedIds] => {
      const own = warned.filter((id) => (records.numbers.openWarnings[id]! & bit) !== 0)
      return [bit, createSortedIds(registeredAt, own)]
    })
    lists = {
      all: createSortedIds(registeredAt, ids),
      due: createSortedIds(sortDue, dues),
      ofField: Object.fromEntries(ofField) as Lists['ofField'],
      ofWarning: new Map(ofWarning),
    }
    return lists
  }

  const putDue = ({ due }: Lists, id: number, after: number): void => {
    const before = sortDue(id)
    if (before === after) return
    if (before !== never) due.remove(id)
    records.instants.sortDue[id] = after
    if (after !== never) due.add(id)
  }
  const putNumber = ({ ofField }: Lists, id: number, field: ListField, value: number): void => {
    const before = records.numbers[field][id] as number
    if (before === value) return
    if (before !== noWord) listOf(ofField[field], before).remove(id)
    records.numbers[field][id] = value
    if (value !== noWord) listOf(ofField[field], value).add(id)
  }
  const putWarnings = ({ ofWarning }: Lists, id: number, open: number): void => {
    const changed = records.numbers.openWarnings[id]! ^ open
    if (changed === 0) return
    records.numbers.openWarnings[id] = open
    for (const [bit, list] of ofWarning) {
      if ((changed & bit) === 0) continue
      if ((open & bit) === 0) list.remove(id)
      else list.add(id)
    }
  }

  return {
    current: () => {
      const isOld = version !== undefined && version !== othersWrote()
      if (isOld) words.reload()
      const { all, due, ofField, ofWarning } = isOld || lists === null ? load() : lists
      return {
        instants: records.instants,
        numbers: records.numbers,
        registeredAt,
        sortDue,
        numberOf: words.numberOf,
        all,
        due,
        lists: (field) => ofField[field],
        warned: (bit) => ofWarning.get(bit) as SortedIds,
        sorted: (ids) => {
          const list = createSortedIds(registeredAt)
          for (const id of ids) list.add(id)
          return list
        },
      }
    },
    learn: (row) => {
      for (const field of wordFields) words.learn(row[field])
    },
    put: (row) => {
      const kept = lists ?? load()
      const { id } = row
      records.touch(id)
      if (!isTicket(id)) {
        records.instants.registeredAt[id] = row.registeredAt
        records.instants.sortDue[id] = never
        kept.all.add(id)
      }
      records.instants.closeDueAt[id] = row.closeDueAt ?? never
      putDue(kept, id, row.sortDue)
      for (const field of wordFields) putNumber(kept, id, field, words.numberOf(row[field]) as number)
      putNumber(kept, id, 'ordinal', row.ordinal)
      putWarnings(kept, id, row.openWarnings)
    },
    flush: () => {
      words.flush()
      records.flush()
    },
    discard: words.discard,
    reload: () => {
      lists = null
      words.reload()
    },
  }
}
