/** The front door: is a complaint new, a call on an open ticket, or an escalation? (rulebook §6) */
import { actingRole } from '../../../domain/authority.ts'
import type { Channel, Flag, Source } from '../../../domain/codes.ts'
import { type CustomerHashes, givenHashes } from '../../../domain/customerKeys.ts'
import { VersionConflict } from '../../../domain/eventStore.ts'
import { type Instant, toEpoch, toInstant } from '../../../domain/instant.ts'
import { Refusal } from '../../../domain/refusal.ts'
import type { Sealed } from '../../../domain/sealed.ts'
import type { SubjectId } from '../../../domain/subjectKeys.ts'
import { decide } from '../../../domain/ticket/decide.ts'
import type { Registration } from '../../../domain/ticket/events.ts'
import {
  categoryOfRepeat,
  type Known,
  type Match,
  matchAgainst,
  namedTicket,
  proposedTicket,
} from '../../../domain/ticket/matching.ts'
import type { Person } from '../../../domain/ticket/person.ts'
import type { Category } from '../../../domain/ticket/routing.ts'
import type { Ticket } from '../../../domain/ticket/state.ts'
import type { KnownTicket } from '../../../projections/customers.ts'
import { Conflict } from '../conflict.ts'
import type { CommandDeps } from '../deps.ts'
import { exclusively } from '../keyedMutex.ts'
import { inCustomersTurn } from '../locks.ts'
import { hashesOfPerson } from './customer.ts'
import {
  type Act,
  type Done,
  decideAndAppend,
  execute,
  followingAct,
  notBefore,
  requireInOrder,
  speakingOf,
} from './execute.ts'
import { knownAt } from './knownAt.ts'
import { ticketNoOf } from './ticketNo.ts'

/** A complaint as it came in, its text sealed once the data subject is known. */
export type Complaint = {
  channel: Channel
  source: Source | null
  category: Category
  dealerCode: string | null
  person: Person
  flags: Flag[]
  /** A ticket's number, `null` for a different problem, `auto` for the system's proposal. */
  sameProblemAs: string | null
  externalNo: string | null
  receivedAt: Instant | null
  text(subject: SubjectId): Sealed
  customer(subject: SubjectId): Sealed
  /** Set where the person is a ticket's customer already. */
  subjectId?: SubjectId
}

export type Outcome = 'registered' | 'escalated' | 'contact_logged'
export type Taken = Done & { outcome: Outcome }

const attempts = 8

const check = (deps: CommandDeps, { receivedAt, dealerCode }: Complaint, { actor, now }: Act): void => {
  actingRole(actor, 'register')
  if (receivedAt !== null && receivedAt > now) throw new Refusal('future_instant', {}, '#/receivedAt')
  if (dealerCode !== null && deps.views.master.at(now).dealer(dealerCode) === null)
    throw new Refusal('unknown_dealer', { code: dealerCode }, '#/dealerCode')
}

const match = async (
  deps: CommandDeps,
  complaint: Complaint,
  ofCustomer: readonly KnownTicket[],
  now: Instant,
): Promise<Match> => {
  const { sameProblemAs, source, category } = complaint
  const viaSource = source !== null
  const receivedAt = complaint.receivedAt ?? now
  if (sameProblemAs === null) return { kind: 'new', relatedTo: null }
  return knownAt(deps, now, (lookup, current) => {
    if (sameProblemAs !== 'auto') {
      const named = namedTicket(sameProblemAs, lookup)
      if (named === null) throw new Refusal('unknown_ticket', { ticketNo: sameProblemAs }, '#/sameProblemAs')
      return matchAgainst(named, { receivedAt, viaSource })
    }
    const known = ofCustomer.flatMap((ticket) => current(ticket) ?? [])
    return matchAgainst(proposedTicket(known, category, lookup), { receivedAt, viaSource })
  })
}

