/**
 * Service time on the Shanghai wall clock (rulebook §5), for the time left that ticks on the page: pure functions. The
 * dues themselves are the service's; here only minutes up to them are counted.
 */

export type Schedule = {
  /** `HH:MM`; `24:00` is the end of the day. */
  opens: string
  closes: string
  /** Days off, and weekend days that are worked, `YYYY-MM-DD`. */
  off: ReadonlySet<string>
  work: ReadonlySet<string>
}

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const shanghaiMs = 8 * HOUR

/** Days since 1970 in Shanghai. */
export const dayOf = (epochMs: number): number => Math.floor((epochMs + shanghaiMs) / DAY)
const startOf = (day: number): number => day * DAY - shanghaiMs
const nameOf = (day: number): string => new Date(day * DAY).toISOString().slice(0, 10)
const msOf = (time: string): number => Number(time.slice(0, 2)) * HOUR + Number(time.slice(3)) * MINUTE

export const isWorkingDay = ({ off, work }: Schedule, day: number): boolean => {
  const name = nameOf(day)
  if (work.has(name)) return true
  return (day + 3) % 7 < 5 && !off.has(name)
}

/** More days than this are not looked at: a list says "more than a year" of such a due. */
const mostDays = 400

/** Service milliseconds between two instants; 0 where the second is not after the first. */
export const serviceMsBetween = (schedule: Schedule, from: number, to: number): number => {
  const [opens, closes] = [msOf(schedule.opens), msOf(schedule.closes)]
  let sum = 0
  const last = Math.min(dayOf(to), dayOf(from) + mostDays)
  for (let day = dayOf(from); day <= last; day++) {
    if (!isWorkingDay(schedule, day)) continue
    const begin = Math.max(from, startOf(day) + opens)
    const end = Math.min(to, startOf(day) + closes)
    if (end > begin) sum += end - begin
  }
  return sum
}

/** Service milliseconds of one working day. */
export const dailyMs = ({ opens, closes }: Schedule): number => msOf(closes) - msOf(opens)

/** Whether service time runs at that instant. */
export const isOpenAt = (schedule: Schedule, at: number): boolean => {
  const day = dayOf(at)
  const ms = at - startOf(day)
  return isWorkingDay(schedule, day) && ms >= msOf(schedule.opens) && ms < msOf(schedule.closes)
}

/** When service time runs next after an instant at which it stands still. */
export const nextOpening = (schedule: Schedule, at: number): number | null => {
  for (let day = dayOf(at); day <= dayOf(at) + mostDays; day++) {
    const opening = startOf(day) + msOf(schedule.opens)
    if (isWorkingDay(schedule, day) && opening > at) return opening
  }
  return null
}

/** Working days after the day of `from` up to the day that ends at `dueAt`, which is 00:00 of the next. */
export const workingDaysLeft = (schedule: Schedule, from: number, dueAt: number): number => {
  let count = 0
  const last = Math.min(dayOf(dueAt - 1), dayOf(from) + mostDays)
  for (let day = dayOf(from) + 1; day <= last; day++) if (isWorkingDay(schedule, day)) count += 1
  return count
}
