/**
 * What is announced to streams, feeds and webhooks: the names of events as other systems know them, from which event of
 * the log each comes, and who sees it. Pure functions and total tables; a new event does not compile until it is entered.
 */

import { type CareDataOf, type CareEventType, vehicleOfStream } from './care/events.ts'
import { codesOf } from './codeList.ts'
import { type DueClock, type DueFact, deskOfClock, isDueFact } from './dues.ts'
import { type InquiryEventType, inquiryOfStream } from './inquiry/events.ts'
import type { Words } from './refusal.ts'
import { dealerOfSmsStream, type SmsEventType } from './sms/events.ts'
import { type TicketEventType, type TicketNo, ticketOfStream } from './ticket/events.ts'
import { sheetOfEvent, type VoiceEventType } from './voice/events.ts'

export const topics = {
  tickets: { en: 'tickets', zh: '工单' },
  warnings: { en: 'warnings', zh: '预警' },
  desk: { en: 'desks of HQ', zh: '总部工作台' },
  care: { en: 'care calls and customer voice', zh: '关怀回访与客户声音' },
} as const satisfies Record<string, Words>
export type Topic = keyof typeof topics

/**
 * What the data of an event has: a ticket, beside it the facts of a due, of a warning, or of both; an inquiry; a request
 * about an SMS contact; a care task; or a sheet of customer voice, beside it the facts of a due. Who sees these sees the event; `warning`: the unit that it was sent to does too (rulebook §7),
 * `objection`: the dealer that raised it.
 */
export type About =
  | 'ticket'
  | 'due'
  | 'warning'
  | 'warningDue'
  | 'inquiry'
  | 'smsContact'
  | 'objection'
  | 'careTask'
  | 'voiceSheet'
  | 'voiceDue'

/** Every name, with its topic, what it is about and what it says. */
export const announcedEvents = {
  'ticket.registered': {
    topic: 'tickets',
    about: 'ticket',
    en: 'a complaint was registered',
    zh: '投诉已登记',
  },
  'ticket.dispatched': { topic: 'tickets', about: 'ticket', en: 'a unit got the ticket', zh: '工单已分配' },
  'ticket.responded': {
    topic: 'tickets',
    about: 'ticket',
    en: 'the customer was met or not reached',
    zh: '已响应',
  },
  'ticket.closed': { topic: 'tickets', about: 'ticket', en: 'the ticket was closed', zh: '工单已封闭' },
  'ticket.escalated': {
    topic: 'tickets',
    about: 'ticket',
    en: 'a repeat followed, or B became C',
    zh: '投诉已升级',
  },
  'ticket.due_soon': { topic: 'tickets', about: 'due', en: 'a deadline comes near', zh: '即将到期' },
  'ticket.overdue': { topic: 'tickets', about: 'due', en: 'a deadline has passed', zh: '已超期' },
  'ticket.corrected': {
    topic: 'tickets',
    about: 'ticket',
    en: 'data of the customer or the vehicle was corrected',
    zh: '客户或车辆信息已更正',
  },
  'ticket.changed': {
    topic: 'tickets',
    about: 'ticket',
    en: 'anything else changed on the ticket',
    zh: '工单有变更',
  },
  'callback.due': { topic: 'tickets', about: 'due', en: 'a callback is due', zh: '回访到期' },
  'consumer_notice.due': {
    topic: 'tickets',
    about: 'due',
    en: 'the notice to the consumer is due',
    zh: '告知消费者到期',
  },
  'warning.raised': { topic: 'warnings', about: 'warning', en: 'a warning was raised', zh: '预警已发出' },
  'warning.acknowledged': {
    topic: 'warnings',
    about: 'warning',
    en: 'a warning was acknowledged',
    zh: '预警已确认',
  },
  'warning.resolved': { topic: 'warnings', about: 'warning', en: 'a warning was resolved', zh: '预警已处理' },
  'warning.overdue': {
    topic: 'warnings',
    about: 'warningDue',
    en: 'nobody acknowledged a warning in time',
    zh: '预警逾期未确认',
  },
  'inquiry.forwarded': {
    topic: 'desk',
    about: 'inquiry',
    en: 'an inquiry was forwarded to the SE',
    zh: '咨询已转交 SE',
  },
  'inquiry.answered': { topic: 'desk', about: 'inquiry', en: 'an inquiry was answered', zh: '咨询已答复' },
  'objection.raised': {
    topic: 'desk',
    about: 'objection',
    en: 'a dealer objected to a unit',
    zh: '经销商已提出申诉',
  },
  'objection.decided': { topic: 'desk', about: 'objection', en: 'HQ decided an objection', zh: '申诉已裁定' },
  'voice.sheet_sent': {
    topic: 'care',
    about: 'voiceSheet',
    en: 'a dealer was sent a sheet of customer voice',
    zh: '客户声音改进单已下发',
  },
  'voice.changed': {
    topic: 'care',
    about: 'voiceSheet',
    en: 'a sheet of customer voice is a step further, or has another plan, file or entry',
    zh: '客户声音改进单有变更',
  },
  'voice.overdue': {
    topic: 'care',
    about: 'voiceDue',
    en: 'a step of a sheet of customer voice was not done in time',
    zh: '客户声音改进单环节已逾期',
  },
  'sms_contact.changed': {
    topic: 'desk',
    about: 'smsContact',
    en: 'an SMS contact of a dealer was added, changed or deleted',
    zh: '经销商短信联系人已变更',
  },
  'care.triage': {
    topic: 'care',
    about: 'careTask',
    en: 'a customer was dissatisfied, and the CSC judges it',
    zh: '客户不满意，待客服中心处理',
  },
} as const satisfies Record<string, Words & { topic: Topic; about: About }>
export type AnnouncedName = keyof typeof announcedEvents

