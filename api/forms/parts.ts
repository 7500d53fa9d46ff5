/** What paper forms are made of: cells, lines to write on, boxes to tick, places to sign and date. */
import type { Day, Instant } from '../../domain/instant.ts'
import { dateOf, dayInWords, timeOf } from '../../domain/shanghaiTime.ts'
import { type Html, html } from './html.ts'

const blankDate = html`<span class="date">年<i></i>月<i></i>日</span>`
const blankTime = html`<span class="date time">年<i></i>月<i></i>日<i></i>时</span>`

/** A label and its value, in so many columns; a value that is missing leaves room for a pen. */
export const field = (label: string, value: Html | string | number | null, columns = 1): Html =>
  html`<th scope="row">${label}</th><td colspan="${columns}">${value}</td>`

/** The same for a time, a date, a calendar day; empty, they are 年 月 日 to fill in. */
export const timeField = (label: string, at: Instant | null, columns = 1): Html =>
  field(label, at === null ? blankTime : timeOf(at), columns)
export const dateField = (label: string, at: Instant | null, columns = 1): Html =>
  field(label, at === null ? blankDate : dateOf(at), columns)
export const dayField = (label: string, day: Day | null, columns = 1): Html =>
  field(label, day === null ? blankDate : dayInWords(day), columns)

/** A row of a section. `signing`: it stays with the row above, and in one piece. */
export type FormRow = { kind: string; cells: readonly Html[] }

export const row = (...cells: Html[]): FormRow => ({ kind: 'fields', cells })
export const signingRow = (...cells: Html[]): FormRow => ({ kind: 'signing', cells })

/** The row that every page of a form begins with; its first label also stands above the names of the sections. */
export const headRow = (label: string, value: string, ...cells: Html[]): Html =>
  html`<tr><th scope="row" colspan="2">${label}</th><td>${value}</td>${cells}</tr>`

type Paragraph = Html | string | null

const isWritten = (paragraph: Paragraph): boolean =>
  typeof paragraph === 'string' ? paragraph.trim() !== '' : paragraph !== null

/** Roughly what one line of a text row holds, a Latin letter taking half the room of a Chinese one. */
const charactersInLine = 45
const linesOf = (text: string): number =>
  text
    .split('\n')
    .map((line) => [...line].reduce((width, character) => width + (character < '\u2e80' ? 0.5 : 1), 0))
    .reduce((lines, width) => lines + Math.max(1, Math.ceil(width / charactersInLine)), 0)

/** Markup without its tags; an entity is one character. */
const plain = ({ markup }: Html): string => markup.replace(/<[^>]*>/g, '').replace(/&[^;]*;/g, '&')

/** More than any row has room for by itself, so that a longer text has no empty space for a page to end in. */
const mostWholeLines = 20

const blankLines = (count: number): Html[] =>
  Array.from({ length: count }, () => html`<div class="line"></div>`)

/** More lines than any box has room for: those that a box has no room for are cut off. */
const linesOfPage = 45

/** Room for at least so many lines, and lines over all of the box that the page then has for it. */
const ruled = (least: number): Html =>
  html`<div class="least">${blankLines(least)}</div><div class="ruled" aria-hidden="true">${blankLines(linesOfPage)}</div>`

/**
 * A row of free text over the whole width, one paragraph each; without any, at least so many `lines` to write on, or
 * just as many below what stands `above`. Up to a third of a page it stays in one piece, and so with the signatures
 * below it; a longer text flows on to the next page.
 */
export const textRow = (
  label: string,
  paragraphs: readonly Paragraph[],
  { lines, above = null }: { lines: number; above?: Html | null },
): FormRow => {
  const written = paragraphs.filter(isWritten).map((paragraph) => html`<p>${paragraph}</p>`)
  const isLong = linesOf(written.map(plain).join('\n')) > mostWholeLines
  const isBlank = written.length === 0 && above === null
  const empty = isBlank ? ruled(lines) : blankLines(lines)
  const shown = written.length > 0 ? written : empty
  return {
    kind: `text${isLong ? ' long' : ''}${isBlank ? ' blank' : ''}`,
    cells: [field(label, html`${above}${shown}`, 5)],
  }
}

/** Rows that belong together, with their name down the side. */
export const section = (name: string, rows: readonly FormRow[]): Html => {
  const side = html`<th class="side" scope="rowgroup" rowspan="${rows.length}"><span>${name}</span></th>`
  const shown = rows.map(
    ({ kind, cells }, index) => html`<tr class="${kind}">${index === 0 ? side : null}${cells}</tr>
`,
  )
  return html`<tbody>
${shown}</tbody>
`
}

/** One paragraph of a text that grew: when it was written, then what. */
export const entry = (at: Instant, text: string): Html => html`<b>${timeOf(at)}</b>　${text}`

/** Drawn, for not every font has a tick. */
const tick = html`<svg viewBox="0 0 10 10"><path d="M1.6 5.2 4.2 8 8.6 1.8"/></svg>`

/** Boxes, of which the given ones are ticked. */
export const boxes = (options: readonly { label: string; ticked: boolean }[]): Html => {
  const choices = options.map(({ label, ticked }) => {
    const says = ticked ? '已选' : '未选'
    return html`<span class="choice"><span class="box" role="img" aria-label="${says}">${ticked ? tick : null}</span>${label}</span> `
  })
  return html`<span class="boxes">${choices}</span>`
}

/** A box for each code of a closed list, the chosen one ticked. */
export const ticked = <K extends string>(table: Record<K, { zh: string }>, chosen: K | null): Html =>
  boxes(
    (Object.entries(table) as [K, { zh: string }][]).map(([code, { zh }]) => ({
      label: zh,
      ticked: code === chosen,
    })),
  )

/** A cell with places to sign by hand, in so many columns; with `dated`, a date beside each. */
export const signatures = (
  labels: readonly string[],
  { columns, dated = false }: { columns: number; dated?: boolean },
): Html => {
  const date = dated ? html`<span class="dated">日期：${blankDate}</span>` : null
  const places = labels.map((label) => html`<span class="signature">${label}：<i></i></span>${date}`)
  return html`<td class="signatures" colspan="${columns}"><div>${places}</div></td>`
}
