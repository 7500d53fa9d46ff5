/** A quarter's units as they are and as a draft would have them, dealer by dealer; nothing is kept and nothing changed. */
import { setImmediate as yieldToEventLoop } from 'node:timers/promises'
import type { RecordMetadata } from '../../domain/aggregate.ts'
import { knownBy } from '../../domain/asKnown.ts'
import { addServiceMinutes, closeDeadline } from '../../domain/calendar/workingTime.ts'
import { isOverState } from '../../domain/codes.ts'
import { type Instant, toEpoch, toInstant } from '../../domain/instant.ts'
import { calendarOf } from '../../domain/master.ts'
import type { TicketEvent } from '../../domain/ticket/events.ts'
import { fold } from '../../domain/ticket/evolve.ts'
import { measureNames, type UnitFacts, unitVerdicts } from '../../domain/ticket/measures.ts'
import {
  type JudgedUnit,
  judgedUnits,
  type Later,
  neverUnlinked,
  ticketUnder,
} from '../../domain/ticket/whatIf.ts'
import type { DraftRules } from '../../domain/whatIf.ts'
import type { Queries } from '../allProjections.ts'
import type { KpiCounts, KpiVersion } from '../kpi/query.ts'
import type { TicketView } from '../tickets/ticketView.ts'

export type UnitsByDealer = ReadonlyMap<string, KpiCounts>

type Sources = Pick<Queries, 'tickets' | 'kpi' | 'master'> & {
  /** A ticket's events as they were recorded, in order. */
  eventsOf(ticketNo: string): Promise<readonly (TicketEvent & { metadata: RecordMetadata })[]>
}

type DraftQuarterQuery = { from: Instant; to: Instant; asOf: Instant; rules: DraftRules }

/** What is done before yielding to the event loop: some milliseconds' worth each. */
const turnsASlice = 500
const termsAtOnce = 10_000
const ticketsASlice = 25

type UnitVerdicts = Omit<JudgedUnit, 'startedAt'>

const createCounts = () => {
  const byDealer = new Map<string, KpiCounts>()
  const none = () => ({ met: 0, failed: 0, pending: 0 })
  return {
    byDealer,
    add: (unit: UnitVerdicts): void => {
      let counts = byDealer.get(unit.dealer)
      if (counts === undefined) {
        counts = { total: 0, response: none(), close: none(), firstTime: none() }
        byDealer.set(unit.dealer, counts)
      }
      counts.total += 1
      for (const name of measureNames) {
        const verdict = unit[name]
        if (verdict !== null) counts[name][verdict] += 1
      }
    },
  }
}

/** A term that nothing ever happened to but what is ahead of every term: its one span tells all of it. */
const isPlain = ({ newest, kept, excluded, knownFrom, knownTo, dispatchedAt }: KpiVersion): boolean =>
  newest === 1 && kept === 0 && excluded === 0 && knownTo === null && knownFrom === dispatchedAt

const judged = (dealer: string, facts: UnitFacts, asOf: number): UnitVerdicts => ({
  dealer,
  ...unitVerdicts(facts, { onlyResponse: false, excluded: [], asOf }),
})

/**
 * The plain term as the draft would have it; `null`: only the log knows, for its clocks were set by something else
 * than what is known of that day today, or its repeat counts by another window.
 */
const plainUnder = (
  term: KpiVersion,
  {
    master,
    rules,
    hasLater,
  }: Pick<Sources, 'master'> & { rules: DraftRules; hasLater: (ticketNo: string) => boolean },
): UnitFacts | null => {
  const { dispatchedAt, closedAt, repeatWindowEndsAt, repeatLinkedAt } = term
  const level = term.named === 1 ? 'B' : 'A'
  const setAt = toInstant(dispatchedAt)
  const known = master.at(setAt)
  const { id, timetable } = calendarOf(known, 'dealer', term.unit)
  const responseMinutes = known.policy.values.responseMinutes.dealer
  const closeWorkingDays = known.policy.values.closeWorkingDays[level]
  if (
    term.responseDueAt !== addServiceMinutes(timetable, dispatchedAt, responseMinutes).due ||
    term.closeDueAt !== closeDeadline(timetable, dispatchedAt, closeWorkingDays).due
  )
    return null
  const windowEnd =
    closedAt === null || repeatWindowEndsAt === null ? null : rules.windowEnd(closedAt, repeatWindowEndsAt)
  if (windowEnd !== repeatWindowEndsAt && (repeatLinkedAt !== null || hasLater(term.ticketNo))) return null
  const dues = rules.dues({
    tier: 'dealer',
    level,
    startedAt: dispatchedAt,
    setAt,
    calendar: id,
    responseMinutes,
    closeWorkingDays,
    responseDueAt: term.responseDueAt,
    closeDueAt: term.closeDueAt,
  })
  const { respondedAt } = term
  return { ...dues, respondedAt, closedAt, repeatWindowEndsAt: windowEnd, repeatLinkedAt }
}

