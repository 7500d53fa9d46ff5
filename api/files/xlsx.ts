/** XLSX, written as its rows come: the parts of a workbook (ECMA-376), zipped on the way. */
import { strToU8, Zip, ZipDeflate } from 'fflate'
import type { Language } from '../http/problems.ts'
import { type Cell, type Column, headingOf } from './columns.ts'
import type { Pages } from './pages.ts'
import { cellXml, escapeXml, lettersOf, sheetNames } from './xlsxCells.ts'
import {
  factLabelStyle,
  factStyle,
  headingStyle,
  type Mark,
  styleOf,
  stylesXml,
  titleStyle,
} from './xlsxStyles.ts'

/** Something that holds for a whole sheet. */
export type Fact = { label: string; value: Cell }

export type Sheet = {
  /** Made fit for a workbook, see `sheetNames`. */
  name: string
  title: string
  /** Under the title, a line each. */
  facts: readonly Fact[]
  columns: readonly Column[]
  rows: Pages<unknown>
  mark?(row: unknown): Mark
}

/** The fields of an answer that are no rows, under their headings. */
export const factsOf = (columns: readonly Column[], answer: unknown, language: Language): Fact[] =>
  columns.map((column) => ({ label: headingOf(column, language), value: column.read(answer) }))

const head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const packages = 'http://schemas.openxmlformats.org/package/2006'
const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const contentType = 'application/vnd.openxmlformats-officedocument.spreadsheetml'

const relationships = (targets: readonly [type: string, target: string][]): string =>
  `${head}<Relationships xmlns="${packages}/relationships">${targets
    .map(
      ([type, target], i) => `<Relationship Id="rId${i + 1}" Type="${office}/${type}" Target="${target}"/>`,
    )
    .join('')}</Relationships>`

const partOf = (index: number): string => `worksheets/sheet${index + 1}.xml`

const override = (part: string, type: string): string =>
  `<Override PartName="/xl/${part}" ContentType="${contentType}.${type}+xml"/>`

/** Rows above the data: the title, the facts, the headings. */
const rowsAbove = ({ facts }: Sheet): number => facts.length + 2

/** What is printed: the columns, whatever reaches beyond them, and the headings on every page. */
const printed = (name: string, sheet: Sheet, i: number): string => {
  const quoted = escapeXml(name.replaceAll("'", "''"))
  const define = (what: string, range: string): string =>
    `<definedName name="_xlnm.Print_${what}" localSheetId="${i}">'${quoted}'!${range}</definedName>`
  const headings = `$${rowsAbove(sheet)}`
  return (
    define('Area', `$A:$${lettersOf(sheet.columns.length - 1)}`) + define('Titles', `${headings}:${headings}`)
  )
}

const workbookXml = (sheets: readonly Sheet[]): string => {
  const names = sheetNames(sheets.map(({ name }) => name))
  const listed = names.map(
    (name, i) => `<sheet name="${escapeXml(name)}" sheetId="${i + 1}" r:id="rId${i + 1}"/>`,
  )
  const defined = sheets.map((sheet, i) => printed(names[i] as string, sheet, i))
  return `${head}<workbook xmlns="${main}" xmlns:r="${office}"><sheets>${listed.join('')}</sheets><definedNames>${defined.join('')}</definedNames></workbook>`
}

/** All parts but the sheets, by their names. */
const fixedParts = (sheets: readonly Sheet[]): Record<string, string> => ({
  '[Content_Types].xml': `${head}<Types xmlns="${packages}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>${[
    override('workbook.xml', 'sheet.main'),
    override('styles.xml', 'styles'),
    ...sheets.map((_, i) => override(partOf(i), 'worksheet')),
  ].join('')}</Types>`,
  '_rels/.rels': relationships([['officeDocument', 'xl/workbook.xml']]),
  'xl/workbook.xml': workbookXml(sheets),
  'xl/_rels/workbook.xml.rels': relationships([
    ...sheets.map((_, i): [string, string] => ['worksheet', partOf(i)]),
    ['styles', 'styles.xml'],
  ]),
  'xl/styles.xml': stylesXml,
})

const rowXml = (number: number, cells: readonly { value: Cell; style: number }[], more = ''): string =>
  `<row r="${number}"${more}>${cells
    .map(({ value, style }, i) => cellXml(`${lettersOf(i)}${number}`, value, style))
    .join('')}</row>`