/** What a stream and a feed say in place of any event that took a ticket out of the reader's scope: its number only. */
export const removedName = 'ticket.removed'
export const removedWords: Words & { topic: Topic } = {
  topic: 'tickets',
  en: 'the ticket has left the scope of the reader',
  zh: '工单已移出查看范围',
}

export const announcedNames = codesOf(announcedEvents)

/** By the type of a ticket's event; `null`: another event of the same act says it. */
const ofTicket: Record<TicketEventType, AnnouncedName | null> = {
  TicketRegistered: 'ticket.registered',
  TicketDispatched: 'ticket.dispatched',
  TicketRedispatched: null,
  TicketReclassified: 'ticket.changed',
  ResponseRecorded: 'ticket.responded',
  WorkRecorded: 'ticket.changed',
  ContactLogged: 'ticket.changed',
  TicketClosed: 'ticket.closed',
  CallbackRecorded: 'ticket.changed',
  CallbackWithdrawn: 'ticket.changed',
  RepeatLinked: 'ticket.escalated',
  RepeatUnlinked: 'ticket.changed',
  BecameRepeat: 'ticket.changed',
  CeasedToBeRepeat: 'ticket.changed',
  TicketRescinded: 'ticket.changed',
  MarkedDuplicate: 'ticket.changed',
  DuplicateAbsorbed: 'ticket.changed',
  DuplicateUndone: 'ticket.changed',
  DuplicateReleased: 'ticket.changed',
  FollowUpClosed: null,
  ResponsibleDealerNamed: 'ticket.changed',
  ConvertedToC: 'ticket.escalated',
  WarningRaised: 'warning.raised',
  WarningAcknowledged: 'warning.acknowledged',
  WarningResolved: 'warning.resolved',
  DeadlinesRecalculated: 'ticket.changed',
  TicketClaimed: 'ticket.changed',
  TicketReleased: 'ticket.changed',
  WeightChanged: 'ticket.changed',
  TicketCorrected: 'ticket.corrected',
  LetterWritten: 'ticket.changed',
  AttachmentAdded: 'ticket.changed',
  AttachmentRemoved: 'ticket.changed',
  ObjectionRaised: 'objection.raised',
  ObjectionWithdrawn: 'ticket.changed',
  ObjectionDecided: 'objection.decided',
}

const ofInquiry: Record<InquiryEventType, AnnouncedName | null> = {
  InquiryRegistered: null,
  InquiryForwarded: 'inquiry.forwarded',
  InquiryAnswered: 'inquiry.answered',
  InquiryRelayed: null,
  InquiryWithdrawn: null,
  InquiryBecameComplaint: null,
  InquiryTicketNamed: null,
  InquiryReopened: null,
  InquiryAttachmentAdded: null,
  InquiryAttachmentRemoved: null,
}

/** The SE is told of accepted changes only (rulebook §13). */
const ofSmsContacts: Record<SmsEventType, AnnouncedName | null> = {
  SmsContactRequested: null,
  SmsContactAccepted: 'sms_contact.changed',
  SmsContactRefused: null,
}

/** An attempt is announced where the CSC must judge it. */
const ofCare: Record<CareEventType, AnnouncedName | null> = {
  VehicleHandedOver: null,
  VisitRecorded: null,
  CareAttempted: 'care.triage',
  CareDismissed: null,
  CareBecameComplaint: null,
  CareTicketNamed: null,
  CareReopened: null,
}

