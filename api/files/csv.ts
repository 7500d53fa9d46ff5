/** CSV that Excel opens as it is, in Chinese too: UTF-8 with a byte order mark, CRLF, quoted as RFC 4180 has it. */
import type { Language } from '../problems.ts'
import { type Cell, type Column, headingOf } from './columns.ts'
import type { Pages } from './pages.ts'

/** What a spreadsheet would take for a formula; a leading apostrophe makes it text again. */
const looksLikeFormula = /^[=+\-@\t\r]/
const needsQuotes = /[",\r\n]/

/** A cell as CSV has it. Only text can be a formula: a negative number stays the number it is. */
export const csvCell = (cell: Cell): string => {
  if (cell === null) return ''
  if (typeof cell !== 'string') return String(cell)
  const text = looksLikeFormula.test(cell) ? `'${cell}` : cell
  return needsQuotes.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

const line = (cells: readonly Cell[]): string => `${cells.map(csvCell).join(',')}\r\n`

/** A file, page by page: the headings, then a line for every row. */
export async function* csvOf(
  columns: readonly Column[],
  pages: Pages<unknown>,
  language: Language,
): AsyncGenerator<string> {
  yield `\uFEFF${line(columns.map((column) => headingOf(column, language)))}`
  for await (const page of pages) {
    // an empty chunk would be no chunk
    if (page.length > 0) yield page.map((row) => line(columns.map(({ read }) => read(row)))).join('')
  }
}
