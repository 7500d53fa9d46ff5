/** What a ticket is after its events. `evolve` never throws and never asks the clock. */
import type { Channel, Flag, HolderTier, Level, Source, State, WarningCode } from '../codes.ts'
import type { Metadata } from '../eventStore.ts'
import type { Instant } from '../instant.ts'
import type { Sealed } from '../sealed.ts'
import type { Clocks, DataOf, TicketEvent, TicketEventType, TicketNo, Unit } from './events.ts'
import type { Category } from './routing.ts'

/** One unit's turn at the ticket: a holder's, or on a B ticket the responsible dealer's (rulebook §8). */
export type Turn = {
  unit: string
  dealer: string | null
  rbo: string | null
  startedAt: Instant
  respondedAt: Instant | null
  clocks: Clocks
  /** When the clocks were computed: at the start, or by the last recalculation. */
  clocksSetAt: Instant
  endedAt: Instant | null
  /** It ended, but counts on: as failed on response and nowhere else. */
  kept: boolean
}

export type Assignment = Turn & { tier: HolderTier }

export type Warning = {
  warningId: string
  code: WarningCode
  /** Which assignment it belongs to, counted from 1. */
  assignment: number
  byHand: boolean
  from: Unit
  sentTo: Unit
  raisedAt: Instant
  raisedBy: string
  ackDueAt: Instant
  reason: Sealed | null
  acknowledgedAt: Instant | null
  acknowledgedBy: string | null
  resolvedAt: Instant | null
  resolvedBy: string | null
  result: Sealed | null
}

export type Closing = {
  rootCauseCode: string | null
  measuresDoneAt: Instant | null
  repeatWindowEndsAt: Instant
  callbackDueAt: Instant
  text: Sealed
}

export type Ticket = {
  ticketNo: TicketNo
  externalNo: string | null
  subjectId: string
  version: number
  level: Level
  category: Category
  state: State
  ordinal: number
  channel: Channel
  source: Source | null
  flags: Flag[]
  receivedAt: Instant
  registeredAt: Instant
  closedAt: Instant | null
  convertedAt: Instant | null
  consumerInformedAt: Instant | null
  consumerNoticeDueAt: Instant
  /** When something last happened to it. */
  lastAt: Instant
  dealer: string | null
  rbo: string | null
  /** In order; the last is the current one. */
  assignments: [Assignment, ...Assignment[]]
  /** Of responsible dealers, in order; the last one is the current, if it has not ended. */
  responsibilities: Turn[]
  /** Follow-up phone calls, the originating one excluded (rulebook §7). */
  calls: number
  customer: Sealed
  text: Sealed
  closing: Closing | null
  escalatedFrom: TicketNo | null
  escalatedTo: TicketNo | null
  repeatLinkedAt: Instant | null
  relatedTo: TicketNo | null
  duplicateOf: TicketNo | null
  warnings: Warning[]
  callbacks: { at: Instant; outcome: string }[]
}

export type Who = Pick<Metadata, 'recordedAt' | 'actor'>

/** The unit that holds the ticket now. */
export const currentAssignment = (ticket: Ticket): Assignment => ticket.assignments.at(-1) as Assignment

/** The responsible dealer's running turn on a B or C ticket. */
export const currentResponsibility = (ticket: Ticket): Turn | null => {
  const last = ticket.responsibilities.at(-1)
  return last === undefined || last.endedAt !== null ? null : last
}

export const isOpen = (ticket: Ticket): boolean =>
  ticket.state === 'unhandled' || ticket.state === 'in_progress'
export const isOver = (ticket: Ticket): boolean =>
  ticket.state === 'rescinded' || ticket.state === 'duplicate'

/** Warnings of the current assignment, the resolved ones too. */
export const currentWarnings = (ticket: Ticket): Warning[] =>
  ticket.warnings.filter((warning) => warning.assignment === ticket.assignments.length)

const replaceLast = <T>(list: readonly T[], change: (last: T) => T): T[] =>
  list.map((each, index) => (index === list.length - 1 ? change(each) : each))

const changeCurrent = (ticket: Ticket, change: (current: Assignment) => Assignment): Ticket => ({
  ...ticket,
  assignments: replaceLast(ticket.assignments, change) as [Assignment, ...Assignment[]],
})

const changeWarning = (ticket: Ticket, id: string, change: (warning: Warning) => Warning): Ticket => ({
  ...ticket,
  warnings: ticket.warnings.map((each) => (each.warningId === id ? change(each) : each)),
})

