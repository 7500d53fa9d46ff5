/** What each event makes of a ticket. Never throws and never asks the clock. */
import type { RecordMetadata } from '../aggregate.ts'
import { withAttachment, withoutAttachment } from '../attachments/attachments.ts'
import type { Instant } from '../instant.ts'
import { withoutClose } from './clocks.ts'
import type { Clocks, DataOf, TicketEvent, TicketEventType } from './events.ts'
import {
  type Assignment,
  currentAssignment,
  type Objection,
  stateByActs,
  type Term,
  type Ticket,
  type Warning,
} from './state.ts'

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

const changeObjection = (ticket: Ticket, id: string, change: Partial<Objection>): Ticket => ({
  ...ticket,
  objections: ticket.objections.map((each) => (each.objectionId === id ? { ...each, ...change } : each)),
})

const ended = <T extends Term>(term: T, endedAt: Instant, kept: boolean): T =>
  term.endedAt === null ? { ...term, endedAt, kept } : term

const register = (
  data: DataOf<'TicketRegistered'>,
  { recordedAt: at, imported }: RecordMetadata,
): Ticket => ({
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
  severity: data.severity ?? null,
  safety: data.safety ?? false,
  safetyFlagged: data.safety ?? false,
  remedy: data.remedy ?? null,
  remedyText: data.text,
  receivedAt: data.receivedAt,
  registeredAt: at,
  imported: imported === true,
  closedAt: null,
  convertedAt: null,
  consumerInformedAt: null,
  consumerNoticeDueAt: data.consumerNoticeDueAt,
  consumerNoticeSetAt: at,
  consumerNoticeProvisional: data.consumerNoticeProvisional ?? false,
  lastAt: at,
  dealer: data.dealer,
  rbo: null,
  assignee: null,
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
  attachments: [],
  letters: 0,
  objections: [],
  callbacks: [],
  absorbed: [],
})

const dispatch = (ticket: Ticket, data: DataOf<'TicketDispatched'>, at: Instant): Ticket => ({
  ...ticket,
  state: 'unhandled',
  dealer: data.dealer,
  rbo: data.rbo,
  assignee: null,
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
  const responded = <T extends Term>(term: T): T => ({ ...term, respondedAt: at })
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

const raise = (ticket: Ticket, data: DataOf<'WarningRaised'>, who: RecordMetadata): Ticket => ({
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
      ackDueSetAt: who.recordedAt,
      provisional: data.provisional ?? false,
      reason: data.text,
      acknowledgedAt: null,
      acknowledgedBy: null,
      resolvedAt: null,
      resolvedBy: null,
      result: null,
    },
  ],
})

const acknowledged = (warning: Warning, who: RecordMetadata): Warning =>
  warning.acknowledgedAt !== null
    ? warning
    : { ...warning, acknowledgedAt: who.recordedAt, acknowledgedBy: who.actor.id }