/** The customer's subject by customer number, else by phone, else a new one: a VIN alone never joins two people. */
const subjectFor = (
  deps: CommandDeps,
  complaint: Complaint,
  hashes: CustomerHashes,
  isKnown: boolean,
): SubjectId | Promise<SubjectId> =>
  complaint.subjectId ??
  (isKnown ? deps.views.customers.subjectOf(hashes.customerId, hashes.phone) : null) ??
  deps.subjects.create()

/** Another caller may have closed, repeated or rescinded the ticket since it was matched: then match anew. */
const asMatched =
  (known: Known) =>
  (ticket: Ticket): void => {
    if (ticket.state !== known.state || ticket.escalatedTo !== known.escalatedTo)
      throw new Conflict('version_conflict')
  }

const logContact = async (
  deps: CommandDeps,
  complaint: Complaint,
  on: Known,
  subjectId: SubjectId,
  act: Act,
): Promise<Taken> => {
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
  })
  return {
    outcome: 'contact_logged',
    ...(await execute(deps, on.ticketNo, { command, before: asMatched(on), once: true }, act)),
  }
}

const registrationOf = (
  complaint: Complaint,
  found: Match & { kind: 'new' | 'escalate' },
  subjectId: SubjectId,
  act: Act,
): Omit<Registration, 'ticketNo'> => {
  const earlier: Known | null = found.kind === 'escalate' ? found.ticket : null
  return {
    externalNo: complaint.externalNo,
    subjectId,
    channel: complaint.channel,
    source: complaint.source,
    category: earlier === null ? complaint.category : categoryOfRepeat(earlier, complaint.source !== null),
    ordinal: (earlier?.ordinal ?? 0) + 1,
    receivedAt: complaint.receivedAt ?? act.now,
    flags: complaint.flags,
    dealer: complaint.dealerCode ?? earlier?.dealer ?? null,
    escalatedFrom: earlier?.ticketNo ?? null,
    relatedTo: found.kind === 'new' ? found.relatedTo : null,
    customer: complaint.customer(subjectId),
    text: complaint.text(subjectId),
  }
}

/** @throws Refusal where a registration is not possible; does nothing. */
const requireRegistrable = (deps: CommandDeps, registration: Registration, { actor, now }: Act): void => {
  decide(null, { type: 'Register', now, actor, registration }, { master: deps.views.master.at(now), now })
}

const openRepeat = async (
  deps: CommandDeps,
  registration: Registration,
  earlier: Known,
  act: Act,
): Promise<Taken> => {
  const { actor, now } = act
  const { ticketNo } = registration
  // the repeat must be able to exist before the earlier ticket names it
  requireRegistrable(deps, registration, act)
  const command = (_: Ticket, at: Instant) => ({ type: 'OpenRepeat' as const, now: at, actor, registration })
  const opened = await execute(
    deps,
    earlier.ticketNo,
    { command, before: asMatched(earlier), once: true },
    act,
  )
  const register = { type: 'Register' as const, now, actor, registration }
  const following = followingAct(act, ticketNo, (opened.events[0] as { id: string }).id)
  const attempt = { ticket: null, command: register, act: following, ticketNo }
  return { outcome: 'escalated', ...(await decideAndAppend(deps, attempt)) }
}

/**
 * The act after all that it may be matched with: a clock that was set back must not hide a customer's tickets, and a
 * repeat is received strictly after the closing (rulebook §5). An import keeps its line's instant.
 */
const afterAll = (act: Act, tickets: readonly (KnownTicket | null)[]): Act => {
  const newest = tickets.reduce((now, ticket) => (ticket === null ? now : notBefore(now, ticket)), act.now)
  return act.imported || newest === act.now ? act : { ...act, now: toInstant(toEpoch(newest) + 1) }
}

