/** CSV read back, strictly as RFC 4180 has it, and rows of JSON as a file is expected to have them. */
import { DateTime } from 'luxon'
import type { Json } from './service.ts'

/**
 * The cells of each record; fields are quoted or have neither quote nor line break, records end in CRLF.
 * @throws Error where the text is not of that form.
 */
export const recordsOf = (text: string): string[][] => {
  const records: string[][] = []
  let record: string[] = []
  const field = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/y
  while (field.lastIndex < text.length) {
    const from = field.lastIndex
    const [, quoted, bare, end] = field.exec(text) ?? []
    if (end === undefined) throw new Error(`no CSV from ${JSON.stringify(text.slice(from, from + 40))} on`)
    record.push(quoted?.replaceAll('""', '"') ?? (bare as string))
    if (end === ',') continue
    records.push(record)
    record = []
  }
  if (record.length > 0) throw new Error('the last record has no end')
  return records
}

/** A file's headings and rows. @throws Error where it has no byte order mark. */
export const readCsv = (bytes: Buffer): { headings: string[]; rows: string[][] } => {
  const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  if (!text.startsWith('\uFEFF')) throw new Error('no byte order mark')
  const [headings = [], ...rows] = recordsOf(text.slice(1))
  return { headings, rows }
}

/** Whether a column has the names of the codes beside it. */
export const isNameColumn = (heading: unknown, headings: readonly unknown[]): boolean =>
  typeof heading === 'string' && heading.endsWith('Name') && headings.includes(heading.slice(0, -4))

/** A file without the columns of names: what is equal to the JSON. */
export const codesOnly = ({ headings, rows }: { headings: string[]; rows: string[][] }) => {
  const isKept = (_: unknown, i: number): boolean => !isNameColumn(headings[i], headings)
  return { headings: headings.filter(isKept), rows: rows.map((row) => row.filter(isKept)) }
}

const instantForm = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/

/** One of a list: its code, or its values in turn. */
const wordOf = (item: Json): string =>
  typeof item === 'object' ? (item.code ?? Object.values(item).map(cellOf).join(' ')) : item

/** A value of JSON as a cell shows it: instants by Shanghai's clock, to the second, lists item by item, the rest as it is. */
export const cellOf = (value: Json): string | number | boolean | null => {
  if (Array.isArray(value)) return value.map(wordOf).join(';')
  if (typeof value === 'string' && instantForm.test(value))
    return DateTime.fromISO(value, { zone: 'Asia/Shanghai' }).toFormat('yyyy-MM-dd HH:mm:ss')
  return value
}

/** Paths and cells of a row, in the order of its fields. */
export const flat = (row: Json, path = ''): [string, ReturnType<typeof cellOf>][] =>
  Object.entries(row).flatMap(([name, value]): [string, ReturnType<typeof cellOf>][] => {
    const at = path === '' ? name : `${path}.${name}`
    const isGroup = typeof value === 'object' && value !== null && !Array.isArray(value)
    return isGroup ? flat(value, at) : [[at, cellOf(value)]]
  })

/** What may stand before a formula sign without keeping a spreadsheet from it. */
const dressing = /[\s"'\p{White_Space}\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]/gu

const isDangerous = (text: string): boolean =>
  /^[\t\r\n\v\f\u0085\u2028\u2029]/.test(text) ||
  '=+-@＝＋－＠﹦﹢﹣﹫'.includes([...text.replace(dressing, '')][0] ?? 'x')

/** A cell as CSV has it, before quoting. */
export const csvText = (cell: ReturnType<typeof cellOf>): string =>
  typeof cell === 'string' && isDangerous(cell) ? `'${cell}` : String(cell ?? '')

/** Rows of JSON as CSV has them. */
export const csvRows = (rows: Json[]): string[][] =>
  rows.map((row) => flat(row).map(([, cell]) => csvText(cell)))
