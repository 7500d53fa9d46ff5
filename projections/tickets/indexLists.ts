/** For each value of a property the tickets that have it: made of the records, and kept up with them. */
import { never } from '../../domain/instant.ts'
import { warningBits } from '../closedLists.ts'
import { noText } from '../columns/dictionary.ts'
import { createTicketList, type TicketKeys, type TicketList } from './ticketList.ts'
import { mostNumbers, type TicketRecords, type WordField, wordFields } from './ticketRecords.ts'

/** The properties of which lists are kept. */
export type ListField = WordField | 'ordinal'
const listFields: readonly ListField[] = [...wordFields, 'ordinal']

export type IndexLists = {
  readonly all: TicketList
  /** The list of each value that occurs, at the place of its number. */
  readonly ofField: Readonly<Record<ListField, readonly (TicketList | undefined)[]>>
  /** The tickets with an unresolved warning of that bit. */
  readonly ofWarning: ReadonlyMap<number, TicketList>
  /** Enters a ticket that has no due yet, and no value in its record. */
  add(id: number): void
  /** Puts a due into the record of a ticket, and the ticket where it is then in the lists. */
  setDue(id: number, due: number): void
  /** The same of another property. */
  setNumber(id: number, field: ListField, value: number): void
  /** The same of the bits of its unresolved warnings. */
  setWarnings(id: number, open: number): void
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

/** Whether there is a ticket with that id. */
export const isTicket = ({ numbers }: TicketRecords, id: number): boolean => numbers.state[id] !== noText

/** Every ticket of the records, in order of registration. */
const inOrder = (records: TicketRecords): Uint32Array<ArrayBuffer> => {
  const { registeredAt } = records.instants
  const ids = new Uint32Array(registeredAt.length)
  let count = 0
  let isSorted = true
  for (let id = 1; id < ids.length; id += 1) {
    if (!isTicket(records, id)) continue
    const before = ids[count - 1]
    if (before !== undefined && registeredAt[before]! > registeredAt[id]!) isSorted = false
    ids[count] = id
    count += 1
  }
  const found = ids.subarray(0, count)
  return isSorted ? found : found.sort((a, b) => registeredAt[a]! - registeredAt[b]! || a - b)
}

type OpenLists = {
  all: TicketList
  ofField: Record<ListField, TicketList[]>
  ofWarning: Map<number, TicketList>
}

const listsOf = (records: TicketRecords, keys: TicketKeys): OpenLists => {
  const { numbers, instants } = records
  const { sortDue } = instants
  const ids = inOrder(records)
  const dues = ids.filter((id) => sortDue[id] !== never).sort((a, b) => sortDue[a]! - sortDue[b]! || a - b)
  const listsByValue = (column: Uint16Array): TicketList[] => {
    const [ofIds, ofDues] = [byValue(ids, column), byValue(dues, column)]
    return ofIds.map((own, value) => createTicketList(keys, own, ofDues[value]))
  }
  const warned = ids.filter((id) => numbers.openWarnings[id] !== 0)
  const listOfWarning = (bit: number): TicketList => {
    const isWarned = (id: number): boolean => (numbers.openWarnings[id]! & bit) !== 0
    return createTicketList(keys, warned.filter(isWarned), dues.filter(isWarned))
  }
  const ofField = listFields.map((field) => [field, listsByValue(numbers[field])])
  return {
    all: createTicketList(keys, ids, dues),
    ofField: Object.fromEntries(ofField) as OpenLists['ofField'],
    ofWarning: new Map(warningBits.map((bit) => [bit, listOfWarning(bit)])),
  }
}

/** The lists of all records as they are now. */
export const createIndexLists = (records: TicketRecords, keys: TicketKeys): IndexLists => {
  const { all, ofField, ofWarning } = listsOf(records, keys)
  const listOf = (field: ListField, value: number): TicketList => {
    const ofValue = ofField[field]
    ofValue[value] ??= createTicketList(keys)
    return ofValue[value]
  }
  /** Every list the ticket is in by its record. */
  const listsWith = (id: number): TicketList[] => {
    const found = [all]
    for (const field of listFields) {
      const value = records.numbers[field][id] as number
      if (value !== noText) found.push(listOf(field, value))
    }
    const open = records.numbers.openWarnings[id]!
    for (const [bit, list] of ofWarning) if ((open & bit) !== 0) found.push(list)
    return found
  }

  return {
    all,
    ofField,
    ofWarning,
    add: all.add,
    setDue: (id, due) => {
      if (keys.sortDue(id) !== never) for (const list of listsWith(id)) list.due.remove(id)
      records.instants.sortDue[id] = due
      if (due !== never) for (const list of listsWith(id)) list.due.add(id)
    },
    setNumber: (id, field, value) => {
      const before = records.numbers[field][id] as number
      if (before === value) return
      if (before !== noText) listOf(field, before).remove(id)
      records.numbers[field][id] = value
      if (value !== noText) listOf(field, value).add(id)
    },
    setWarnings: (id, open) => {
      const changed = records.numbers.openWarnings[id]! ^ open
      if (changed === 0) return
      records.numbers.openWarnings[id] = open
      for (const [bit, list] of ofWarning) {
        if ((changed & bit) === 0) continue
        if ((open & bit) === 0) list.remove(id)
        else list.add(id)
      }
    },
  }
}
