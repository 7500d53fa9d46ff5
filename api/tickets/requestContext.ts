/** From a request to an act, and back to an answer: what all ticket routes share. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { type Action, type Actor, permissions } from '../../domain/authority.ts'
import type { StoredEvent } from '../../domain/eventStore.ts'
import type { Instant } from '../../domain/instant.ts'
import { Refusal } from '../../domain/refusal.ts'
import { isWithin, mayAt, placeOf, scopesFor, type UnitsOfTicket } from '../../domain/scope.ts'
import type { TicketEvent, TicketNo } from '../../domain/ticket/events.ts'
import type { Ticket } from '../../domain/ticket/state.ts'
import { seesAll } from '../../projections/scope.ts'
import type { TicketView, WholeTicket } from '../../projections/tickets/ticketView.ts'
import type { Act } from '../commands/act.ts'
import { readEvents, readTicket, type TicketResult } from '../commands/tickets/execute.ts'
import { type KeepingReader, type Reader, readerOf } from '../commands/tickets/personal.ts'
import { type Access, accessOf } from '../http/access.ts'
import type { Deps } from '../http/deps.ts'
import { ifMatch, requireMatch } from '../http/etag.ts'
import type { Write } from '../http/idempotency.ts'
import { isReadOnce } from '../http/lists.ts'
import { sendWritten } from '../http/written.ts'
import { presentTicket } from './present.ts'

/** The act a request asks for. */
export const actOf = (deps: Deps, request: FastifyRequest, write: Write): Act => ({
  actor: request.caller,
  now: deps.now(),
  commandId: write.commandId,
  correlationId: request.id,
  ...(write.digestOf !== undefined && { digestOf: write.digestOf }),
})

/** Gives the reader for a ticket, by its place and number; for what is no ticket's, by `row` instead. */
export type ReaderAt = (place: UnitsOfTicket, ticketNo: TicketNo | null, row?: string) => KeepingReader

/**
 * Opens the sealed texts of a ticket as far as the caller may: a role that sees personal data must have that ticket in its
 * own scope (rulebook §17). The place is the ticket's of now, whatever day is asked about. What is opened is noted for
 * the access log: the only way by which an answer shows personal data. `actions`: each of them opens the texts.
 */
export const readersFor = (
  deps: Pick<Deps, 'sealing'>,
  request: FastifyRequest,
  actions: readonly Action[] = ['see_personal_data'],
): ReaderAt => {
  // whoever takes every row there is would drive out what a desk looks at again and again
  const once = isReadOnce(request)
  const access = accessOf(request)
  const open = readerOf(deps.sealing, true, once, access.opened)
  const masked = readerOf(deps.sealing, false, once)
  const scopes = actions.flatMap((action) => scopesFor(request.caller, action))
  access.mayOpen ||= scopes.length > 0
  return (place, ticketNo, row) => {
    if (!scopes.some((scope) => isWithin(place, scope))) return masked
    access.at(ticketNo, row)
    return open
  }
}

/**
 * The readers for items that several callers share. What is opened is noted where one request asks (`access`); a stream
 * is logged at its beginning instead, see `logStream`.
 */
export const sharedReaders = (
  { sealing }: Pick<Deps, 'sealing'>,
  access?: Access,
): { open(ticketNo: TicketNo | null, row: string): Reader; masked: Reader } => {
  const open = readerOf(sealing, true, false, access?.opened)
  return {
    open: (ticketNo, row) => {
      access?.at(ticketNo, row)
      return open
    },
    masked: readerOf(sealing, false),
  }
}

/** A ticket outside the caller's scope is as good as absent (rulebook §2). @throws Refusal `ticket_not_found` */
export const requireInScope = (caller: Actor, ticket: Ticket): void => {
  if (!mayAt(caller, 'read', placeOf(ticket)))
    throw new Refusal('ticket_not_found', { ticketNo: ticket.ticketNo })
}

/**
 * What a write's first answer may be sent again for: a ticket the caller sees now, by a role that takes the act there.
 * Who holds the ticket by now does not count, for the act was done.
 * @throws Refusal `ticket_not_found`, `role_not_allowed`
 */
