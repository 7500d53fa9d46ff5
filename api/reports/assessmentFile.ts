/** A quarter's assessment as a table, and as the workbook an RBO gets: a sheet for each, rewards green, penalties red, ties amber. */
import { z } from 'zod'
import { columnsOf } from '../files/columns.ts'
import type { NameLookup } from '../files/names.ts'
import { titleOfUnit } from '../files/rowsReport.ts'
import type { ReportFile } from '../files/send.ts'
import { factsOf, type XlsxSheet } from '../files/xlsx.ts'
import type { Mark } from '../files/xlsxStyles.ts'
import type { AssessmentAnswer, assessmentAnswer } from './assessmentAnswer.ts'

const marks: Record<string, Mark> = { reward: 'good', penalty: 'bad', tie_unresolved: 'open' }
const words = {
  title: { en: 'dealer assessment', zh: '经销商考核' },
  totals: { en: 'totals', zh: '合计' },
  revision: { en: 'revision', zh: '修订' },
}

type Dealer = AssessmentAnswer['rbos'][number]['dealers'][number]

/** What can be added up of the dealers of an RBO. */
const sumsOf = (dealers: readonly Dealer[], { language }: NameLookup) => {
  const sum = (of: (dealer: Dealer) => number | null): number =>
    dealers.reduce((total, dealer) => total + (of(dealer) ?? 0), 0)
  return {
    dealer: words.totals[language],
    total: sum(({ total }) => total),
    deliveries: sum(({ deliveries }) => deliveries),
    amount: sum(({ amount }) => amount),
  }
}

/** Of an assessment the status says whether it is final. */
const labels = { status: { zh: '性质' } }

export const assessmentFile = (schema: typeof assessmentAnswer): ReportFile<AssessmentAnswer> => {
  const { rbos, ...facts } = schema.shape
  const { rbo, dealers } = rbos.element.shape
  const factColumns = columnsOf(z.object(facts), labels)
  const dealerColumns = columnsOf(dealers.element)
  const tableColumns = [...factColumns, ...columnsOf(z.object({ rbo })), ...dealerColumns]

  const titleOf = ({ quarter }: AssessmentAnswer, { language }: NameLookup): string =>
    `${quarter} ${words.title[language]}`

  const sheetsOf = (answer: AssessmentAnswer, reading: NameLookup): XlsxSheet[] => {
    const title = titleOf(answer, reading)
    const common = { facts: factsOf(factColumns, answer, reading), columns: dealerColumns }
    const sheets = answer.rbos.map(({ rbo, dealers }) => {
      const name = `${rbo} ${reading.rbo(rbo) ?? ''}`.trim()
      const sums = sumsOf(dealers, reading)
      const mark = (row: unknown): Mark =>
        row === sums ? 'total' : (marks[(row as Dealer).outcome] ?? 'none')
      return { ...common, name, title: `${title} · ${name}`, rows: [dealers, [sums]], mark }
    })
    // a workbook has a sheet, also where there is nobody to assess
    return sheets.length > 0 ? sheets : [{ ...common, name: answer.quarter, title, rows: [] }]
  }

  return {
    name: ({ quarter, revision }) => `assessment-${quarter}${revision === null ? '' : `-r${revision}`}`,
    title: (answer, reading) => {
      const revised =
        answer.revision === null ? '' : ` ${words.revision[reading.language]} ${answer.revision}`
      return titleOfUnit(`${titleOf(answer, reading)}${revised}`, reading)
    },
    table: ({ rbos, ...of }) => ({
      columns: tableColumns,
      pages: rbos.map(({ rbo, dealers }) => dealers.map((dealer) => ({ ...of, rbo, ...dealer }))),
    }),
    sheets: sheetsOf,
  }
}
