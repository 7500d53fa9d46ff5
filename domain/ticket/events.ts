/**
 * What can happen to a ticket: one entry an event, from which union, validation and documentation derive.
 * `sealed` fields hold the text of `personal.ts`. Who and when is in the envelope's metadata.
 */
import { z } from 'zod'
import {
  attachmentAdded,
  attachmentIdSchema,
  attachmentRemoved,
  mostAttachments,
} from '../attachments/attachments.ts'
import {
  callbackOutcomeSchema,
  channelSchema,
  decisionSchema,
  flagSchema,
  goodwillKindSchema,
  holderTierSchema,
  letterKindSchema,
  levelSchema,
  measureSchema,
  methodSchema,
  objectionDecisionSchema,
  recordKindSchema,
  remedySchema,
  severitySchema,
  sourceSchema,
  tierSchema,
  warningCodeSchema,
} from '../codes.ts'
import { instantSchema, quarterSchema } from '../instant.ts'
import { refusedSchema } from '../recordedRefusal.ts'
import { sealedSchema } from '../sealed.ts'
import { idOfStream } from '../streams.ts'
import { unitCodeSchema } from '../unitCode.ts'
import { categorySchema } from './routing.ts'

export const ticketNoSchema = z.string().min(1).max(40)
export type TicketNo = z.infer<typeof ticketNoSchema>

const unitSchema = z.strictObject({ tier: tierSchema, unit: z.string() })
export type Unit = z.infer<typeof unitSchema>

/** A pair of dues, with all that they were computed from (rulebook §5: frozen). */
export const clocksSchema = z.strictObject({
  calendar: z.string(),
  calendarVersion: z.int(),
  /** Version of the calendar whose days it borrows; absent where it borrows none, and before it was recorded. */
  daysOfVersion: z.int().optional(),
  policyVersion: z.int(),
  responseMinutes: z.int(),
  closeWorkingDays: z.int().nullable(),
  responseDueAt: instantSchema,
  closeDueAt: instantSchema.nullable(),
  /** Whether either due needed a day of a year whose schedule was not known (rulebook §5). */
  provisional: z.boolean(),
  /** Which of them; absent where none is, and before it was recorded. */
  provisionalDues: z
    .array(z.enum(['response', 'close']))
    .min(1)
    .optional(),
})
export type Clocks = z.infer<typeof clocksSchema>

/** A single due that was computed again. */
const dueSchema = z.strictObject({ dueAt: instantSchema, provisional: z.boolean() })
export type Due = z.infer<typeof dueSchema>

/** Rulebook §14, weight and remedy; absent where nobody said so, and before it was recorded. */
const weightGiven = {
  severity: severitySchema.exactOptional(),
  safety: z.literal(true).exactOptional(),
  remedy: remedySchema.exactOptional(),
}
/** Whole CNY. */
export const goodwillSchema = z.strictObject({
  kind: goodwillKindSchema,
  amount: z.int().min(0).max(100_000_000),
})
export type Goodwill = z.infer<typeof goodwillSchema>
/** How content the customer is, asked at a callback. */
export const scoreSchema = z.int().min(1).max(5)

/** What a registration says of itself; travels whole on the earlier ticket while a repeat is being opened. */
export const registrationSchema = z.strictObject({
  ticketNo: ticketNoSchema,
  externalNo: z.string().nullable(),
  subjectId: z.string(),
  channel: channelSchema,
  source: sourceSchema.nullable(),
  category: categorySchema,
  ordinal: z.int().min(1),
  receivedAt: instantSchema,
  flags: z.array(flagSchema),
  dealer: unitCodeSchema.nullable(),
  escalatedFrom: ticketNoSchema.nullable(),
  relatedTo: ticketNoSchema.nullable(),
  customer: sealedSchema,
  text: sealedSchema,
  ...weightGiven,
})
export type Registration = z.infer<typeof registrationSchema>

const text = sealedSchema
const refused = refusedSchema.exactOptional()
const occurredAt = instantSchema.nullable()

