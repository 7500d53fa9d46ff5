/** Which of a ticket's terms count as units of the three rates (rulebook §8). */
import { countedMeasures, type MeasureName, type UnitFacts, unitFacts } from './measures.ts'
import { type Assignment, isOver, type Term, type Ticket } from './state.ts'

/** Whose rates a unit counts in: a dealer's or an RBO's. */
export type UnitTier = 'dealer' | 'rbo'

/** What the rule looks at. `ended` and not `kept`: the unit is gone. */
export type CountableTerm = { tier: UnitTier; unit: string; ended: boolean; kept: boolean }

const exists = (term: CountableTerm): boolean => !term.ended || term.kept

/**
 * The terms that count, of all terms of one ticket in the order they began: those that run or were kept, and of
 * several of one unit the last. One that was eclipsed by a later term of its unit counts again once that is gone.
 * A ticket that is rescinded or a duplicate (`over`) has none.
 */
export const countedTerms = <T extends CountableTerm>(terms: readonly T[], over: boolean): T[] => {
  if (over) return []
  const there = terms.filter(exists)
  if (there.length < 2) return there
  return there.filter(
    (term, index) => there.findLastIndex((one) => one.tier === term.tier && one.unit === term.unit) === index,
  )
}

/** The tier a holder counts for; SE and SE_MEDIA have no rates. */
export const unitTierOf = (tier: Assignment['tier']): UnitTier | null =>
  tier === 'dealer' || tier === 'rbo' ? tier : null

/**
 * A unit of a ticket; `onlyResponse`: it was kept, and counts as failed on response and nowhere else. `excluded`: the
 * measures that an upheld objection took it out of (rulebook §14).
 */
export type TicketUnit = {
  tier: UnitTier
  term: Term
  onlyResponse: boolean
  excluded: readonly MeasureName[]
}

/** The measures that an upheld objection took a dealer's term out of. */
const excludedOf = (
  { objections }: Ticket,
  tier: UnitTier,
  { unit, startedAt }: Term,
): readonly MeasureName[] =>
  objections.find(
    ({ status, dealer, dispatchedAt }) =>
      status === 'upheld' && tier === 'dealer' && dealer === unit && dispatchedAt === startedAt,
  )?.measures ?? []

/**
 * The units of a ticket as it is now: holders of both tiers, and on a B or C ticket the responsible dealers; without
 * those that count in no measure any more.
 */
export const unitsOf = (ticket: Ticket): TicketUnit[] => {
  const held = ticket.assignments.flatMap((term) => {
    const tier = unitTierOf(term.tier)
    return tier === null ? [] : [{ tier, term }]
  })
  const named = ticket.responsibilities.map((term) => ({ tier: 'dealer' as const, term }))
  const terms = [...held, ...named]
    .sort((a, b) => (a.term.startedAt < b.term.startedAt ? -1 : a.term.startedAt > b.term.startedAt ? 1 : 0))
    .map(({ tier, term }) => ({
      tier,
      unit: term.unit,
      ended: term.endedAt !== null,
      kept: term.kept,
      term,
    }))
  return countedTerms(terms, isOver(ticket))
    .map(({ tier, term, kept }) => ({
      tier,
      term,
      onlyResponse: kept,
      excluded: excludedOf(ticket, tier, term),
    }))
    .filter((unit) => countedMeasures(unit).length > 0)
}

/** What the measures of one unit of a ticket follow from, epoch ms. */
export const factsOf = (
  { closedAt, closing, repeatLinkedAt }: Ticket,
  { clocks, respondedAt }: Term,
): UnitFacts =>
  unitFacts({
    responseDueAt: clocks.responseDueAt,
    respondedAt,
    closeDueAt: clocks.closeDueAt,
    closedAt,
    repeatWindowEndsAt: closing?.repeatWindowEndsAt ?? null,
    repeatLinkedAt,
  })