/** By the ticket each came after, those about the same problem: looked for only where a draft moves the windows. */
const laterComplaints = async (
  { tickets }: Sources,
  { from, asOf, rules }: DraftQuarterQuery,
): Promise<Map<string, Later[]>> => {
  const found = new Map<string, Later[]>()
  if (!rules.movesWindows) return found
  for (const slice of tickets.relatedSince(from)) {
    for (const { relatedTo, ...later } of slice) {
      if (later.registeredAt > asOf) continue
      const known = found.get(relatedTo)
      if (known === undefined) found.set(relatedTo, [later])
      else known.push(later)
    }
    await yieldToEventLoop()
  }
  return found
}

/**
 * What the quarter's units come to at `asOf`, as recorded and under the rules of a draft. Most terms are decided by their
 * span; the tickets that were moved, changed or taken out are folded from the log, as recorded and under the draft.
 */
export const quarterUnder = async (
  sources: Sources,
  asked: DraftQuarterQuery,
): Promise<{ present: UnitsByDealer; draft: UnitsByDealer }> => {
  const { tickets, kpi, master, eventsOf } = sources
  const { from, to, asOf, rules } = asked
  const last = toEpoch(asOf)
  const [present, draft] = [createCounts(), createCounts()]
  const later = await laterComplaints(sources, asked)
  const hasLater = (ticketNo: string): boolean => later.has(ticketNo)
  /** Tickets whose terms the log tells, and what comes of the plain terms of all others. */
  const fromLog = new Set<string>()
  const plain: { ticketNo: string; now: UnitVerdicts; under: UnitVerdicts }[] = []
  for (const slice of kpi.versions({ from, to, tier: 'dealer', slice: turnsASlice })) {
    for (const term of slice) {
      const { ticketNo, unit } = term
      // of what came to be known since, nothing counts
      if (term.dispatchedAt > last) continue
      const under = isPlain(term) ? plainUnder(term, { master, rules, hasLater }) : null
      if (under === null) fromLog.add(ticketNo)
      else plain.push({ ticketNo, now: judged(unit, term, last), under: judged(unit, under, last) })
    }
    await yieldToEventLoop()
  }
  for (const [index, { ticketNo, now, under }] of plain.entries()) {
    if (index % termsAtOnce === termsAtOnce - 1) await yieldToEventLoop()
    if (fromLog.has(ticketNo)) continue
    present.add(now)
    draft.add(under)
  }

  /** Rescinded or a duplicate by then: it has no units, under whatever draft. */
  const isGone = (ticket: TicketView | null): boolean =>
    ticket !== null && isOverState(ticket.state) && ticket.lastAt <= asOf
  const isInQuarter = ({ startedAt }: JudgedUnit): boolean => from <= startedAt && startedAt < to
  const receivedAt = (ticketNo: string): Instant => tickets.byNo(ticketNo)?.receivedAt ?? asOf
  let folded = 0
  for (const ticketNo of fromLog) {
    if (isGone(tickets.byNo(ticketNo))) continue
    const all = await eventsOf(ticketNo)
    const events = knownBy(all, asOf)
    const came = neverUnlinked(later.get(ticketNo) ?? [], all)
    const recorded = fold(events)
    const drafted = ticketUnder(events, { rules, receivedAt, later: came })
    if (recorded !== null) judgedUnits(recorded, asOf).filter(isInQuarter).forEach(present.add)
    if (drafted !== null) judgedUnits(drafted, asOf).filter(isInQuarter).forEach(draft.add)
    folded += 1
    if (folded % ticketsASlice === 0) await yieldToEventLoop()
  }
  return { present: present.byDealer, draft: draft.byDealer }
}
