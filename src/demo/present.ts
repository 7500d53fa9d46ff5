/** The demo's history moved to the present: it ends now, in the middle of everybody's work. */
import { DAY, dayNumber, dayOf, dayStart, type Quarter, quarterOf, toInstant } from '../../domain/instant.ts'
import { type HistoryLine, history } from './history.ts'

/** Days of complaints up to today. */
const days = 90

/** A line of an import must not be of the future, and sending them takes a moment. */
const marginMs = 1_000

/** What happened up to `now` (epoch ms). What would come later is left out, so tickets are in every state. */
export const presentHistory = (now: number, complaints = 6_000): HistoryLine[] => {
  const from = dayOf(dayNumber(now - (days - 1) * DAY))
  const end = toInstant(now - marginMs)
  return [...history({ from, days, complaints })].filter(({ at }) => at <= end)
}

/** The time that the history covers, epoch ms. */
export const presentSpan = (now: number): { from: number; end: number } => ({
  from: dayStart(dayNumber(now) - (days - 1)),
  end: now - marginMs,
})

/** The quarter of `now`, and the one before, in which the history begins. */
export const presentQuarters = (now: number): [Quarter, Quarter] => [
  quarterOf(toInstant(now)),
  quarterOf(toInstant(now - (days - 1) * DAY)),
]
