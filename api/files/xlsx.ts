/** XLSX, written as its rows come: the parts of a workbook (ECMA-376), zipped on the way. */
import { strToU8, Zip, ZipDeflate } from 'fflate'
import type { Language } from '../problems.ts'
import { type Cell, type Column, headingOf } from './columns.ts'
import type { Pages } from './pages.ts'
import { cellXml, escapeXml, lettersOf, sheetNames } from './xlsxCells.ts'
import { headingStyle, type Mark, styleOf, stylesXml, titleStyle } from './xlsxStyles.ts'

/** Something that holds for a whole sheet. */
export type Fact = { label: string; value: Cell }

export type Sheet = {
  /** Made fit for a workbook, see `sheetNames`. */
  name: string
  title: string
  /** In one line under the title. */
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

/** All parts but the sheets, by their names. */
const fixedParts = (names: readonly string[]): Record<string, string> => ({
  '[Content_Types].xml': `${head}<Types xmlns="${packages}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>${[
    override('workbook.xml', 'sheet.main'),
    override('styles.xml', 'styles'),
    ...names.map((_, i) => override(partOf(i), 'worksheet')),
  ].join('')}</Types>`,
  '_rels/.rels': relationships([['officeDocument', 'xl/workbook.xml']]),
  'xl/workbook.xml': `${head}<workbook xmlns="${main}" xmlns:r="${office}"><bookViews><workbookView/></bookViews><sheets>${names
    .map((name, i) => `<sheet name="${escapeXml(name)}" sheetId="${i + 1}" r:id="rId${i + 1}"/>`)
    .join('')}</sheets></workbook>`,
  'xl/_rels/workbook.xml.rels': relationships([
    ...names.map((_, i): [string, string] => ['worksheet', partOf(i)]),
    ['styles', 'styles.xml'],
  ]),
  'xl/styles.xml': stylesXml,
})

/** Rows above the data: title, facts, headings. */
const rowsAbove = 3

const rowXml = (number: number, cells: readonly { value: Cell; style: number }[]): string =>
  `<row r="${number}">${cells
    .map(({ value, style }, i) => cellXml(`${lettersOf(i)}${number}`, value, style))
    .join('')}</row>`

/** In characters; Chinese ones take two. */
const widthOf = (text: string): number => [...text].reduce((sum, char) => sum + (char > '\u2E7F' ? 2 : 1), 0)
const leastWidth = { text: 18, integer: 10, decimal: 10, money: 14, boolean: 8 } as const

const columnsXml = ({ columns }: Sheet, language: Language): string =>
  columns
    .map((column, i) => {
      const width = Math.max(leastWidth[column.kind], widthOf(headingOf(column, language)) + 2)
      return `<col min="${i + 1}" max="${i + 1}" width="${width}" customWidth="1"/>`
    })
    .join('')

const aboveXml = ({ title, facts, columns }: Sheet, language: Language): string =>
  [
    [{ value: title, style: titleStyle }],
    facts.flatMap(({ label, value }) => [
      { value: label, style: styleOf('text', 'total') },
      { value, style: styleOf(typeof value === 'number' ? 'integer' : 'text', 'none') },
    ]),
    columns.map((column) => ({ value: headingOf(column, language), style: headingStyle })),
  ]
    .map((cells, i) => rowXml(i + 1, cells))
    .join('')

/** A sheet's XML, page by page. */
async function* sheetXml(sheet: Sheet, language: Language): AsyncGenerator<string> {
  const { columns, rows, mark = () => 'none' } = sheet
  const pane = `<pane ySplit="${rowsAbove}" topLeftCell="A${rowsAbove + 1}" activePane="bottomLeft" state="frozen"/>`
  yield `${head}<worksheet xmlns="${main}"><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr><sheetViews><sheetView workbookViewId="0">${pane}</sheetView></sheetViews><cols>${columnsXml(sheet, language)}</cols><sheetData>${aboveXml(sheet, language)}`
  let number = rowsAbove
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
  // A4 across, as wide as the page
  yield '</sheetData><pageSetup paperSize="9" orientation="landscape" fitToWidth="1" fitToHeight="0"/></worksheet>'
}

/** The same content is the same file: no clock in it. */
const written = new Date(1980, 0, 1)

/** A zip that gives out what it has made so far whenever more goes in. */
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
  for (const [name, xml] of Object.entries(fixedParts(sheetNames(sheets.map(({ name }) => name)))))
    yield* zip.add(name, [xml])
  for (const [i, sheet] of sheets.entries()) yield* zip.add(`xl/${partOf(i)}`, sheetXml(sheet, language))
  yield* zip.end()
}
