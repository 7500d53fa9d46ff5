/** Tickets that belong together, and the form to print. */
import type { TicketAnswer } from '../../../tickets/responseSchemas.ts'
import { ApiProblem } from '../core/api.ts'
import { hrefOf, route } from '../core/route.ts'
import { say } from '../core/words.ts'
import { openForm } from './forms.ts'
import { ticketWords as words } from './words.ts'

const names = ['escalatedFrom', 'escalatedTo', 'relatedTo', 'duplicateOf'] as const

export const Links = ({
  ticket,
  onProblem,
}: {
  ticket: TicketAnswer
  onProblem(problem: ApiProblem): void
}) => {
  const { screen } = route.value
  const linked = names.flatMap((name) => (ticket[name] === null ? [] : [{ name, ticketNo: ticket[name] }]))
  const print = (): void => {
    openForm(`/v1/tickets/${encodeURIComponent(ticket.ticketNo)}/forms/handling`).catch(
      (error: unknown) => error instanceof ApiProblem && onProblem(error),
    )
  }
  return (
    <>
      {linked.length > 0 && (
        <section aria-label={say(words.links)}>
          <h2>{say(words.links)}</h2>
          <ul class="links">
            {linked.map(({ name, ticketNo }) => (
              <li key={name}>
                {say(words[name])}{' '}
                <a href={hrefOf({ screen, ticketNo })} translate={false}>
                  {ticketNo}
                </a>
              </li>
            ))}
          </ul>
        </section>
      )}
      <section aria-label={say(words.forms)}>
        <h2>{say(words.forms)}</h2>
        <button type="button" class="quiet" onClick={print}>
          {say(words.handlingForm)}
        </button>
      </section>
    </>
  )
}