/** In characters; Chinese ones take two. */
const widthOf = (text: string): number => [...text].reduce((sum, char) => sum + (char > '\u2E7F' ? 2 : 1), 0)
const leastWidth = { text: 18, link: 24, integer: 10, decimal: 10, money: 14, boolean: 8 } as const
/** Chinese breaks anywhere, so its headings take two lines; a path stays in one. */
const headingWidth = (text: string): number =>
  4 + (/[\u2E80-\uFFFF]/.test(text) ? Math.ceil(widthOf(text) / 2) : widthOf(text))
/** Heights in points, for what is opened before it is measured. */
const height = (points: number): string => ` ht="${points}" customHeight="1"`
const heights = { title: height(26), heading: height(33) }
const otherHeights = '<sheetFormatPr defaultRowHeight="16.5" customHeight="1"/>'

const columnsXml = ({ columns }: Sheet, language: Language): string =>
  columns
    .map((column, i) => {
      const width = Math.max(leastWidth[column.kind], headingWidth(headingOf(column, language)))
      return `<col min="${i + 1}" max="${i + 1}" width="${width}" customWidth="1"/>`
    })
    .join('')

const aboveXml = (sheet: Sheet, language: Language): string => {
  const { title, facts, columns } = sheet
  const headings = columns.map((column) => ({ value: headingOf(column, language), style: headingStyle }))
  return [
    rowXml(1, [{ value: title, style: titleStyle }], heights.title),
    ...facts.map(({ label, value }, i) =>
      rowXml(i + 2, [
        { value: label, style: factLabelStyle },
        { value, style: factStyle },
      ]),
    ),
    rowXml(rowsAbove(sheet), headings, heights.heading),
  ].join('')
}

/** A4 across, as wide as the page; at its foot the sheet and the page. */
const pageXml = [
  '<printOptions horizontalCentered="1"/>',
  '<pageMargins left="0.4" right="0.4" top="0.5" bottom="0.6" header="0.3" footer="0.3"/>',
  '<pageSetup paperSize="9" orientation="landscape" fitToWidth="1" fitToHeight="0"/>',
  '<headerFooter><oddFooter>&amp;L&amp;A&amp;R&amp;P / &amp;N</oddFooter></headerFooter>',
].join('')

/** A sheet's XML, page by page. */
async function* sheetXml(sheet: Sheet, language: Language): AsyncGenerator<string> {
  const { columns, rows, mark = () => 'none' } = sheet
  const above = rowsAbove(sheet)
  const pane = `<pane ySplit="${above}" topLeftCell="A${above + 1}" activePane="bottomLeft" state="frozen"/>`
  yield `${head}<worksheet xmlns="${main}"><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr><sheetViews><sheetView workbookViewId="0">${pane}</sheetView></sheetViews>${otherHeights}<cols>${columnsXml(sheet, language)}</cols><sheetData>${aboveXml(sheet, language)}`
  let number = above
  for await (const page of rows)
    yield page
      .map((row) => {
        number += 1
        const cells = columns.map(({ kind, read }) => ({
          value: read(row),
          style: styleOf(kind, mark(row)),
        }))
        return rowXml(number, cells)
      })
      .join('')
  yield `</sheetData>${pageXml}</worksheet>`
}

/** The same content is the same file: no clock in it. */
const written = new Date(1980, 0, 1)

/** A zip that returns what it has made so far whenever more goes in. */
const createZip = () => {
  let made: Uint8Array[] = []
  const zip = new Zip((error, chunk) => {
    if (error) throw error
    made.push(chunk)
  })
  const taken = (): Uint8Array[] => {
    const chunks = made.filter(({ length }) => length > 0)
    made = []
    return chunks
  }
  return {
    async *add(name: string, texts: AsyncIterable<string> | Iterable<string>): AsyncGenerator<Uint8Array> {
      const entry = new ZipDeflate(name)
      entry.mtime = written
      zip.add(entry)
      for await (const text of texts) {
        entry.push(strToU8(text))
        yield* taken()
      }
      entry.push(new Uint8Array(0), true)
      yield* taken()
    },
    end: (): Uint8Array[] => {
      zip.end()
      return taken()
    },
  }
}

/** A workbook with at least one sheet, in bytes as they come. */
export async function* xlsxOf(sheets: readonly Sheet[], language: Language): AsyncGenerator<Uint8Array> {
  const zip = createZip()
  for (const [name, xml] of Object.entries(fixedParts(sheets))) yield* zip.add(name, [xml])
  for (const [i, sheet] of sheets.entries()) yield* zip.add(`xl/${partOf(i)}`, sheetXml(sheet, language))
  yield* zip.end()
}
