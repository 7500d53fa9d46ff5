/** CSV that Excel opens as it is, in Chinese too: UTF-8 with a byte order mark, CRLF, quoted as RFC 4180 has it. */
import { type Cell, type Column, headingOf } from './columns.ts'
import type { NameLookup } from './names.ts'
import type { Pages } from './pages.ts'

/**
 * What a spreadsheet may take for a formula: a tab or line break at the start, or a formula sign, also in full width,
 * behind spaces, control characters, invisible characters and quotes. A leading apostrophe makes it text again.
 */
const looksLikeFormula =
  /^(?:[\t\r\n\v\f\x85\u2028\u2029]|[\s\p{White_Space}\p{Cc}\p{Default_Ignorable_Code_Point}\p{Cf}"']*[=+\-@＝＋－＠﹦﹢﹣﹫])/u
const needsQuotes = /[",\r\n]/

/** A cell as CSV has it. Only text can be a formula: a negative number stays the number it is. */
export const csvCell = (cell: Cell): string => {
  if (cell === null) return ''
  if (typeof cell !== 'string') return String(cell)
  const text = looksLikeFormula.test(cell) ? `'${cell}` : cell
  return needsQuotes.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

const line = (cells: readonly Cell[]): string => `${cells.map(csvCell).join(',')}\r\n`

/** Characters sent together at least: every chunk costs the same again. */
const chunkLength = 16_384

/** A file, chunk by chunk: the headings, then a line for every row. */
export async function* csvOf(
  columns: readonly Column[],
  pages: Pages<unknown>,
  reading: NameLookup,
): AsyncGenerator<string> {
  let text = `\uFEFF${line(columns.map((column) => headingOf(column, reading)))}`
  for await (const page of pages) {
    for (const row of page) text += line(columns.map(({ read }) => read(row, reading)))
    if (text.length < chunkLength) continue
    yield text
    text = ''
  }
  // an empty chunk would be no chunk
  if (text.length > 0) yield text
}
