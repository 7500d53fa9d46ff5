/** The examples of the document on a service in development mode: its own tickets in place of numbers that no service has. */
import type { TicketFilters } from '../../projections/tickets/ticketFilters.ts'
import type { Deps } from './deps.ts'
import { type ExampleTicket, exampleTickets } from './examples.ts'

const wanted: Readonly<Record<ExampleTicket, TicketFilters>> = {
  unhandled: { state: ['unhandled'], tier: ['dealer'] },
  inProgress: { state: ['in_progress'], tier: ['dealer'] },
  completed: { state: ['completed'] },
}

/** The dealer of the README's walk and of the demo's token, where it has such a ticket. */
const firstDealer = 'D001'

const ticketWith = (
  { views, now }: Pick<Deps, 'views' | 'now'>,
  filters: TicketFilters,
): string | undefined => {
  const page = { scope: [{ kind: 'all' }], sort: '-registeredAt', limit: 1, now: now() } as const
  const find = (more: TicketFilters) =>
    views.tickets.page({ ...page, filters: { ...filters, ...more } }).items[0]
  return (find({ dealer: [firstDealer] }) ?? find({}))?.ticketNo
}

/** A text of the document with tickets of this service; anywhere but in development mode as it is. */
export const withLiveExamples = (deps: Deps, document: string): string => {
  const isServing = deps.phase === undefined || deps.phase() === 'serving'
  if (deps.config.auth.kind !== 'development' || !isServing) return document
  return (Object.keys(exampleTickets) as ExampleTicket[]).reduce((text, name) => {
    const ticketNo = ticketWith(deps, wanted[name])
    return ticketNo === undefined ? text : text.replaceAll(`"${exampleTickets[name]}"`, `"${ticketNo}"`)
  }, document)
}
