/** XLSX, written as its rows come: the parts of a workbook (ECMA-376), zipped on the way. */
import type { Words } from '../../domain/refusal.ts'
import { type Cell, type CellKind, type Column, headingOf } from './columns.ts'
import type { NameLookup } from './names.ts'
import type { Pages } from './pages.ts'
import { definedNames, type Layout, pageXml } from './printing.ts'
import { cellXml, escapeXml, lettersOf, serialOf, sheetNames } from './xlsxCells.ts'
import {
  factLabelStyle,
  factStyle,
  factTimeStyle,
  headingStyle,
  type Mark,
  plainStyle,
  styleOf,
  stylesXml,
  titleStyle,
} from './xlsxStyles.ts'
import { createZip, only } from './zip.ts'

/** Something that holds for a whole sheet. */
export type Fact = { label: string; value: Cell; kind: CellKind }

export type XlsxSheet = {
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
export const factsOf = (columns: readonly Column[], answer: unknown, reading: NameLookup): Fact[] =>
  columns.map((column) => ({
    label: headingOf(column, reading),
    value: column.read(answer, reading),
    kind: column.kind,
  }))

const signatures: Words = {
  en: 'Prepared by: ______________    Checked by: ______________    Approved by: ______________    Date: ______________',
  zh: '编制：______________    审核：______________    批准：______________    日期：______________',
}

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
const rowsAbove = ({ facts }: XlsxSheet): number => facts.length + 2

const workbookXml = (sheets: readonly XlsxSheet[], layouts: readonly Layout[]): string => {
  const names = sheetNames(sheets.map(({ name }) => name))
  const listed = names.map(
    (name, i) => `<sheet name="${escapeXml(name)}" sheetId="${i + 1}" r:id="rId${i + 1}"/>`,
  )
  const defined = sheets.map((sheet, i) =>
    definedNames(
      { name: names[i] as string, index: i },
      { ...(layouts[i] as Layout), headings: rowsAbove(sheet) },
    ),
  )
  return `${head}<workbook xmlns="${main}" xmlns:r="${office}"><sheets>${listed.join('')}</sheets><definedNames>${defined.join('')}</definedNames></workbook>`
}

/** All parts but the workbook and its sheets, by their names. */
const fixedParts = (sheets: readonly XlsxSheet[]): Record<string, string> => ({
  '[Content_Types].xml': `${head}<Types xmlns="${packages}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>${[
    override('workbook.xml', 'sheet.main'),
    override('styles.xml', 'styles'),
    ...sheets.map((_, i) => override(partOf(i), 'worksheet')),
  ].join('')}</Types>`,
  '_rels/.rels': relationships([['officeDocument', 'xl/workbook.xml']]),
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
/** A name has room for 20 Chinese characters, a time for its seconds. */
const leastWidth: Record<CellKind, number> = {
  text: 14,
  time: 22,
  name: 44,
  label: 16,
  link: 24,
  integer: 9,
  decimal: 10,
  money: 14,
  boolean: 8,
  change: 9,
  decimalChange: 10,
  moneyChange: 14,
}
/** Longer headings take four lines, and with them all of a sheet. */
const longHeading = 24
const headingLines = ({ columns }: XlsxSheet, reading: NameLookup): number =>
  columns.some((column) => widthOf(headingOf(column, reading)) > longHeading) ? 4 : 2
/** Chinese breaks anywhere, a path only at its dots. With room for the filter's button. */
const headingWidth = (text: string, lines: number): number =>
  4 + (/[\u2E80-\uFFFF]/.test(text) ? Math.ceil(widthOf(text) / lines) : widthOf(text))
/** Heights in points, for what is opened before it is measured. */
const height = (points: number): string => ` ht="${points}" customHeight="1"`
const heights = { title: height(26), signatures: height(30) }
const lineHeight = 16.5
const otherHeights = '<sheetFormatPr defaultRowHeight="16.5" customHeight="1"/>'

/** Kinds whose cells are cut where they do not fit; a wider one than this takes its end with it. */
const cutKinds: ReadonlySet<CellKind> = new Set(['text', 'name', 'label'])
const mostWidth = 80
/** Around a text, for the margins of its cell. */
const besideText = 4

/** What the texts of a column need where all rows are at hand; those that are read on the way have no width before. */
const widthOfRows = ({ rows }: XlsxSheet, column: Column, reading: NameLookup): number => {
  if (!Array.isArray(rows) || !cutKinds.has(column.kind)) return 0
  let most = 0
  for (const page of rows as readonly (readonly unknown[])[])
    for (const row of page) {
      const cell = column.read(row, reading)
      if (typeof cell === 'string') most = Math.max(most, widthOf(cell) + besideText)
    }
  return Math.min(most, mostWidth)
}

/** The first two columns also show the facts: their names, and the values, of which a time that does not fit is shown as signs. */
const widthOfFacts = ({ facts }: XlsxSheet, index: number): number => {
  if (index > 1) return 0
  return facts.reduce((most, { label, value, kind }) => {
    // in bold, and bold letters are wider
    if (index === 0) return Math.max(most, Math.ceil(widthOf(label) * 1.1) + besideText)
    return Math.max(most, kind === 'time' ? leastWidth.time : 0, widthOf(String(value ?? '')))
  }, 0)
}

const widthsOf = (sheet: XlsxSheet, reading: NameLookup): number[] => {
  const lines = headingLines(sheet, reading)
  return sheet.columns.map((column, index) =>
    Math.max(
      leastWidth[column.kind],
      headingWidth(headingOf(column, reading), lines),
      widthOfRows(sheet, column, reading),
      widthOfFacts(sheet, index),
    ),
  )
}

const columnsXml = (widths: readonly number[]): string =>
  widths.map((width, i) => `<col min="${i + 1}" max="${i + 1}" width="${width}" customWidth="1"/>`).join('')

/** A time is a number in a sheet, and can be sorted and filtered as one. */
const inSheet = (value: Cell, kind: CellKind): Cell =>
  kind === 'time' && typeof value === 'string' ? serialOf(value) : value

const aboveXml = (sheet: XlsxSheet, reading: NameLookup): string => {
  const { title, facts, columns } = sheet
  const headings = columns.map((column) => ({ value: headingOf(column, reading), style: headingStyle }))
  return [
    rowXml(1, [{ value: title, style: titleStyle }], heights.title),
    ...facts.map(({ label, value, kind }, i) =>
      rowXml(i + 2, [
        { value: label, style: factLabelStyle },
        { value: inSheet(value, kind), style: kind === 'time' ? factTimeStyle : factStyle },
      ]),
    ),
    rowXml(rowsAbove(sheet), headings, height(headingLines(sheet, reading) * lineHeight)),
  ].join('')
}

/** A sheet's XML, page by page; returns its layout. */
async function* sheetXml(sheet: XlsxSheet, reading: NameLookup): AsyncGenerator<string, Layout> {
  const { columns, rows, mark = () => 'none' } = sheet
  const above = rowsAbove(sheet)
  const widths = widthsOf(sheet, reading)
  const pane = `<pane ySplit="${above}" topLeftCell="A${above + 1}" activePane="bottomLeft" state="frozen"/>`
  yield `${head}<worksheet xmlns="${main}"><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr><sheetViews><sheetView workbookViewId="0">${pane}</sheetView></sheetViews>${otherHeights}<cols>${columnsXml(widths)}</cols><sheetData>${aboveXml(sheet, reading)}`
  let number = above
  let lastFiltered = above
  for await (const page of rows)
    yield page
      .map((row) => {
        number += 1
        const marked = mark(row)
        if (marked !== 'total') lastFiltered = number
        const cells = columns.map((column) => {
          const kind = column.kindOf?.(row) ?? column.kind
          return { value: inSheet(column.read(row, reading), kind), style: styleOf(kind, marked) }
        })
        return rowXml(number, cells)
      })
      .join('')
  const signed = rowXml(
    number + 2,
    [{ value: signatures[reading.language], style: plainStyle }],
    heights.signatures,
  )
  const filter = `A${above}:${lettersOf(columns.length - 1)}${lastFiltered}`
  yield `${signed}</sheetData><autoFilter ref="${filter}"/>${pageXml(widths)}</worksheet>`
  return { filter, widths }
}

/** Without addresses of the API, which mean nothing to who reads a sheet. */
const withoutLinks = (sheet: XlsxSheet): XlsxSheet => ({
  ...sheet,
  columns: sheet.columns.filter(({ kind }) => kind !== 'link'),
})

/** A workbook with at least one sheet, in bytes as they come. */
export async function* xlsxOf(given: readonly XlsxSheet[], reading: NameLookup): AsyncGenerator<Uint8Array> {
  const zip = createZip()
  const sheets = given.map(withoutLinks)
  for (const [name, xml] of Object.entries(fixedParts(sheets))) yield* zip.add(name, only(xml))
  const layouts: Layout[] = []
  for (const [i, sheet] of sheets.entries())
    layouts.push(yield* zip.add(`xl/${partOf(i)}`, sheetXml(sheet, reading)))
  // last, for it names the ranges of the filters
  yield* zip.add('xl/workbook.xml', only(workbookXml(sheets, layouts)))
  yield* zip.end()
}
