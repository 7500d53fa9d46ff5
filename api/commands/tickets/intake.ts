/** The front door: is a complaint new, a call on an open ticket, or an escalation? (rulebook §6) */
import { type CustomerHashes, givenHashes } from '../../../domain/customerKeys.ts'
import { VersionConflict } from '../../../domain/eventStore.ts'
import { type Instant, toEpoch, toInstant } from '../../../domain/instant.ts'
import { stampAfter } from '../../../domain/stamp.ts'
import type { SubjectId } from '../../../domain/subjectKeys.ts'
import type { Registration } from '../../../domain/ticket/events.ts'
import { endOfChain, type Match, type MatchableTicket, namedTicket } from '../../../domain/ticket/matching.ts'
import type { Ticket } from '../../../domain/ticket/state.ts'
import type { KnownTicket } from '../../../projections/customers.ts'
import { type Act, speakingOf } from '../act.ts'
import { Conflict } from '../conflict.ts'
import type { CommandDeps } from '../deps.ts'
import { commandOf, subjectFor, withCustomers } from './customerQueue.ts'
import { type CommandResult, executeHeld, readTicket, registerTicket } from './execute.ts'
import {
  type IncomingComplaint,
  match,
  registrationOf,
  requireFree,
  requireRegistrable,
  requireValid,
} from './matchComplaint.ts'
import { inQueue } from './queues.ts'
import { settle } from './secondHalf.ts'
import { ticketNoOf } from './ticketNo.ts'
import { type HeldTickets, withTickets } from './twoTickets.ts'

export type IntakeOutcome = 'registered' | 'escalated' | 'contact_logged'
export type IntakeResult = CommandResult & { outcome: IntakeOutcome }

/** Matching that lost against other acts this often in a row is given up (409). */
const attempts = 20

/** From then on a repeat that is named but cannot be taken up again is taken for none. */
const waitedAttempts = 3

/** Another caller may have closed, repeated or rescinded the ticket since it was matched: then match again. */
const asMatched =
  (known: MatchableTicket) =>
  (ticket: Ticket): void => {
    if (ticket.state !== known.state || ticket.escalatedTo !== known.escalatedTo)
      throw new Conflict('version_conflict')
  }

const logContact = async (
  deps: CommandDeps,
  complaint: IncomingComplaint,
  on: MatchableTicket,
  subjectId: SubjectId,
  act: Act,
): Promise<IntakeResult> => {
  const { channel, flags, externalNo, source, dealerCode, receivedAt } = complaint
  const command = (_: Ticket, now: Instant) => ({
    type: 'LogContact' as const,
    now,
    actor: act.actor,
    subjectId,
    channel,
    flags,
    externalNo,
    source,
    dealer: dealerCode,
    receivedAt,
    occurredAt: null,
    customer: complaint.customer(subjectId),
    text: complaint.text(subjectId),
    ...complaint.weight,
  })
  return {
    outcome: 'contact_logged',
    ...(await executeHeld(deps, on.ticketNo, { command, before: asMatched(on) }, act)),
  }
}

const openRepeat = async (
  deps: CommandDeps,
  registration: Registration,
  earlier: MatchableTicket,
  act: Act,
): Promise<IntakeResult> => {
  const { actor } = act
  const { ticketNo } = registration
  // the repeat must be able to exist before the earlier ticket names it
  requireRegistrable(deps, registration, act)
  if ((await readTicket(deps, ticketNo)) !== null) throw new Conflict('version_conflict')
  const command = (_: Ticket, at: Instant) => ({ type: 'OpenRepeat' as const, now: at, actor, registration })
  const opened = await executeHeld(deps, earlier.ticketNo, { command, before: asMatched(earlier) }, act)
  const [event] = opened.events as [(typeof opened.events)[number]]
  const registered = await settle(deps, { ticketNo: earlier.ticketNo, event, act })
  return { outcome: 'escalated', ...(registered as CommandResult) }
}

/** The tickets that the complaint may be matched with, and those that stand for them (rulebook §6). */
const matchable = (
  { customers }: Pick<CommandDeps['views'], 'customers'>,
  { sameProblemAs }: Pick<IncomingComplaint, 'sameProblemAs'>,
  ofCustomer: readonly KnownTicket[],
): KnownTicket[] => {
  if (sameProblemAs === null) return [...ofCustomer]
  const first =
    sameProblemAs === 'auto' ? ofCustomer : [namedTicket(sameProblemAs, customers.known) ?? []].flat()
  return [...ofCustomer, ...first.map((ticket) => endOfChain(ticket, customers.known))]
}

/**
 * The act after all that it may be matched with: a clock that was set back must not hide a customer's tickets, and a
 * repeat is received strictly after the closing (rulebook §5), also where both come in one millisecond. What a clock
 * far ahead stamped is not followed, see `stampAfter`. An import keeps its line's instant.
 */
