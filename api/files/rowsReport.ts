/** Files of reports whose answer is rows and their totals, with what they are of beside them. */
import { z } from 'zod'
import type { Instant } from '../../domain/instant.ts'
import type { Words } from '../../domain/refusal.ts'
import { shanghaiMinute } from '../../domain/shanghaiTime.ts'
import type { Language } from '../http/problems.ts'
import { columnsOf } from './columns.ts'
import type { ReportFile } from './send.ts'
import { factsOf } from './xlsx.ts'

const totalsWord: Words = { en: 'totals', zh: '合计' }

/** Any answer with `rows` and `totals`; the totals have what can be added up of a row. */
type RowsSchema = z.ZodObject<{
  asOf: z.ZodType<Instant>
  rows: z.ZodArray<z.ZodObject>
  totals: z.ZodObject
}>

type RowsAnswer = { asOf: Instant; rows: object[]; totals: object }

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
  const totalsOf = ({ totals }: RowsAnswer, language: Language) => ({
    [first]: totalsWord[language],
    ...totals,
  })
  return {
    name: ({ asOf }) => `${name}-${shanghaiMinute(asOf)}`,
    table: (answer, language) => {
      const { rows: _rows, totals: _totals, ...of } = answer
      const all = [...answer.rows, totalsOf(answer, language)]
      return {
        columns: [...factColumns, ...rowColumns],
        pages: [all.map((row) => ({ ...of, ...row }))],
      }
    },
    sheets: (answer, language) => {
      const totals = totalsOf(answer, language)
      return [
        {
          name: title[language],
          title: title[language],
          facts: factsOf(factColumns, answer, language),
          columns: rowColumns,
          rows: [answer.rows, [totals]],
          mark: (row) => (row === totals ? 'total' : 'none'),
        },
      ]
    },
  }
}