type Evolvers = {
  [T in Exclude<TicketEventType, 'TicketRegistered'>]: (
    ticket: Ticket,
    data: DataOf<T>,
    who: RecordMetadata,
  ) => Ticket
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
  ContactLogged: (ticket, data) => ({
    ...ticket,
    calls: ticket.calls + (data.channel === 'phone' ? 1 : 0),
    safetyFlagged: ticket.safetyFlagged || data.safety === true,
  }),
  TicketClosed: (ticket, data, who) => ({
    ...ticket,
    state: 'completed',
    closedAt: who.recordedAt,
    closing: {
      rootCauseCode: data.rootCauseCode,
      measuresDoneAt: data.measuresDoneAt,
      repeatWindowEndsAt: data.repeatWindowEndsAt,
      callbackDueAt: data.callbackDueAt,
      decision: data.decision ?? null,
      goodwill: data.goodwill ?? null,
      text: data.text,
    },
  }),
  CallbackRecorded: (ticket, data, who) => ({
    ...ticket,
    callbacks: [
      ...ticket.callbacks,
      { at: who.recordedAt, outcome: data.outcome, score: data.score ?? null },
    ],
  }),
  CallbackWithdrawn: (ticket, { at }) => {
    const index = ticket.callbacks.findLastIndex((each) => each.at === at)
    return { ...ticket, callbacks: ticket.callbacks.filter((_, place) => place !== index) }
  },
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
  DuplicateAbsorbed: (ticket, { duplicate, calls }) => ({
    ...ticket,
    calls: ticket.calls + calls,
    absorbed: [...ticket.absorbed, { duplicate, calls }],
  }),
  DuplicateUndone: (ticket) => ({
    ...ticket,
    state: stateByActs(ticket.closedAt, currentAssignment(ticket).respondedAt),
    duplicateOf: null,
  }),
  DuplicateReleased: (ticket, { duplicate, calls }) => ({
    ...ticket,
    calls: ticket.calls - calls,
    absorbed: ticket.absorbed.filter((each) => each.duplicate !== duplicate),
  }),
  FollowUpClosed: (ticket) => ticket,
  ResponsibleDealerNamed: (ticket, data, who) => nameResponsible(ticket, data, who.recordedAt),
  ConvertedToC: (ticket, _data, who) => ({
    ...changeCurrent(ticket, (current) => ({
      ...current,
      clocks: withoutClose(current.clocks),
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
    consumerNoticeDueAt: data.consumerNotice?.dueAt ?? ticket.consumerNoticeDueAt,
    consumerNoticeSetAt: data.consumerNotice === undefined ? ticket.consumerNoticeSetAt : who.recordedAt,
    consumerNoticeProvisional: data.consumerNotice?.provisional ?? ticket.consumerNoticeProvisional,
    warnings: ticket.warnings.map((warning) => {
      const found = data.warnings?.find(({ warningId }) => warningId === warning.warningId)
      return found === undefined
        ? warning
        : { ...warning, ackDueAt: found.dueAt, ackDueSetAt: who.recordedAt, provisional: found.provisional }
    }),
    responsibilities:
      data.responsibleDealer === null
        ? ticket.responsibilities
        : replaceLast(ticket.responsibilities, (last) => ({
            ...last,
            clocks: data.responsibleDealer as Clocks,
            clocksSetAt: who.recordedAt,
          })),
  }),
  WeightChanged: (ticket, data) => ({
    ...ticket,
    severity: data.severity === undefined ? ticket.severity : data.severity,
    safety: data.safety ?? ticket.safety,
    safetyFlagged: ticket.safetyFlagged || data.safety === true,
    remedy: data.remedy === undefined ? ticket.remedy : data.remedy,
    remedyText: data.hasRemedyText ? data.text : ticket.remedyText,
  }),
  TicketCorrected: (ticket, { customer }) => ({ ...ticket, customer }),
  TicketClaimed: (ticket, { assignee }) => ({ ...ticket, assignee }),
  TicketReleased: (ticket) => ({ ...ticket, assignee: null }),
  AttachmentAdded: (ticket, data, who) => ({
    ...ticket,
    attachments: withAttachment(ticket.attachments, data, who),
  }),
  AttachmentRemoved: (ticket, data) => ({
    ...ticket,
    attachments: withoutAttachment(ticket.attachments, data),
  }),
  LetterWritten: (ticket, { number }) => ({ ...ticket, letters: number }),
  ObjectionRaised: (ticket, data, { recordedAt, actor }) => ({
    ...ticket,
    objections: [
      ...ticket.objections,
      {
        ...data,
        attachmentIds: data.attachmentIds ?? [],
        status: 'open',
        raisedAt: recordedAt,
        raisedBy: actor.id,
        decidedAt: null,
        decidedBy: null,
        decisionText: null,
      },
    ],
  }),
  ObjectionWithdrawn: (ticket, { objectionId }) =>
    changeObjection(ticket, objectionId, { status: 'withdrawn' }),
  ObjectionDecided: (ticket, { objectionId, decision, text }, { recordedAt, actor }) =>
    changeObjection(ticket, objectionId, {
      status: decision,
      decidedAt: recordedAt,
      decidedBy: actor.id,
      decisionText: text,
    }),
}

/** The ticket after one more event. An event before the registration leaves nothing. */
export const evolve = (ticket: Ticket | null, event: TicketEvent, who: RecordMetadata): Ticket | null => {
  const next =
    event.type === 'TicketRegistered'
      ? register(event.data, who)
      : ticket === null
        ? null
        : (evolvers[event.type] as (ticket: Ticket, data: unknown, who: RecordMetadata) => Ticket)(
            ticket,
            event.data,
            who,
          )
  return next === null ? null : { ...next, version: (ticket?.version ?? 0) + 1, lastAt: who.recordedAt }
}

/** The ticket after all these events, in order. */
export const fold = (
  events: readonly (TicketEvent & { metadata: RecordMetadata })[],
  start: Ticket | null = null,
): Ticket | null =>
  events.reduce<Ticket | null>((ticket, event) => evolve(ticket, event, event.metadata), start)
