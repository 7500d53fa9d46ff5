/** A ticket as its events would have made it under a draft, and what its dealers' units come to (rulebook §8). */
import { isInsideRepeatWindow } from '../calendar/repeatWindow.ts'
import type { HolderTier, Verdict } from '../codes.ts'
import { type Instant, toEpoch, toInstant } from '../instant.ts'
import type { DraftRules } from '../whatIf.ts'
import type { Clocks, TicketEvent, TicketNo } from './events.ts'
import { evolve, type Who } from './evolve.ts'
import { type MeasureName, type Turns, verdictAt } from './measures.ts'
import { keepsUnit } from './moving.ts'
import { currentAssignment, currentResponsibility, type Ticket } from './state.ts'
import { measureTurnsOf, unitsOf } from './units.ts'

/** A unit of a dealer; `null`: it does not count in the measure. */
export type JudgedUnit = Record<MeasureName, Verdict | null> & { dealer: string; startedAt: Instant }

type Known = TicketEvent & { metadata: Who }

type Setting = { tier: HolderTier; level: Ticket['level']; startedAt: Instant; setAt: Instant }

const clocksUnder = (
  rules: DraftRules,
  clocks: Clocks,
  { tier, level, startedAt, setAt }: Setting,
): Clocks => {
  const { responseDueAt, closeDueAt } = rules.dues({
    tier,
    level,
    setAt,
    startedAt: toEpoch(startedAt),
    calendar: clocks.calendar,
    responseMinutes: clocks.responseMinutes,
    closeWorkingDays: clocks.closeWorkingDays,
    responseDueAt: toEpoch(clocks.responseDueAt),
    closeDueAt: clocks.closeDueAt === null ? null : toEpoch(clocks.closeDueAt),
  })
  return {
    ...clocks,
    responseDueAt: toInstant(responseDueAt),
    closeDueAt: closeDueAt === null ? null : toInstant(closeDueAt),
  }
}

/** Complaints that say of themselves that they came later than another ticket's window. */
export type Later = { ticketNo: TicketNo; receivedAt: Instant; registeredAt: Instant }

export type Around = {
  /** When the complaint behind a ticket was received. */
  receivedAt(ticketNo: TicketNo): Instant
  /** Those that came after this ticket's window and were about the same problem, in order of registration. */
  later: readonly Later[]
}

/** The event as it would have been recorded; `null`: it would not have counted. */
const eventUnder = (
  event: Known,
  ticket: Ticket,
  { rules, moved, receivedAt }: { rules: DraftRules; moved: boolean } & Pick<Around, 'receivedAt'>,
): Known | null => {
  const { metadata } = event
  const at = metadata.recordedAt
  const starting = (tier: HolderTier, level: Ticket['level']) => ({ tier, level, startedAt: at, setAt: at })
  switch (event.type) {
    case 'TicketDispatched': {
      const { clocks, tier } = event.data
      return {
        ...event,
        data: { ...event.data, clocks: clocksUnder(rules, clocks, starting(tier, ticket.level)) },
      }
    }
    case 'ResponsibleDealerNamed': {
      const formerUnitKept = keepsUnit(currentResponsibility(ticket), false, at)
      const clocks = clocksUnder(rules, event.data.clocks, starting('dealer', 'B'))
      return { ...event, data: { ...event.data, formerUnitKept, clocks } }
    }
    case 'TicketRedispatched': {
      const formerUnitKept = keepsUnit(currentAssignment(ticket), event.data.misrouted, at)
      return { ...event, data: { ...event.data, formerUnitKept } }
    }
    case 'DeadlinesRecalculated': {
      const { holder, responsibleDealer } = event.data
      const { tier, startedAt } = currentAssignment(ticket)
      const named = currentResponsibility(ticket)
      const ofNamed: Setting | null = named && {
        tier: 'dealer',
        level: 'B',
        startedAt: named.startedAt,
        setAt: at,
      }
      const data = {
        ...event.data,
        holder: clocksUnder(rules, holder, { tier, level: ticket.level, startedAt, setAt: at }),
        responsibleDealer:
          responsibleDealer === null || ofNamed === null
            ? responsibleDealer
            : clocksUnder(rules, responsibleDealer, ofNamed),
      }
      return { ...event, data }
    }
    case 'TicketClosed': {
      const ends = rules.windowEnd(toEpoch(at), toEpoch(event.data.repeatWindowEndsAt))
      return { ...event, data: { ...event.data, repeatWindowEndsAt: toInstant(ends) } }
    }
    case 'RepeatLinked': {
      // a link that was allowed by the window as it is stays
      if (!moved) return event
      const { repeat, registration } = event.data
      const received = registration?.receivedAt ?? receivedAt(repeat)
      const { closedAt, closing } = ticket
      const window = { closedAt, repeatWindowEndsAt: closing?.repeatWindowEndsAt ?? null }
      return isInsideRepeatWindow(window, received) ? event : null
    }
    default:
      return event
  }
}

/** Without those that were linked to the ticket and unlinked by hand, whenever that was. */
export const neverUnlinked = (later: readonly Later[], events: readonly Known[]): Later[] => {
  const unlinked = new Set(
    events.flatMap((event) => (event.type === 'RepeatUnlinked' ? [event.data.repeat] : [])),
  )
  return later.filter(({ ticketNo }) => !unlinked.has(ticketNo))
}

/** The complaint that would have been linked as a repeat, had the window been longer. */
const laterRepeat = ({ closedAt, closing }: Ticket, later: readonly Later[]): Later | undefined => {
  const window = { closedAt, repeatWindowEndsAt: closing?.repeatWindowEndsAt ?? null }
  return later.find(({ receivedAt }) => isInsideRepeatWindow(window, receivedAt))
}

/** Whether the days in which a repeat counts would end at another instant. */
const movesWindow = (events: readonly Known[], rules: DraftRules): boolean =>
  events.some((event) => {
    if (event.type !== 'TicketClosed') return false
    const recorded = toEpoch(event.data.repeatWindowEndsAt)
    return rules.windowEnd(toEpoch(event.metadata.recordedAt), recorded) !== recorded
  })

/** What these events would have made under a draft. */
export const ticketUnder = (
  events: readonly Known[],
  { rules, receivedAt, later }: { rules: DraftRules } & Around,
): Ticket | null => {
  const moved = movesWindow(events, rules)
  let ticket: Ticket | null = null
  for (const event of events) {
    const next: Known | null =
      ticket === null ? event : eventUnder(event, ticket, { rules, moved, receivedAt })
    if (next !== null) ticket = evolve(ticket, next, next.metadata)
  }
  if (ticket === null || !moved || ticket.repeatLinkedAt !== null) return ticket
  const repeat = laterRepeat(ticket, later)
  return repeat === undefined ? ticket : { ...ticket, repeatLinkedAt: repeat.registeredAt }
}

/** The dealers' units of a ticket and their verdicts at `asOf`, inclusive. */
export const judgedUnits = (ticket: Ticket, asOf: Instant): JudgedUnit[] => {
  const judged = (turns: Turns | null): Verdict | null => turns && verdictAt(turns, asOf)
  return unitsOf(ticket)
    .filter(({ tier }) => tier === 'dealer')
    .map((unit) => {
      const { response, close, firstTime } = measureTurnsOf(ticket, unit)
      return {
        dealer: unit.turn.unit,
        startedAt: unit.turn.startedAt,
        response: judged(response),
        close: judged(close),
        firstTime: judged(firstTime),
      }
    })
}
