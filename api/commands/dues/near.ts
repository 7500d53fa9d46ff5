/** Which dues come near (policy `headsUp`), by the hours of the units that have to keep them. */
import { addServiceMinutes, isWorkingDay } from '../../../domain/calendar/workingTime.ts'
import type { DueClock } from '../../../domain/dues.ts'
import { DAY, dayNumber, dayStart, type Instant, toEpoch } from '../../../domain/instant.ts'
import { calendarOf, type KnownCalendar, type Master } from '../../../domain/master.ts'
import type { OpenDue } from '../../../projections/dues/openDues.ts'
import type { CommandDeps } from '../deps.ts'

/** The latest due that is near at an instant, in epoch ms; before it where none is. */
type Horizon = (calendar: KnownCalendar, at: number) => number

/** Response: so many service minutes before its due. Close: from the opening of the last working day on. */
const horizonsOf = ({ policy }: Master): [DueClock, Horizon][] => {
  const { responseMinutes, closeLastDay } = policy.values.headsUp
  const horizons: [DueClock, Horizon][] = []
  if (responseMinutes !== null) {
    const response: Horizon = ({ timetable }, at) => addServiceMinutes(timetable, at, responseMinutes).due
    horizons.push(['response', response], ['responsible_response', response])
  }
  if (closeLastDay) {
    const close: Horizon = ({ timetable }, at) => {
      const today = dayNumber(at)
      const isOpened = isWorkingDay(timetable, today) && at >= dayStart(today) + timetable.opens
      return isOpened ? dayStart(today) + DAY : at
    }
    horizons.push(['close', close], ['responsible_close', close])
  }
  return horizons
}

export type NearSpan = {
  clock: DueClock
  /** Epoch ms, exclusive and inclusive. */
  after: number
  upTo: number
  isWanted(due: OpenDue): boolean
}

/**
 * Where dues lie that are near at `now` and were not at `since` (`null`: all that are near), for each clock and each
 * calendar; `isWanted` tells those whose unit keeps the hours of that calendar.
 */
export const nearSpans = (
  master: CommandDeps['views']['master'],
  now: Instant,
  since: Instant | null,
): NearSpan[] => {
  const known = master.at(now)
  const at = toEpoch(now)
  return horizonsOf(known).flatMap(([clock, horizon]) =>
    master.calendarIds().map((id) => {
      const calendar = known.calendar(id)
      return {
        clock,
        after: since === null ? at : Math.max(at, horizon(calendar, toEpoch(since))),
        upTo: horizon(calendar, at),
        isWanted: ({ tier, unit }: OpenDue) => calendarOf(known, tier ?? 'se', unit ?? '') === calendar,
      }
    }),
  )
}
