/** All tickets in memory as the lists need them: records to filter by, and for each value the tickets that have it. */
import type Database from 'better-sqlite3'
import { never } from '../../domain/instant.ts'
import { markBits, severityMark, unresolvedMark } from '../closedLists.ts'
import { createDictionary, dictionarySql } from '../columns/dictionary.ts'
import { createIndexLists, type IndexLists, isTicket, type ListField } from './indexLists.ts'
import { createTicketList, type TicketKeys, type TicketList } from './ticketList.ts'
import {
  createTicketRecords,
  mostNumbers,
  recordTable,
  type TicketRecords,
  wordFields,
} from './ticketRecords.ts'
import type { RowWarning, TicketRow } from './ticketRow.ts'

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
  let lists: IndexLists | null = null
  let version: number | undefined

  const load = (): IndexLists => {
    version = othersWrote()
    records.load()
    lists = createIndexLists(records, keys)
    return lists
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
      const { instants, numbers } = records
      if (!isTicket(records, id)) {
        instants.registeredAt[id] = row.registeredAt
        instants.sortDue[id] = never
        kept.add(id)
      }
      instants.closeDueAt[id] = row.closeDueAt ?? never
      const isDueNew = row.sortDue !== instants.sortDue[id]
      // without a due the ticket goes from list to list in one order alone
      if (isDueNew) kept.setDue(id, never)
      for (const field of wordFields) kept.setNumber(id, field, words.find(row[field]) as number)
      kept.setNumber(id, 'ordinal', row.ordinal)
      kept.setWarnings(id, row.openWarnings)
      numbers.marks[id] = marksOf(row)
      if (isDueNew) kept.setDue(id, row.sortDue)
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
