/** Tables for a terminal, in which a Chinese character takes two columns. */
export type TableColumn = { title: string; right?: boolean }

const graphemes = new Intl.Segmenter('zh', { granularity: 'grapheme' })
const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u

/** Columns a text takes on a terminal. */
export const widthOf = (text: string): number =>
  [...graphemes.segment(text)].reduce((sum, { segment }) => sum + (wide.test(segment) ? 2 : 1), 0)

const pad = (text: string, width: number, right: boolean): string => {
  const space = ' '.repeat(Math.max(width - widthOf(text), 0))
  return right ? space + text : text + space
}

/** Titles, a rule and the rows, each column as wide as its widest text. */
export const table = (columns: readonly TableColumn[], rows: readonly (readonly string[])[]): string => {
  const widths = columns.map(({ title }, index) =>
    Math.max(widthOf(title), ...rows.map((row) => widthOf(row[index]!))),
  )
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, index) => pad(cell, widths[index]!, columns[index]!.right === true))
      .join('  ')
      .trimEnd()
  const rule = widths.map((width) => '─'.repeat(width)).join('  ')
  return [line(columns.map(({ title }) => title)), rule, ...rows.map(line)].join('\n')
}
