/** The one way a command reaches a ticket: read, fold, authorise, decide, append, follow up. */

import { knownBy } from '../../../domain/asKnown.ts'
import { type Actor, recordedActor } from '../../../domain/authority.ts'
import {
  type EventStore,
  eventId,
  type Metadata,
  maxEventsPerAppend,
  type NewEvent,
  type Position,
  type StoredEvent,
  VersionConflict,
} from '../../../domain/eventStore.ts'
import type { Instant } from '../../../domain/instant.ts'
import { createRecent, type Recent } from '../../../domain/recent.ts'
import { Refusal } from '../../../domain/refusal.ts'
import { isFarAhead, stampAfter } from '../../../domain/stamp.ts'
import type { SubjectId } from '../../../domain/subjectKeys.ts'
import { authorise } from '../../../domain/ticket/authorise.ts'
import type { TicketCommand } from '../../../domain/ticket/commands.ts'
import { decide } from '../../../domain/ticket/decide.ts'
import { type TicketEvent, type TicketNo, ticketStream } from '../../../domain/ticket/events.ts'
import { evolve, fold } from '../../../domain/ticket/evolve.ts'
import type { Ticket } from '../../../domain/ticket/state.ts'
import { CommandDone } from '../commandDone.ts'
import { Conflict } from '../conflict.ts'
import type { CommandDeps } from '../deps.ts'
import { inQueue } from './queues.ts'

/** Who acts, when, and under which id: what every append of one request shares. */
export type Act = {
  actor: Actor
  now: Instant
  commandId: string
  correlationId: string
  causationId?: string
  /** Where the caller gave an `Idempotency-Key`: makes the request's digest, keyed by the subject it speaks of. */
  digestOf?: (subject: SubjectId) => string
  /** That digest, once the subject is known. */
  requestDigest?: string
  imported?: true
  /** Who runs the import, and when that really is. */
  importedBy?: string
  importedAt?: Instant
}

/** The act once its data subject is known. */
export const speakingOf = (act: Act, subject: SubjectId): Act =>
  act.digestOf === undefined ? act : { ...act, requestDigest: act.digestOf(subject) }

/** What a command came to: the ticket after it and the events it made; without any there is no position. */
export type Done = { ticket: Ticket; position: Position | null; events: NewEvent<TicketEvent>[] }

/** What a write is answered with, at the time it was done. */
export type Written = Omit<Done, 'events'> & { now: Instant }

/**
 * A decision lost against other nodes this often in a row is given up (409): in this process acts on one ticket run one
 * after the other, so of three nodes each wins every third time.
 */
const attempts = 40

/** Most events a ticket takes, so that one caller cannot make it unreadable for all. */
const maxEventsPerTicket = 2_000

const metadataOf = (act: Act, role: string, recordedAt: Instant): Metadata => ({
  commandId: act.commandId,
  actor: recordedActor(act.actor, role),
  correlationId: act.correlationId,
  recordedAt,
  ...(act.causationId !== undefined && { causationId: act.causationId }),
  ...(act.requestDigest !== undefined && { requestDigest: act.requestDigest }),
  ...(act.imported && { imported: true }),
  ...(act.importedBy !== undefined && { importedBy: act.importedBy }),
  ...(act.importedAt !== undefined && { importedAt: act.importedAt }),
})

/** A ticket with the commands in its stream that may be sent again, each with the position of its newest event. */
type Folded = { ticket: Ticket; commands: Map<string, Position> }

/** Tickets folded lately, by the log they come from; about 5 kB each. */
const foldedTickets = new WeakMap<EventStore, Recent<TicketNo, Folded>>()
const mostFolded = 4_000

const foldedOf = (store: EventStore): Recent<TicketNo, Folded> => {
  const known = foldedTickets.get(store) ?? createRecent(mostFolded)
  foldedTickets.set(store, known)
  return known
}

/**
 * The ticket as it is; `null` where there is none. What was folded before is folded on: the log is asked for what
 * came since, so that nobody's writes are missed.
 */
const readCurrent = async (store: EventStore, ticketNo: TicketNo): Promise<Ticket | null> => {
  const folded = foldedOf(store)
  const before = folded.get(ticketNo) ?? null
  const since = await store.readStream(ticketStream(ticketNo), before?.ticket.version ?? 0)
  const ticket = fold(since as StoredEvent<TicketEvent>[], before?.ticket ?? null)
  if (ticket !== null && since.length > 0) {
    const commands = new Map(before?.commands)
    for (const { metadata, position } of since)
      if (metadata.requestDigest !== undefined) commands.set(metadata.commandId, position)
    folded.put(ticketNo, { ticket, commands })
  }
  return ticket
}

