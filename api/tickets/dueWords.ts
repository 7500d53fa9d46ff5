/** A due that passed or comes near, as a sentence of the timeline. */
import { type DueFact, dueClocks } from '../../domain/dues.ts'
import type { Language } from '../http/problems.ts'
import { say, wallClock } from './sayings.ts'

const whose = (unit: string | null, to: Language): string =>
  unit === null ? '' : say(to, ` (${unit})`, `（${unit}）`)

const factSentences: Record<DueFact['type'], (due: DueFact['data'], language: Language) => string> = {
  DuePassed: ({ clock, dueAt, unit }, to) =>
    say(
      to,
      `Overdue: ${dueClocks[clock].en}${whose(unit, to)}, due ${wallClock(dueAt)}`,
      `已逾期：${dueClocks[clock].zh}${whose(unit, to)}，期限 ${wallClock(dueAt)}`,
    ),
  DueNear: ({ clock, dueAt, unit }, to) =>
    say(
      to,
      `Due soon: ${dueClocks[clock].en}${whose(unit, to)}, by ${wallClock(dueAt)}`,
      `即将到期：${dueClocks[clock].zh}${whose(unit, to)}，期限 ${wallClock(dueAt)}`,
    ),
}

/** A due that passed or comes near, as a sentence of the timeline. */
export const wordsOfFact = ({ type, data }: DueFact, language: Language): string =>
  factSentences[type](data, language)
