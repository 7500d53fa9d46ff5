/** What one ticket means for a dealer's quarter: the unit that counts, or why none does (rulebook §8, §9). */
import type { ObjectionStatus, Verdict } from '../codes.ts'
import type { Metadata } from '../eventStore.ts'
import { type Instant, toEpoch } from '../instant.ts'
import type { Words } from '../refusal.ts'
import type { TicketEvent, TicketNo } from './events.ts'
import { fold } from './evolve.ts'
import { type MeasureName, unitVerdicts } from './measures.ts'
import { isOver, type Objection, type Term, type Ticket } from './state.ts'
import { factsOf, type TicketUnit, unitsOf } from './units.ts'

/** Why a term of a dealer counts nowhere. */
export const notCountedReasons = {
  rescinded: { en: 'The ticket was rescinded.', zh: '工单已撤销。' },
  duplicate: { en: 'The ticket was marked a duplicate.', zh: '工单已标记为重复。' },
  misrouted: { en: 'The ticket was misrouted and went elsewhere.', zh: '工单误分配，已再分配给其他单位。' },
  redispatched: {
    en: 'The ticket was taken away before its response was late.',
    zh: '工单在响应超时前已再分配给其他单位。',
  },
  reclassified: { en: 'Another category moved the ticket elsewhere.', zh: '工单重新分类后由其他层级处理。' },
  became_repeat: {
    en: 'The ticket became a repeat complaint and moved to the next tier.',
    zh: '工单成为重复投诉，已转由上一级处理。',
  },
  other_dealer_named: {
    en: 'Another dealer was named responsible before the response was late.',
    zh: '在响应超时前已指定其他责任经销商。',
  },
  objection_upheld: {
    en: 'An objection to all of its measures was upheld.',
    zh: '对其全部指标的申诉成立。',
  },
  later_unit: { en: 'A later term of the same dealer counts instead.', zh: '以该经销商之后的处理为准。' },
} as const satisfies Record<string, Words>
export type NotCountedReason = keyof typeof notCountedReasons

/** `verdict` is `null` where the unit does not count in the measure. */
export type UnitMeasure = { verdict: Verdict | null; dueAt: Instant | null; doneAt: Instant | null }

export type DealerUnit = {
  ticketNo: TicketNo
  dispatchedAt: Instant
  response: UnitMeasure
  close: UnitMeasure
  firstTime: UnitMeasure
}

export type UncountedAssignment = { ticketNo: TicketNo; dispatchedAt: Instant; reason: NotCountedReason }

type RecordedTicketEvent = TicketEvent & { metadata: Pick<Metadata, 'recordedAt' | 'actor'> }

/** What ended each assignment but the last, in their order. */
const endingsOf = (events: readonly TicketEvent[]): NotCountedReason[] => {
  const endings: NotCountedReason[] = []
  let cause: NotCountedReason | null = null
  for (const event of events) {
    if (event.type === 'TicketRedispatched') cause = event.data.misrouted ? 'misrouted' : 'redispatched'
    else if (event.type === 'TicketReclassified') cause = 'reclassified'
    else if (event.type === 'BecameRepeat') cause = 'became_repeat'
    else if (event.type === 'TicketDispatched') {
      if (cause !== null) endings.push(cause)
      cause = null
    }
  }
  return endings
}

/** The objection to a dealer's term; `undefined`: there is none. */
const objectionTo = ({ objections }: Ticket, { unit, startedAt }: Term): Objection | undefined =>
  objections.find(({ dealer, dispatchedAt }) => dealer === unit && dispatchedAt === startedAt)

/** The ticket as if nobody had objected to the term. */
const withoutObjection = (ticket: Ticket, term: Term): Ticket => ({
  ...ticket,
  objections: ticket.objections.filter((each) => each !== objectionTo(ticket, term)),
})

/** Why a term does not count. */
const reasonOf = (ticket: Ticket, term: Term, ending: NotCountedReason): NotCountedReason => {
  if (term.endedAt !== null && !term.kept) return ending
  if (isOver(ticket)) return ticket.state === 'rescinded' ? 'rescinded' : 'duplicate'
  const wouldCount = unitsOf(withoutObjection(ticket, term)).some((unit) => unit.term === term)
  return wouldCount ? 'objection_upheld' : 'later_unit'
}

