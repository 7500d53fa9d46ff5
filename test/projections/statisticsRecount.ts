/** Statistics counted again from the raw events, as slow and as plain as can be. */
import { serviceIntervals } from '../../domain/calendar/workingTime.ts'
import { decisions, remedies, severities } from '../../domain/codes.ts'
import type { StoredEvent } from '../../domain/eventStore.ts'
import { MINUTE, toEpoch } from '../../domain/instant.ts'
import { calendarOf, type Master } from '../../domain/master.ts'
import type { CountedBy, Dimension } from '../../domain/statistics.ts'
import type { TicketEvent } from '../../domain/ticket/events.ts'
import { periodKeys, ratesOf } from './kpiExpected.ts'
import { type RecountedUnit, recount } from './kpiRecount.ts'

type Event = TicketEvent & { metadata: StoredEvent['metadata'] }
type Values = Record<CountedBy, string | null>
type ComplaintFacts = Record<Dimension, string | null> & {
  registered: string
  isOver: boolean
  respondMs: number | null
  closeMs: number | null
  cause: string | null
  severity: string | null
  safety: boolean
  remedy: string | null
  decision: string | null
  goodwill: number
  scores: Map<string, number>
}

type StatisticsQuery = {
  from: string
  to: string
  asOf: string
  rbo?: string[]
  dealer?: string[]
  masterAt(instant: string): Master
}

const told = (events: Event[], masterAt: StatisticsQuery['masterAt']): ComplaintFacts | null => {
  let known: ComplaintFacts | null = null
  let holder = { tier: 'se', unit: 'SE', since: '' }
  let responsible: string | null = null
  const openMs = (until: string): number => {
    const { timetable } = calendarOf(masterAt(holder.since), holder.tier as 'dealer', holder.unit)
    return serviceIntervals(timetable, toEpoch(holder.since), toEpoch(until))
      .filter(({ counted }) => counted)
      .reduce((sum, { from, to }) => sum + toEpoch(to) - toEpoch(from), 0)
  }
  for (const event of events) {
    const at = event.metadata.recordedAt
    if (event.type === 'TicketRegistered') {
      const { level, category, channel, source, dealer } = event.data
      const nothing = { respondMs: null, closeMs: null, cause: null, isOver: false, tier: null, rbo: null }
      const { severity = null, safety = false, remedy = null } = event.data
      const weight = { severity, safety, remedy, decision: null, goodwill: 0, scores: new Map() }
      known = { level, category, channel, source, dealer, registered: at, ...nothing, ...weight }
    }
    if (known === null) continue
    if (event.type === 'TicketDispatched') {
      const { tier, unit, dealer, rbo } = event.data
      holder = { tier, unit, since: at }
      Object.assign(known, { tier, rbo, dealer: responsible ?? dealer, respondMs: null })
    }
    if (event.type === 'TicketReclassified') {
      const { category, level, source } = event.data
      Object.assign(known, { category, level, source: source ?? known.source })
    }
    if (event.type === 'ConvertedToC') Object.assign(known, { category: 'C4', level: 'C' })
    if (event.type === 'ResponsibleDealerNamed') {
      responsible = event.data.dealer
      Object.assign(known, { dealer: responsible, rbo: known.rbo ?? event.data.rbo })
    }
    if (event.type === 'ResponseRecorded' && event.data.countsFor === 'holder') known.respondMs = openMs(at)
    if (event.type === 'TicketClosed')
      Object.assign(known, {
        closeMs: openMs(at),
        cause: event.data.rootCauseCode,
        decision: event.data.decision ?? null,
        goodwill: event.data.goodwill?.amount ?? 0,
      })
    if (event.type === 'WeightChanged') {
      const { severity = known.severity, safety = known.safety, remedy = known.remedy } = event.data
      Object.assign(known, { severity, safety, remedy })
    }
    if (event.type === 'CallbackRecorded' && event.data.score !== undefined)
      known.scores.set(`${at} ${known.scores.size}`, event.data.score)
    if (event.type === 'TicketRescinded' || event.type === 'MarkedDuplicate') known.isOver = true
    if (event.type === 'DuplicateUndone') known.isOver = false
  }
  return known
}

const minutesAt = (sorted: number[], place: number): number => sorted[place] as number
const timesOf = (spans: (number | null)[]) => {
  const sorted = spans.filter((each) => each !== null).sort((a, b) => a - b)
  const count = sorted.length
  if (count === 0) return { count, medianMinutes: null, p90Minutes: null }
  const middle = count % 2 === 1 ? [(count - 1) / 2] : [count / 2 - 1, count / 2]
  const median = middle.reduce((sum, place) => sum + minutesAt(sorted, place), 0) / middle.length
  // the first that nine in ten do not exceed
  const p90 = sorted.find((_, place) => (place + 1) * 10 >= count * 9) as number
  return { count, medianMinutes: Math.floor(median / MINUTE), p90Minutes: Math.floor(p90 / MINUTE) }
}

