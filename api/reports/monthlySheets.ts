/**
 * The workbook of the monthly report: a summary with a line for each figure, then a sheet for each dimension with a
 * line for each of its keys. Beside this month stand last month and the same month of last year, each with the change.
 */
import { z } from 'zod'
import type { Words } from '../../domain/refusal.ts'
import { type Dimension, dimensions } from '../../domain/statistics.ts'
import { type Cell, type CellKind, type Column, columnsOf } from '../files/columns.ts'
import type { NameLookup } from '../files/names.ts'
import { factsOf, type XlsxSheet } from '../files/xlsx.ts'
import type { monthlyAnswer } from './statisticsSchemas.ts'

type Monthly = z.infer<typeof monthlyAnswer>

const sheetOf: Record<Dimension, Words> = {
  level: { en: 'by level', zh: '按投诉等级' },
  category: { en: 'by category', zh: '按细分类' },
  tier: { en: 'by tier', zh: '按层级' },
  rbo: { en: 'by RBO', zh: '按品牌营销大区' },
  dealer: { en: 'by dealer', zh: '按经销商' },
  channel: { en: 'by channel', zh: '按渠道' },
  source: { en: 'by source', zh: '按来源' },
}

const names = {
  summary: { en: 'summary', zh: '汇总' },
  causes: { en: 'causes', zh: '根本原因' },
  inquiries: { en: 'inquiries', zh: '咨询' },
  totals: { en: 'totals', zh: '合计' },
  rboRates: { en: 'RBOs’ own rates', zh: '品牌营销大区自身指标' },
} as const satisfies Record<string, Words>

type MonthComparison<T> = { month: T; monthBefore: T; yearBefore: T }
type Before = 'monthBefore' | 'yearBefore'

/** The five columns of a figure, left to right. `change`: this month less that one. */
const places: readonly { name: string; zh: string; of: keyof MonthComparison<unknown>; change?: Before }[] = [
  { name: 'month', zh: '本月', of: 'month' },
  { name: 'monthBefore', zh: '上月', of: 'monthBefore' },
  { name: 'changeOnMonth', zh: '较上月', of: 'month', change: 'monthBefore' },
  { name: 'yearBefore', zh: '去年同月', of: 'yearBefore' },
  { name: 'changeOnYear', zh: '较去年同月', of: 'month', change: 'yearBefore' },
]

const changeKinds: Partial<Record<CellKind, CellKind>> = { decimal: 'decimalChange', money: 'moneyChange' }
const changeOf = (kind: CellKind): CellKind => changeKinds[kind] ?? 'change'

/** A difference of decimals has at most the two places that they have; without one of them there is none. */
const difference = (now: Cell, before: Cell): number | null =>
  typeof now === 'number' && typeof before === 'number' ? Math.round((now - before) * 100) / 100 : null

/** The three values of a figure, of a row; what stands in their places. */
type ReadThree = (row: unknown) => MonthComparison<Cell>

const placed = (three: MonthComparison<Cell>, { of, change }: (typeof places)[number]): Cell =>
  change === undefined ? three[of] : difference(three.month, three[change])

/** Columns of a figure side by side. */
const sideBySide = ({ path, zh, kind }: Pick<Column, 'path' | 'zh' | 'kind'>, read: ReadThree): Column[] =>
  places.map((place) => ({
    path: `${path}.${place.name}`,
    zh: `${zh} ${place.zh}`,
    kind: place.change === undefined ? kind : changeOf(kind),
    read: (row) => placed(read(row), place),
  }))

/** The columns of figures that a line for each dealer has; the others are in the summary, for all of them, and in CSV. */
const shownByKey = new Set([
  'complaints',
  'rates.response.rate',
  'rates.close.rate',
  'rates.firstTime.rate',
  'goodwill',
])
const inquiryCounts = new Set(['inquiries', 'answeredAtOnce', 'becameComplaints'])
/** The counts that rates are made of are in CSV. */
const isSummed = ({ path }: Column): boolean => !/\.(met|failed|pending)$/.test(path)

type WithFigures = { figures: MonthComparison<object> }

const readFigure =
  (column: Column, reading: NameLookup): ReadThree =>
  (row) => {
    const { month, monthBefore, yearBefore } = (row as WithFigures).figures
    return {
      month: column.read(month, reading),
      monthBefore: column.read(monthBefore, reading),
      yearBefore: column.read(yearBefore, reading),
    }
  }

/** A line of the summary: a figure and its three values. */
type Line = { name: string; kind: CellKind; three: MonthComparison<Cell> }

const linesOf = (
  columns: readonly Column[],
  row: WithFigures,
  { reading, of }: { reading: NameLookup; of: Words },
): Line[] =>
  columns.map((column) => ({
    name: `${of[reading.language]} · ${reading.language === 'zh' ? column.zh : column.path}`,
    kind: column.kind,
    three: readFigure(column, reading)(row),
  }))