const ended = <T extends Turn>(turn: T, endedAt: Instant, kept: boolean): T =>
  turn.endedAt === null ? { ...turn, endedAt, kept } : turn

const register = (data: DataOf<'TicketRegistered'>, at: Instant): Ticket => ({
  ticketNo: data.ticketNo,
  externalNo: data.externalNo,
  subjectId: data.subjectId,
  version: 0,
  level: data.level,
  category: data.category,
  state: 'unhandled',
  ordinal: data.ordinal,
  channel: data.channel,
  source: data.source,
  flags: data.flags,
  receivedAt: data.receivedAt,
  registeredAt: at,
  closedAt: null,
  convertedAt: null,
  consumerInformedAt: null,
  consumerNoticeDueAt: data.consumerNoticeDueAt,
  lastAt: at,
  dealer: data.dealer,
  rbo: null,
  // filled by the dispatch that is part of every registration
  assignments: [] as unknown as [Assignment],
  responsibilities: [],
  calls: 0,
  customer: data.customer,
  text: data.text,
  closing: null,
  escalatedFrom: data.escalatedFrom,
  escalatedTo: null,
  repeatLinkedAt: null,
  relatedTo: data.relatedTo,
  duplicateOf: null,
  warnings: [],
  callbacks: [],
})

const dispatch = (ticket: Ticket, data: DataOf<'TicketDispatched'>, at: Instant): Ticket => ({
  ...ticket,
  state: 'unhandled',
  dealer: data.dealer,
  rbo: data.rbo,
  assignments: [
    ...ticket.assignments.map((each) => ended(each, at, false)),
    {
      tier: data.tier,
      unit: data.unit,
      dealer: data.dealer,
      rbo: data.rbo,
      startedAt: at,
      respondedAt: null,
      clocks: data.clocks,
      clocksSetAt: at,
      endedAt: null,
      kept: false,
    },
  ] as unknown as [Assignment, ...Assignment[]],
})

const respond = (ticket: Ticket, data: DataOf<'ResponseRecorded'>, at: Instant): Ticket => {
  const responded = <T extends Turn>(turn: T): T => ({ ...turn, respondedAt: at })
  if (data.countsFor === 'holder') return { ...changeCurrent(ticket, responded), state: 'in_progress' }
  if (data.countsFor === null) return ticket
  return { ...ticket, responsibilities: replaceLast(ticket.responsibilities, responded) }
}

const nameResponsible = (ticket: Ticket, data: DataOf<'ResponsibleDealerNamed'>, at: Instant): Ticket => ({
  ...ticket,
  rbo: ticket.rbo ?? data.rbo,
  responsibilities: [
    ...ticket.responsibilities.map((each) => ended(each, at, data.formerUnitKept)),
    {
      unit: data.dealer,
      dealer: data.dealer,
      rbo: data.rbo,
      startedAt: at,
      respondedAt: null,
      clocks: data.clocks,
      clocksSetAt: at,
      endedAt: null,
      kept: false,
    },
  ],
})

const raise = (ticket: Ticket, data: DataOf<'WarningRaised'>, who: Who): Ticket => ({
  ...ticket,
  warnings: [
    ...ticket.warnings,
    {
      warningId: data.warningId,
      code: data.code,
      assignment: ticket.assignments.length,
      byHand: data.byHand,
      from: data.from,
      sentTo: data.sentTo,
      raisedAt: who.recordedAt,
      raisedBy: who.actor.id,
      ackDueAt: data.ackDueAt,
      reason: data.text,
      acknowledgedAt: null,
      acknowledgedBy: null,
      resolvedAt: null,
      resolvedBy: null,
      result: null,
    },
  ],
})

const acknowledged = (warning: Warning, who: Who): Warning =>
  warning.acknowledgedAt !== null
    ? warning
    : { ...warning, acknowledgedAt: who.recordedAt, acknowledgedBy: who.actor.id }

type Evolvers = {
  [T in Exclude<TicketEventType, 'TicketRegistered'>]: (ticket: Ticket, data: DataOf<T>, who: Who) => Ticket
}

