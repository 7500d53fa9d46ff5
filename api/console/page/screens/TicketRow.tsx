/** A ticket in a list: what it is, who holds it, what falls due. */
import type { TicketRowAnswer } from '../../../tickets/responseSchemas.ts'
import { label } from '../core/codes.ts'
import { say } from '../core/words.ts'
import { ticketWords as words } from '../ticket/words.ts'
import { TimeLeft } from '../time/TimeLeft.tsx'
import { dealerName, unitName } from '../time/units.ts'

/** The clock that matters now: the response while unhandled, closing while in progress. */
export const currentClock = ({ state }: Pick<TicketRowAnswer, 'state'>): 'response' | 'close' =>
  state === 'unhandled' ? 'response' : 'close'

/** Severity and danger, where somebody said so. */
export const Weight = ({ severity, safety }: Pick<TicketRowAnswer, 'severity' | 'safety'>) => (
  <>
    {safety && <span class="tag tag-alert">{say(words.safety)}</span>}
    {(severity === 'high' || severity === 'critical') && (
      <span class="tag">{say(words.severityIs, { severity: label('severities', severity) })}</span>
    )}
  </>
)

export const TicketRow = ({ ticket }: { ticket: TicketRowAnswer }) => {
  const { category, state, holder, dealer, ordinal, assignee, dueAt } = ticket
  const open = ticket.warnings.filter(({ resolvedAt }) => resolvedAt === null)
  return (
    <>
      <span class="row-tags">
        <span class={`tag state-${state}`}>{label('states', state)}</span>
        {ordinal > 1 && <span class="tag">{say(words.ordinal, { ordinal })}</span>}
        {open.length > 0 && (
          <span class="tag tag-warn">
            {say(words.warningsOpen, { codes: open.map(({ code }) => code).join(' ') })}
          </span>
        )}
        <Weight {...ticket} />
      </span>
      <span class="row-what">
        <span translate={false}>{category}</span> {label('categories', category)}
      </span>
      <span class="row-who" translate={false}>
        {unitName(holder)}
        {dealer !== null && holder.unit !== dealer && ` · ${dealerName(dealer)}`}
        {assignee !== null && ` · ${assignee}`}
      </span>
      {dueAt !== null && <TimeLeft clock={currentClock(ticket)} dueAt={dueAt} unit={holder} />}
    </>
  )
}
