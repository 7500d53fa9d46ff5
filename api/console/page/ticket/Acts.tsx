/** The acts the user may do on a ticket now, and the form of the one that is chosen. */
import { useSignal } from '@preact/signals'
import { useRef } from 'preact/hooks'
import type { TicketAnswer } from '../../../tickets/responseSchemas.ts'
import { ActForm } from '../acts/ActForm.tsx'
import { type ActSubject, type Target, type TicketAct, targetOf } from '../acts/act.ts'
import { actsFor } from '../acts/registry.ts'
import { actWords } from '../acts/words.ts'
import { now } from '../core/clock.ts'
import { say } from '../core/words.ts'
import { announce } from '../live/announce.ts'
import { me } from '../session/session.ts'
import { ticketWords as words } from './words.ts'

/** The buttons of acts; the form of the chosen one takes their place, and gives the focus back. */
export const ActButtons = <S,>({
  acts,
  subject,
  target,
  onDone,
}: {
  acts: readonly TicketAct<S>[]
  subject: S
  target: Target
  onDone(): void
}) => {
  const chosen = useSignal<TicketAct<S> | null>(null)
  const bar = useRef<HTMLDivElement>(null)
  const leave = (): void => {
    const { name } = chosen.peek() as TicketAct<S>
    chosen.value = null
    requestAnimationFrame(() => {
      const find = (selector: string) => bar.current?.querySelector<HTMLElement>(selector)
      const button = find(`[data-act="${CSS.escape(name)}"]`) ?? find('button')
      button?.focus()
    })
  }
  return (
    <div ref={bar}>
      {/* a form that is open stays, whatever happens to the ticket: what was typed is not lost */}
      {chosen.value === null ? (
        <p class="buttons">
          {acts.map((act) => (
            <button
              key={act.name}
              type="button"
              data-act={act.name}
              class={act.isMain === true ? 'main' : ''}
              onClick={() => {
                chosen.value = act
              }}
            >
              {say(act.words)}
            </button>
          ))}
        </p>
      ) : (
        <ActForm
          act={chosen.value}
          subject={subject}
          target={target}
          onCancel={leave}
          onDone={(answer) => {
            announce(
              `done ${answer.position}`,
              say(actWords.done, { act: say((chosen.peek() as TicketAct<S>).words) }),
            )
            leave()
            onDone()
          }}
        />
      )}
    </div>
  )
}

type Props = { ticket: TicketAnswer; onDone(): void }

export const Acts = ({ ticket, onDone }: Props) => {
  const user = me.value
  if (user === null) return null
  const subject: ActSubject = { ticket, me: user, now: now.value }
  const acts = actsFor(subject)
  return (
    <section class="acts" aria-label={say(words.acts)} tabIndex={-1}>
      {acts.length === 0 && <p class="empty">{say(words.noActs)}</p>}
      <ActButtons acts={acts} subject={subject} target={targetOf(ticket)} onDone={onDone} />
    </section>
  )
}
