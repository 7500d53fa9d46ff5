/** The complaints registered in a month, from its columns. */
import { isOverState, type State } from '../../domain/codes.ts'
import { type Instant, never, toEpoch } from '../../domain/instant.ts'
import type { CountedComplaint } from '../../domain/statistics.ts'
import { dealersOf, rbosOf, type Scopes, seesAll } from '../scope.ts'
import type { TicketMonth, WordColumn } from '../tickets/ticketMonths.ts'
import type { TicketQueries } from '../tickets/tickets.ts'
import type { HolderActs, TimesOf } from './holderTimes.ts'

export type ComplaintPeriod = {
  /** Of the registration; half-open. */
  from: Instant
  to: Instant
  /** Inclusive. */
  asOf: Instant
  scope: Scopes
}

type Source = { tickets: Pick<TicketQueries, 'month' | 'word' | 'attemptsInVain'>; timesOf: TimesOf }

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

const knownAt = (instant: number): number | null => (instant === never ? null : instant)

type ColumnReader = Source & { columns: TicketMonth }

const callsAt = ({ tickets, columns }: ColumnReader, place: number): CountedComplaint['calls'] => {
  const { instants, numbers } = columns
  if (instants.closedAt[place] === never) return null
  const answer = tickets.word(numbers.answer[place] as number)
  const inVain = () => tickets.attemptsInVain(numbers.id[place] as number)
  return { dueAt: instants.callbackDueAt[place] as number, answer, inVain }
}

const complaintAt = (reader: ColumnReader, place: number): CountedComplaint => {
  const { tickets, timesOf, columns } = reader
  const { instants, numbers } = columns
  const at = (column: WordColumn) => tickets.word(numbers[column][place] as number)
  const tier = at('tier') as HolderActs['tier']
  const { respondMs, closeMs } = timesOf({
    tier,
    unit: at('unit') as string,
    dispatchedAt: instants.dispatchedAt[place] as number,
    respondedAt: knownAt(instants.respondedAt[place] as number),
    closedAt: knownAt(instants.closedAt[place] as number),
  })
  return {
    registeredAt: instants.registeredAt[place] as number,
    level: at('level'),
    category: at('category'),
    tier,
    rbo: at('rbo'),
    dealer: at('responsibleDealer') ?? at('dealer'),
    channel: at('channel'),
    source: at('source'),
    rootCauseCode: at('rootCauseCode'),
    weight: {
      severity: at('severity'),
      safety: numbers.safety[place] === 1,
      remedy: at('remedy'),
      decision: at('decision'),
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
    calls: callsAt(reader, place),
  }
}

/**
 * Gives each complaint of a month that is now as it was at `asOf`; returns the ids of those that are not. `month`: see
 * `monthIndex`.
 */
export const complaintsOfMonth = (
  { tickets, timesOf }: Source,
  month: number,
  { from, to, asOf, scope }: ComplaintPeriod,
  take: (complaint: CountedComplaint) => void,
): number[] => {
  const columns = tickets.month(month)
  const { instants, numbers, size } = columns
  const reader = { tickets, timesOf, columns }
  const isVisible = visibleIn(columns, scope, tickets.word)
  const [first, end, last] = [toEpoch(from), toEpoch(to), toEpoch(asOf)]
  const others: number[] = []
  for (let place = 0; place < size; place++) {
    const registeredAt = instants.registeredAt[place] as number
    if (registeredAt < first || registeredAt >= end || registeredAt > last || !isVisible(place)) continue
    if ((instants.lastAt[place] as number) > last) others.push(numbers.id[place] as number)
    else if (!isOverState(tickets.word(numbers.state[place] as number) as State))
      take(complaintAt(reader, place))
  }
  return others
}
