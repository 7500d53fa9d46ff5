/** The due of a step: which, what is left of it in natural days, and its instant in Shanghai time. */
import { now } from '../core/clock.ts'
import { label } from '../core/codes.ts'
import { say } from '../core/words.ts'
import { instant } from '../time/format.ts'
import { daysLeft } from './due.ts'
import { voiceWords as words } from './words.ts'

type Props = { step: string; dueAt: string }

export const DueIn = ({ step, dueAt }: Props) => {
  const { kind, days } = daysLeft(Date.parse(dueAt), now.value)
  const isOver = kind === 'overdue'
  const pressure = isOver ? 'over' : days === 0 ? 'soon' : 'calm'
  const at = instant(dueAt)
  const main = isOver
    ? say(words.overdueSince, { at })
    : days === 0
      ? say(words.lastDay)
      : say(words.leftDays, { days })
  return (
    <span class={`due due-${pressure}`}>
      <span class="due-clock">{label('voiceSteps', step)}</span> <span class="due-main">{main}</span>{' '}
      <span class="due-side">
        <time dateTime={dueAt}>{isOver ? say(words.overDays, { days }) : say(words.dueBefore, { at })}</time>
      </span>
    </span>
  )
}
