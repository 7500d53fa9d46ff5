import type { StoredEvent } from '../domain/eventStore.ts'
import { type Instant, toEpoch } from '../domain/instant.ts'
import { type DataOf, ticketOfStream } from '../domain/ticket/events.ts'
import { type TicketFact, type TicketHandlers, type View, viewsOfEvent } from './ticketEvents.ts'

type Parts<V extends View, State> = {
  /** What a registration makes. */
  register: (data: DataOf<'TicketRegistered'>, fact: TicketFact) => void
  /** What an event finds; `undefined`: the ticket was never registered, so there is nothing to change. */
  find: (fact: TicketFact) => State | undefined
  handlers: TicketHandlers<V, State>
  /** Follows every handled event, the registration apart. */
  after?: (state: State, fact: TicketFact) => void
  /** Whether events without a handler touch the state all the same. */
  everyEvent?: boolean
}

type AnyHandler<State> = (state: State, data: unknown, fact: TicketFact) => void

/** Several projections ask for the same instant one after the other, and the events of a command share it. */
let lastInstant: Instant = ''
let lastEpoch = 0
const epochOf = (instant: Instant): number => {
  if (instant !== lastInstant) {
    lastEpoch = toEpoch(instant)
    lastInstant = instant
  }
  return lastEpoch
}

/** The events these handlers look at, the registration among them. */
export const typesHandled = (handlers: object): string[] => ['TicketRegistered', ...Object.keys(handlers)]

/** Leads each event of a ticket to its handler and leaves all other events alone. */
export const foldTickets = <V extends View, State>(
  parts: Parts<V, State>,
): ((event: StoredEvent) => void) => {
  const handlers = new Map(Object.entries(parts.handlers) as [string, AnyHandler<State>][])
  handlers.set('TicketRegistered', (_, data, fact) =>
    parts.register(data as DataOf<'TicketRegistered'>, fact),
  )
  return (event) => {
    const handler = handlers.get(event.type)
    if (handler === undefined && !(parts.everyEvent && event.type in viewsOfEvent)) return
    const ticketNo = ticketOfStream(event.stream)
    if (ticketNo === null) return
    const { recordedAt, actor } = event.metadata
    const fact = { ticketNo, at: epochOf(recordedAt), actor: actor.id, event }
    if (event.type === 'TicketRegistered') {
      parts.register(event.data as DataOf<'TicketRegistered'>, fact)
      return
    }
    const state = parts.find(fact)
    if (state === undefined) return
    handler?.(state, event.data, fact)
    parts.after?.(state, fact)
  }
}
