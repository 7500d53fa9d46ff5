/** Statistics as a table; the monthly report as one, and as a workbook with a sheet for each dimension. */
import { z } from 'zod'
import type { Words } from '../../domain/refusal.ts'
import { shanghaiMinute } from '../../domain/shanghaiTime.ts'
import { type Dimension, dimensions } from '../../domain/statistics.ts'
import { type Column, columnsOf } from '../files/columns.ts'
import type { ReportFile, TableFile } from '../files/send.ts'
import { factsOf, type Sheet } from '../files/xlsx.ts'
import type { Language } from '../http/problems.ts'
import type { monthlyAnswer, statisticsAnswer } from './statisticsSchemas.ts'

type Statistics = z.infer<typeof statisticsAnswer>
type Monthly = z.infer<typeof monthlyAnswer>

/** The parts of both answers: in a table each row says of which it is. */
const parts = {
  rows: { en: 'rows', zh: '分组' },
  totals: { en: 'totals', zh: '合计' },
  rboRates: { en: 'RBOs’ own rates', zh: '大区自身指标' },
  causes: { en: 'causes', zh: '根本原因' },
  inquiries: { en: 'inquiries', zh: '咨询' },
  inquiryTotals: { en: 'inquiries in total', zh: '咨询合计' },
} as const satisfies Record<string, Words>

const part = z.object({ part: z.string() })

const parted = (name: keyof typeof parts, language: Language, rows: readonly object[]): object[] =>
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
    table: ({ rows, totals, rboRates, causes, ...of }, language) => {
      const asked = { keys: only(keys, of.groupBy), names: only(names, of.groupBy) }
      const all = [
        ...parted('rows', language, rows),
        ...parted('totals', language, [totals]),
        ...parted('rboRates', language, [{ rates: rboRates }]),
        ...parted('causes', language, causes),
      ]
      return {
        columns: [...before, ...columnsOf(z.object(asked)), ...figures, ...ofCause],
        pages: [all.map((row) => ({ ...of, ...row }))],
      }
    },
  }
}

const sheetOf: Record<Dimension, Words> = {
  level: { en: 'by level', zh: '按级别' },
  category: { en: 'by category', zh: '按类别' },
  tier: { en: 'by tier', zh: '按层级' },
  rbo: { en: 'by RBO', zh: '按大区' },
  dealer: { en: 'by dealer', zh: '按经销商' },
  channel: { en: 'by channel', zh: '按渠道' },
  source: { en: 'by source', zh: '按来源' },
}

const title: Words = { en: 'Monthly complaint report', zh: '投诉月报' }

const periods = {
  month: { en: 'month', zh: '本月' },
  monthBefore: { en: 'month before', zh: '上月' },
  yearBefore: { en: 'year before', zh: '去年同月' },
} as const satisfies Record<string, Words>

/** A line for each of the three months, one below the other, so that a sheet is as wide as a page. */
const threeLines = <Row extends { figures: Record<keyof typeof periods, object> }>(
  { figures, ...row }: Row,
  language: Language,
): object[] =>
  Object.entries(periods).map(([name, words]) => ({
    ...row,
    period: words[language],
    ...figures[name as keyof typeof periods],
  }))

/** What a sheet shows of the figures; the counts the rates are made of, remedies and decisions are in the table. */
const isShown = ({ path }: Column): boolean =>
  !/\.(met|failed|pending|count)$|^(remedies|decisions)\./.test(path)

/** Figures of three months in a row, by the field they stand in in the answer. */
const ratesAlone = ({ month, monthBefore, yearBefore }: Monthly['rboRates']) => ({
  month: { rates: month },
  monthBefore: { rates: monthBefore },
  yearBefore: { rates: yearBefore },
})

export const monthlyFile = (schema: typeof monthlyAnswer): ReportFile<Monthly> => {
  const { rows, causes, inquiries, totals: _, rboRates: __, ...facts } = schema.shape
  const { dimension, ...ofRow } = rows.element.shape
  const { key, name, figures } = ofRow
  const factColumns = columnsOf(z.object(facts))
  const rowColumns = columnsOf(z.object(ofRow))
  const period = z.string()
  const lineColumns = columnsOf(z.object({ key, name, period, ...figures.shape.month.shape })).filter(isShown)
  const causeColumns = columnsOf(causes.element)
  const { code, complaints, goodwill } = causes.element.shape
  const ofInquiries = inquiries.shape.totals
  const inquiryColumns = columnsOf(
    z.object({ dimension, key, name, period, ...ofInquiries.shape.month.shape }),
  ).filter(isShown)
  const tableColumns = [
    ...columnsOf(z.object({ ...part.shape, dimension })),
    ...rowColumns,
    ...columnsOf(z.object({ code, complaints, goodwill, inquiries: ofInquiries })),
  ]

  const sheetsOf = (answer: Monthly, language: Language): Sheet[] => {
    const common = { facts: factsOf(factColumns, answer, language), columns: lineColumns }
    const linesOf = (rows: readonly Parameters<typeof threeLines>[0][]) =>
      rows.flatMap((row) => threeLines(row, language))
    const named = ({ [language]: name }: Words) => ({
      ...common,
      name,
      title: `${answer.month} ${title[language]} · ${name}`,
    })
    const totals = { name: parts.totals[language], figures: answer.totals }
    const ofAllInquiries = { name: parts.totals[language], figures: answer.inquiries.totals }
    const ofRbos = { name: parts.rboRates[language], figures: ratesAlone(answer.rboRates) }
    return [
      { ...named(parts.totals), rows: [linesOf([totals, ofRbos])] },
      ...dimensions.map((each) => ({
        ...named(sheetOf[each]),
        rows: [linesOf(answer.rows.filter(({ dimension }) => dimension === each))],
      })),
      { ...named(parts.causes), columns: causeColumns, rows: [answer.causes] },
      {
        ...named(parts.inquiries),
        columns: inquiryColumns,
        rows: [linesOf([ofAllInquiries, ...answer.inquiries.rows])],
      },
    ]
  }

  return {
    name: ({ month }) => `monthly-${month}`,
    table: ({ rows, totals, rboRates, causes, inquiries, ...of }, language) => {
      const all = [
        ...parted('rows', language, rows),
        ...parted('totals', language, [{ figures: totals }]),
        ...parted('rboRates', language, [{ figures: ratesAlone(rboRates) }]),
        ...parted('causes', language, causes),
        ...parted('inquiryTotals', language, [{ inquiries: inquiries.totals }]),
        ...parted(
          'inquiries',
          language,
          inquiries.rows.map(({ figures, ...row }) => ({ ...row, inquiries: figures })),
        ),
      ]
      return { columns: [...factColumns, ...tableColumns], pages: [all.map((row) => ({ ...of, ...row }))] }
    },
    sheets: sheetsOf,
  }
}
