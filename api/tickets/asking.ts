/** From a request to an act, and back to an answer: what all ticket routes share. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { seesPersonalData } from '../../domain/authority.ts'
import type { Position, StoredEvent } from '../../domain/eventStore.ts'
import type { Instant } from '../../domain/instant.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { TicketEvent, TicketNo } from '../../domain/ticket/events.ts'
import { currentAssignment, currentResponsibility, type Ticket } from '../../domain/ticket/state.ts'
import { seesAll } from '../../projections/scope.ts'
import type { TicketView, WholeTicket } from '../../projections/tickets/ticketView.ts'
import { type Act, readEvents, readTicket, type Written } from '../commands/tickets/execute.ts'
import { type Reader, readerOf } from '../commands/tickets/personal.ts'
import { isFile } from '../files/negotiation.ts'
import { type Scope, scopeOf } from '../http/auth.ts'
import type { Deps } from '../http/deps.ts'
import { ifMatch, requireMatch, sendETag } from '../http/etag.ts'
import type { Write } from '../http/idempotency.ts'
import { sendPosition } from '../http/positions.ts'
import { presentTicket } from './present.ts'

/** The act a request asks for. */
export const actOf = (deps: Deps, request: FastifyRequest, write: Write): Act => ({
  actor: request.caller,
  now: deps.now(),
  commandId: write.commandId,
  correlationId: request.id,
  ...(write.digestOf !== undefined && { digestOf: write.digestOf }),
})

/** What the caller may read of personal data. */
export const readerFor = (deps: Deps, request: FastifyRequest): Reader =>
  // a file has every row there is, and would drive out what a desk looks at again and again
  readerOf(deps.sealing, seesPersonalData(request.caller), isFile(request))

type Belonging = {
  tier: string
  unit: string
  dealer: string | null
  rbo: string | null
  responsibleDealer: string | null
}

const isWithin = ({ tier, unit, dealer, rbo, responsibleDealer }: Belonging, scope: Scope): boolean => {
  if (scope.kind === 'all') return true
  if (scope.kind === 'rbo') return rbo === scope.code || (tier === 'rbo' && unit === scope.code)
  return (
    dealer === scope.code || responsibleDealer === scope.code || (tier === 'dealer' && unit === scope.code)
  )
}

const isInScope = (request: FastifyRequest, belonging: Belonging): boolean =>
  scopeOf(request.caller).some((scope) => isWithin(belonging, scope))

/** A ticket outside the caller's scope is as good as absent (rulebook §2). @throws Refusal `ticket_not_found` */
const requireInScope = (request: FastifyRequest, ticket: Ticket): void => {
  const { tier, unit } = currentAssignment(ticket)
  const responsibleDealer = currentResponsibility(ticket)?.unit ?? null
  if (!isInScope(request, { tier, unit, dealer: ticket.dealer, rbo: ticket.rbo, responsibleDealer }))
    throw new Refusal('ticket_not_found', { ticketNo: ticket.ticketNo })
}

/** What was found under a number, where the caller may see it. @throws Refusal `ticket_not_found` */
const visible = <T extends TicketView>(request: FastifyRequest, ticketNo: TicketNo, found: T | null): T => {
  if (found === null || !isInScope(request, { ...found.holder, ...found }))
    throw new Refusal('ticket_not_found', { ticketNo })
  return found
}

/** The ticket of a path as the view has it now. @throws Refusal `ticket_not_found` */
export const ticketFor = (deps: Deps, request: FastifyRequest, ticketNo: TicketNo): WholeTicket =>
  visible(request, ticketNo, deps.views.tickets.wholeByNo(ticketNo))

/** Scope is a matter of today, whatever day is asked about. @throws Refusal `ticket_not_found` */
const requireVisible = (deps: Deps, request: FastifyRequest, ticketNo: TicketNo): void => {
  // who sees all is told by the log whether there is such a ticket
  if (!seesAll(scopeOf(request.caller))) visible(request, ticketNo, deps.views.tickets.byNo(ticketNo))
}

/** The ticket of a path from the log, as it is or was at `asOf`. @throws Refusal `ticket_not_found` */
export const ticketAt = async (
  deps: Deps,
  request: FastifyRequest,
  ticketNo: TicketNo,
  asOf: Instant | undefined,
): Promise<Ticket> => {
  requireVisible(deps, request, ticketNo)
  const ticket = await readTicket(deps, ticketNo, asOf)
  if (ticket === null) throw new Refusal('ticket_not_found', { ticketNo })
  return ticket
}

/** What happened to that ticket until then, oldest first. @throws Refusal `ticket_not_found` */
export const eventsFor = async (
  deps: Deps,
  request: FastifyRequest,
  ticketNo: TicketNo,
  asOf: Instant | undefined,
): Promise<StoredEvent<TicketEvent>[]> => {
  requireVisible(deps, request, ticketNo)
  const events = await readEvents(deps, ticketNo, asOf)
  if (events.length === 0) throw new Refusal('ticket_not_found', { ticketNo })
  return events
}

/** Scope and `If-Match` of a write on a ticket. */
export const guardsOf = (request: FastifyRequest) => {
  const precondition = ifMatch(request)
  return {
    once: precondition !== undefined,
    before: (ticket: Ticket): void => {
      requireInScope(request, ticket)
      requireMatch(precondition, ticket.version)
    },
  }
}

/** Says where a write is and whether it was one. */
export const sendWritten = (reply: FastifyReply, position: Position | null, replayed: boolean): void => {
  sendPosition(reply, position)
  if (replayed) reply.header('idempotent-replayed', 'true')
}

/** Answers a write on a ticket with the ticket. */
export const sendTicket = (
  deps: Deps,
  request: FastifyRequest,
  reply: FastifyReply,
  { ticket, now }: Omit<Written, 'position'>,
) => {
  sendETag(reply, ticket.version)
  return presentTicket(ticket, readerFor(deps, request), now)
}
