/** Working time of the demo's calendars, and when customers call. */
import { officialYears, seedCalendars } from '../../domain/calendar/officialCalendar.ts'
import {
  addServiceMinutes,
  buildTimetable,
  isWorkingDay,
  type Timetable,
} from '../../domain/calendar/workingTime.ts'
import { DAY, type Day, dayNumber, dayStart, HOUR, numberOfDay } from '../../domain/instant.ts'
import type { DemoCalendar } from './data/dealers.ts'
import type { Random } from './random.ts'

const years = officialYears()
const [national, xinjiang] = seedCalendars.map(({ opens, closes }) =>
  buildTimetable({ opens, closes, years }),
) as [Timetable, Timetable]
export const timetables: Record<DemoCalendar, Timetable> = { CN: national, 'CN-XJ': xinjiang }

/** So many service minutes after `from`, in epoch ms. */
export const serviceMinutesAfter = (calendar: DemoCalendar, from: number, minutes: number): number =>
  addServiceMinutes(timetables[calendar], from, minutes).due

/** How much the line rings in each hour of the day. */
const callsByHour = [1, 0, 0, 0, 0, 0, 1, 4, 14, 34, 40, 32, 18, 24, 36, 38, 32, 24, 14, 12, 10, 7, 4, 2]

const callsOn = (day: number): number => (isWorkingDay(national, day) ? 1 : 0.3)

/** Maps [0, 1) to the instants (epoch ms) of a period, so that evenly spread numbers become a plausible ringing. */
export const callTimes = (from: Day, days: number): ((share: number) => number) => {
  const first = numberOfDay(from)
  const until: number[] = []
  let sum = 0
  for (let hour = 0; hour < days * 24; hour++) {
    sum += callsByHour[hour % 24]! * callsOn(first + Math.floor(hour / 24))
    until.push(sum)
  }
  return (share) => {
    const wanted = share * sum
    let low = 0
    let high = until.length - 1
    while (low < high) {
      const middle = (low + high) >> 1
      if (until[middle]! <= wanted) low = middle + 1
      else high = middle
    }
    const before = low === 0 ? 0 : until[low - 1]!
    return Math.floor(dayStart(first) + (low + (wanted - before) / (until[low]! - before)) * HOUR)
  }
}

/** The same moment, or where people sleep then, some hour of the day that follows. */
export const whenAwake = (at: number, random: Random): number => {
  const midnight = dayStart(dayNumber(at))
  const intoDay = at - midnight
  if (intoDay >= 8 * HOUR && intoDay < 21 * HOUR) return at
  return midnight + (intoDay < 8 * HOUR ? 0 : DAY) + random.int(8.5 * HOUR, 20 * HOUR)
}
