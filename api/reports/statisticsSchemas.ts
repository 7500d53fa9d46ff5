/** The answers of the statistics and of the monthly report. */
import { z } from 'zod'
import { decisions, remedies, severities } from '../../domain/codes.ts'
import { inquiryDimensions } from '../../domain/inquiry/statistics.ts'
import { type CountedBy, countedBy, dimensions } from '../../domain/statistics.ts'
import { counts } from './kpi.ts'

const minutes = z.int().nullable().meta({ description: 'Whole service minutes; null: none was done yet.' })
const times = z
  .strictObject({ count: z.int(), medianMinutes: minutes, p90Minutes: minutes })
  .meta({ id: 'Times', description: 'From the dispatch to the holder, by its hours.' })

export const rates = z.strictObject(counts).meta({ id: 'Rates' })

const countOf = (table: Record<string, unknown>) =>
  z.strictObject(Object.fromEntries(Object.keys(table).map((code) => [code, z.int()])))

const weights = {
  severities: countOf(severities).meta({ description: 'Complaints by severity (rulebook §14).' }),
  safety: z.int().meta({ description: 'Complaints that claim a danger to people.' }),
  remedies: countOf(remedies).meta({ description: 'Complaints by the remedy sought.' }),
  decisions: countOf(decisions).meta({ description: 'Complaints by the decision at closing.' }),
  goodwill: z.int().meta({ description: 'Sum of goodwill, whole CNY.' }),
  scores: z.strictObject({
    count: z.int(),
    mean: z.number().nullable().meta({ description: 'Mean score of callbacks; null: none was given.' }),
  }),
}

export const figures = {
  complaints: z.int().meta({
    description: 'Registered in the period, those rescinded or marked a duplicate left out.',
  }),
  rates: rates.meta({
    description: 'Of the units dispatched in the period, as in /v1/reports/kpi: dealers’, by tier RBOs’ too.',
  }),
  timeToRespond: times,
  timeToClose: times,
  ...weights,
}

const keyed = (what: string) =>
  z
    .strictObject(
      Object.fromEntries(countedBy.map((by) => [by, z.string().nullable().optional()])) as {
        [D in CountedBy]: z.ZodOptional<z.ZodNullable<z.ZodString>>
      },
    )
    .meta({ description: `${what} by dimension; null: it has none.` })

export const cause = {
  code: z.string().nullable().meta({ description: 'null: closed without one.' }),
  name: z.string(),
  complaints: z.int().meta({ description: 'Those closed with it.' }),
  goodwill: z.int().meta({ description: 'Sum of goodwill of those, whole CNY.' }),
}

export const statisticsAnswer = z
  .strictObject({
    from: z.iso.datetime(),
    to: z.iso.datetime(),
    asOf: z.iso.datetime(),
    groupBy: z.array(z.enum(countedBy)),
    rows: z.array(z.strictObject({ keys: keyed('Codes'), names: keyed('Labels'), ...figures })),
    totals: z.strictObject(figures),
    rboRates: rates.meta({ description: 'Of the units of RBOs dispatched in the period.' }),
    causes: z.array(z.strictObject(cause)),
  })
  .meta({ id: 'Statistics' })
export type StatisticsAnswer = z.infer<typeof statisticsAnswer>

const period = z.strictObject(figures).meta({ id: 'Figures' })
const threefold = <T extends z.ZodType>(each: T) =>
  z.strictObject({ month: each, monthBefore: each, yearBefore: each })
const figuresOfThree = threefold(period).meta({ id: 'ThreeFigures' })

const inquiryFigures = z
  .strictObject({
    inquiries: z.int().meta({ description: 'Registered in the month, whatever became of them.' }),
    answeredAtOnce: z.int().meta({ description: 'By the CSC, without the SE.' }),
    becameComplaints: z.int(),
    timeToAnswer: times.meta({ id: 'TimesToAnswer', description: 'From the forwarding to the SE’s answer.' }),
    timeToRelay: times.meta({ id: 'TimesToRelay', description: 'From an answer to passing it on.' }),
  })
  .meta({ id: 'InquiryFigures' })
const inquiryFiguresOfThree = threefold(inquiryFigures).meta({ id: 'ThreeInquiryFigures' })

export const monthlyAnswer = z
  .strictObject({
    month: z.string(),
    monthBefore: z.string(),
    yearBefore: z.string().meta({ description: 'The same month of the year before.' }),
    asOf: z.iso.datetime(),
    totals: figuresOfThree,
    rboRates: threefold(rates),
    rows: z.array(
      z.strictObject({
        dimension: z.enum(dimensions),
        key: z.string().nullable().meta({ description: 'null: what has none.' }),
        name: z.string(),
        figures: figuresOfThree,
      }),
    ),
    causes: z.array(
      z.strictObject({
        ...cause,
        complaints: threefold(cause.complaints),
        goodwill: threefold(cause.goodwill),
      }),
    ),
    inquiries: z.strictObject({
      totals: inquiryFiguresOfThree,
      rows: z.array(
        z.strictObject({
          dimension: z.enum(inquiryDimensions),
          key: z.string().nullable().meta({ description: 'null: what has none.' }),
          name: z.string(),
          figures: inquiryFiguresOfThree,
        }),
      ),
    }),
  })
  .meta({ id: 'Monthly' })
