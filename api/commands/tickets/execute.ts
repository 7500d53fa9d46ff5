/** Commands on one ticket: its queue, and what an import may touch. */
import { knownBy } from '../../../domain/asKnown.ts'
import type { NewEvent, Position, StoredEvent } from '../../../domain/eventStore.ts'
import type { Instant } from '../../../domain/instant.ts'
import { Refusal } from '../../../domain/refusal.ts'
import { isFarAhead, stampAfter } from '../../../domain/stamp.ts'
import { eventsOf } from '../../../domain/storedEvents.ts'
import { ticketAggregate } from '../../../domain/ticket/aggregate.ts'
import type { CommandOf, TicketCommand } from '../../../domain/ticket/commands.ts'
import { type TicketEvent, type TicketNo, ticketStream } from '../../../domain/ticket/events.ts'
import { fold } from '../../../domain/ticket/evolve.ts'
import type { Ticket } from '../../../domain/ticket/state.ts'
import type { Act } from '../act.ts'
import type { CommandDeps } from '../deps.ts'
import { nothingFound, readFound } from '../folded.ts'
import { decideAndAppend, type HandleResult, handle } from '../handle.ts'
import { inQueue } from './queues.ts'

/** What a command came to: the ticket after it and the events it made; without any there is no position. */
export type CommandResult = { ticket: Ticket; position: Position | null; events: NewEvent<TicketEvent>[] }

/** What a write is answered with, at the time it was done. */
export type TicketResult = Omit<CommandResult, 'events'> & { now: Instant }

type TicketReadDeps = Pick<CommandDeps, 'store' | 'folded'>

const doneOf = ({ state, position, events }: HandleResult<Ticket, TicketEvent>): CommandResult => ({
  ticket: state as Ticket,
  position: events.length === 0 ? null : position,
  events,
})

/** What happened to the ticket, until `asOf` where that is given; nothing where there is none. @throws UnknownEvent */
export const readEvents = async (
  { store }: Pick<CommandDeps, 'store'>,
  ticketNo: TicketNo,
  asOf?: Instant,
): Promise<StoredEvent<TicketEvent>[]> => {
  const events = eventsOf<TicketEvent>(await store.readStream(ticketStream(ticketNo)))
  return asOf === undefined ? events : knownBy(events, asOf)
}

/** The ticket as it is, or was at `asOf`; `null` where there is none. */
export const readTicket = async (
  deps: TicketReadDeps,
  ticketNo: TicketNo,
  asOf?: Instant,
): Promise<Ticket | null> =>
  asOf === undefined
    ? (await readFound(deps, ticketAggregate, ticketNo)).state
    : fold(await readEvents(deps, ticketNo, asOf))

/** Registers a ticket: the first command of a stream that is new. @throws Refusal; VersionConflict where it is not new */
export const registerTicket = async (
  deps: CommandDeps,
  command: CommandOf<'Register'>,
  act: Act,
): Promise<CommandResult> => {
  const { ticketNo } = command.registration
  return doneOf(
    await decideAndAppend(deps, ticketAggregate, {
      id: ticketNo,
      found: nothingFound,
      command,
      act,
      now: command.now,
    }),
  )
}

/**
 * A line of an import touches only tickets that an import registered, so that nobody rewrites by one what happened
 * live, and must not lie before what happened to them, but for what a clock far ahead stamped. Acts that are no import
 * always pass.
 * @throws Refusal `registered_live`, `out_of_order`
 */
export const requireTakesLines = (
  act: Act,
  { ticketNo, lastAt, imported }: Pick<Ticket, 'ticketNo' | 'lastAt' | 'imported'>,
): void => {
  if (act.imported && !imported) throw new Refusal('registered_live', { ticketNo })
  const isMisdated = act.importedAt !== undefined && isFarAhead(lastAt, act.importedAt)
  if (act.imported && act.now < lastAt && !isMisdated) throw new Refusal('out_of_order', { ticketNo, lastAt })
}

/** The same of other tickets that the act touches by their numbers. @throws Refusal `registered_live`, `out_of_order` */
export const requireOthersTakeLines = async (
  deps: TicketReadDeps,
  act: Act,
  others: readonly (TicketNo | null)[],
): Promise<void> => {
  if (!act.imported) return
  for (const ticketNo of others) {
    const other = ticketNo === null ? null : await readTicket(deps, ticketNo)
    if (other !== null) requireTakesLines(act, other)
  }
}

export type TicketHandleOptions = {
  /** Makes the command for the ticket as it was found; may look further and refuse. */
  command(ticket: Ticket, now: Instant): TicketCommand | Promise<TicketCommand>
  /** Judges the ticket before anything else is: scope, `If-Match`. */
  before?(ticket: Ticket): void
  /** Another writer in between is the caller's conflict and not retried. */
  once?: boolean
}

/**
 * Reads, decides and appends until no other writer was faster, a bounded number of times. The caller holds the ticket's
 * queue. Does not look at the order of an import's lines, see `executeHeld`.
 * @throws Refusal from the domain, `ticket_not_found`; Conflict `write_conflict`, `version_conflict` (`once`)
 */
export const executeAgain = async (
  deps: CommandDeps,
  ticketNo: TicketNo,
  wanted: TicketHandleOptions,
  act: Act,
): Promise<CommandResult> => {
  const { before, command, ...once } = wanted
  const existing = (ticket: Ticket | null): Ticket => {
    if (ticket === null) throw new Refusal('ticket_not_found', { ticketNo })
    return ticket
  }
  return doneOf(
    await handle(deps, ticketAggregate, ticketNo, {
      ...once,
      act,
      before: ({ state }) => before?.(existing(state)),
      at: (ticket) => stampAfter(act.now, existing(ticket).lastAt),
      command: ({ state }, now) => command(existing(state), now),
    }),
  )
}

/** As `execute`, where the caller holds the ticket's queue already. */
export const executeHeld = (
  deps: CommandDeps,
  ticketNo: TicketNo,
  wanted: TicketHandleOptions,
  act: Act,
): Promise<CommandResult> => {
  const before = (ticket: Ticket): void => {
    requireTakesLines(act, ticket)
    wanted.before?.(ticket)
  }
  return executeAgain(deps, ticketNo, { ...wanted, before }, act)
}

/**
 * Gives a ticket a command, in the ticket's queue, and answers with the ticket after it. Where another node was faster
 * it decides again. What must follow on other tickets is the caller's, see `actOn.ts`.
 * @throws Refusal from the domain, `ticket_not_found`, `registered_live` and `out_of_order` (imports); Conflict `write_conflict`
 */
export const execute = (
  deps: CommandDeps,
  ticketNo: TicketNo,
  wanted: TicketHandleOptions,
  act: Act,
): Promise<CommandResult> => inQueue(deps, ticketNo, () => executeHeld(deps, ticketNo, wanted, act))