export const requireMay = (caller: Actor, action: Action, ticket: Ticket): void => {
  requireInScope(caller, ticket)
  if (!mayAt(caller, action, placeOf(ticket)))
    throw new Refusal('role_not_allowed', { roles: permissions[action].join(', ') })
}

/** What was found under a number, where the caller may see it. @throws Refusal `ticket_not_found` */
const visible = <T extends TicketView>(request: FastifyRequest, ticketNo: TicketNo, found: T | null): T => {
  if (found === null || !mayAt(request.caller, 'read', found))
    throw new Refusal('ticket_not_found', { ticketNo })
  return found
}

/** The ticket of a path as the view has it now. @throws Refusal `ticket_not_found` */
export const ticketFor = (deps: Deps, request: FastifyRequest, ticketNo: TicketNo): WholeTicket =>
  visible(request, ticketNo, deps.views.tickets.wholeByNo(ticketNo))

/** A place for those whose scope has every ticket or none. */
export const anywhere: UnitsOfTicket = {
  holder: { tier: '', unit: '' },
  dealer: null,
  rbo: null,
  responsibleDealer: null,
}

/** Scope is a matter of today, whatever day is asked about. @throws Refusal `ticket_not_found` */
const readerOfTicket = (deps: Deps, request: FastifyRequest, ticketNo: TicketNo): Reader => {
  const seen = scopesFor(request.caller, 'read')
  const seenWhole = scopesFor(request.caller, 'see_personal_data')
  const readerAt = readersFor(deps, request)
  // who sees all of every ticket, or none of its customer, is told by the log whether there is such a ticket
  if (seesAll(seen) && (seenWhole.length === 0 || seesAll(seenWhole))) return readerAt(anywhere, ticketNo)
  return readerAt(visible(request, ticketNo, deps.views.tickets.byNo(ticketNo)), ticketNo)
}

/** The ticket of a path from the log, as it is or was at `asOf`. @throws Refusal `ticket_not_found` */
export const ticketAt = async (
  deps: Deps,
  request: FastifyRequest,
  ticketNo: TicketNo,
  asOf: Instant | undefined,
): Promise<{ ticket: Ticket; reader: Reader }> => {
  const reader = readerOfTicket(deps, request, ticketNo)
  const ticket = await readTicket(deps, ticketNo, asOf)
  if (ticket === null) throw new Refusal('ticket_not_found', { ticketNo })
  return { ticket, reader }
}

/** What happened to that ticket until then, oldest first. @throws Refusal `ticket_not_found` */
export const eventsFor = async (
  deps: Deps,
  request: FastifyRequest,
  ticketNo: TicketNo,
  asOf: Instant | undefined,
): Promise<{ events: StoredEvent<TicketEvent>[]; reader: Reader }> => {
  const reader = readerOfTicket(deps, request, ticketNo)
  const events = await readEvents(deps, ticketNo, asOf)
  if (events.length === 0) throw new Refusal('ticket_not_found', { ticketNo })
  return { events, reader }
}

/** Scope and `If-Match` of a write on a ticket. */
export const guardsOf = (request: FastifyRequest) => {
  const precondition = ifMatch(request)
  return {
    once: precondition !== undefined,
    before: (ticket: Ticket): void => {
      requireInScope(request.caller, ticket)
      requireMatch(precondition, ticket.version)
    },
  }
}

/**
 * Answers a write on a ticket with the ticket: at once, or as it was then but as the caller may see it now.
 * @throws Refusal `ticket_not_found`
 */
export const sendTicket = async (
  deps: Deps,
  request: FastifyRequest,
  reply: FastifyReply,
  { ticket, position, now, replayed }: TicketResult & { replayed: boolean },
) => {
  const present = replayed ? ((await readTicket(deps, ticket.ticketNo)) ?? ticket) : ticket
  requireInScope(request.caller, present)
  sendWritten(reply, { version: ticket.version, position, replayed })
  return presentTicket(ticket, readersFor(deps, request)(placeOf(present), present.ticketNo), now)
}
