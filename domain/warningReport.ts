/** What the report on early warnings counts (rulebook §7). */
import type { Level } from './codes.ts'
import { type GroupCounter, type InTime, inTime, type ReportRows, rowsByKey } from './complaintReports.ts'
import { createPeriodNames } from './statistics.ts'
import { responseTimes, verdictAt } from './ticket/measures.ts'
import type { Category } from './ticket/routing.ts'

/** What warnings are counted by; `sentTo`: the unit that must acknowledge them; the others but the periods are the ticket's. */
export const warningDimensions = [
  'code',
  'sentTo',
  'level',
  'category',
  'rbo',
  'dealer',
  'month',
  'week',
] as const
export type WarningDimension = (typeof warningDimensions)[number]

/** A warning and the ticket it is about; epoch ms. */
export type CountedWarning = {
  code: string
  sentTo: string
  level: Level
  category: Category
  rbo: string | null
  dealer: string | null
  raisedAt: number
  ackDueAt: number
  acknowledgedAt: number | null
  resolvedAt: number | null
}

/** `resolved` and `unresolved` are together what was raised. */
export type WarningCounts = { raised: number; acknowledged: InTime; resolved: number; unresolved: number }

const warningCounter = (asOf: number) => (): GroupCounter<CountedWarning, WarningCounts> => {
  const counts = { met: 0, failed: 0, pending: 0 }
  let [raised, resolved] = [0, 0]
  return {
    add: ({ ackDueAt, acknowledgedAt, resolvedAt }) => {
      raised += 1
      if (resolvedAt !== null) resolved += 1
      counts[verdictAt(responseTimes(ackDueAt, acknowledgedAt), asOf)] += 1
    },
    counts: () => ({ raised, acknowledged: inTime(counts), resolved, unresolved: raised - resolved }),
  }
}

/** Counts warnings by a dimension as they are at `asOf`, epoch ms; the months and weeks are those in which they were raised. */
export const warningRows = (
  by: WarningDimension,
  asOf: number,
): { add(warning: CountedWarning): void; done(): ReportRows<WarningCounts> } => {
  const periodNames = createPeriodNames()
  return rowsByKey(
    (warning) => (by === 'month' || by === 'week' ? periodNames(warning.raisedAt)[by] : warning[by]),
    warningCounter(asOf),
  )
}
