/** Every step of a sheet: its due, what became of it, and why it is due then. */
import { label } from '../core/codes.ts'
import { say, type Words } from '../core/words.ts'
import { instant } from '../time/format.ts'
import { timeWords } from '../time/words.ts'
import { DueIn } from './DueIn.tsx'
import { daysCounted, endOfDay } from './due.ts'
import type { Sheet } from './sheet.ts'
import { voiceWords as words } from './words.ts'

type Step = Sheet['steps'][number]

const outcomeOf = ({ doneAt, late }: Step): { words: Words; verdict: string } => {
  if (late) return { words: words.late, verdict: 'failed' }
  return doneAt === null
    ? { words: words.awaited, verdict: 'pending' }
    : { words: words.inTime, verdict: 'met' }
}

const lastPlanEnd = ({ items }: Sheet): string =>
  items.reduce((last, { plan }) => (plan !== null && plan.endsOn > last ? plan.endsOn : last), '')

/** The report counts from the last plan's end, but never from before the audit. */
const whyOf = (step: Step, sheet: Sheet): string => {
  const dueAt = Date.parse(step.dueAt)
  const startedAt = Date.parse(step.startedAt)
  const day = lastPlanEnd(sheet)
  if (step.step !== 'report' || day === '')
    return say(words.whyDays, { days: daysCounted(startedAt, dueAt), from: instant(step.startedAt) })
  return say(words.whyReport, { days: daysCounted(Math.max(startedAt, endOfDay(day)), dueAt), day })
}

const StepItem = ({ step, sheet }: { step: Step; sheet: Sheet }) => {
  const { words: outcome, verdict } = outcomeOf(step)
  return (
    <li class="clock">
      <p class="clock-head">
        <strong>{label('voiceSteps', step.step)}</strong>{' '}
        <span class={`tag verdict-${verdict}`}>{say(outcome)}</span>
      </p>
      {step.doneAt === null ? (
        <DueIn step={step.step} dueAt={step.dueAt} />
      ) : (
        <p class="clock-due">
          {say(words.doneAt, { at: instant(step.doneAt) })} ·{' '}
          {say(timeWords.before, { at: instant(step.dueAt) })}
        </p>
      )}
      <details>
        <summary>{say(words.why)}</summary>
        <p>{whyOf(step, sheet)}</p>
      </details>
    </li>
  )
}

export const Steps = ({ sheet }: { sheet: Sheet }) => (
  <section aria-label={say(words.steps)}>
    <h2>{say(words.steps)}</h2>
    <ul class="clocks">
      {sheet.steps.toReversed().map((step) => (
        <StepItem key={`${step.step} ${step.startedAt}`} step={step} sheet={sheet} />
      ))}
    </ul>
  </section>
)