const afterAll = (act: Act, tickets: readonly KnownTicket[]): Act => {
  if (act.imported) return act
  const newest = tickets.reduce<Instant>((last, ticket) => {
    const stamp = stampAfter(act.now, ticket.lastAt)
    return last < stamp ? stamp : last
  }, act.now)
  const closedNow = tickets.some((ticket) => ticket.closedAt === newest)
  return newest === act.now && !closedNow ? act : { ...act, now: toInstant(toEpoch(newest) + 1) }
}

type IntakeAttempt = { act: Act; hashes: CustomerHashes; attempt: number; held: HeldTickets }

/** Does what was matched, in the queue of the ticket it concerns; across nodes an escalation has its lock. */
const onTicket = async <T>(
  deps: CommandDeps,
  found: Match & { kind: 'contact' | 'escalate' },
  held: HeldTickets,
  work: () => Promise<T>,
): Promise<T> => {
  const { ticketNo } = found.ticket
  if (held.has(ticketNo)) return work()
  // who holds tickets must not wait for others
  if (held.size > 0) throw new Conflict('version_conflict')
  return found.kind === 'contact'
    ? inQueue(deps, ticketNo, work)
    : withTickets(deps, async () => [ticketNo], work)
}

/**
 * What the complaint is matched with. A repeat that is named but not there is in flight: it is waited for. One that
 * never comes, as in a log of an earlier version, leaves the complaint a ticket of its own.
 */
const settledMatch = async (
  deps: CommandDeps,
  found: Match,
  { attempt, held }: IntakeAttempt,
): Promise<Match> => {
  if (found.kind !== 'escalate' || found.ticket.escalatedTo === null) return found
  const { ticketNo, escalatedTo } = found.ticket
  if (attempt > waitedAttempts) return { kind: 'new', relatedTo: ticketNo }
  if (held.size === 0)
    await withTickets(
      deps,
      async () => [ticketNo, escalatedTo],
      async () => {},
    )
  throw new Conflict('version_conflict')
}

const takeOnce = async (
  deps: CommandDeps,
  complaint: IncomingComplaint,
  taking: IntakeAttempt,
): Promise<IntakeResult> => {
  const { hashes } = taking
  const ofCustomer = deps.views.customers.ticketsOf(givenHashes(hashes))
  const act = afterAll(taking.act, matchable(deps.views, complaint, ofCustomer))
  const found = await settledMatch(deps, await match(deps, complaint, ofCustomer, act), taking)
  const subjectId = await subjectFor(deps, complaint, hashes)
  const known = speakingOf(act, subjectId)
  const { held } = taking
  if (found.kind === 'contact')
    return onTicket(deps, found, held, () => logContact(deps, complaint, found.ticket, subjectId, known))
  const ticketNo = ticketNoOf(act.commandId, act.now, taking.attempt)
  const registration = { ticketNo, ...registrationOf(complaint, found, subjectId, act) }
  if (found.kind === 'escalate')
    return onTicket(deps, found, held, () => openRepeat(deps, registration, found.ticket, known))
  const command = { type: 'Register' as const, now: act.now, actor: act.actor, registration }
  return {
    outcome: 'registered',
    ...(await registerTicket(deps, command, known)),
  }
}

const noneHeld: HeldTickets = new Set()

/**
 * Takes a complaint in, in the customer's queue. Where an act on a ticket changed what it was matched with, it is
 * matched again. `held`: tickets whose queues and locks the caller has.
 * @throws Refusal; Conflict `write_conflict`
 */
export const takeHeld = async (
  deps: CommandDeps,
  complaint: IncomingComplaint,
  { act, hashes, held }: { act: Act; hashes: CustomerHashes; held: HeldTickets },
): Promise<IntakeResult> => {
  requireFree(deps, complaint.externalNo)
  for (let attempt = 1; ; attempt++) {
    try {
      return await takeOnce(deps, complaint, { act, hashes, attempt, held })
    } catch (error) {
      if (!isConflict(error)) throw error
      if (attempt === attempts) throw new Conflict('write_conflict')
      await otherWritersTurn(deps)
    }
  }
}

/**
 * Takes a complaint in. One customer's complaints are taken one after the other, each seeing what the one before did.
 * @throws Refusal; Conflict `write_conflict`
 */
export const takeComplaint = (
  deps: CommandDeps,
  complaint: IncomingComplaint,
  act: Act,
): Promise<IntakeResult> => {
  requireValid(deps, complaint, act)
  return withCustomers(deps, { ...complaint, command: commandOf(act) }, (hashes) =>
    takeHeld(deps, complaint, { act, hashes, held: noneHeld }),
  )
}

/** How long the next look waits for the views to have what the conflict came from, milliseconds. */
const viewsTimeoutMs = 2_000

/** Lets what others have in flight reach the log, and the log the views, before the next look. */
const otherWritersTurn = async ({ store, views }: Pick<CommandDeps, 'store' | 'views'>): Promise<void> => {
  await new Promise((resolve) => setImmediate(resolve))
  const head = await store.head()
  if (head !== null) await views.reached(head, viewsTimeoutMs)
}

const isConflict = (error: unknown): boolean =>
  error instanceof VersionConflict || (error instanceof Conflict && error.code === 'version_conflict')
