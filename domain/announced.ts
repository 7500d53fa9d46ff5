/**
 * What is announced to streams, feeds and webhooks: from which event of the log each name comes, and what it is about.
 * Pure functions and total tables; a new event does not compile until it is entered.
 */
import type { AnnouncedName } from './announcedNames.ts'
import { type CareDataOf, type CareEventType, vehicleOfStream } from './care/events.ts'
import { type DueClock, type DueFact, deskOfClock, isDueFact } from './dues.ts'
import { type InquiryEventType, inquiryOfStream } from './inquiry/events.ts'
import { dealerOfSmsStream, type SmsEventType } from './sms/events.ts'
import { type TicketEventType, type TicketNo, ticketOfStream } from './ticket/events.ts'
import { sheetOfEvent, type VoiceEventType } from './voice/events.ts'

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
