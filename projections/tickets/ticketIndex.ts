/** All tickets in memory as the lists need them: records to filter by, and for each value the tickets that have it. */

import type Database from 'better-sqlite3'
import { never } from '../../domain/instant.ts'
import { markBits, severityMark, unresolvedMark, warningBits } from '../closedLists.ts'
import { createDictionary, dictionarySql, noText } from '../columns/dictionary.ts'
import { createTicketList, type TicketKeys, type TicketList } from './ticketList.ts'
import { createTicketRecords, mostNumbers, recordTable, type TicketRecords } from './ticketRecords.ts'
import type { RowWarning, TicketRow } from './ticketRow.ts'

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

/** Units, states, categories and tiers by number. */
const wordTable = { name: 'ticketWords', column: 'word' }

export const indexTables = { ticketRecords: recordTable, ticketWords: dictionarySql(wordTable) }

/** As of the last flush. */
export type TicketIndex = TicketKeys & {
  instants: TicketRecords['instants']
  numbers: TicketRecords['numbers']
  /** `undefined` for a word no ticket ever had. */
  numberOf(word: string): number | undefined
  /** The word of a number; `null` for `noText`. */
  wordOf(number: number): string | null
  /** Every ticket. */
  all: TicketList
  /** For each value of a property, at the place of its number, the tickets that have it. */
  lists(field: ListField): readonly (TicketList | undefined)[]
  /** The tickets with an unresolved warning of that bit. */
  warned(bit: number): TicketList
  /** Some tickets. */
  listOf(ids: Iterable<number>): TicketList
}

/** The ids of each value, at its place, in the order they come in: they are counted, then put side by side. */
const byValue = (ids: Uint32Array, column: Uint16Array): Uint32Array<ArrayBuffer>[] => {
  const ends = new Uint32Array(mostNumbers)
  for (let at = 0; at < ids.length; at += 1) ends[column[ids[at]!]!]! += 1
  const found: Uint32Array<ArrayBuffer>[] = []
  const sorted = new Uint32Array(ids.length)
  let start = 0
  for (let value = 0; value < mostNumbers; value += 1) {
    const count = ends[value]!
    if (count > 0 && value !== noText) found[value] = sorted.subarray(start, start + count)
    ends[value] = start
    start += count
  }
  for (let at = 0; at < ids.length; at += 1) {
    const id = ids[at]!
    const value = column[id]!
    sorted[ends[value]!] = id
    ends[value]! += 1
  }
  return found
}

/** Most tickets have no warning that is not resolved, and of those nothing is parsed. */
const unresolvedIn = ({ openWarnings, warnings }: TicketRow): number =>
  openWarnings === 0 || warnings === null
    ? 0
    : (JSON.parse(warnings) as RowWarning[]).filter(({ resolvedAt }) => resolvedAt === null).length

const marksOf = (row: TicketRow): number =>
  (row.assignee === null ? 0 : markBits.claimed) |
  (row.safety === 1 ? markBits.safety : 0) |
  severityMark(row.severity) |
  unresolvedMark(unresolvedIn(row))

export type KeptTicketIndex = {
  /** The index, rebuilt where it was forgotten, or for a connection that only reads where the file was written. */
  current(): TicketIndex
  /** For each ticket as events are folded, numbers its new words, so that they are the same at every rebuild. */
  learn(row: TicketRow): void
  /** Takes over a row that was written. */
  put(row: TicketRow): void
  /** Writes what was put. */
  flush(): void
  /** Forgets what was learnt since the last flush. */
  discard(): void
  /** Forgets all: the file has changed under it. */
  reload(): void
}

/** `ofField` has a list for each value that occurs, at the place of its number. */
type Lists = {
  all: TicketList
  ofField: Record<ListField, TicketList[]>
  ofWarning: Map<number, TicketList>
}