const takeOnce = async (
  deps: CommandDeps,
  complaint: Complaint,
  hashes: CustomerHashes,
  { act: asked, attempt }: { act: Act; attempt: number },
): Promise<Taken> => {
  const ofCustomer = deps.views.customers.ticketsOf(givenHashes(hashes))
  const { sameProblemAs } = complaint
  const named = sameProblemAs === null ? null : deps.views.customers.known(sameProblemAs)
  const act = afterAll(asked, [...ofCustomer, named])
  const found = await match(deps, complaint, ofCustomer, act.now)
  const subjectId = await subjectFor(deps, complaint, hashes, ofCustomer.length > 0)
  const known = speakingOf(act, subjectId)
  if (found.kind === 'contact') return logContact(deps, complaint, found.ticket, subjectId, known)
  // its repeat is named, but not there yet: another caller is about to register it
  if (found.kind === 'escalate' && found.ticket.escalatedTo !== null) throw new Conflict('version_conflict')
  const ticketNo = ticketNoOf(act.commandId, act.now, attempt)
  const registration = { ticketNo, ...registrationOf(complaint, found, subjectId, act) }
  if (found.kind === 'escalate') return openRepeat(deps, registration, found.ticket, known)
  const command = { type: 'Register' as const, now: act.now, actor: act.actor, registration }
  return {
    outcome: 'registered',
    ...(await decideAndAppend(deps, { ticket: null, command, act: known, ticketNo })),
  }
}

/** @throws Refusal `external_no_taken` */
const requireFree = (deps: CommandDeps, externalNo: string | null): void => {
  if (externalNo === null) return
  const ticketNo = deps.views.tickets.numberOf(externalNo)
  if (ticketNo !== null) throw new Refusal('external_no_taken', { externalNo, ticketNo }, '#/externalNo')
}

/** Refuses what `takeComplaint` would refuse, of a customer that is known already, and does nothing. */
export const requireTakeable = async (
  deps: CommandDeps,
  complaint: Complaint & { subjectId: SubjectId },
  act: Act,
): Promise<void> => {
  check(deps, complaint, act)
  requireFree(deps, complaint.externalNo)
  const found = await match(deps, complaint, [], act.now)
  if (found.kind !== 'new') {
    const known = deps.views.customers.known(found.ticket.ticketNo)
    if (known !== null) requireInOrder(act, known)
  }
  if (found.kind === 'contact') return
  const ticketNo = ticketNoOf(act.commandId, act.now)
  const registration = { ticketNo, ...registrationOf(complaint, found, complaint.subjectId, act) }
  requireRegistrable(deps, registration, act)
}

/** What must not happen twice at once: the same customer's complaints, and the same external number's. */
const lockKeys = (hashes: CustomerHashes, externalNo: string | null): string[] => [
  ...givenHashes(hashes).map((hash) => Buffer.from(hash).toString('base64')),
  ...(externalNo === null ? [] : [`external ${externalNo}`]),
]

/**
 * Takes a complaint in. One customer's complaints are taken one after the other, each seeing what the one before
 * did; where another writer moved the ticket in between, the matching is done anew.
 * @throws Refusal; Conflict `write_conflict`
 */
export const takeComplaint = (deps: CommandDeps, complaint: Complaint, act: Act): Promise<Taken> => {
  check(deps, complaint, act)
  const hashes = hashesOfPerson(deps, complaint.person)
  const { externalNo } = complaint
  const take = async (): Promise<Taken> => {
    requireFree(deps, externalNo)
    for (let attempt = 1; ; attempt++) {
      try {
        return await takeOnce(deps, complaint, hashes, { act, attempt })
      } catch (error) {
        if (!isConflict(error)) throw error
        if (attempt === attempts) throw new Conflict('write_conflict')
        await otherWritersTurn(deps)
      }
    }
  }
  return exclusively(lockKeys(hashes, externalNo), () => inCustomersTurn(deps, { hashes, externalNo }, take))
}

/** How long the next look waits for the views to have what the conflict came from, milliseconds. */
const viewsPatienceMs = 2_000

/** Lets what others have under way reach the log, and the log the views, before the next look. */
const otherWritersTurn = async ({ store, views }: Pick<CommandDeps, 'store' | 'views'>): Promise<void> => {
  await new Promise((resolve) => setImmediate(resolve))
  const head = await store.head()
  if (head !== null) await views.reached(head, viewsPatienceMs)
}

const isConflict = (error: unknown): boolean =>
  error instanceof VersionConflict || (error instanceof Conflict && error.code === 'version_conflict')
