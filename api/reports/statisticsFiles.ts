/** Statistics and the monthly report as tables; the workbook of the month is in `monthlySheets.ts`. */
import { z } from 'zod'
import type { Words } from '../../domain/refusal.ts'
import { shanghaiMinute } from '../../domain/shanghaiTime.ts'
import { columnsOf } from '../files/columns.ts'
import type { NameLookup } from '../files/names.ts'
import { titleOfUnit } from '../files/rowsReport.ts'
import type { ReportFile, TableFile } from '../files/send.ts'
import { monthlySheets } from './monthlySheets.ts'
import type { monthlyAnswer, statisticsAnswer } from './statisticsSchemas.ts'

type Statistics = z.infer<typeof statisticsAnswer>
type Monthly = z.infer<typeof monthlyAnswer>

/** The parts of both answers: in a table each row says of which it is. */
const parts = {
  rows: { en: 'rows', zh: '分组' },
  totals: { en: 'totals', zh: '合计' },
  rboRates: { en: 'RBOs’ own rates', zh: '品牌营销大区自身指标' },
  causes: { en: 'causes', zh: '根本原因' },
  inquiries: { en: 'inquiries', zh: '咨询' },
  inquiryTotals: { en: 'inquiries in total', zh: '咨询合计' },
} as const satisfies Record<string, Words>

const part = z.object({ part: z.string() })

const parted = (name: keyof typeof parts, { language }: NameLookup, rows: readonly object[]): object[] =>
  rows.map((row) => ({ part: parts[name][language], ...row }))

const only = (schema: z.ZodObject, names: readonly string[]): z.ZodObject =>
  z.object(Object.fromEntries(names.map((name) => [name, schema.shape[name]])) as z.ZodRawShape)

/** Every row begins with what the whole is of; the dimensions that were asked for have a column of codes and one of names. */
export const statisticsFile = (schema: typeof statisticsAnswer): TableFile<Statistics> => {
  const { rows, totals, rboRates: _, causes, ...facts } = schema.shape
  const { keys, names } = rows.element.shape
  const before = columnsOf(z.object({ ...facts, ...part.shape }))
  const figures = columnsOf(totals)
  const { code, name } = causes.element.shape
  const ofCause = columnsOf(z.object({ code, name }))
  return {
    name: ({ asOf }) => `statistics-${shanghaiMinute(asOf)}`,
    table: ({ rows, totals, rboRates, causes, ...of }, reading) => {
      const asked = { keys: only(keys, of.groupBy), names: only(names, of.groupBy) }
      const all = [
        ...parted('rows', reading, rows),
        ...parted('totals', reading, [totals]),
        ...parted('rboRates', reading, [{ rates: rboRates }]),
        ...parted('causes', reading, causes),
      ]
      return {
        columns: [...before, ...columnsOf(z.object(asked)), ...figures, ...ofCause],
        pages: [all.map((row) => ({ ...of, ...row }))],
      }
    },
  }
}

const title: Words = { en: 'Monthly complaint report', zh: '投诉月报' }

/** Figures of three months in a row, by the field they stand in in the answer. */
const ratesAlone = ({ month, monthBefore, yearBefore }: Monthly['rboRates']) => ({
  month: { rates: month },
  monthBefore: { rates: monthBefore },
  yearBefore: { rates: yearBefore },
})

export const monthlyFile = (schema: typeof monthlyAnswer): ReportFile<Monthly> => {
  const { rows, causes, inquiries, totals: _, rboRates: __, ...facts } = schema.shape
  const { dimension, ...ofRow } = rows.element.shape
  const factColumns = columnsOf(z.object(facts))
  const { code, complaints, goodwill } = causes.element.shape
  const ofInquiries = inquiries.shape.totals
  const tableColumns = [
    ...columnsOf(z.object({ ...part.shape, dimension })),
    ...columnsOf(z.object(ofRow)),
    ...columnsOf(z.object({ code, complaints, goodwill, inquiries: ofInquiries })),
  ]
  const titleOf = ({ month }: Monthly, reading: NameLookup): string =>
    titleOfUnit(`${month} ${title[reading.language]}`, reading)

  return {
    name: ({ month }) => `monthly-${month}`,
    title: titleOf,
    table: ({ rows, totals, rboRates, causes, inquiries, ...of }, reading) => {
      const all = [
        ...parted('rows', reading, rows),
        ...parted('totals', reading, [{ figures: totals }]),
        ...parted('rboRates', reading, [{ figures: ratesAlone(rboRates) }]),
        ...parted('causes', reading, causes),
        ...parted('inquiryTotals', reading, [{ inquiries: inquiries.totals }]),
        ...parted(
          'inquiries',
          reading,
          inquiries.rows.map(({ figures, ...row }) => ({ ...row, inquiries: figures })),
        ),
      ]
      return { columns: [...factColumns, ...tableColumns], pages: [all.map((row) => ({ ...of, ...row }))] }
    },
    sheets: monthlySheets(schema, titleOf),
  }
}