const evolvers: Evolvers = {
  TicketDispatched: (ticket, data, who) => dispatch(ticket, data, who.recordedAt),
  TicketRedispatched: (ticket, data, who) =>
    changeCurrent(ticket, (current) => ended(current, who.recordedAt, data.formerUnitKept)),
  TicketReclassified: (ticket, data) => ({
    ...ticket,
    category: data.category,
    level: data.level,
    source: data.source ?? ticket.source,
  }),
  ResponseRecorded: (ticket, data, who) => respond(ticket, data, who.recordedAt),
  WorkRecorded: (ticket, data, who) =>
    data.kind === 'consumer_informed' && ticket.consumerInformedAt === null
      ? { ...ticket, consumerInformedAt: who.recordedAt }
      : ticket,
  ContactLogged: (ticket, data) =>
    data.channel === 'phone' ? { ...ticket, calls: ticket.calls + 1 } : ticket,
  TicketClosed: (ticket, data, who) => ({
    ...ticket,
    state: 'completed',
    closedAt: who.recordedAt,
    closing: {
      rootCauseCode: data.rootCauseCode,
      measuresDoneAt: data.measuresDoneAt,
      repeatWindowEndsAt: data.repeatWindowEndsAt,
      callbackDueAt: data.callbackDueAt,
      text: data.text,
    },
  }),
  CallbackRecorded: (ticket, data, who) => ({
    ...ticket,
    callbacks: [...ticket.callbacks, { at: who.recordedAt, outcome: data.outcome }],
  }),
  RepeatLinked: (ticket, data, who) => ({
    ...ticket,
    escalatedTo: data.repeat,
    repeatLinkedAt: who.recordedAt,
  }),
  RepeatUnlinked: (ticket) => ({ ...ticket, escalatedTo: null, repeatLinkedAt: null }),
  BecameRepeat: (ticket, data) => ({
    ...ticket,
    escalatedFrom: data.of,
    ordinal: data.ordinal,
    relatedTo: null,
  }),
  CeasedToBeRepeat: (ticket, data) => ({ ...ticket, escalatedFrom: null, relatedTo: data.of }),
  TicketRescinded: (ticket) => ({ ...ticket, state: 'rescinded' }),
  MarkedDuplicate: (ticket, data) => ({ ...ticket, state: 'duplicate', duplicateOf: data.of }),
  DuplicateAbsorbed: (ticket, data) => ({ ...ticket, calls: ticket.calls + data.calls }),
  ResponsibleDealerNamed: (ticket, data, who) => nameResponsible(ticket, data, who.recordedAt),
  ConvertedToC: (ticket, _data, who) => ({
    ...changeCurrent(ticket, (current) => ({
      ...current,
      clocks: { ...current.clocks, closeWorkingDays: null, closeDueAt: null },
    })),
    level: 'C',
    category: 'C4',
    convertedAt: who.recordedAt,
  }),
  WarningRaised: raise,
  WarningAcknowledged: (ticket, data, who) =>
    changeWarning(ticket, data.warningId, (warning) => acknowledged(warning, who)),
  WarningResolved: (ticket, data, who) =>
    changeWarning(ticket, data.warningId, (warning) => ({
      ...acknowledged(warning, who),
      resolvedAt: who.recordedAt,
      resolvedBy: who.actor.id,
      result: data.text,
    })),
  DeadlinesRecalculated: (ticket, data, who) => ({
    ...changeCurrent(ticket, (current) => ({ ...current, clocks: data.holder, clocksSetAt: who.recordedAt })),
    responsibilities:
      data.responsibleDealer === null
        ? ticket.responsibilities
        : replaceLast(ticket.responsibilities, (last) => ({
            ...last,
            clocks: data.responsibleDealer as Clocks,
            clocksSetAt: who.recordedAt,
          })),
  }),
}

/** The ticket after one more event. An event before the registration leaves nothing. */
export const evolve = (ticket: Ticket | null, event: TicketEvent, who: Who): Ticket | null => {
  const next =
    event.type === 'TicketRegistered'
      ? register(event.data, who.recordedAt)
      : ticket === null
        ? null
        : (evolvers[event.type] as (ticket: Ticket, data: unknown, who: Who) => Ticket)(
            ticket,
            event.data,
            who,
          )
  return next === null ? null : { ...next, version: (ticket?.version ?? 0) + 1, lastAt: who.recordedAt }
}

/** The ticket after all these events, in order. */
export const fold = (
  events: readonly (TicketEvent & { metadata: Who })[],
  start: Ticket | null = null,
): Ticket | null =>
  events.reduce<Ticket | null>((ticket, event) => evolve(ticket, event, event.metadata), start)
