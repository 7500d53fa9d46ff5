/** The period a report is of: a quarter, or from one instant until before another. */
import { type Instant, quarterBounds, quarterSchema } from '../../domain/instant.ts'
import { instantInQuery, saying } from '../commands/fields.ts'

export const periodQuery = {
  quarter: quarterSchema.optional().meta({ description: 'Instead of from and to.', examples: ['2026Q1'] }),
  from: instantInQuery.optional(),
  to: instantInQuery.optional(),
}

type Period = { quarter?: string | undefined; from?: Instant | undefined; to?: Instant | undefined }

/** Whether a period was given in one of the two ways. */
export const isPeriod = ({ quarter, from, to }: Period): boolean =>
  quarter === undefined
    ? from !== undefined && to !== undefined && from < to
    : from === undefined && to === undefined

/** What is said where it was not. */
export const asPeriod = {
  ...saying('give a quarter, or from and a later to.', '请填写 quarter，或填写 from 与更晚的 to。'),
  path: ['quarter'],
}

/** First instant of a period for which `isPeriod` holds, and the first after it. */
export const boundsOf = ({ quarter, from, to }: Period): { from: Instant; to: Instant } =>
  quarter === undefined ? { from: from as Instant, to: to as Instant } : quarterBounds(quarter)