export const ticketEventData = {
  /** `consumerNoticeProvisional`: absent where it is not, and before it was recorded. */
  TicketRegistered: registrationSchema.extend({
    level: levelSchema,
    consumerNoticeDueAt: instantSchema,
    consumerNoticeProvisional: z.literal(true).optional(),
  }),
  /** A new assignment with its own clocks; the first comes with the registration. */
  TicketDispatched: z.strictObject({
    tier: holderTierSchema,
    unit: z.string(),
    dealer: unitCodeSchema.nullable(),
    rbo: unitCodeSchema.nullable(),
    clocks: clocksSchema,
  }),
  /** Precedes the dispatch it causes. `formerUnitKept`: rulebook §8, the former holder keeps its unit as failed on response. */
  TicketRedispatched: z.strictObject({ misrouted: z.boolean(), formerUnitKept: z.boolean(), text }),
  TicketReclassified: z.strictObject({
    from: categorySchema,
    category: categorySchema,
    level: levelSchema,
    source: sourceSchema.nullable(),
    text,
  }),
  /** `countsFor`: whose response it is; `null` where it was not the first and changes nothing. */
  ResponseRecorded: z.strictObject({
    countsFor: z.enum(['holder', 'responsible_dealer']).nullable(),
    unit: z.string(),
    method: methodSchema,
    reached: z.boolean(),
    promisedReplyAt: instantSchema.nullable(),
    text,
  }),
  WorkRecorded: z.strictObject({ kind: recordKindSchema, text }),
  /** `subjectId` is the caller's, who need not be the ticket's customer. */
  ContactLogged: z.strictObject({
    subjectId: z.string(),
    channel: channelSchema,
    flags: z.array(flagSchema),
    externalNo: z.string().nullable(),
    source: sourceSchema.nullable(),
    dealer: unitCodeSchema.nullable(),
    receivedAt: instantSchema.nullable(),
    occurredAt,
    customer: sealedSchema.nullable(),
    text,
    ...weightGiven,
  }),
  TicketClosed: z.strictObject({
    rootCauseCode: z.string().nullable(),
    measuresDoneAt: instantSchema.nullable(),
    /** First instant after the days in which a repeat counts (rulebook §5), and after those for the callback. */
    repeatWindowEndsAt: instantSchema,
    callbackDueAt: instantSchema,
    text,
    decision: decisionSchema.exactOptional(),
    goodwill: goodwillSchema.exactOptional(),
  }),
  /** `repeatExternalNo`: dissatisfied on the same problem, so that a complaint is registered too (rulebook §11). */
  CallbackRecorded: z.strictObject({
    outcome: callbackOutcomeSchema,
    sameProblem: z.boolean(),
    registersRepeat: z.boolean(),
    repeatExternalNo: z.string().nullable(),
    occurredAt,
    text,
    score: scoreSchema.exactOptional(),
  }),
  /** The callback recorded at that instant counts no more: the complaint it asked for was refused. */
  CallbackWithdrawn: z.strictObject({ at: instantSchema, refused: refusedSchema }),
  /** On the earlier ticket. `registration`: the intake opens the repeat; `null`: it was there already. */
  RepeatLinked: z.strictObject({
    repeat: ticketNoSchema,
    ordinal: z.int().min(2),
    registration: registrationSchema.nullable(),
    text: text.nullable(),
  }),
  /**
   * `echo`: the other ticket of the link withdrew first, and this is the answer to it. `refused`: the other ticket
   * refused the link.
   */
  RepeatUnlinked: z.strictObject({
    repeat: ticketNoSchema,
    echo: z.boolean(),
    text: text.nullable(),
    refused,
  }),
  /** On the later ticket, which was there before the link. */
  BecameRepeat: z.strictObject({ of: ticketNoSchema, ordinal: z.int().min(2) }),
  CeasedToBeRepeat: z.strictObject({ of: ticketNoSchema, echo: z.boolean() }),
  TicketRescinded: z.strictObject({ text }),
  /** `calls`: what the survivor takes over. Older logs have it on the survivor only, which came first there. */
  MarkedDuplicate: z.strictObject({ of: ticketNoSchema, text, calls: z.int().min(0).exactOptional() }),
  /** On the survivor: the duplicate's phone calls, its own registration among them. `echo`: the mark came first. */
  DuplicateAbsorbed: z.strictObject({
    duplicate: ticketNoSchema,
    calls: z.int().min(0),
    text,
    echo: z.literal(true).exactOptional(),
  }),
  /** The ticket is as it was before it was marked. `refused`: the survivor refused it. */
  DuplicateUndone: z.strictObject({ of: ticketNoSchema, text: text.nullable(), refused }),
  /** On the former survivor: the calls it had taken over leave its count. `text`: by hand, from a damaged log. */
  DuplicateReleased: z.strictObject({
    duplicate: ticketNoSchema,
    calls: z.int().min(0),
    refused,
    text: text.exactOptional(),
  }),
  /** What this event asked of another ticket needs nothing any more. */
  FollowUpClosed: z.strictObject({ eventId: z.string() }),
  ResponsibleDealerNamed: z.strictObject({
    dealer: unitCodeSchema,
    rbo: unitCodeSchema,
    formerUnitKept: z.boolean(),
    clocks: clocksSchema,
  }),
  ConvertedToC: z.strictObject({ text }),
  WarningRaised: z.strictObject({
    warningId: z.string(),
    code: warningCodeSchema,
    byHand: z.boolean(),
    from: unitSchema,
    sentTo: unitSchema,
    ackDueAt: instantSchema,
    /** That of `ackDueAt`; absent where it is not, and before it was recorded. */
    provisional: z.literal(true).optional(),
    text: text.nullable(),
  }),
  WarningAcknowledged: z.strictObject({ warningId: z.string(), text: text.nullable() }),
  WarningResolved: z.strictObject({ warningId: z.string(), text }),
  /**
   * Of the current assignment and, on a B ticket, of the responsible dealer; of the consumer's notice and of warnings
   * that nobody has acknowledged where theirs changed.
   */
  DeadlinesRecalculated: z.strictObject({
    holder: clocksSchema,
    responsibleDealer: clocksSchema.nullable(),
    consumerNotice: dueSchema.optional(),
    warnings: z
      .array(dueSchema.extend({ warningId: z.string() }))
      .min(1)
      .optional(),
    text,
  }),
  /** What changed; `null`: no longer known. `hasRemedyText`: its text has the remedy in words. `flags`: the first time that safety is claimed. */
  WeightChanged: z.strictObject({
    severity: severitySchema.nullable().exactOptional(),
    safety: z.boolean().exactOptional(),
    remedy: remedySchema.nullable().exactOptional(),
    hasRemedyText: z.literal(true).exactOptional(),
    flags: z.array(flagSchema).exactOptional(),
    text,
  }),
  /** `customer`: the whole of it as corrected; `fields`: which of it changed, `customer.phone`. */
  TicketCorrected: z.strictObject({
    fields: z.array(z.string().max(60)).min(1),
    customer: sealedSchema,
    text,
  }),
  /** `assignee`: the `sub` of a person of the holding unit. Ends with the assignment. */
  TicketClaimed: z.strictObject({ assignee: z.string().min(1).max(200) }),
  TicketReleased: z.strictObject({}),
  /** A letter 回函 (rulebook §14). `number`: counted per ticket from 1. `from`: the unit it is signed by. */
  LetterWritten: z.strictObject({
    number: z.int().min(1),
    kind: letterKindSchema,
    from: unitSchema,
    text,
  }),
  /** The bytes were stored before (rulebook §14). */
  AttachmentAdded: attachmentAdded,
  AttachmentRemoved: attachmentRemoved,
  /** A dealer objects to measures of its unit, the term that began at `dispatchedAt` (rulebook §14). */
  ObjectionRaised: z.strictObject({
    objectionId: z.string(),
    dealer: unitCodeSchema,
    /** Of the unit. */
    rbo: unitCodeSchema.nullable(),
    dispatchedAt: instantSchema,
    /** In which the unit counts. */
    quarter: quarterSchema,
    measures: z.array(measureSchema).min(1).max(3),
    /** Attachments of the ticket that the reason refers to; absent: none. */
    attachmentIds: z.array(attachmentIdSchema).min(1).max(mostAttachments).exactOptional(),
    text,
  }),
  ObjectionWithdrawn: z.strictObject({ objectionId: z.string() }),
  /** `upheld`: the unit counts in these measures no more. Unit and measures are those of the objection. */
  ObjectionDecided: z.strictObject({
    objectionId: z.string(),
    decision: objectionDecisionSchema,
    dealer: unitCodeSchema,
    dispatchedAt: instantSchema,
    measures: z.array(measureSchema).min(1).max(3),
    text,
  }),
}

