/** How cells look: a number format for each kind of value, a color for each kind of row. */
import type { CellKind } from './columns.ts'

/** What a row stands for: `good` is green, `bad` red, `open` amber, `total` bold. */
export type Mark = 'none' | 'good' | 'bad' | 'open' | 'total'

const marks: Record<Mark, { font: number; fill: number }> = {
  none: { font: 0, fill: 0 },
  // the first two fills are taken by the format itself
  good: { font: 0, fill: 2 },
  bad: { font: 0, fill: 3 },
  open: { font: 0, fill: 4 },
  total: { font: 1, fill: 0 },
}

/** Built-in formats by their number, of its own from 164 on. */
const formats: Record<CellKind, number> = {
  text: 49,
  time: 165,
  name: 49,
  label: 49,
  link: 49,
  integer: 1,
  decimal: 2,
  money: 164,
  boolean: 0,
  change: 166,
  decimalChange: 167,
  moneyChange: 168,
}
/** With a little room at the edge, so that a number does not touch the word beside it. */
const left = 'horizontal="left" indent="1"'
const right = 'horizontal="right" indent="1"'
const alignments: Record<CellKind, string> = {
  text: left,
  time: left,
  name: left,
  label: left,
  // cut off at the column's edge
  link: 'horizontal="fill"',
  integer: right,
  decimal: right,
  money: right,
  boolean: 'horizontal="center"',
  change: right,
  decimalChange: right,
  moneyChange: right,
}
/** Formats of our own, from number 164 on. */
const ownFormats = [
  '"¥"#,##0;[Red]\\-"¥"#,##0',
  'yyyy\\-mm\\-dd hh:mm:ss',
  '+0;\\-0;0',
  '+0.00;\\-0.00;0.00',
  '+"¥"#,##0;\\-"¥"#,##0;0',
]

const markNames = Object.keys(marks) as Mark[]
const kindNames = Object.keys(formats) as CellKind[]

/** Styles of what stands above and below the rows. */
export const plainStyle = 0
export const titleStyle = 1
export const headingStyle = 2
export const factLabelStyle = 3
export const factStyle = 4
export const factTimeStyle = 5
const firstOfRows = 6

/** The number of the style of a cell. */
export const styleOf = (kind: CellKind, mark: Mark): number =>
  firstOfRows + markNames.indexOf(mark) * kindNames.length + kindNames.indexOf(kind)

const font = (size: number, bold: boolean): string =>
  `<font>${bold ? '<b/>' : ''}<sz val="${size}"/><name val="Microsoft YaHei"/><family val="2"/></font>`
const fill = (rgb: string): string =>
  `<fill><patternFill patternType="solid"><fgColor rgb="${rgb}"/><bgColor indexed="64"/></patternFill></fill>`
type Look = { format: number; font: number; fill: number; border: number; alignment: string }
const xf = ({ format, font, fill, border, alignment }: Look): string =>
  `<xf numFmtId="${format}" fontId="${font}" fillId="${fill}" borderId="${border}" xfId="0" applyNumberFormat="1" applyFont="1" applyFill="1" applyBorder="1" applyAlignment="1"><alignment ${alignment} vertical="center"/></xf>`

const fonts = [font(11, false), font(11, true), font(14, true)]
const fills = [
  '<fill><patternFill patternType="none"/></fill>',
  '<fill><patternFill patternType="gray125"/></fill>',
  fill('FFC6EFCE'),
  fill('FFFFC7CE'),
  fill('FFFFEB9C'),
  fill('FFD9E1F2'),
]
const headingFill = fills.length - 1
const plain: Look = { format: 0, font: 0, fill: 0, border: 0, alignment: 'horizontal="left"' }
const cells = [
  xf(plain),
  xf({ ...plain, format: 49, font: 2 }),
  xf({
    ...plain,
    format: 49,
    font: 1,
    fill: headingFill,
    border: 1,
    alignment: 'horizontal="center" wrapText="1"',
  }),
  xf({ ...plain, format: 49, font: 1, alignment: alignments.text }),
  xf({ ...plain, alignment: alignments.text }),
  xf({ ...plain, format: formats.time, alignment: alignments.time }),
  ...markNames.flatMap((mark) =>
    kindNames.map((kind) =>
      xf({ ...marks[mark], format: formats[kind], border: 1, alignment: alignments[kind] }),
    ),
  ),
]
const side = (name: string): string => `<${name} style="thin"><color rgb="FFBFBFBF"/></${name}>`
const borders = [
  '<border><left/><right/><top/><bottom/><diagonal/></border>',
  `<border>${['left', 'right', 'top', 'bottom'].map(side).join('')}<diagonal/></border>`,
]
const list = (name: string, items: readonly string[]): string =>
  `<${name} count="${items.length}">${items.join('')}</${name}>`
const attribute = (text: string): string => text.replaceAll('"', '&quot;')

/** `xl/styles.xml`. */
export const stylesXml = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">${[
  list(
    'numFmts',
    ownFormats.map((code, i) => `<numFmt numFmtId="${164 + i}" formatCode="${attribute(code)}"/>`),
  ),
  list('fonts', fonts),
  list('fills', fills),
  list('borders', borders),
  '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>',
  list('cellXfs', cells),
  '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>',
].join('')}</styleSheet>`
