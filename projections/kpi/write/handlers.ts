/** What each event makes of a ticket's assignment terms; the same as `evolve`, on what the rates need. */
import type { StoredEvent } from '../../../domain/eventStore.ts'
import { epochOrNull, toEpoch } from '../../../domain/instant.ts'
import type { Clocks, DataOf } from '../../../domain/ticket/events.ts'
import { bitsOfMeasures } from '../../../domain/ticket/measures.ts'
import { unitTierOf } from '../../../domain/ticket/units.ts'
import type { Dictionary } from '../../columns/dictionary.ts'
import type { TicketHandlers } from '../../ticketEvents.ts'
import { tierNumbers } from '../unitVersion.ts'
import type { Terms } from './terms.ts'
import type { KpiTicket } from './termVersions.ts'
import type { TicketChanges } from './ticketChanges.ts'

export const registeredTicket = (data: DataOf<'TicketRegistered'>, names: Dictionary): KpiTicket => ({
  ticketNo: data.ticketNo,
  facts: {
    category: names.numberOf(data.category),
    level: names.numberOf(data.level),
    closedAt: null,
    repeatWindowEndsAt: null,
    repeatLinkedAt: null,
  },
  over: false,
  suspended: false,
  rows: [],
  stored: false,
  changed: true,
})

/** Whether an event says nothing of the rates though its type may: the ticket need not be looked up. */
export const isIdle = ({ type, data }: StoredEvent): boolean =>
  type === 'ObjectionDecided'
    ? (data as DataOf<'ObjectionDecided'>).decision !== 'upheld'
    : type === 'ResponseRecorded' && (data as DataOf<'ResponseRecorded'>).countsFor === null

const dues = (clocks: Clocks) => ({
  responseDueAt: toEpoch(clocks.responseDueAt),
  closeDueAt: epochOrNull(clocks.closeDueAt),
})

export const kpiHandlers = (
  terms: Terms,
  changes: TicketChanges,
  names: Dictionary,
): TicketHandlers<'kpi', KpiTicket> => ({
  TicketDispatched: (ticket, data, { at }) => {
    // where no redispatch came before, the ticket moved to another tier and leaves no unit (rulebook §8)
    terms.end(ticket, terms.running(ticket, false), { at, kept: false })
    const tier = unitTierOf(data.tier)
    if (tier === null) return
    const beginning = {
      tier: tierNumbers[tier],
      unit: names.numberOf(data.unit),
      dealer: names.numberOf(data.dealer),
      rbo: names.numberOf(data.rbo),
      named: 0,
      dispatchedAt: at,
      ...dues(data.clocks),
    }
    terms.begin(ticket, beginning, at)
  },
  TicketRedispatched: (ticket, data, { at }) =>
    terms.end(ticket, terms.running(ticket, false), { at, kept: data.formerUnitKept }),
  TicketReclassified: (ticket, data, { at }) => {
    const facts = { category: names.numberOf(data.category), level: names.numberOf(data.level) }
    changes.revise(ticket, facts, at)
  },
  ResponseRecorded: (ticket, data, { at }) =>
    terms.respond(terms.running(ticket, data.countsFor === 'responsible_dealer'), at),
  TicketClosed: (ticket, data, { at }) =>
    changes.learn(ticket, { closedAt: at, repeatWindowEndsAt: toEpoch(data.repeatWindowEndsAt) }),
  RepeatLinked: (ticket, _data, { at }) => changes.learn(ticket, { repeatLinkedAt: at }),
  RepeatUnlinked: (ticket, _data, { at }) => changes.revise(ticket, { repeatLinkedAt: null }, at),
  TicketRescinded: (ticket, _data, { at }) => changes.finish(ticket, at),
  MarkedDuplicate: (ticket, _data, { at }) => changes.suspend(ticket, at),
  DuplicateUndone: (ticket, _data, { at }) => changes.resume(ticket, at),
  ResponsibleDealerNamed: (ticket, data, { at }) => {
    terms.end(ticket, terms.running(ticket, true), { at, kept: data.formerUnitKept })
    const dealer = names.numberOf(data.dealer)
    const beginning = {
      tier: tierNumbers.dealer,
      unit: dealer,
      dealer,
      rbo: names.numberOf(data.rbo),
      named: 1,
      dispatchedAt: at,
      ...dues(data.clocks),
    }
    terms.begin(ticket, beginning, at)
  },
  ObjectionDecided: (ticket, { dealer, dispatchedAt, measures }, { at }) =>
    terms.exclude(
      ticket,
      { unit: names.numberOf(dealer), dispatchedAt: toEpoch(dispatchedAt) },
      { measures: bitsOfMeasures(measures), at },
    ),
  ConvertedToC: (ticket, _data, { at }) =>
    changes.revise(ticket, { category: names.numberOf('C4'), level: names.numberOf('C') }, at),
  DeadlinesRecalculated: (ticket, data, { at }) => {
    terms.recalculate(ticket, terms.running(ticket, false), { at, ...dues(data.holder) })
    if (data.responsibleDealer !== null)
      terms.recalculate(ticket, terms.running(ticket, true), { at, ...dues(data.responsibleDealer) })
  },
})
