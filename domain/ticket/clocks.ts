/** The clocks of an assignment (rulebook §5): computed once, frozen into the event that starts them. */
import { nationalCalendar } from '../calendar/calendar.ts'
import { addServiceMinutes, closeDeadline } from '../calendar/workingTime.ts'
import type { HolderTier, Level } from '../codes.ts'
import { type Instant, toEpoch, toInstant } from '../instant.ts'
import { calendarOf, type Master } from '../master.ts'
import type { Clocks, Due, Unit } from './events.ts'

/** Natural minutes from the papers' arrival within which a B ticket must exist (rulebook §5, S). */
export const mediaRegistrationMinutes = 60

/** Working days within which the consumer must be told of receipt and handling (rulebook §5, L). */
export const consumerNoticeWorkingDays = 7

/** Working days ahead within which that due counts as near (D). */
const nearWorkingDays = 2

/** The dues of a unit that a ticket of `level` is given at `from`; level C has no limit to close. */
export const startClocks = (
  master: Master,
  { tier, unit, level }: { tier: HolderTier; unit: string; level: Level },
  from: Instant,
): Clocks => {
  const { id, version, daysOfVersion, timetable } = calendarOf(master, tier, unit)
  const { values, version: policyVersion } = master.policy
  const start = toEpoch(from)
  const responseMinutes = values.responseMinutes[tier]
  const closeWorkingDays = level === 'C' ? null : values.closeWorkingDays[level]
  const response = addServiceMinutes(timetable, start, responseMinutes)
  const close = closeWorkingDays === null ? null : closeDeadline(timetable, start, closeWorkingDays)
  const provisionalDues = [
    ...(response.provisional ? (['response'] as const) : []),
    ...(close?.provisional ? (['close'] as const) : []),
  ]
  return {
    calendar: id,
    calendarVersion: version,
    ...(daysOfVersion !== undefined && { daysOfVersion }),
    policyVersion,
    responseMinutes,
    closeWorkingDays,
    responseDueAt: toInstant(response.due),
    closeDueAt: close === null ? null : toInstant(close.due),
    provisional: provisionalDues.length > 0,
    ...(provisionalDues.length > 0 && { provisionalDues }),
  }
}

/** Whether that due is provisional; older clocks, which do not say which, are completed in `olderEvents.ts`. */
export const isProvisional = (clocks: Clocks, due: 'response' | 'close'): boolean =>
  clocks.provisionalDues?.includes(due) ?? false

/** The clocks of a ticket that became C: what was provisional of closing is gone with its due. */
export const withoutClose = (clocks: Clocks): Clocks => {
  const { provisionalDues: _, ...rest } = clocks
  const provisional = isProvisional(clocks, 'response')
  return {
    ...rest,
    closeWorkingDays: null,
    closeDueAt: null,
    provisional,
    ...(provisional && { provisionalDues: ['response'] }),
  }
}

const afterWorkingDays = (master: Master, from: Instant, workingDays: number): Due => {
  const { timetable } = master.calendar(nationalCalendar)
  const { due, provisional } = closeDeadline(timetable, toEpoch(from), workingDays)
  return { dueAt: toInstant(due), provisional }
}

/** When the consumer must have been told, by the national calendar and the day rule of closing. */
export const consumerNoticeDue = (master: Master, receivedAt: Instant): Due =>
  afterWorkingDays(master, receivedAt, consumerNoticeWorkingDays)

/** The last due of a notice that is near at `now`: that of the second working day to come. */
export const consumerNoticeNear = (master: Master, now: Instant): Instant =>
  afterWorkingDays(master, now, nearWorkingDays).dueAt

/** When a warning that was sent to a unit at `raisedAt` must be acknowledged, by that unit's calendar (rulebook §7). */
export const acknowledgeDue = (master: Master, sentTo: Unit, raisedAt: Instant): Due => {
  const { timetable } = calendarOf(master, sentTo.tier, sentTo.unit)
  const { due, provisional } = addServiceMinutes(
    timetable,
    toEpoch(raisedAt),
    master.policy.values.ackMinutes,
  )
  return { dueAt: toInstant(due), provisional }
}