/** An item is told with its sheet; what is booked, by the act or the due that it is booked for. */
const ofVoice: Record<VoiceEventType, AnnouncedName | null> = {
  VoiceItemEntered: null,
  VoiceItemReworded: null,
  VoiceItemDropped: null,
  VoiceSheetSent: 'voice.sheet_sent',
  VoiceMeetingRecorded: 'voice.changed',
  VoiceSheetReturned: 'voice.changed',
  VoiceSheetAudited: 'voice.changed',
  VoiceFollowedUp: 'voice.changed',
  VoicePlanChanged: 'voice.changed',
  VoiceResultReported: 'voice.changed',
  VoiceItemJudged: 'voice.changed',
  VoiceCasePublished: 'voice.changed',
  VoiceAttachmentAdded: 'voice.changed',
  VoiceAttachmentRemoved: 'voice.changed',
  VoiceEntryBooked: null,
  VoiceEntryReversed: 'voice.changed',
}

/** By the type of an event, whatever it is about. */
const byType: Record<string, AnnouncedName | null> = {
  ...ofTicket,
  ...ofInquiry,
  ...ofSmsContacts,
  ...ofCare,
  ...ofVoice,
}

/** `null`: the clocks of inquiries and care tasks are announced to nobody. */
const ofPassed: Record<DueClock, AnnouncedName | null> = {
  response: 'ticket.overdue',
  close: 'ticket.overdue',
  responsible_response: 'ticket.overdue',
  responsible_close: 'ticket.overdue',
  acknowledge: 'warning.overdue',
  callback: 'callback.due',
  consumer_notice: 'consumer_notice.due',
  media_feedback: 'ticket.overdue',
  inquiry_answer: null,
  inquiry_relay: null,
  care_task: null,
  care_triage: null,
  voice_meeting: 'voice.overdue',
  voice_return: 'voice.overdue',
  voice_audit: 'voice.overdue',
  voice_report: 'voice.overdue',
}

/** The events after which the ticket may be in other scopes than before. */
export const movesTicket = (type: string): boolean =>
  type === 'TicketDispatched' || type === 'ResponsibleDealerNamed'

type LoggedEvent = { stream: string; type: string; data: unknown }

/** What an event of the log is about. */
export type EventSubject =
  | { kind: 'ticket'; ticketNo: TicketNo }
  | { kind: 'inquiry'; inquiryNo: string }
  | { kind: 'smsRequest'; requestId: string; dealer: string }
  | { kind: 'careTask'; taskId: string }
  | { kind: 'voiceSheet'; sheetId: string }

/** What an event of the log is about; `null`: nothing that is announced. */
export const subjectOf = ({ stream, type, data }: LoggedEvent): EventSubject | null => {
  const due = isDueFact({ type }) ? (data as DueFact['data']) : null
  if (due !== null && deskOfClock[due.clock] === 'voice') return { kind: 'voiceSheet', sheetId: due.ticketNo }
  const sheetId = sheetOfEvent({ stream, data })
  if (sheetId !== null) return { kind: 'voiceSheet', sheetId }
  const ticketNo = due?.ticketNo ?? ticketOfStream(stream)
  if (ticketNo !== null) return { kind: 'ticket', ticketNo }
  const inquiryNo = inquiryOfStream(stream)
  if (inquiryNo !== null) return { kind: 'inquiry', inquiryNo }
  if (vehicleOfStream(stream) !== null) {
    const { taskId } = data as { taskId?: string }
    return taskId === undefined ? null : { kind: 'careTask', taskId }
  }
  const dealer = dealerOfSmsStream(stream)
  if (dealer === null) return null
  return { kind: 'smsRequest', dealer, requestId: (data as { requestId: string }).requestId }
}

export type Announcement = { name: AnnouncedName; subject: EventSubject }

/** What an event of the log is announced as, at most one thing; `null`: nothing. Imports are not announced. */
export const announcedOf = (event: LoggedEvent & { metadata: { imported?: true } }): Announcement | null => {
  if (event.metadata.imported) return null
  const name = announcedNameOf(event)
  const subject = subjectOf(event)
  return name === null || subject === null ? null : { name, subject }
}

/** The name under which an event of the log is announced; `null`: it is not. */
export const announcedNameOf = ({ type, data }: { type: string; data: unknown }): AnnouncedName | null => {
  if (type === 'DuePassed') return ofPassed[(data as DueFact['data']).clock]
  if (type === 'DueNear') return 'ticket.due_soon'
  if (type === 'CareAttempted' && (data as CareDataOf<'CareAttempted'>).triageDueAt === null) return null
  return byType[type] ?? null
}