const countBy = (table: object, codes: (string | null)[]) =>
  Object.fromEntries(Object.keys(table).map((code) => [code, codes.filter((each) => each === code).length]))
const weightsOf = (own: ComplaintFacts[]) => {
  const scores = own.flatMap((each) => [...each.scores.values()])
  const sum = scores.reduce((a, b) => a + b, 0)
  const mean = Number((Math.round((sum / scores.length) * 100 + 1e-9) / 100).toFixed(2))
  return {
    severities: countBy(
      severities,
      own.map(({ severity }) => severity),
    ),
    safety: own.filter(({ safety }) => safety).length,
    remedies: countBy(
      remedies,
      own.map(({ remedy }) => remedy),
    ),
    decisions: countBy(
      decisions,
      own.map(({ decision }) => decision),
    ),
    goodwill: own.reduce((total, { goodwill }) => total + goodwill, 0),
    scores: { count: scores.length, mean: scores.length === 0 ? null : mean },
  }
}

const byName = (a: { keys: (string | null)[] }, b: { keys: (string | null)[] }): number => {
  const text = ({ keys }: { keys: (string | null)[] }) => keys.map((key) => key ?? '\uffff').join(' ')
  return text(a) < text(b) ? -1 : 1
}

/** What the view should answer: rows by those dimensions and all together, of what `who` sees. */
export const recountStatistics = (events: readonly StoredEvent[], asked: StatisticsQuery) => {
  const { from, to, asOf, masterAt } = asked
  const isAsked = (each: { rbo: string | null; dealer: string | null }): boolean =>
    (['rbo', 'dealer'] as const).every((unit) => asked[unit]?.includes(each[unit] ?? '') ?? true)
  const withPeriods = <T extends object>(each: T, at: string) => ({
    ...each,
    ...periodKeys(at),
  })
  const known = events.filter(
    ({ metadata, stream }) => metadata.recordedAt <= asOf && /^ticket-/.test(stream),
  )
  const ofTickets = new Map(
    [...Map.groupBy(known, ({ stream }) => stream)].map(([stream, own]) => [
      stream.slice('ticket-'.length),
      told(own as unknown as Event[], masterAt),
    ]),
  )
  const tickets = [...ofTickets.values()]
    .filter(
      (each): each is ComplaintFacts =>
        each !== null && !each.isOver && from <= each.registered && each.registered < to && isAsked(each),
    )
    .map((each) => withPeriods(each, each.registered))
  const units = (['dealer', 'rbo'] as const).flatMap((tier) =>
    recount(events, { from, to, tier, asOf })
      .filter(isAsked)
      .map((unit) => {
        const source = unit.level === 'A' ? null : (ofTickets.get(unit.ticketNo)?.source ?? null)
        const channel = ofTickets.get(unit.ticketNo)?.channel ?? null
        return withPeriods({ ...unit, tier, source, channel }, unit.dispatchedAt)
      }),
  )
  const row = (own: ComplaintFacts[], ownUnits: RecountedUnit[]) => ({
    tickets: own.length,
    timeToRespond: timesOf(own.map(({ respondMs }) => respondMs)),
    timeToClose: timesOf(own.map(({ closeMs }) => closeMs)),
    weights: weightsOf(own),
    rates: ratesOf(ownUnits),
  })
  const dealers = units.filter(({ tier }) => tier === 'dealer')
  return {
    by: (grouping: readonly CountedBy[]) => {
      const keysOf = (each: Values) => grouping.map((by) => each[by])
      const counted = grouping.includes('tier') ? units : dealers
      const names = new Map(
        [...tickets, ...counted].map((each) => [JSON.stringify(keysOf(each)), keysOf(each)]),
      )
      const isOf = (keys: unknown) => (each: Values) => JSON.stringify(keysOf(each)) === JSON.stringify(keys)
      return [...names.values()]
        .map((keys) => ({ keys, ...row(tickets.filter(isOf(keys)), counted.filter(isOf(keys))) }))
        .sort(byName)
    },
    totals: { keys: [], ...row(tickets, dealers) },
    rboRates: ratesOf(units.filter(({ tier }) => tier === 'rbo')),
    causes: [
      ...Map.groupBy(
        tickets.filter(({ closeMs }) => closeMs !== null),
        ({ cause }) => cause,
      ),
    ]
      .map(([code, own]) => ({ code, tickets: own.length, goodwill: weightsOf(own).goodwill }))
      .sort((a, b) => b.tickets - a.tickets || ((a.code ?? '\uffff') < (b.code ?? '\uffff') ? -1 : 1)),
  }
}
