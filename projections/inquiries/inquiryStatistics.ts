/** The inquiries of a period as the monthly report counts them: what the views know, timed by the national calendar. */
import { nationalCalendar } from '../../domain/calendar/calendar.ts'
import { serviceMsBetween } from '../../domain/calendar/workingTime.ts'
import {
  type CountedInquiry,
  type InquiryStatistics,
  inquiryStatistics,
} from '../../domain/inquiry/statistics.ts'
import { type Instant, toInstant } from '../../domain/instant.ts'
import type { MasterQueries } from '../master/masterQueries.ts'
import type { Scopes } from '../scope.ts'
import type { InquiryQueries } from './inquiries.ts'

type Sources = { inquiries: Pick<InquiryQueries, 'ofPeriod'>; master: Pick<MasterQueries, 'during'> }

/** Only what belongs to one of these; left out: to any. */
export type InquiryUnits = { rbo?: readonly string[]; dealer?: readonly string[] }

/** Inquiries registered in `[from, to)`, as they were known at `asOf` (inclusive). */
export const inquiryStatisticsOf = (
  { inquiries, master }: Sources,
  { rbo, dealer, ...period }: InquiryUnits & { from: Instant; to: Instant; asOf: Instant; scope: Scopes },
): InquiryStatistics => {
  /** Service time by the opening hours when the clock was started, which its due was computed from too. */
  const between = (from: number | null, to: number | null): number | null => {
    if (from === null || to === null) return null
    const { timetable } = master.during(toInstant(from)).master.calendar(nationalCalendar)
    return serviceMsBetween(timetable, from, to)
  }
  const isOneOf = (units: readonly string[] | undefined, unit: string | null): boolean =>
    units === undefined || (unit !== null && units.includes(unit))
  const asked = inquiries
    .ofPeriod(period)
    .filter((each) => isOneOf(rbo, each.rbo) && isOneOf(dealer, each.dealer))
  const counted = asked.map(
    ({ forwardedAt, seAnsweredAt, answeredAt, relayedAt, ...rest }): CountedInquiry => ({
      ...rest,
      answerMs: between(forwardedAt, seAnsweredAt),
      relayMs: between(answeredAt, relayedAt),
    }),
  )
  return inquiryStatistics(counted)
}
