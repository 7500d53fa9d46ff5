/** The due of a step: which, what is left of it in natural days, and its instant in Shanghai time. */
import { now } from '../core/clock.ts'
import { label } from '../core/codes.ts'
import { say } from '../core/words.ts'
import { instant } from '../time/format.ts'
import { timeWords as words } from '../time/words.ts'
import { daysLeft } from './due.ts'

const naturalDaysLeft = (days: number): string =>
  say(days === 1 ? words.leftOneNaturalDay : words.leftNaturalDays, { days })

/** On the first day after the last one no whole day is over yet. */
const naturalDaysOver = (days: number): string =>
  days === 0 ? '' : say(days === 1 ? words.oneDayOver : words.daysOver, { days })

type Props = { step: string; dueAt: string }

export const DueIn = ({ step, dueAt }: Props) => {
  const { kind, days } = daysLeft(Date.parse(dueAt), now.value)
  const isOver = kind === 'overdue'
  const pressure = isOver ? 'over' : days === 0 ? 'soon' : 'calm'
  const at = instant(dueAt)
  const main = isOver ? say(words.overdue, { at }) : days === 0 ? say(words.lastDay) : naturalDaysLeft(days)
  const side = isOver ? naturalDaysOver(days) : say(words.before, { at })
  return (
    <span class={`due due-${pressure}`}>
      <span class="due-clock">{label('voiceSteps', step)}</span> <span class="due-main">{main}</span>
      {side !== '' && (
        <span class="due-side">
          {' · '}
          <time dateTime={dueAt}>{side}</time>
        </span>
      )}
    </span>
  )
}
