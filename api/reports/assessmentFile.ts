/** A quarter's assessment as a table, and as the workbook an RBO gets: a sheet for each, rewards green, penalties red, ties amber. */
import { z } from 'zod'
import { columnsOf } from '../files/columns.ts'
import type { ReportFile } from '../files/send.ts'
import { factsOf, type Sheet } from '../files/xlsx.ts'
import type { Mark } from '../files/xlsxStyles.ts'
import type { AssessmentAnswer, assessmentAnswer } from './assessmentAnswer.ts'

const marks: Record<string, Mark> = { reward: 'good', penalty: 'bad', tie_unresolved: 'open' }

/** `nameOf` gives an RBO's name. */
export const assessmentFile = (
  schema: typeof assessmentAnswer,
  nameOf: (rbo: string) => string,
): ReportFile<AssessmentAnswer> => {
  const { rbos, ...facts } = schema.shape
  const { rbo, dealers } = rbos.element.shape
  const factColumns = columnsOf(z.object(facts))
  const dealerColumns = columnsOf(dealers.element)
  const tableColumns = [...factColumns, ...columnsOf(z.object({ rbo })), ...dealerColumns]

  const sheetsOf = (answer: AssessmentAnswer, zh: boolean): Sheet[] => {
    const title = zh ? `${answer.quarter} 经销商考核` : `${answer.quarter} dealer assessment`
    const common = {
      facts: factsOf(factColumns, answer, zh ? 'zh' : 'en'),
      columns: dealerColumns,
      mark: (row: unknown) => marks[(row as { outcome: string }).outcome] ?? 'none',
    }
    const sheets = answer.rbos.map(({ rbo, dealers }) => {
      const name = `${rbo} ${nameOf(rbo)}`
      return { ...common, name, title: `${title} · ${name}`, rows: [dealers] }
    })
    // a workbook has a sheet, also where there is nobody to assess
    return sheets.length > 0 ? sheets : [{ ...common, name: answer.quarter, title, rows: [] }]
  }

  return {
    name: ({ quarter, revision }) => `assessment-${quarter}${revision === null ? '' : `-r${revision}`}`,
    table: ({ rbos, ...of }) => ({
      columns: tableColumns,
      pages: rbos.map(({ rbo, dealers }) => dealers.map((dealer) => ({ ...of, rbo, ...dealer }))),
    }),
    sheets: (answer, language) => sheetsOf(answer, language === 'zh'),
  }
}
