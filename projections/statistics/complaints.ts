/** The complaints registered in a period, as they were known at an instant. */
import { serviceMsBetween } from '../../domain/calendar/workingTime.ts'
import { isOverState, type State } from '../../domain/codes.ts'
import { epochOrNull, type Instant, never, toEpoch, toInstant } from '../../domain/instant.ts'
import { calendarOf } from '../../domain/master.ts'
import type { CountedComplaint } from '../../domain/statistics.ts'
import { lastAnswer } from '../../domain/ticket/callbacks.ts'
import { currentAssignment, isOver, type Ticket } from '../../domain/ticket/state.ts'
import type { Weight } from '../../domain/weightTally.ts'
import type { MasterPeriod } from '../master/masterHistory.ts'
import type { MasterQueries } from '../master/masterQueries.ts'
import { dealersOf, rbosOf, type Scopes, seesAll } from '../scope.ts'
import type { TicketMonth, WordColumn } from '../tickets/ticketMonths.ts'
import type { TicketQueries } from '../tickets/tickets.ts'

export type ComplaintPeriod = {
  /** Of the registration; half-open. */
  from: Instant
  to: Instant
  /** Inclusive. */
  asOf: Instant
  scope: Scopes
}

/** Who holds a ticket and when what was done: what its times follow from; epoch ms. */
type HolderTimes = {
  tier: Ticket['assignments'][0]['tier']
  unit: string
  dispatchedAt: number
  respondedAt: number | null
  closedAt: number | null
}

export type Complaints = {
  /** Gives each complaint of a month that is now as it was at `asOf`; returns the ids of those that are not. */
  ofMonth(month: number, period: ComplaintPeriod, take: (complaint: CountedComplaint) => void): number[]
  /** `null`: it had left the counts by then, or was not there. */
  ofTicket(ticket: Ticket | null): CountedComplaint | null
}

type Views = {
  tickets: Pick<TicketQueries, 'month' | 'word' | 'attemptsInVain'>
  master: Pick<MasterQueries, 'during'>
}

/** Whether the ticket at a place is in scope, by its units of today, whatever day is asked about (rulebook §2). */
const visibleIn = ({ numbers }: TicketMonth, scope: Scopes, word: (number: number) => string | null) => {
  if (seesAll(scope)) return () => true
  const [dealers, rbos] = [new Set(dealersOf(scope)), new Set(rbosOf(scope))]
  const has = (units: Set<string>, column: WordColumn, place: number): boolean => {
    const unit = word(numbers[column][place] as number)
    return unit !== null && units.has(unit)
  }
  return (place: number): boolean =>
    has(dealers, 'dealer', place) || has(dealers, 'responsibleDealer', place) || has(rbos, 'rbo', place)
}

const weightOf = ({ severity, safety, remedy, closing, callbacks }: Ticket): Weight => {
  const scores = callbacks.flatMap(({ score }) => score ?? [])
  return {
    severity,
    safety,
    remedy,
    decision: closing?.decision ?? null,
    goodwill: closing?.goodwill?.amount ?? 0,
    scores: scores.length,
    scoreSum: scores.reduce((sum, score) => sum + score, 0),
  }
}

const callsOf = ({ closing, callbacks }: Ticket): CountedComplaint['calls'] =>
  closing === null
    ? null
    : {
        dueAt: toEpoch(closing.callbackDueAt),
        answer: lastAnswer(callbacks.map(({ outcome }) => outcome)),
        inVain: () =>
          callbacks.filter(({ outcome }) => outcome === 'unreachable').map(({ at }) => toEpoch(at)),
      }

const knownAt = (instant: number): number | null => (instant === never ? null : instant)

