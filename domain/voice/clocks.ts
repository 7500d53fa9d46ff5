/** The dues of a sheet, each frozen when its step begins (rulebook §16). */
import type { Context } from '../context.ts'
import { DAY, type Day, dayStart, type Instant, numberOfDay, toInstant } from '../instant.ts'
import { dueAfterDays } from './dates.ts'
import type { VoiceClock } from './events.ts'
import type { VoicePolicy } from './policy.ts'

type Days = { [K in keyof VoicePolicy]: VoicePolicy[K] extends number ? K : never }[keyof VoicePolicy] &
  `${string}Days`

/** A clock that starts on the day of an instant and ends so many natural days later. */
export const clockFrom = ({ master: { policy } }: Context, startedAt: Instant, days: Days): VoiceClock => {
  const count = policy.values.voice[days]
  return { startedAt, dueAt: dueAfterDays(startedAt, count), days: count, policyVersion: policy.version }
}

/**
 * Of the report: from the last plan's end, but never from before the audit accepted the sheet, for nobody can report
 * earlier.
 */
export const reportClock = (context: Context, ends: readonly Day[], acceptedAt: Instant): VoiceClock => {
  const lastEnd = ends.reduce((last, day) => (day > last ? day : last), '')
  const endOfPlans = toInstant(dayStart(numberOfDay(lastEnd)) + DAY - 1)
  const from = clockFrom(context, endOfPlans > acceptedAt ? endOfPlans : acceptedAt, 'reportDays')
  return { ...from, startedAt: acceptedAt }
}
