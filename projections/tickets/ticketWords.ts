/** Numbers for the words tickets are filtered by: states, categories, tiers, units. */
import type Database from 'better-sqlite3'
import { mostNumbers } from './ticketRecords.ts'

export const wordTable =
  'CREATE TABLE ticketWords (number INTEGER PRIMARY KEY, word TEXT NOT NULL UNIQUE) STRICT'

/** The number for no word at all. */
export const noWord = 0

export type TicketWords = {
  /** Numbers a new word. Call it as events are folded: then numbers are the same at every rebuild. */
  learn(word: string | null): void
  /** `noWord` for `null`; `undefined` for a word no ticket ever had. */
  numberOf(word: string | null): number | undefined
  /** Writes the words that are new. */
  flush(): void
  /** Forgets the words learnt since the last flush. */
  discard(): void
  /** Forgets all; they are read again when next needed. */
  reload(): void
}

export const createTicketWords = (db: Database.Database): TicketWords => {
  const select = db.prepare<[], { number: number; word: string }>(
    'SELECT number, word FROM ticketWords ORDER BY number',
  )
  const insert = db.prepare<[number, string]>('INSERT INTO ticketWords VALUES (?, ?)')
  const numbers = new Map<string | null, number>()
  let fresh: string[] = []

  const known = (): Map<string | null, number> => {
    if (numbers.size === 0) {
      numbers.set(null, noWord)
      for (const { number, word } of select.all()) numbers.set(word, number)
    }
    return numbers
  }
  return {
    learn: (word) => {
      const map = known()
      if (map.has(word) || word === null) return
      if (map.size === mostNumbers) throw new Error(`tickets name more than ${mostNumbers - 1} units`)
      map.set(word, map.size)
      fresh.push(word)
    },
    numberOf: (word) => known().get(word),
    flush: () => {
      for (const word of fresh) insert.run(numbers.get(word) as number, word)
      fresh = []
    },
    discard: () => {
      for (const word of fresh) numbers.delete(word)
      fresh = []
    },
    reload: () => {
      numbers.clear()
      fresh = []
    },
  }
}
