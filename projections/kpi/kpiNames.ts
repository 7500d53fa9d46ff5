/** Numbers for the names that occur in spans: units, categories, levels. Columns and rows hold the numbers. */
import type Database from 'better-sqlite3'

export const createNamesSql =
  'CREATE TABLE kpiNames (number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT'

/** The number of `''`, which stands for `null` and is in no row. */
const nameless = 0

export type Names = {
  /** The number of a name, a new one if need be; numbers rise in the order of the log. */
  numberOf(name: string | null): number
  /** `undefined`: no span has this name. */
  find(name: string): number | undefined
  nameOf(number: number): string
  /** All numbers are below this. */
  count(): number
  /** All numbers in the order of their names. */
  inOrder(): readonly number[]
  flush(): void
  /** Forgets what is held in memory: it is read again when next needed. */
  forget(): void
}

export const createNames = (db: Database.Database): Names => {
  const select = db.prepare<[], string>('SELECT name FROM kpiNames ORDER BY number').pluck()
  const insert = db.prepare<[number, string]>('INSERT INTO kpiNames VALUES (?, ?)')
  let numbers: Map<string, number> | undefined
  let list: string[] = []
  let written = 0
  /** Made again where a name has come since. */
  let order: number[] = []

  const load = (): Map<string, number> => {
    list = ['', ...select.all()]
    written = list.length
    numbers = new Map(list.map((name, number) => [name, number]))
    return numbers
  }

  const inOrder = (): readonly number[] => {
    if (numbers === undefined) load()
    if (order.length !== list.length)
      order = list
        .map((_, number) => number)
        .sort((a, b) => ((list[a] as string) < (list[b] as string) ? -1 : 1))
    return order
  }

  return {
    inOrder,
    numberOf: (name) => {
      if (name === null) return nameless
      const known = numbers ?? load()
      const number = known.get(name)
      if (number !== undefined) return number
      known.set(name, list.length)
      return list.push(name) - 1
    },
    find: (name) => (numbers ?? load()).get(name),
    nameOf: (number) => {
      if (numbers === undefined) load()
      return list[number] as string
    },
    count: () => {
      if (numbers === undefined) load()
      return list.length
    },
    flush: () => {
      for (; written < list.length; written++) insert.run(written, list[written] as string)
    },
    forget: () => {
      numbers = undefined
      list = []
      order = []
      written = 0
    },
  }
}
