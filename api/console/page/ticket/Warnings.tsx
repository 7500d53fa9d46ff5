/** The warnings of a ticket, with what the user may do about each. */
import type { TicketAnswer } from '../../../tickets/responseSchemas.ts'
import { type ActSubject, targetOf } from '../acts/act.ts'
import { actsOnWarning } from '../acts/warnings.ts'
import { ApiProblem } from '../core/api.ts'
import { now } from '../core/clock.ts'
import { label } from '../core/codes.ts'
import { say } from '../core/words.ts'
import { me } from '../session/session.ts'
import { At } from '../time/TimeLeft.tsx'
import { unitName } from '../time/units.ts'
import { ActButtons } from './Acts.tsx'
import { openForm } from './forms.ts'
import { ticketWords as words } from './words.ts'

type Warning = TicketAnswer['warnings'][number]
type Props = { ticket: TicketAnswer; onDone(): void; onProblem(problem: ApiProblem): void }

const statusOf = ({ acknowledgedAt, resolvedAt }: Warning) =>
  resolvedAt !== null ? words.resolved : acknowledgedAt !== null ? words.acknowledged : words.open

const WarningItem = ({ warning, ticket, onDone, onProblem }: Props & { warning: Warning }) => {
  const user = me.value
  if (user === null) return null
  const subject: ActSubject = { ticket, me: user, now: now.value }
  const { code, sentTo, raisedAt, warningId } = warning
  const print = (): void => {
    const path = `/v1/tickets/${encodeURIComponent(ticket.ticketNo)}/forms/warning/${encodeURIComponent(warningId)}`
    openForm(path).catch((error: unknown) => error instanceof ApiProblem && onProblem(error))
  }
  return (
    <li class="warning">
      <p>
        <span class="tag tag-warn">
          <span translate={false}>{code}</span> {label('warningCodes', code)}
        </span>{' '}
        <span class="tag">{say(statusOf(warning))}</span> {say(words.sentTo, { unit: unitName(sentTo) })} ·{' '}
        <At at={raisedAt} />
      </p>
      <ActButtons
        acts={actsOnWarning(warning).filter((act) => act.may(subject))}
        subject={subject}
        target={targetOf(ticket)}
        onDone={onDone}
      />
      <button type="button" class="quiet" onClick={print}>
        {say(words.warningForm)}
      </button>
    </li>
  )
}

export const Warnings = (props: Props) => {
  const { warnings } = props.ticket
  if (warnings.length === 0) return null
  return (
    <section aria-label={say(words.warnings)}>
      <h2>{say(words.warnings)}</h2>
      <ul class="warnings">
        {warnings.toReversed().map((warning) => (
          <WarningItem key={warning.warningId} warning={warning} {...props} />
        ))}
      </ul>
    </section>
  )
}
