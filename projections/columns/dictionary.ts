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

/** Opens a dictionary. @throws Error, when a text is added, where there are `most` already */
export const createDictionary = (
  db: Database.Database,
  { name, column }: DictionaryTable,
  most = Number.POSITIVE_INFINITY,
): Dictionary => {
  const select = db.prepare<[], string>(`SELECT ${column} FROM ${name} ORDER BY number`).pluck()
  const insert = db.prepare<[number, string]>(`INSERT INTO ${name} VALUES (?, ?)`)
  const numbers = new Map<string | null, number>()
  let texts: (string | null)[] = []
  let written = 0
  /** Made again where a text has come since. */
  let order: number[] = []

  const loaded = (): Map<string | null, number> => {
    if (texts.length > 0) return numbers
    texts = [null, ...select.all()]
    written = texts.length
    for (const [number, text] of texts.entries()) numbers.set(text, number)
    return numbers
  }
  const isBefore = (a: number, b: number): boolean => (texts[a] ?? '') < (texts[b] ?? '')

  return {
    numberOf: (text) => {
      const known = loaded().get(text)
      if (known !== undefined) return known
      if (texts.length === most) throw new Error(`${name} has more than ${most - 1} texts`)
      numbers.set(text, texts.length)
      return texts.push(text) - 1
    },
    find: (text) => loaded().get(text),
    textOf: (number) => {
      loaded()
      return texts[number] ?? null
    },
    count: () => {
      loaded()
      return texts.length
    },
    inOrder: () => {
      loaded()
      if (order.length !== texts.length)
        order = texts.map((_, number) => number).sort((a, b) => (isBefore(a, b) ? -1 : 1))
      return order
    },
    flush: () => {
      for (; written < texts.length; written++) insert.run(written, texts[written] as string)
    },
    discard: () => {
      for (const text of texts.splice(written)) numbers.delete(text)
      order = []
    },
    reload: () => {
      numbers.clear()
      texts = []
      order = []
      written = 0
    },
  }
}
