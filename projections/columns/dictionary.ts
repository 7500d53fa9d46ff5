/** A dictionary: numbers for texts that occur often, such as units and categories. Rows and columns hold the numbers. */
import type Database from 'better-sqlite3'

/** The number of `null`, which is in no row. */
export const noText = 0

/** A table `name (number, column)` that a dictionary is kept in. */
export type DictionaryTable = { name: string; column: string }

export const dictionarySql = ({ name, column }: DictionaryTable): string =>
  `CREATE TABLE ${name} (number INTEGER PRIMARY KEY, ${column} TEXT NOT NULL UNIQUE) STRICT`

export type Dictionary = {
  /** The number of a text, a new one if need be; numbers rise in the order of the log, so they are the same at every rebuild. */
  numberOf(text: string | null): number
  /** `undefined`: this text never occurred. */
  find(text: string | null): number | undefined
  /** `null` for `noText`. */
  textOf(number: number): string | null
  /** All numbers are below this. */
  count(): number
  /** All numbers in the order of their texts, `noText` first. */
  inOrder(): readonly number[]
  /** Writes the texts that are new. */
  flush(): void
  /** Takes back the texts that are new since the last flush. */
  discard(): void
  /** Drops all that is in memory; it is read again when next needed. */
  reload(): void
}

/** Numbers of texts in memory alone: 1 and on in the order in which they come, `noText` for `null`. */
export const createTextNumbers = () => {
  const numbers = new Map<string | null, number>([[null, noText]])
  const texts: (string | null)[] = [null]
  return {
    numberOf: (text: string | null): number => {
      const known = numbers.get(text)
      if (known !== undefined) return known
      numbers.set(text, texts.length)
      return texts.push(text) - 1
    },
    find: (text: string | null): number | undefined => numbers.get(text),
    textOf: (number: number): string | null => texts[number] ?? null,
    count: (): number => texts.length,
    /** Takes back the texts from that number on. */
    cut: (from: number): void => {
      for (const text of texts.splice(from)) numbers.delete(text)
    },
  }
}

/** Opens a dictionary. @throws Error, when a text is added, where there are `most` already */
export const createDictionary = (
  db: Database.Database,
  { name, column }: DictionaryTable,
  most = Number.POSITIVE_INFINITY,
): Dictionary => {
  const select = db.prepare<[], string>(`SELECT ${column} FROM ${name} ORDER BY number`).pluck()
  const insert = db.prepare<[number, string]>(`INSERT INTO ${name} VALUES (?, ?)`)
  const texts = createTextNumbers()
  let isLoaded = false
  /** Numbers below this are in the table. */
  let written = 1
  /** Made again where a text has come since. */
  let order: number[] = []

  const loaded = (): typeof texts => {
    if (isLoaded) return texts
    for (const text of select.all()) texts.numberOf(text)
    written = texts.count()
    isLoaded = true
    return texts
  }
  const isBefore = (a: number, b: number): boolean => (texts.textOf(a) ?? '') < (texts.textOf(b) ?? '')

  return {
    numberOf: (text) => {
      const known = loaded().find(text)
      if (known !== undefined) return known
      if (texts.count() === most) throw new Error(`${name} has more than ${most - 1} texts`)
      return texts.numberOf(text)
    },
    find: (text) => loaded().find(text),
    textOf: (number) => loaded().textOf(number),
    count: () => loaded().count(),
    inOrder: () => {
      const count = loaded().count()
      if (order.length !== count)
        order = Array.from({ length: count }, (_, number) => number).sort((a, b) => (isBefore(a, b) ? -1 : 1))
      return order
    },
    flush: () => {
      for (; written < texts.count(); written++) insert.run(written, texts.textOf(written) as string)
    },
    discard: () => {
      texts.cut(written)
      order = []
    },
    reload: () => {
      texts.cut(1)
      isLoaded = false
      order = []
      written = 1
    },
  }
}
