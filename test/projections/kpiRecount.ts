/** The rates counted again from the raw events, as slow and as plain as rulebook §8 reads. */
import type { StoredEvent } from '../../domain/eventStore.ts'
import type { TicketEvent } from '../../domain/ticket/events.ts'

type Unit = {
  tier: string
  unit: string
  dealer: string | null
  rbo: string | null
  begun: string
  responseDue: string
  closeDue: string | null
  responded: string | null
  /** `running`, `kept` (failed on response and nowhere else) or `gone`. */
  fate: 'running' | 'kept' | 'gone'
  byName: boolean
  /** Measures it was taken out of by an objection. */
  excluded: readonly string[]
}

export type RecountedUnit = {
  ticketNo: string
  unit: string
  dealer: string | null
  rbo: string | null
  category: string
  level: string
  tier: string
  channel: string | null
  /** None of a unit of level A, whatever its ticket has become. */
  source: string | null
  dispatchedAt: string
  response: string | null
  close: string | null
  firstTime: string | null
}

export type RecountQuery = { from: string; to: string; tier: 'dealer' | 'rbo'; asOf: string }

type Event = TicketEvent & { metadata: StoredEvent['metadata'] }

const isLate = (unit: Unit, asOf: string): boolean =>
  unit.responded === null ? asOf > unit.responseDue : unit.responded > unit.responseDue

const recountTicket = (
  ticketNo: string,
  events: Event[],
  { tier, from, to, asOf }: RecountQuery,
): RecountedUnit[] => {
  const units: Unit[] = []
  let isDuplicate = false
  let category = ''
  let level = ''
  let channel = ''
  let source: string | null = null
  let closed: string | null = null
  let windowEnds: string | null = null
  let repeated = false
  let leaves: 'taken' | 'misrouted' | null = null
  const runningOne = (byName: boolean) =>
    units.find((unit) => unit.byName === byName && unit.fate === 'running')
  const takeAway = (unit: Unit | undefined, misrouted: boolean, at: string): void => {
    if (unit !== undefined) unit.fate = !misrouted && isLate(unit, at) ? 'kept' : 'gone'
  }
  for (const event of events) {
    const at = event.metadata.recordedAt
    switch (event.type) {
      case 'TicketRegistered':
        category = event.data.category
        level = event.data.level
        channel = event.data.channel
        source = event.data.source
        break
      case 'TicketRedispatched':
        leaves = event.data.misrouted ? 'misrouted' : 'taken'
        break
      case 'TicketDispatched': {
        const former = runningOne(false)
        // not redispatched but moved to another tier: no unit stays
        if (leaves === null && former !== undefined) former.fate = 'gone'
        else takeAway(former, leaves === 'misrouted', at)
        leaves = null
        const { unit, dealer, rbo, clocks } = event.data
        units.push({
          tier: event.data.tier,
          unit,
          dealer,
          rbo,
          begun: at,
          responseDue: clocks.responseDueAt,
          closeDue: clocks.closeDueAt,
          responded: null,
          fate: 'running',
          byName: false,
          excluded: [],
        })
        break
      }
      case 'ResponsibleDealerNamed': {
        takeAway(runningOne(true), false, at)
        const { dealer, rbo, clocks } = event.data
        units.push({
          tier: 'dealer',
          unit: dealer,
          dealer,
          rbo,
          begun: at,
          responseDue: clocks.responseDueAt,
          closeDue: clocks.closeDueAt,
          responded: null,
          fate: 'running',
          byName: true,
          excluded: [],
        })
        break
      }
      case 'ResponseRecorded': {
        if (event.data.countsFor === null) break
        const unit = runningOne(event.data.countsFor !== 'holder')
        if (unit !== undefined) unit.responded ??= at
        break
      }
      case 'DeadlinesRecalculated': {
        const [holder, named] = [runningOne(false), runningOne(true)]
        if (holder !== undefined) {
          holder.responseDue = event.data.holder.responseDueAt
          holder.closeDue = event.data.holder.closeDueAt
        }
        if (named !== undefined && event.data.responsibleDealer !== null) {
          named.responseDue = event.data.responsibleDealer.responseDueAt
          named.closeDue = event.data.responsibleDealer.closeDueAt
        }
        break
      }
      case 'TicketReclassified':
        category = event.data.category
        level = event.data.level
        source = event.data.source ?? source
        break
      case 'ConvertedToC':
        category = 'C4'
        level = 'C'
        break
      case 'TicketClosed':
        closed = at
        windowEnds = event.data.repeatWindowEndsAt
        break
      case 'RepeatLinked':
        repeated = true
        break
      case 'RepeatUnlinked':
        repeated = false
        break
      case 'ObjectionDecided': {
        const { decision, dealer, dispatchedAt, measures } = event.data
        if (decision !== 'upheld') break
        for (const unit of units)
          if (unit.tier === 'dealer' && unit.unit === dealer && unit.begun === dispatchedAt)
            unit.excluded = measures
        break
      }
      case 'TicketRescinded':
        return []
      case 'MarkedDuplicate':
        isDuplicate = true
        break
      case 'DuplicateUndone':
        isDuplicate = false
        break
    }
  }
  if (isDuplicate) return []
  const there = units.filter((unit) => unit.fate !== 'gone' && unit.tier === tier)
  const lastOf = new Map(there.map((unit) => [unit.unit, unit]))
  return [...lastOf.values()]
    .filter((unit) => from <= unit.begun && unit.begun < to)
    .map((unit): RecountedUnit => {
      const responded = unit.responded !== null && unit.responded <= unit.responseDue
      const response = responded ? 'met' : isLate(unit, asOf) ? 'failed' : 'pending'
      const closedInTime = closed !== null && (unit.closeDue === null || closed < unit.closeDue)
      const tooLate = unit.closeDue !== null && (closed ?? asOf) >= unit.closeDue
      const close = closedInTime ? 'met' : tooLate ? 'failed' : 'pending'
      const over = closed !== null && windowEnds !== null && asOf >= windowEnds
      const firstTime = repeated ? 'failed' : over ? 'met' : 'pending'
      const { dealer, rbo } = unit
      const kept = unit.fate === 'kept'
      return {
        ticketNo,
        unit: unit.unit,
        dealer,
        rbo,
        category,
        level,
        tier,
        channel,
        source: level === 'A' ? null : source,
        dispatchedAt: unit.begun,
        response: unit.excluded.includes('response') ? null : response,
        close: kept || unit.excluded.includes('close') ? null : close,
        firstTime: kept || unit.excluded.includes('firstTime') ? null : firstTime,
      }
    })
    .filter(({ response, close, firstTime }) => response !== null || close !== null || firstTime !== null)
}

/** The units that count in a period, with their verdicts, from what was recorded by `asOf`. */
export const recount = (events: readonly StoredEvent[], query: RecountQuery): RecountedUnit[] => {
  const known = events.filter(({ metadata }) => metadata.recordedAt <= query.asOf)
  return [...Map.groupBy(known, ({ stream }) => stream)].flatMap(([stream, ofTicket]) =>
    recountTicket(stream.slice('ticket-'.length), ofTicket as unknown as Event[], query),
  )
}
