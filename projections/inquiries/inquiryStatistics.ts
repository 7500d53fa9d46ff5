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

/** Inquiries registered in `[from, to)`, as they were known at `asOf` (inclusive). */
export const inquiryStatisticsOf = (
  { inquiries, master }: Sources,
  period: { from: Instant; to: Instant; asOf: Instant; scope: Scopes },
): InquiryStatistics => {
  /** Service time by the hours of the day the clock was started, which its due goes by too. */
  const between = (from: number | null, to: number | null): number | null => {
    if (from === null || to === null) return null
    const { timetable } = master.during(toInstant(from)).master.calendar(nationalCalendar)
    return serviceMsBetween(timetable, from, to)
  }
  const counted = inquiries.ofPeriod(period).map(
    ({ forwardedAt, seAnsweredAt, answeredAt, relayedAt, ...rest }): CountedInquiry => ({
      ...rest,
      answerMs: between(forwardedAt, seAnsweredAt),
      relayMs: between(answeredAt, relayedAt),
    }),
  )
  return inquiryStatistics(counted)
}
