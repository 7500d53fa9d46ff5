/** Parts of the sentences of a timeline. */
import { measures, tiers } from '../../domain/codes.ts'
import type { Instant } from '../../domain/instant.ts'
import type { RecordedRefusal } from '../../domain/recordedRefusal.ts'
import type { Words } from '../../domain/refusal.ts'
import { shanghaiTime } from '../../domain/shanghaiTime.ts'
import type { DataOf, Unit } from '../../domain/ticket/events.ts'
import type { MeasureName } from '../../domain/ticket/measures.ts'
import type { Language } from '../http/problems.ts'

/** `2026-03-02 10:00` */
export const wallClock = (instant: Instant): string => shanghaiTime(instant).slice(0, 16)

/** The measures of an objection by their names. */
export const measuresIn = (names: readonly MeasureName[], to: Language): string =>
  names.map((name) => measures[name][to]).join(to === 'en' ? ', ' : '、')

export const say = (language: Language, en: string, zh: string): string => (language === 'en' ? en : zh)
export const label = (words: Words, language: Language): string => words[language]
export const unitOf = ({ tier, unit }: Unit, language: Language): string =>
  `${label(tiers[tier], language)} ${unit}`

export const clocksOf = (clocks: DataOf<'TicketDispatched'>['clocks'], language: Language): string => {
  const close = clocks.closeDueAt === null ? say(language, 'no limit', '不限') : wallClock(clocks.closeDueAt)
  return say(
    language,
    `respond by ${wallClock(clocks.responseDueAt)}, close before ${close}`,
    `响应期限 ${wallClock(clocks.responseDueAt)}，封闭期限 ${close}`,
  )
}

/** Why it was taken back by itself; nothing where somebody took it back. */
export const because = (refused: RecordedRefusal | undefined, language: Language): string =>
  refused === undefined
    ? ''
    : say(language, `: the other ticket refused it (${refused.code})`, `：另一工单未接受（${refused.code}）`)