/** Opens the index on the tables of `indexTables`. */
export const createTicketIndex = (db: Database.Database): KeptTicketIndex => {
  const words = createDictionary(db, wordTable, mostNumbers)
  const records = createTicketRecords(db)
  const dataVersion = db.prepare<[], number>('PRAGMA data_version').pluck()
  /** Changes with what others write; a connection that writes is the only one, and knows its own writes. */
  const othersWrote = (): number | undefined => (db.readonly ? dataVersion.get() : 0)
  const keys: TicketKeys = {
    registeredAt: (id) => records.instants.registeredAt[id] as number,
    sortDue: (id) => records.instants.sortDue[id] as number,
  }
  const { registeredAt, sortDue } = keys
  let lists: Lists | null = null
  let version: number | undefined

  const isTicket = (id: number): boolean => records.numbers.state[id] !== noText
  const listOf = (ofValue: TicketList[], value: number): TicketList => {
    ofValue[value] ??= createTicketList(keys)
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
  const load = (): Lists => {
    version = othersWrote()
    records.load()
    const ids = inOrder()
    const dues = ids.filter((id) => sortDue(id) !== never).sort((a, b) => sortDue(a) - sortDue(b) || a - b)
    const listsByValue = (column: Uint16Array): TicketList[] => {
      const [ofIds, ofDues] = [byValue(ids, column), byValue(dues, column)]
      return ofIds.map((own, value) => createTicketList(keys, own, ofDues[value]))
    }
    const { numbers } = records
    const warned = ids.filter((id) => numbers.openWarnings[id] !== 0)
    const listOfWarning = (bit: number): TicketList => {
      const isWarned = (id: number): boolean => (numbers.openWarnings[id]! & bit) !== 0
      return createTicketList(keys, warned.filter(isWarned), dues.filter(isWarned))
    }
    const ofField = listFields.map((field) => [field, listsByValue(numbers[field])])
    lists = {
      all: createTicketList(keys, ids, dues),
      ofField: Object.fromEntries(ofField) as Lists['ofField'],
      ofWarning: new Map(warningBits.map((bit) => [bit, listOfWarning(bit)])),
    }
    return lists
  }

  /** Every list the ticket is in by its record. */
  const listsWith = ({ all, ofField, ofWarning }: Lists, id: number): TicketList[] => {
    const found = [all]
    for (const field of listFields) {
      const value = records.numbers[field][id] as number
      if (value !== noText) found.push(listOf(ofField[field], value))
    }
    const open = records.numbers.openWarnings[id]!
    for (const [bit, list] of ofWarning) if ((open & bit) !== 0) found.push(list)
    return found
  }
  const setDue = (kept: Lists, id: number, after: number): void => {
    if (sortDue(id) !== never) for (const { due } of listsWith(kept, id)) due.remove(id)
    records.instants.sortDue[id] = after
    if (after !== never) for (const { due } of listsWith(kept, id)) due.add(id)
  }
  const putNumber = ({ ofField }: Lists, id: number, field: ListField, value: number): void => {
    const before = records.numbers[field][id] as number
    if (before === value) return
    if (before !== noText) listOf(ofField[field], before).remove(id)
    records.numbers[field][id] = value
    if (value !== noText) listOf(ofField[field], value).add(id)
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
      const { all, ofField, ofWarning } = isOld || lists === null ? load() : lists
      return {
        instants: records.instants,
        numbers: records.numbers,
        ...keys,
        numberOf: words.find,
        wordOf: words.textOf,
        all,
        lists: (field) => ofField[field],
        warned: (bit) => ofWarning.get(bit) as TicketList,
        listOf: (ids) => {
          const list = createTicketList(keys)
          for (const id of ids) list.add(id)
          return list
        },
      }
    },
    learn: (row) => {
      for (const field of wordFields) words.numberOf(row[field])
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
      const isDueNew = row.sortDue !== sortDue(id)
      // without a due the ticket goes from list to list in one order alone
      if (isDueNew) setDue(kept, id, never)
      for (const field of wordFields) putNumber(kept, id, field, words.find(row[field]) as number)
      putNumber(kept, id, 'ordinal', row.ordinal)
      putWarnings(kept, id, row.openWarnings)
      records.numbers.marks[id] = marksOf(row)
      if (isDueNew) setDue(kept, id, row.sortDue)
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
