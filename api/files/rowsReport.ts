/** Files of reports whose answer is rows and their totals, with what they are of beside them. */
import { z } from 'zod'
import { type Instant, quarterBounds, quarterOf } from '../../domain/instant.ts'
import type { Words } from '../../domain/refusal.ts'
import { shanghaiMinute, shanghaiTime } from '../../domain/shanghaiTime.ts'
import { columnsOf } from './columns.ts'
import type { NameLookup } from './names.ts'
import type { ReportFile } from './send.ts'
import { factsOf } from './xlsx.ts'

const totalsWord: Words = { en: 'totals', zh: '合计' }

/** Any answer with `rows` and `totals`; the totals have what can be added up of a row. */
type RowsSchema = z.ZodObject<{
  asOf: z.ZodType<Instant>
  rows: z.ZodArray<z.ZodObject>
  totals: z.ZodObject
}>

type RowsAnswer = {
  quarter?: string
  from?: Instant
  to?: Instant
  asOf: Instant
  rows: object[]
  totals: object
}

/** The quarter a period is, else its first day and the day it ends before; without a period the minute. */
const periodOf = ({ quarter: named, from, to, asOf }: RowsAnswer): string => {
  if (named !== undefined) return named
  if (from === undefined || to === undefined) return shanghaiMinute(asOf)
  const quarter = quarterOf(from)
  const bounds = quarterBounds(quarter)
  if (bounds.from === from && bounds.to === to) return quarter
  return [from, to].map((at) => shanghaiTime(at).slice(0, 10)).join('_')
}

/** The same as people read it. */
const periodInWords = (answer: RowsAnswer): string =>
  answer.quarter === undefined && answer.from === undefined
    ? shanghaiTime(answer.asOf).slice(0, 16)
    : periodOf(answer)

/** A title with the unit it is of. */
export const titleOfUnit = (title: string, { unit }: NameLookup): string =>
  unit === null ? title : `${title} · ${unit.name}`

/**
 * In CSV every row begins with what the whole report is of; in a sheet that stands once, above. The totals come
 * last, with their name in the first column.
 * @throws Error where a field has no label or no form in a cell.
 */
export const rowsReport = (
  schema: RowsSchema,
  { name, title }: { name: string; title: Words },
): ReportFile<RowsAnswer> => {
  const { rows, totals: _, ...facts } = schema.shape
  const factColumns = columnsOf(z.object(facts))
  const rowColumns = columnsOf(rows.element)
  const [first] = Object.keys(rows.element.shape) as [string]
  const totalsOf = ({ totals }: RowsAnswer, { language }: NameLookup) => ({
    [first]: totalsWord[language],
    ...totals,
  })
  const titleOf = (answer: RowsAnswer, reading: NameLookup): string =>
    titleOfUnit(`${periodInWords(answer)} ${title[reading.language]}`, reading)
  return {
    name: (answer) => `${name}-${periodOf(answer)}`,
    title: titleOf,
    table: (answer, reading) => {
      const { rows: _rows, totals: _totals, ...of } = answer
      const all = [...answer.rows, totalsOf(answer, reading)]
      return {
        columns: [...factColumns, ...rowColumns],
        pages: [all.map((row) => ({ ...of, ...row }))],
      }
    },
    sheets: (answer, reading) => {
      const totals = totalsOf(answer, reading)
      return [
        {
          name: title[reading.language],
          title: titleOf(answer, reading),
          facts: factsOf(factColumns, answer, reading),
          columns: rowColumns,
          rows: [answer.rows, [totals]],
          mark: (row) => (row === totals ? 'total' : 'none'),
        },
      ]
    },
  }
}
