/** A complaint before it is taken in: what it says, what it is matched with, and what it would register (rulebook §6). */
import { actingRole } from '../../../domain/authority.ts'
import type { Channel, Flag, Source } from '../../../domain/codes.ts'
import type { Instant } from '../../../domain/instant.ts'
import { Refusal } from '../../../domain/refusal.ts'
import type { SealedText } from '../../../domain/sealed.ts'
import type { SubjectId } from '../../../domain/subjectKeys.ts'
import { decide } from '../../../domain/ticket/decide.ts'
import type { Registration } from '../../../domain/ticket/events.ts'
import {
  categoryOfRepeat,
  type Match,
  type MatchableTicket,
  matchAgainst,
  namedTicket,
  proposedTicket,
} from '../../../domain/ticket/matching.ts'
import type { Person } from '../../../domain/ticket/person.ts'
import type { Category } from '../../../domain/ticket/routing.ts'
import type { KnownTicket } from '../../../projections/customers.ts'
import type { Act } from '../act.ts'
import type { CommandDeps } from '../deps.ts'
import { requireOthersTakeLines } from './execute.ts'
import { knownAt } from './knownAt.ts'
import { ticketNoOf } from './ticketNo.ts'

/** A complaint as it came in, its text sealed once the data subject is known. */
export type IncomingComplaint = {
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
  /** Rulebook §14, weight and remedy. */
  weight: Pick<Registration, 'severity' | 'safety' | 'remedy'>
  text(subject: SubjectId): SealedText
  customer(subject: SubjectId): SealedText
  /** Set where the person is a ticket's customer already. */
  subjectId?: SubjectId
}

/** @throws Refusal `role_not_allowed`, `future_instant`, `unknown_dealer` */
export const requireValid = (
  deps: CommandDeps,
  { receivedAt, dealerCode }: IncomingComplaint,
  { actor, now }: Act,
): void => {
  actingRole(actor, 'register')
  if (receivedAt !== null && receivedAt > now) throw new Refusal('future_instant', {}, '#/receivedAt')
  if (dealerCode !== null && deps.views.master.at(now).dealer(dealerCode) === null)
    throw new Refusal('unknown_dealer', { code: dealerCode }, '#/dealerCode')
}

/** What the complaint is about: an import's as tickets were known at its instant, any other as they are. @throws Refusal `unknown_ticket` */
export const match = async (
  deps: CommandDeps,
  complaint: IncomingComplaint,
  ofCustomer: readonly KnownTicket[],
  { now, imported }: Pick<Act, 'now' | 'imported'>,
): Promise<Match> => {
  const { sameProblemAs, source, category } = complaint
  const viaSource = source !== null
  const receivedAt = complaint.receivedAt ?? now
  if (sameProblemAs === null) return { kind: 'new', relatedTo: null }
  return knownAt(deps, imported ? now : null, (lookup, current) => {
    if (sameProblemAs !== 'auto') {
      const named = namedTicket(sameProblemAs, lookup)
      if (named === null) throw new Refusal('unknown_ticket', { ticketNo: sameProblemAs }, '#/sameProblemAs')
      return matchAgainst(named, { receivedAt, viaSource, now })
    }
    const known = ofCustomer.flatMap((ticket) => current(ticket) ?? [])
    return matchAgainst(proposedTicket(known, category, lookup), { receivedAt, viaSource, now })
  })
}

/** What the complaint registers, but for the number. */
export const registrationOf = (
  complaint: IncomingComplaint,
  found: Match & { kind: 'new' | 'escalate' },
  subjectId: SubjectId,
  act: Act,
): Omit<Registration, 'ticketNo'> => {
  const earlier: MatchableTicket | null = found.kind === 'escalate' ? found.ticket : null
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
    ...complaint.weight,
  }
}

/** @throws Refusal where a registration is not possible; does nothing. */
export const requireRegistrable = (
  deps: CommandDeps,
  registration: Registration,
  { actor, now }: Act,
): void => {
  decide(null, { type: 'Register', now, actor, registration }, { master: deps.views.master.at(now), now })
}

/** @throws Refusal `external_no_taken` */
export const requireFree = (deps: CommandDeps, externalNo: string | null): void => {
  if (externalNo === null) return
  const ticketNo = deps.views.tickets.numberOf(externalNo)
  if (ticketNo !== null) throw new Refusal('external_no_taken', { externalNo, ticketNo }, '#/externalNo')
}

/** Refuses what `takeComplaint` would refuse, of a customer that is known already, with its tickets; does nothing. */
export const requireTakeable = async (
  deps: CommandDeps,
  complaint: IncomingComplaint & { subjectId: SubjectId },
  act: Act,
  ofCustomer: readonly KnownTicket[] = [],
): Promise<void> => {
  requireValid(deps, complaint, act)
  requireFree(deps, complaint.externalNo)
  const found = await match(deps, complaint, ofCustomer, act)
  if (found.kind !== 'new') await requireOthersTakeLines(deps, act, [found.ticket.ticketNo])
  if (found.kind === 'contact') return
  const ticketNo = ticketNoOf(act.commandId, act.now)
  const registration = { ticketNo, ...registrationOf(complaint, found, complaint.subjectId, act) }
  requireRegistrable(deps, registration, act)
}
