/** Every clock of a ticket: whose, until when, what is left, and why. */
import type { SlaAnswer } from '../../../tickets/slaAnswer.ts'
import { label } from '../core/codes.ts'
import { say } from '../core/words.ts'
import { duration, instant } from '../time/format.ts'
import { TimeLeft } from '../time/TimeLeft.tsx'
import type { UnitRef } from '../time/units.ts'
import { unitName } from '../time/units.ts'
import { clockNames, reasons, clockWords as words } from './clockWords.ts'
import { ticketWords } from './words.ts'

export type ShownClock = SlaAnswer['clocks'][number]

const ticking = { response: 'response', close: 'close', acknowledge: 'acknowledge' } as const

const targetOf = ({ targetMinutes, targetWorkingDays }: ShownClock): string | null => {
  if (targetMinutes !== null) return say(words.target, { time: duration(targetMinutes * 60_000) })
  return targetWorkingDays === null ? null : say(words.targetDays, { days: targetWorkingDays })
}

const factsOf = (clock: ShownClock): string[] =>
  [
    say(words.ran, { from: instant(clock.startedAt) }),
    targetOf(clock),
    say(words.used, { time: duration(clock.elapsedMinutes * 60_000) }),
    clock.doneAt && say(words.done, { at: instant(clock.doneAt) }),
    clock.endedAt && say(words.ended, { at: instant(clock.endedAt) }),
    clock.calendar && say(words.calendar, { calendar: clock.calendar }),
  ].filter((each) => each !== null && each !== '') as string[]

const Clock = ({ clock, unit }: { clock: ShownClock; unit: UnitRef | null }) => {
  const { clock: name, dueAt, doneAt, endedAt, verdict, intervals } = clock
  const isRunning = doneAt === null && endedAt === null && Object.hasOwn(ticking, name)
  return (
    <li class="clock">
      <p class="clock-head">
        <strong>{say(clockNames[name])}</strong>{' '}
        {unit !== null && <span translate={false}>{unitName(unit)}</span>}{' '}
        <span class={`tag verdict-${verdict}`}>{label('verdicts', verdict)}</span>
      </p>
      {isRunning && unit !== null ? (
        <TimeLeft
          clock={ticking[name as keyof typeof ticking]}
          dueAt={dueAt}
          unit={unit}
          provisional={clock.provisional}
        />
      ) : (
        <p class="clock-due" translate={false}>
          {dueAt === null ? say(words.noDue) : instant(dueAt, 'long')}
        </p>
      )}
      <details>
        <summary>{say(ticketWords.why)}</summary>
        <p>{factsOf(clock).join(' · ')}</p>
        <ol class="intervals">
          {intervals.map(({ from, to, counted, reason }) => (
            <li key={from} class={counted ? 'counted' : 'still'}>
              <span translate={false}>
                {instant(from)} – {instant(to)}
              </span>{' '}
              {say(reasons[reason])}
            </li>
          ))}
        </ol>
      </details>
    </li>
  )
}

/** `tierOf`: the tier of a unit that a clock names. */
export const Clocks = ({
  clocks,
  tierOf,
}: {
  clocks: readonly ShownClock[]
  tierOf(unit: string): string
}) => (
  <ul class="clocks">
    {clocks.toReversed().map((clock) => (
      <Clock
        key={`${clock.clock} ${clock.unit} ${clock.startedAt}`}
        clock={clock}
        unit={clock.unit === null ? null : { tier: tierOf(clock.unit), unit: clock.unit }}
      />
    ))}
  </ul>
)
