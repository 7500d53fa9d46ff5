/**
 * The tickets registered in whole months in columns, for statistics look at tens of thousands of them and SQLite takes
 * a hundred times as long. Made from the rows when a month is first asked about, and kept up with every flush.
 */

import type Database from 'better-sqlite3'
import { never } from '../../domain/instant.ts'
import { monthIndex, monthStart } from '../months.ts'
import type { TicketIndex } from './ticketIndex.ts'
import type { TicketRow } from './ticketRow.ts'

const instants = ['registeredAt', 'dispatchedAt', 'respondedAt', 'closedAt', 'lastAt'] as const
const words = [
  'state',
  'level',
  'category',
  'channel',
  'source',
  'tier',
  'unit',
  'dealer',
  'responsibleDealer',
  'rbo',
  'rootCauseCode',
  'severity',
  'remedy',
  'decision',
] as const
const amounts = ['safety', 'goodwillAmount', 'scores', 'scoreSum'] as const

export type InstantColumn = (typeof instants)[number]
export type WordColumn = (typeof words)[number]
export type AmountColumn = (typeof amounts)[number]

/** The first `size` places of each column are filled, in the order of the ids. */
export type TicketMonth = {
  size: number
  ids: Uint32Array
  /** Epoch ms, `never` for what has not happened. */
  instants: Record<InstantColumn, Float64Array>
  /** Numbers, see `word`. */
  words: Record<WordColumn, Int32Array>
  /** 0 where there is none. */
  amounts: Record<AmountColumn, Int32Array>
}

export type TicketMonths = {
  /** The tickets registered in a month, see `monthIndex`; they are others after the next write. */
  month(month: number, index: TicketIndex): TicketMonth
  /** Makes a month in steps of some milliseconds, between which others may write, so that `month` has it at once. */
  prepare(month: number, index: TicketIndex): Iterable<void>
  /** What a number stands for. */
  word(number: number): string | null
  /** Brings a ticket that was written up to date. */
  put(row: TicketRow): void
  /** Drops all that is in memory: the rows have changed in the file. */
  reload(): void
}

const recordOf = <K extends string, V>(keys: readonly K[], make: (key: K) => V): Record<K, V> =>
  Object.fromEntries(keys.map((key) => [key, make(key)])) as Record<K, V>

const emptyMonth = (room: number): TicketMonth => ({
  size: 0,
  ids: new Uint32Array(room),
  instants: recordOf(instants, () => new Float64Array(room)),
  words: recordOf(words, () => new Int32Array(room)),
  amounts: recordOf(amounts, () => new Int32Array(room)),
})

const grow = (month: TicketMonth, room: number): void => {
  const larger = emptyMonth(room)
  larger.ids.set(month.ids)
  for (const column of instants) larger.instants[column].set(month.instants[column])
  for (const column of words) larger.words[column].set(month.words[column])
  for (const column of amounts) larger.amounts[column].set(month.amounts[column])
  Object.assign(month, { ...larger, size: month.size })
}

/** Where a ticket stands, or will: ids only ever rise. */
const placeOf = ({ ids, size }: TicketMonth, id: number): number => {
  let [low, high] = [0, size]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((ids[middle] as number) < id) low = middle + 1
    else high = middle
  }
  return low
}

type Columned = Pick<TicketRow, 'id' | InstantColumn | WordColumn | AmountColumn>

/** Rows read before yielding to the event loop. */
const rowsAStep = 2_000

/** Tickets kept at a time, with 116 bytes each: 35 MB. A quarter, a month and its like of the year before are fewer. */
const mostTickets = 300_000

export const createTicketMonths = (db: Database.Database, most = mostTickets): TicketMonths => {
  const columns = ['id', ...instants, ...words, ...amounts].join(', ')
  const select = db.prepare<[number, number], Columned>(
    `SELECT ${columns} FROM tickets WHERE id >= ? AND id < ? ORDER BY id`,
  )
  /** The one asked for longest ago comes first. */
  const months = new Map<number, TicketMonth>()
  /** Those being made, with their numbers: what is written meanwhile is written there too. */
  const inFlight = new Map<TicketMonth, number>()
  const numbers = new Map<string | null, number>([[null, 0]])
  const list: (string | null)[] = [null]

  const numberOf = (word: string | null): number => {
    const known = numbers.get(word)
    if (known !== undefined) return known
    numbers.set(word, list.length)
    return list.push(word) - 1
  }
  const write = (month: TicketMonth, row: Columned): void => {
    const place = placeOf(month, row.id)
    if (place === month.size) {
      if (place === month.ids.length) grow(month, 256 + Math.ceil(place * 1.25))
      month.ids[place] = row.id
      month.size += 1
    }
    for (const column of instants) month.instants[column][place] = row[column] ?? never
    for (const column of words) month.words[column][place] = numberOf(row[column])
    for (const column of amounts) month.amounts[column][place] = row[column] ?? 0
  }

  /** All places have their ids at once, so that what is written between two steps finds its own. */
  const begin = (index: TicketIndex, number: number): TicketMonth => {
    const [from, to] = [monthStart(number), monthStart(number + 1)].map((key) => ({ key, id: 0 }))
    const next = index.all.registered.ascending(from!, to!)
    const ids: number[] = []
    for (let run = next(); run !== null; run = next()) ids.push(...run)
    const month = emptyMonth(ids.length)
    month.ids.set(ids.sort((a, b) => a - b))
    month.size = ids.length
    return month
  }
  /** Mostly one run of ids; history that was imported later stands in a run of its own. */
  const fill = function* (month: TicketMonth): Generator<void> {
    const { ids, size } = month
    for (let start = 0; start < size; ) {
      let end = start + 1
      while (end < size && end - start < rowsAStep && ids[end] === ids[end - 1]! + 1) end += 1
      for (const row of select.all(ids[start]!, ids[end - 1]! + 1)) write(month, row)
      start = end
      yield
    }
  }
  const keep = (number: number, month: TicketMonth): void => {
    months.delete(number)
    months.set(number, month)
    dropOldest()
  }
  const dropOldest = (): void => {
    let tickets = 0
    for (const { ids } of months.values()) tickets += ids.length
    for (const [number, { ids }] of months) {
      if (tickets <= most || months.size === 1) return
      months.delete(number)
      tickets -= ids.length
    }
  }

  return {
    month: (number, index) => {
      // a connection that only reads is not told of changes, so it keeps nothing
      if (db.readonly) months.clear()
      const month = months.get(number) ?? begin(index, number)
      if (!months.has(number)) for (const _ of fill(month));
      keep(number, month)
      return month
    },
    prepare: function* (number, index) {
      if (db.readonly || months.has(number)) return
      const month = begin(index, number)
      inFlight.set(month, number)
      try {
        for (const _ of fill(month)) {
          yield
          if (!inFlight.has(month)) return
        }
        keep(number, month)
      } finally {
        inFlight.delete(month)
      }
    },
    word: (number) => list[number] as string | null,
    put: (row) => {
      if (months.size + inFlight.size === 0) return
      const number = monthIndex(row.registeredAt)
      const month = months.get(number)
      if (month !== undefined) write(month, row)
      for (const [each, its] of inFlight) if (its === number) write(each, row)
    },
    reload: () => {
      months.clear()
      inFlight.clear()
    },
  }
}