/**
 * Judges by the ticket's own stream, as it was read last, whether the act is in it: another node may have done it, and
 * this one's view may not know yet.
 * @throws CommandDone
 */
const requireNotDone = ({ store }: Pick<CommandDeps, 'store'>, ticketNo: TicketNo, act: Act): void => {
  // what follows from another act is completed by whoever comes, and decides on the ticket alone
  if (act.requestDigest === undefined || act.causationId !== undefined) return
  const position = foldedOf(store).get(ticketNo)?.commands.get(act.commandId)
  if (position !== undefined) throw new CommandDone(position)
}

/** What happened to the ticket, until `asOf` where that is given; nothing where there is none. */
export const readEvents = async (
  { store }: Pick<CommandDeps, 'store'>,
  ticketNo: TicketNo,
  asOf: Instant | undefined,
): Promise<StoredEvent<TicketEvent>[]> => {
  const events = (await store.readStream(ticketStream(ticketNo))) as StoredEvent<TicketEvent>[]
  return asOf === undefined ? events : knownBy(events, asOf)
}

/** The ticket as it is, or was at `asOf`; `null` where there is none. */
export const readTicket = async (
  deps: Pick<CommandDeps, 'store'>,
  ticketNo: TicketNo,
  asOf?: Instant,
): Promise<Ticket | null> =>
  asOf === undefined ? readCurrent(deps.store, ticketNo) : fold(await readEvents(deps, ticketNo, asOf))

type Attempt = { ticket: Ticket | null; command: TicketCommand; act: Act; ticketNo: TicketNo }

/** Decides and appends once. */
export const decideAndAppend = async (
  deps: CommandDeps,
  { ticket, command, act, ticketNo }: Attempt,
): Promise<Done> => {
  const role = authorise(ticket, command)
  const events = decide(ticket, command, { master: deps.views.master.at(command.now), now: command.now })
  if (events.length === 0) return { ticket: ticket as Ticket, position: null, events: [] }
  const version = ticket?.version ?? 0
  // what follows from another ticket's event must not be stopped by a full ticket
  if (
    act.causationId === undefined &&
    version + events.length > Math.min(maxEventsPerTicket, maxEventsPerAppend)
  )
    throw new Refusal('too_many_contacts')
  const metadata = metadataOf(act, role, command.now)
  const envelopes = events.map((event, index) => ({
    ...event,
    id: eventId(act.commandId, index),
    metadata,
  })) as NewEvent<TicketEvent>[]
  const { position } = await deps.store.append(ticketStream(ticketNo), version, envelopes)
  const after = envelopes.reduce<Ticket | null>(
    (state, event) => evolve(state, event, metadata),
    ticket,
  ) as Ticket
  const commands = new Map(foldedOf(deps.store).get(ticketNo)?.commands)
  if (act.requestDigest !== undefined) commands.set(act.commandId, position)
  foldedOf(deps.store).put(ticketNo, { ticket: after, commands })
  return { ticket: after, position, events: envelopes }
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
  deps: Pick<CommandDeps, 'store'>,
  act: Act,
  others: readonly (TicketNo | null)[],
): Promise<void> => {
  if (!act.imported) return
  for (const ticketNo of others) {
    const other = ticketNo === null ? null : await readTicket(deps, ticketNo)
    if (other !== null) requireTakesLines(act, other)
  }
}

export type Wanted = {
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
  wanted: Wanted,
  act: Act,
): Promise<Done> => {
  for (let attempt = 1; ; attempt++) {
    const ticket = await readTicket(deps, ticketNo)
    if (ticket === null) throw new Refusal('ticket_not_found', { ticketNo })
    requireNotDone(deps, ticketNo, act)
    wanted.before?.(ticket)
    const now = stampAfter(act.now, ticket.lastAt)
    const command = await wanted.command(ticket, now)
    try {
      return await decideAndAppend(deps, { ticket, command, act, ticketNo })
    } catch (error) {
      if (!(error instanceof VersionConflict) || error.stream !== ticketStream(ticketNo)) throw error
      if (wanted.once) {
        // who was faster may have done this very act
        await readTicket(deps, ticketNo)
        requireNotDone(deps, ticketNo, act)
        throw new Conflict('version_conflict')
      }
      if (attempt === attempts) throw new Conflict('write_conflict')
    }
  }
}

/** As `execute`, where the caller holds the ticket's queue already. */
export const executeHeld = (
  deps: CommandDeps,
  ticketNo: TicketNo,
  wanted: Wanted,
  act: Act,
): Promise<Done> => {
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
export const execute = (deps: CommandDeps, ticketNo: TicketNo, wanted: Wanted, act: Act): Promise<Done> =>
  inQueue(deps, ticketNo, () => executeHeld(deps, ticketNo, wanted, act))
