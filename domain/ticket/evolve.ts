/** What each event makes of a ticket. Never throws and never asks the clock. */
import type { RecordMetadata } from '../aggregate.ts'
import { withAttachment, withoutAttachment } from '../attachments/attachments.ts'
import { withoutClose } from './clocks.ts'
import type { Clocks, DataOf, TicketEvent, TicketEventType } from './events.ts'
import { registeredTicket } from './registeredTicket.ts'
import { currentAssignment, type Objection, stateByActs, type Ticket } from './state.ts'
import { changeCurrent, dispatched, replaceLast, responded, responsibleNamed, takenAway } from './terms.ts'
import { warningAcknowledged, warningRaised, warningResolved } from './warningChanges.ts'

const changeObjection = (ticket: Ticket, id: string, change: Partial<Objection>): Ticket => ({
  ...ticket,
  objections: ticket.objections.map((each) => (each.objectionId === id ? { ...each, ...change } : each)),
})

type Evolvers = {
  [T in Exclude<TicketEventType, 'TicketRegistered'>]: (
    ticket: Ticket,
    data: DataOf<T>,
    who: RecordMetadata,
  ) => Ticket
}

const evolvers: Evolvers = {
  TicketDispatched: (ticket, data, who) => dispatched(ticket, data, who.recordedAt),
  TicketRedispatched: (ticket, data, who) => takenAway(ticket, data.formerUnitKept, who.recordedAt),
  TicketReclassified: (ticket, data) => ({
    ...ticket,
    category: data.category,
    level: data.level,
    source: data.source ?? ticket.source,
  }),
  ResponseRecorded: (ticket, data, who) => responded(ticket, data, who.recordedAt),
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
  ResponsibleDealerNamed: (ticket, data, who) => responsibleNamed(ticket, data, who.recordedAt),
  ConvertedToC: (ticket, _data, who) => ({
    ...changeCurrent(ticket, (current) => ({
      ...current,
      clocks: withoutClose(current.clocks),
    })),
    level: 'C',
    category: 'C4',
    convertedAt: who.recordedAt,
  }),
  WarningRaised: warningRaised,
  WarningAcknowledged: warningAcknowledged,
  WarningResolved: warningResolved,
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
      ? registeredTicket(event.data, who)
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
