/** A ticket as its events would have made it under a draft, and what its dealers' units come to (rulebook §8). */

import type { RecordMetadata } from '../aggregate.ts'
import { isInsideRepeatWindow } from '../calendar/repeatWindow.ts'
import type { HolderTier, Verdict } from '../codes.ts'
import { type Instant, toEpoch, toInstant } from '../instant.ts'
import type { DraftRules } from '../whatIf.ts'
import {
  type Clocks,
  type DataOf,
  type EventOfRule,
  entryOf,
  type TicketEvent,
  type TicketNo,
} from './events.ts'
import { evolve } from './evolve.ts'
import { type MeasureName, unitVerdicts } from './measures.ts'
import { keepsUnit } from './moving.ts'
import { currentAssignment, currentResponsibility, type Ticket } from './state.ts'
import { factsOf, unitsOf } from './units.ts'

/** A unit of a dealer; `null`: it does not count in the measure. */
export type JudgedUnit = Record<MeasureName, Verdict | null> & { dealer: string; startedAt: Instant }

type RecordedTicketEvent = TicketEvent & { metadata: RecordMetadata }

type ClockInputs = { tier: HolderTier; level: Ticket['level']; startedAt: Instant; setAt: Instant }

const clocksUnder = (
  rules: DraftRules,
  clocks: Clocks,
  { tier, level, startedAt, setAt }: ClockInputs,
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

type DraftInputs = {
  ticket: Ticket
  /** When it was recorded. */
  at: Instant
  rules: DraftRules
  /** Whether the days in which a repeat counts end at another instant. */
  moved: boolean
} & Pick<Around, 'receivedAt'>

const clocksFrom = (
  { rules, at }: DraftInputs,
  clocks: Clocks,
  { tier, level }: Pick<ClockInputs, 'tier' | 'level'>,
): Clocks => clocksUnder(rules, clocks, { tier, level, startedAt: at, setAt: at })

const recalculatedUnder = (
  data: DataOf<'DeadlinesRecalculated'>,
  { ticket, at, rules }: DraftInputs,
): DataOf<'DeadlinesRecalculated'> => {
  const { tier, startedAt } = currentAssignment(ticket)
  const named = currentResponsibility(ticket)
  const { holder, responsibleDealer } = data
  return {
    ...data,
    holder: clocksUnder(rules, holder, { tier, level: ticket.level, startedAt, setAt: at }),
    responsibleDealer:
      responsibleDealer === null || named === null
        ? responsibleDealer
        : clocksUnder(rules, responsibleDealer, {
            tier: 'dealer',
            level: 'B',
            startedAt: named.startedAt,
            setAt: at,
          }),
  }
}

/** A link that was allowed by the window as it is stays; another counts where the draft's window still takes it. */
const linkedUnder = (
  data: DataOf<'RepeatLinked'>,
  { ticket: { closedAt, closing }, moved, receivedAt }: DraftInputs,
): DataOf<'RepeatLinked'> | null => {
  if (!moved) return data
  const received = data.registration?.receivedAt ?? receivedAt(data.repeat)
  const window = { closedAt, repeatWindowEndsAt: closing?.repeatWindowEndsAt ?? null }
  return isInsideRepeatWindow(window, received) ? data : null
}

/** What each event would have said under a draft; `null`: the same, whatever the draft. */
const drafters: {
  [T in EventOfRule<'draft'>]: (data: DataOf<T>, drafting: DraftInputs) => DataOf<T> | null
} = {
  TicketDispatched: (data, drafting) => ({
    ...data,
    clocks: clocksFrom(drafting, data.clocks, { tier: data.tier, level: drafting.ticket.level }),
  }),
  ResponsibleDealerNamed: (data, drafting) => ({
    ...data,
    formerUnitKept: keepsUnit(currentResponsibility(drafting.ticket), false, drafting.at),
    clocks: clocksFrom(drafting, data.clocks, { tier: 'dealer', level: 'B' }),
  }),
  TicketRedispatched: (data, { ticket, at }) => ({
    ...data,
    formerUnitKept: keepsUnit(currentAssignment(ticket), data.misrouted, at),
  }),
  DeadlinesRecalculated: recalculatedUnder,
  TicketClosed: (data, { rules, at }) => ({
    ...data,
    repeatWindowEndsAt: toInstant(rules.windowEnd(toEpoch(at), toEpoch(data.repeatWindowEndsAt))),
  }),
  RepeatLinked: linkedUnder,
}

/** The event as it would have been recorded; `null`: it would not have counted. */
const eventUnder = (
  event: RecordedTicketEvent,
  drafting: Omit<DraftInputs, 'at'>,
): RecordedTicketEvent | null => {
  const drafter = entryOf<(data: never, drafting: DraftInputs) => unknown>(drafters, event.type)
  if (drafter === undefined) return event
  const data = drafter(event.data as never, { ...drafting, at: event.metadata.recordedAt })
  return data === null ? null : ({ ...event, data } as RecordedTicketEvent)
}

/** Without those that were linked to the ticket and unlinked by hand, whenever that was. */
export const neverUnlinked = (later: readonly Later[], events: readonly RecordedTicketEvent[]): Later[] => {
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
const movesWindow = (events: readonly RecordedTicketEvent[], rules: DraftRules): boolean =>
  events.some((event) => {
    if (event.type !== 'TicketClosed') return false
    const recorded = toEpoch(event.data.repeatWindowEndsAt)
    return rules.windowEnd(toEpoch(event.metadata.recordedAt), recorded) !== recorded
  })

/** What these events would have made under a draft. */
export const ticketUnder = (
  events: readonly RecordedTicketEvent[],
  { rules, receivedAt, later }: { rules: DraftRules } & Around,
): Ticket | null => {
  const moved = movesWindow(events, rules)
  let ticket: Ticket | null = null
  for (const event of events) {
    const next: RecordedTicketEvent | null =
      ticket === null ? event : eventUnder(event, { ticket, rules, moved, receivedAt })
    if (next !== null) ticket = evolve(ticket, next, next.metadata)
  }
  if (ticket === null || !moved || ticket.repeatLinkedAt !== null) return ticket
  const repeat = laterRepeat(ticket, later)
  return repeat === undefined ? ticket : { ...ticket, repeatLinkedAt: repeat.registeredAt }
}

/** The dealers' units of a ticket and their verdicts at `asOf`, inclusive. */
export const judgedUnits = (ticket: Ticket, asOf: Instant): JudgedUnit[] =>
  unitsOf(ticket)
    .filter(({ tier }) => tier === 'dealer')
    .map(({ term, onlyResponse, excluded }) => ({
      dealer: term.unit,
      startedAt: term.startedAt,
      ...unitVerdicts(factsOf(ticket, term), { onlyResponse, excluded, asOf: toEpoch(asOf) }),
    }))
