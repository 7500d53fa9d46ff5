/** Which of a ticket's turns count as units of the three rates (rulebook §8). */
import { type UnitFacts, unitFacts } from './measures.ts'
import { type Assignment, isOver, type Ticket, type Turn } from './state.ts'

/** Whose rates a unit counts in: a dealer's or an RBO's. */
export type UnitTier = 'dealer' | 'rbo'

/** What the rule looks at. `ended` and not `kept`: the unit is gone. */
export type CountableTurn = { tier: UnitTier; unit: string; ended: boolean; kept: boolean }

const exists = (turn: CountableTurn): boolean => !turn.ended || turn.kept

/**
 * The turns that count, of all turns of one ticket in the order they began: those that run or were kept, and of
 * several of one unit the last. One that was eclipsed by a later turn of its unit counts again once that is gone.
 * A ticket that is rescinded or a duplicate (`over`) has none.
 */
export const countedTurns = <T extends CountableTurn>(turns: readonly T[], over: boolean): T[] => {
  if (over) return []
  const there = turns.filter(exists)
  if (there.length < 2) return there
  return there.filter(
    (turn, index) => there.findLastIndex((one) => one.tier === turn.tier && one.unit === turn.unit) === index,
  )
}

/** The tier a holder counts for; SE and SE_MEDIA have no rates. */
export const unitTierOf = (tier: Assignment['tier']): UnitTier | null =>
  tier === 'dealer' || tier === 'rbo' ? tier : null

/** A unit of a ticket; `onlyResponse`: it was kept, and counts as failed on response and nowhere else. */
export type TicketUnit = { tier: UnitTier; turn: Turn; onlyResponse: boolean }

/** The units of a ticket as it is now: holders of both tiers, and on a B or C ticket the responsible dealers. */
export const unitsOf = (ticket: Ticket): TicketUnit[] => {
  const held = ticket.assignments.flatMap((turn) => {
    const tier = unitTierOf(turn.tier)
    return tier === null ? [] : [{ tier, turn }]
  })
  const named = ticket.responsibilities.map((turn) => ({ tier: 'dealer' as const, turn }))
  const turns = [...held, ...named]
    .sort((a, b) => (a.turn.startedAt < b.turn.startedAt ? -1 : a.turn.startedAt > b.turn.startedAt ? 1 : 0))
    .map(({ tier, turn }) => ({
      tier,
      unit: turn.unit,
      ended: turn.endedAt !== null,
      kept: turn.kept,
      turn,
    }))
  return countedTurns(turns, isOver(ticket)).map(({ tier, turn, kept }) => ({
    tier,
    turn,
    onlyResponse: kept,
  }))
}

/** What the measures of one unit of a ticket follow from, epoch ms. */
export const factsOf = (
  { closedAt, closing, repeatLinkedAt }: Ticket,
  { clocks, respondedAt }: Turn,
): UnitFacts =>
  unitFacts({
    responseDueAt: clocks.responseDueAt,
    respondedAt,
    closeDueAt: clocks.closeDueAt,
    closedAt,
    repeatWindowEndsAt: closing?.repeatWindowEndsAt ?? null,
    repeatLinkedAt,
  })