/** Each line is shown as its figure is: whole, with decimals, in yuan. */
const summaryColumns: readonly Column[] = [
  { path: 'figure', zh: '指标', kind: 'name', read: (line) => (line as Line).name },
  ...places.map(
    (place): Column => ({
      path: place.name,
      zh: place.zh,
      kind: 'money',
      kindOf: (line) => (place.change === undefined ? (line as Line).kind : changeOf((line as Line).kind)),
      read: (line) => placed((line as Line).three, place),
    }),
  ),
]

type FigureLine = { figures: MonthComparison<object> }
type CauseFigures = { complaints: number; goodwill: number }
type CauseLine = { code: string | null; name: string | null; figures: MonthComparison<CauseFigures> }

const periods = ['month', 'monthBefore', 'yearBefore'] as const
const threeOf = <T>(of: (period: keyof MonthComparison<unknown>) => T): MonthComparison<T> =>
  Object.fromEntries(periods.map((period) => [period, of(period)])) as MonthComparison<T>

/** The causes as lines of figures, and their sums. */
const causeLines = ({ causes }: Monthly, totals: string): { lines: CauseLine[]; sums: CauseLine } => {
  const lines = causes.map(({ code, name, complaints, goodwill }) => ({
    code,
    name,
    figures: threeOf((period) => ({ complaints: complaints[period], goodwill: goodwill[period] })),
  }))
  const sum = (period: keyof MonthComparison<unknown>, of: keyof CauseFigures): number =>
    lines.reduce((total, { figures }) => total + figures[period][of], 0)
  const figures = threeOf((period) => ({
    complaints: sum(period, 'complaints'),
    goodwill: sum(period, 'goodwill'),
  }))
  return { lines, sums: { code: totals, name: null, figures } }
}

const columnsOfMonth = (schema: typeof monthlyAnswer) => {
  const { rows, causes, inquiries, totals, rboRates, ...facts } = schema.shape
  const { key, name } = rows.element.shape
  const { code, complaints, goodwill } = causes.element.shape
  return {
    facts: columnsOf(z.object(facts)),
    figures: columnsOf(totals.shape.month).filter(isSummed),
    rates: columnsOf(z.object({ rates: rboRates.shape.month })).filter(isSummed),
    inquiries: columnsOf(inquiries.shape.totals.shape.month).filter(isSummed),
    key: columnsOf(z.object({ key, name })),
    cause: columnsOf(z.object({ code, name })),
    ofCause: columnsOf(z.object({ complaints: complaints.shape.month, goodwill: goodwill.shape.month })),
    inquiryDimension: columnsOf(z.object({ dimension: inquiries.shape.rows.element.shape.dimension })),
  }
}

const summaryOf = (
  answer: Monthly,
  columns: ReturnType<typeof columnsOfMonth>,
  reading: NameLookup,
): Line[] => [
  ...linesOf(columns.figures, { figures: answer.totals }, { reading, of: names.totals }),
  ...linesOf(
    columns.rates,
    { figures: threeOf((period) => ({ rates: answer.rboRates[period] })) },
    { reading, of: names.rboRates },
  ),
  ...linesOf(columns.inquiries, { figures: answer.inquiries.totals }, { reading, of: names.inquiries }),
]

/** How the sheets of a month are made; `titleOf` is that of the whole report. */
export const monthlySheets = (
  schema: typeof monthlyAnswer,
  titleOf: (answer: Monthly, reading: NameLookup) => string,
): ((answer: Monthly, reading: NameLookup) => XlsxSheet[]) => {
  const columns = columnsOfMonth(schema)
  const shown = columns.figures.filter(({ path }) => shownByKey.has(path))
  const counts = columns.inquiries.filter(({ path }) => inquiryCounts.has(path))

  return (answer, reading) => {
    const { language } = reading
    const facts = factsOf(columns.facts, answer, reading)
    const named = (words: Words) => ({
      name: words[language],
      title: `${titleOf(answer, reading)} · ${words[language]}`,
      facts,
    })
    const inFive = (figures: readonly Column[]): Column[] =>
      figures.flatMap((column) => sideBySide(column, readFigure(column, reading)))
    const rowsWith = <Row extends FigureLine>(lines: readonly Row[], sums: Row) => ({
      rows: [lines, [sums]],
      mark: (row: unknown) => (row === sums ? ('total' as const) : ('none' as const)),
    })
    const sumsOf = (figures: MonthComparison<object>): FigureLine & { key: string } => ({
      key: names.totals[language],
      figures,
    })
    const { lines, sums } = causeLines(answer, names.totals[language])
    return [
      { ...named(names.summary), columns: summaryColumns, rows: [summaryOf(answer, columns, reading)] },
      ...dimensions.map((each) => ({
        ...named(sheetOf[each]),
        columns: [...columns.key, ...inFive(shown)],
        ...rowsWith<FigureLine>(
          answer.rows.filter(({ dimension }) => dimension === each),
          sumsOf(answer.totals),
        ),
      })),
      {
        ...named(names.causes),
        columns: [...columns.cause, ...inFive(columns.ofCause)],
        ...rowsWith(lines, sums),
      },
      {
        ...named(names.inquiries),
        columns: [...columns.inquiryDimension, ...columns.key, ...inFive(counts)],
        ...rowsWith<FigureLine>(answer.inquiries.rows, sumsOf(answer.inquiries.totals)),
      },
    ]
  }
}