export const createComplaints = ({ tickets, master }: Views): Complaints => {
  /** The master data at the dispatch looked at last, and as long as it stands: most come in order of time. */
  let known: MasterPeriod | null = null

  /** Service time by the holder's opening hours at the dispatch, which its clocks were computed from too. */
  const timesOf = ({ tier, unit, dispatchedAt, respondedAt, closedAt }: HolderTimes) => {
    if (respondedAt === null && closedAt === null) return { respondMs: null, closeMs: null }
    if (known === null || dispatchedAt < known.from || dispatchedAt >= known.to)
      known = master.during(toInstant(dispatchedAt))
    const { timetable } = calendarOf(known.master, tier, unit)
    const since = (at: number | null) => (at === null ? null : serviceMsBetween(timetable, dispatchedAt, at))
    return { respondMs: since(respondedAt), closeMs: since(closedAt) }
  }

  const callsAt = ({ instants, numbers }: TicketMonth, place: number): CountedComplaint['calls'] => {
    if (instants.closedAt[place] === never) return null
    const answer = tickets.word(numbers.answer[place] as number)
    const inVain = () => tickets.attemptsInVain(numbers.id[place] as number)
    return { dueAt: instants.callbackDueAt[place] as number, answer, inVain }
  }

  return {
    ofMonth: (month, { from, to, asOf, scope }, take) => {
      const block = tickets.month(month)
      const { instants, numbers, size } = block
      const isVisible = visibleIn(block, scope, tickets.word)
      const [first, end, last] = [toEpoch(from), toEpoch(to), toEpoch(asOf)]
      const at = (column: WordColumn, place: number) => tickets.word(numbers[column][place] as number)
      const others: number[] = []
      for (let place = 0; place < size; place++) {
        const registeredAt = instants.registeredAt[place] as number
        if (registeredAt < first || registeredAt >= end || registeredAt > last || !isVisible(place)) continue
        if ((instants.lastAt[place] as number) > last) {
          others.push(numbers.id[place] as number)
          continue
        }
        if (isOverState(at('state', place) as State)) continue
        const tier = at('tier', place) as HolderTimes['tier']
        const { respondMs, closeMs } = timesOf({
          tier,
          unit: at('unit', place) as string,
          dispatchedAt: instants.dispatchedAt[place] as number,
          respondedAt: knownAt(instants.respondedAt[place] as number),
          closedAt: knownAt(instants.closedAt[place] as number),
        })
        take({
          registeredAt,
          level: at('level', place),
          category: at('category', place),
          tier,
          rbo: at('rbo', place),
          dealer: at('responsibleDealer', place) ?? at('dealer', place),
          channel: at('channel', place),
          source: at('source', place),
          rootCauseCode: at('rootCauseCode', place),
          weight: {
            severity: at('severity', place),
            safety: numbers.safety[place] === 1,
            remedy: at('remedy', place),
            decision: at('decision', place),
            goodwill: numbers.goodwillAmount[place] as number,
            scores: numbers.scores[place] as number,
            scoreSum: numbers.scoreSum[place] as number,
          },
          respondMs,
          closeMs,
          notice: {
            dueAt: instants.consumerNoticeDueAt[place] as number,
            informedAt: knownAt(instants.consumerInformedAt[place] as number),
          },
          calls: callsAt(block, place),
        })
      }
      return others
    },
    ofTicket: (ticket) => {
      if (ticket === null || isOver(ticket)) return null
      const { tier, unit, startedAt, respondedAt } = currentAssignment(ticket)
      const { level, category, rbo, channel, source } = ticket
      return {
        registeredAt: toEpoch(ticket.registeredAt),
        level,
        category,
        tier,
        rbo,
        channel,
        source,
        dealer: ticket.responsibilities.at(-1)?.unit ?? ticket.dealer,
        rootCauseCode: ticket.closing?.rootCauseCode ?? null,
        weight: weightOf(ticket),
        notice: {
          dueAt: toEpoch(ticket.consumerNoticeDueAt),
          informedAt: epochOrNull(ticket.consumerInformedAt),
        },
        calls: callsOf(ticket),
        ...timesOf({
          tier,
          unit,
          dispatchedAt: toEpoch(startedAt),
          respondedAt: epochOrNull(respondedAt),
          closedAt: epochOrNull(ticket.closedAt),
        }),
      }
    },
  }
}
