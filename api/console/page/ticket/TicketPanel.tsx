/** One ticket: who holds it, what may be done, its clocks, warnings and history. */
import { useSignal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import type { ApiProblem } from '../core/api.ts'
import { say } from '../core/words.ts'
import { closeBeside } from '../screens/beside.ts'
import { ProblemNote } from '../ui/ProblemNote.tsx'
import { uiWords } from '../ui/words.ts'
import { Acts } from './Acts.tsx'
import { Attachments } from './Attachments.tsx'
import { Clocks } from './Clocks.tsx'
import { Facts, Headline } from './Facts.tsx'
import { Letters } from './Letters.tsx'
import { Links } from './Links.tsx'
import { Objections } from './Objections.tsx'
import { useTicket, type Whole } from './read.ts'
import { Timeline } from './Timeline.tsx'
import { Warnings } from './Warnings.tsx'
import { ticketWords as words } from './words.ts'

/** Units with one desk are their tier; an RBO and a dealer are told apart by the ticket's own units. */
const tierOf =
  ({ ticket }: Pick<Whole, 'ticket'>) =>
  (unit: string): string => {
    const desks: Record<string, string> = { SE: 'se', SE_MEDIA: 'se_media', SA: 'sa' }
    if (desks[unit] !== undefined) return desks[unit]
    return unit === ticket.rbo ||
      ticket.warnings.some(({ sentTo }) => sentTo.tier === 'rbo' && sentTo.unit === unit)
      ? 'rbo'
      : 'dealer'
  }

export const TicketPanel = ({ ticketNo }: { ticketNo: string }) => {
  const reading = useTicket(ticketNo)
  const heading = useRef<HTMLHeadingElement>(null)
  const failed = useSignal<ApiProblem | null>(null)
  useEffect(() => heading.current?.focus(), [ticketNo])
  const whole = reading.whole.value
  const problem = failed.value ?? reading.problem.value
  const fail = (error: ApiProblem): void => {
    failed.value = error
  }
  const part = { onDone: reading.readAgain, onProblem: fail }
  return (
    <article class="ticket" aria-labelledby="ticket-heading">
      <header class="ticket-head">
        <button type="button" class="quiet back" onClick={closeBeside}>
          {say(uiWords.back)}
        </button>
        <h1 id="ticket-heading" ref={heading} tabIndex={-1} translate={false}>
          {ticketNo}
        </h1>
        {whole !== null && <Headline ticket={whole.ticket} />}
      </header>
      {problem !== null && problem.status === 404 && <p class="empty">{say(words.gone)}</p>}
      {problem !== null && problem.status !== 404 && <ProblemNote problem={problem} />}
      {whole !== null && (
        <>
          <Acts ticket={whole.ticket} onDone={reading.readAgain} />
          <Facts ticket={whole.ticket} />
          <Warnings ticket={whole.ticket} {...part} />
          <section aria-label={say(words.clocks)}>
            <h2>{say(words.clocks)}</h2>
            <Clocks clocks={whole.clocks} tierOf={tierOf(whole)} />
          </section>
          <Objections whole={whole} onDone={reading.readAgain} />
          <Attachments ticket={whole.ticket} onDone={reading.readAgain} />
          <Letters ticket={whole.ticket} {...part} />
          <Links ticket={whole.ticket} onProblem={fail} />
          <Timeline items={whole.items} />
        </>
      )}
    </article>
  )
}
