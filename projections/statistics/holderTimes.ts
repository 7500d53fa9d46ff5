/** How long the unit that holds a ticket took, in service time by its hours (rulebook §11). */
import { serviceMsBetween } from '../../domain/calendar/workingTime.ts'
import { toInstant } from '../../domain/instant.ts'
import { calendarOf } from '../../domain/master.ts'
import type { CountedComplaint } from '../../domain/statistics.ts'
import type { Ticket } from '../../domain/ticket/state.ts'
import type { MasterPeriod } from '../master/masterHistory.ts'
import type { MasterQueries } from '../master/masterQueries.ts'

/** Who holds a ticket and when what was done: what its times follow from; epoch ms. */
export type HolderActs = {
  tier: Ticket['assignments'][0]['tier']
  unit: string
  dispatchedAt: number
  respondedAt: number | null
  closedAt: number | null
}

export type TimesOf = (acts: HolderActs) => Pick<CountedComplaint, 'respondMs' | 'closeMs'>

/** By the holder's opening hours at the dispatch, which its clocks were computed from too. */
export const createHolderTimes = (master: Pick<MasterQueries, 'during'>): TimesOf => {
  /** The master data at the dispatch looked at last, and as long as it stands: most come in order of time. */
  let known: MasterPeriod | null = null

  return ({ tier, unit, dispatchedAt, respondedAt, closedAt }) => {
    if (respondedAt === null && closedAt === null) return { respondMs: null, closeMs: null }
    if (known === null || dispatchedAt < known.from || dispatchedAt >= known.to)
      known = master.during(toInstant(dispatchedAt))
    const { timetable } = calendarOf(known.master, tier, unit)
    const since = (at: number | null) => (at === null ? null : serviceMsBetween(timetable, dispatchedAt, at))
    return { respondMs: since(respondedAt), closeMs: since(closedAt) }
  }
}
