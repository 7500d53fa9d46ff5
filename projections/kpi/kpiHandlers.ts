/** What each event makes of a ticket's turns; the same as `evolve`, on what the rates need. */
import { toEpoch } from '../../domain/instant.ts'
import type { Clocks, DataOf } from '../../domain/ticket/events.ts'
import { unitTierOf } from '../../domain/ticket/units.ts'
import { epochOrNull } from '../epoch.ts'
import type { TicketHandlers } from '../projection.ts'
import type { KpiTicket, KpiTurn } from './ticketTurns.ts'

export const registeredTicket = (data: DataOf<'TicketRegistered'>): KpiTicket => ({
  ticketNo: data.ticketNo,
  category: data.category,
  level: data.level,
  over: false,
  closedAt: null,
  repeatWindowEndsAt: null,
  repeatLinkedAt: null,
  turns: [],
})

const running = (ticket: KpiTicket, named: boolean): KpiTurn | undefined =>
  ticket.turns.find((turn) => turn.named === named && !turn.ended)

const end = (turn: KpiTurn | undefined, kept: boolean): void => {
  if (turn === undefined) return
  turn.ended = true
  turn.kept = kept
}

const dues = (clocks: Clocks) => ({
  responseDueAt: toEpoch(clocks.responseDueAt),
  closeDueAt: epochOrNull(clocks.closeDueAt),
})

const begin = (
  ticket: KpiTicket,
  clocks: Clocks,
  turn: Pick<KpiTurn, 'tier' | 'unit' | 'dealer' | 'rbo' | 'named' | 'startedAt'>,
): void => {
  ticket.turns.push({
    ...turn,
    ...dues(clocks),
    respondedAt: null,
    ended: false,
    kept: false,
    knownFrom: null,
  })
}

const recalculate = (turn: KpiTurn | undefined, clocks: Clocks | null): void => {
  if (turn !== undefined && clocks !== null) Object.assign(turn, dues(clocks))
}

/** Events after which a row says more of what is ahead, and nothing else of what was. */
export const inPlace: readonly string[] = ['ResponseRecorded', 'TicketClosed', 'RepeatLinked']

export const kpiHandlers: TicketHandlers<KpiTicket> = {
  TicketDispatched: (ticket, data, { at }) => {
    // where no redispatch came before, the ticket moved to another tier and leaves no unit (rulebook §8)
    end(running(ticket, false), false)
    const tier = unitTierOf(data.tier)
    if (tier === null) return
    const { unit, dealer, rbo } = data
    begin(ticket, data.clocks, { tier, unit, dealer, rbo, named: false, startedAt: at })
  },
  TicketRedispatched: (ticket, data) => end(running(ticket, false), data.formerUnitKept),
  TicketReclassified: (ticket, data) => {
    ticket.category = data.category
    ticket.level = data.level
  },
  ResponseRecorded: (ticket, data, { at }) => {
    if (data.countsFor === null) return
    const turn = running(ticket, data.countsFor === 'responsible_dealer')
    if (turn !== undefined) turn.respondedAt = at
  },
  TicketClosed: (ticket, data, { at }) => {
    ticket.closedAt = at
    ticket.repeatWindowEndsAt = toEpoch(data.repeatWindowEndsAt)
  },
  RepeatLinked: (ticket, _data, { at }) => {
    ticket.repeatLinkedAt = at
  },
  RepeatUnlinked: (ticket) => {
    ticket.repeatLinkedAt = null
  },
  TicketRescinded: (ticket) => {
    ticket.over = true
  },
  MarkedDuplicate: (ticket) => {
    ticket.over = true
  },
  ResponsibleDealerNamed: (ticket, data, { at }) => {
    end(running(ticket, true), data.formerUnitKept)
    const { dealer, rbo } = data
    begin(ticket, data.clocks, { tier: 'dealer', unit: dealer, dealer, rbo, named: true, startedAt: at })
  },
  ConvertedToC: (ticket) => {
    ticket.category = 'C4'
    ticket.level = 'C'
  },
  DeadlinesRecalculated: (ticket, data) => {
    recalculate(running(ticket, false), data.holder)
    recalculate(running(ticket, true), data.responsibleDealer)
  },
  WorkRecorded: null,
  ContactLogged: null,
  CallbackRecorded: null,
  BecameRepeat: null,
  CeasedToBeRepeat: null,
  DuplicateAbsorbed: null,
  WarningRaised: null,
  WarningAcknowledged: null,
  WarningResolved: null,
}