/** An objection to one of the dealer's units, and which of the measures named it took the unit out of. */
export type ListedObjection = {
  ticketNo: TicketNo
  objectionId: string
  dispatchedAt: Instant
  measures: readonly MeasureName[]
  status: ObjectionStatus
  raisedAt: Instant
  decidedAt: Instant | null
  /** What the unit would be in each measure that it was taken out of. */
  changed: { measure: MeasureName; verdict: Verdict }[]
}

const listedOf = (ticket: Ticket, term: Term, asOf: Instant): ListedObjection[] => {
  const objection = objectionTo(ticket, term)
  if (objection === undefined) return []
  const { objectionId, dispatchedAt, measures, status, raisedAt, decidedAt } = objection
  const unit = unitsOf(withoutObjection(ticket, term)).find((each) => each.term === term)
  const would = unit && verdictsOf(ticket, unit, asOf)
  return [
    {
      ...{ ticketNo: ticket.ticketNo, objectionId, dispatchedAt, measures, status, raisedAt, decidedAt },
      changed: measures.flatMap((measure) => {
        const verdict = status === 'upheld' ? (would?.[measure] ?? null) : null
        return verdict === null ? [] : [{ measure, verdict }]
      }),
    },
  ]
}

const verdictsOf = (
  ticket: Ticket,
  { term, onlyResponse, excluded }: Pick<TicketUnit, 'term' | 'onlyResponse' | 'excluded'>,
  asOf: Instant,
) => unitVerdicts(factsOf(ticket, term), { onlyResponse, excluded, asOf: toEpoch(asOf) })

const uncounted: UnitMeasure = { verdict: null, dueAt: null, doneAt: null }

const unitOf = (ticket: Ticket, unit: TicketUnit, asOf: Instant): DealerUnit => {
  const { term } = unit
  const { clocks, respondedAt } = term
  const { closedAt, closing } = ticket
  const verdicts = verdictsOf(ticket, unit, asOf)
  const measure = (verdict: Verdict | null, dueAt: Instant | null, doneAt: Instant | null): UnitMeasure =>
    verdict === null ? uncounted : { verdict, dueAt, doneAt }
  return {
    ticketNo: ticket.ticketNo,
    dispatchedAt: term.startedAt,
    response: measure(verdicts.response, clocks.responseDueAt, respondedAt),
    close: measure(verdicts.close, clocks.closeDueAt, closedAt),
    firstTime: measure(verdicts.firstTime, closing?.repeatWindowEndsAt ?? null, closedAt),
  }
}

export type DealerPeriod = {
  dealer: string
  /** Of the dispatch to the dealer; half-open. */
  from: Instant
  to: Instant
  asOf: Instant
}

/**
 * The terms of a dealer at one ticket that began in a period: those that count, with their verdicts at `asOf`, and
 * the others with the reason, and the objections to them. `events` are the ticket's that were known at `asOf`, in order.
 */
export const dealerUnits = (
  events: readonly RecordedTicketEvent[],
  { dealer, from, to, asOf }: DealerPeriod,
): { units: DealerUnit[]; notCounted: UncountedAssignment[]; objections: ListedObjection[] } => {
  const ticket = fold(events)
  if (ticket === null) return { units: [], notCounted: [], objections: [] }
  const endings = endingsOf(events)
  const isOwn = ({ unit, startedAt }: Term): boolean => unit === dealer && from <= startedAt && startedAt < to
  const terms = [
    ...ticket.assignments.map((term, index) => ({ term, tier: term.tier, ending: endings[index] })),
    ...ticket.responsibilities.map((term) => ({ term, tier: 'dealer', ending: undefined })),
  ].filter(({ term, tier }) => tier === 'dealer' && isOwn(term))
  const counted = new Map(unitsOf(ticket).map((unit) => [unit.term, unit]))
  return {
    units: terms.flatMap(({ term }) => {
      const unit = counted.get(term)
      return unit === undefined ? [] : [unitOf(ticket, unit, asOf)]
    }),
    objections: terms.flatMap(({ term }) => listedOf(ticket, term, asOf)),
    notCounted: terms.flatMap(({ term, ending = 'other_dealer_named' }) =>
      counted.has(term)
        ? []
        : [
            {
              ticketNo: ticket.ticketNo,
              dispatchedAt: term.startedAt,
              reason: reasonOf(ticket, term, ending),
            },
          ],
    ),
  }
}
