/** How the sheets of a workbook are printed. */
import { escapeXml, lettersOf } from './xlsxCells.ts'

/** Where a sheet's filter is (its headings and rows, without totals), and the widths of its columns in characters. */
export type Layout = { filter: string; widths: readonly number[] }

/** Wider sheets are printed on A3. In characters, as the widths of columns are; so many can still be read. */
const widthOfA4 = 190

/** Wider sheets are printed on several pages beside each other. */
const widthOfA3 = 270

/** The first columns of a table say what its rows are about. */
const keyColumns = 2

const sumOf = (widths: readonly number[]): number => widths.reduce((sum, width) => sum + width, 0)

const pagesAcross = (widths: readonly number[]): number => Math.ceil(sumOf(widths) / widthOfA3)

/** The page of a sheet: across, as wide as its pages; at the foot of each the sheet and the page. */
export const pageXml = (widths: readonly number[]): string => {
  const paperSize = sumOf(widths) > widthOfA4 ? 8 : 9
  return [
    '<printOptions horizontalCentered="1"/>',
    '<pageMargins left="0.4" right="0.4" top="0.5" bottom="0.6" header="0.3" footer="0.3"/>',
    `<pageSetup paperSize="${paperSize}" orientation="landscape" fitToWidth="${pagesAcross(widths)}" fitToHeight="0"/>`,
    '<headerFooter><oddFooter>&amp;L&amp;A&amp;R&amp;P / &amp;N</oddFooter></headerFooter>',
  ].join('')
}

/**
 * The names that a workbook defines for a sheet: its filter, and what is printed: the columns, whatever reaches beyond them, the headings
 * on every page, and the key on pages beside each other. `headings`: the row they stand in.
 */
export const definedNames = (
  sheet: { name: string; index: number },
  { filter, widths, headings }: Layout & { headings: number },
): string => {
  const onSheet = `'${escapeXml(sheet.name.replaceAll("'", "''"))}'!`
  const define = (what: string, range: string, more = ''): string =>
    `<definedName name="_xlnm.${what}" localSheetId="${sheet.index}"${more}>${onSheet}${range}</definedName>`
  const key = pagesAcross(widths) > 1 ? `$A:$${lettersOf(keyColumns - 1)},${onSheet}` : ''
  return (
    define('_FilterDatabase', filter.replace(/[A-Z]+|\d+/g, '$$$&'), ' hidden="1"') +
    define('Print_Area', `$A:$${lettersOf(widths.length - 1)}`) +
    define('Print_Titles', `${key}$${headings}:$${headings}`)
  )
}