type Data = typeof ticketEventData
export type TicketEvent = { [T in keyof Data]: { type: T; data: z.infer<Data[T]> } }[keyof Data]
export type TicketEventType = TicketEvent['type']
export type DataOf<T extends TicketEventType> = Extract<TicketEvent, { type: T }>['data']

/**
 * The rules that look at an event, beside `evolve`: it gives cause to judge warnings (`occasion`), something follows on
 * another ticket (`followUp`), a draft of policy or calendar would have it otherwise (`draft`). Every event is named; the
 * tables of those rules have exactly the events that name them.
 */
export const rulesOfEvent = {
  TicketRegistered: ['occasion'],
  TicketDispatched: ['occasion', 'draft'],
  TicketRedispatched: ['draft'],
  TicketReclassified: [],
  ResponseRecorded: ['occasion'],
  WorkRecorded: [],
  ContactLogged: ['occasion'],
  TicketClosed: ['draft'],
  CallbackRecorded: ['followUp'],
  CallbackWithdrawn: [],
  RepeatLinked: ['followUp', 'draft'],
  RepeatUnlinked: ['followUp'],
  BecameRepeat: [],
  CeasedToBeRepeat: ['followUp'],
  TicketRescinded: [],
  MarkedDuplicate: ['followUp'],
  DuplicateAbsorbed: ['occasion', 'followUp'],
  DuplicateUndone: ['followUp'],
  DuplicateReleased: [],
  FollowUpClosed: [],
  ResponsibleDealerNamed: ['draft'],
  ConvertedToC: [],
  WarningRaised: [],
  WarningAcknowledged: [],
  WarningResolved: [],
  DeadlinesRecalculated: ['draft'],
  WeightChanged: ['occasion'],
  TicketCorrected: [],
  TicketClaimed: [],
  TicketReleased: [],
  LetterWritten: [],
  AttachmentAdded: [],
  AttachmentRemoved: [],
  ObjectionRaised: [],
  ObjectionWithdrawn: [],
  ObjectionDecided: [],
} as const satisfies Record<TicketEventType, readonly ('occasion' | 'followUp' | 'draft')[]>

/** The events that a rule looks at. */
export type EventOfRule<R extends string> = {
  [T in keyof typeof rulesOfEvent]: R extends (typeof rulesOfEvent)[T][number] ? T : never
}[keyof typeof rulesOfEvent]

/** A rule's table asked for any event, whose data it then takes as `never`; `undefined`: the rule does not look at it. */
export const entryOf = <Entry>(table: object, type: TicketEventType): Entry | undefined =>
  (table as Partial<Record<TicketEventType, Entry>>)[type]

const prefix = 'ticket-'
/** The stream of a ticket, and back; `null` for another kind of stream. */
export const ticketStream = (ticketNo: TicketNo): string => prefix + ticketNo
export const ticketOfStream = (stream: string): TicketNo | null => idOfStream(prefix, stream)
