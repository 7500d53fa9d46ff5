/** Where the dues of each clock are in the views while they are open. */
import type { DueClock } from '../../domain/dues.ts'
import type { VoiceStep } from '../../domain/voice/codes.ts'
import { taskIdSql, tasksWithHandover } from '../care/careRows.ts'

/** The columns of one clock's open dues; each is an expression on its table. */
type Place = {
  table:
    | 'tickets t'
    | 'warnings w JOIN tickets t ON t.ticketNo = w.ticketNo'
    | 'inquiries i'
    | typeof tasksWithHandover
    | 'voiceSheets v'
  /** The column with the due, which a partial index with this condition has in order. */
  due: string
  open: string
  subject: string
  ticketNo: string
  startedAt: string
  unit: string
  /** The tier of the unit, whose hours the clock keeps. */
  tier: string
  duesFrom: string
  /** Orders dues of one instant. */
  id: string
}

// qualified, because a fact has a column of that name too
const ofTicket = {
  table: 'tickets t',
  subject: 't.ticketNo',
  ticketNo: 't.ticketNo',
  duesFrom: 't.duesFrom',
  id: 't.id',
} as const
const ofHolder = { ...ofTicket, startedAt: 'dispatchedAt', unit: 'unit', tier: 'tier' } as const
const ofResponsible = {
  ...ofTicket,
  startedAt: 'responsibleSince',
  unit: 'responsibleDealer',
  tier: `'dealer'`,
} as const

const ofInquiry = {
  table: 'inquiries i',
  subject: 'i.inquiryNo',
  ticketNo: 'i.inquiryNo',
  duesFrom: '0',
  id: 'i.id',
} as const

const ofCareTask = {
  table: tasksWithHandover,
  subject: taskIdSql,
  ticketNo: 'h.vehicleId',
  duesFrom: '0',
  id: 'c.id',
} as const
/** A step of a sheet of customer voice. */
const ofVoice = (step: VoiceStep, unit: 'dealer' | null): Place => ({
  table: 'voiceSheets v',
  subject: 'v.sheetId',
  ticketNo: 'v.sheetId',
  startedAt: 'v.stepStartedAt',
  due: 'v.dueAt',
  open: `v.step = '${step}'`,
  unit: unit === null ? 'NULL' : 'v.dealer',
  tier: unit === null ? 'NULL' : `'dealer'`,
  duesFrom: '0',
  id: 'v.id',
})

/** `over`: rescinded or a duplicate, which nobody is reminded of. */
const notOver = `state NOT IN ('rescinded', 'duplicate')`
const isOpen = `state IN ('unhandled', 'in_progress')`

export const duePlaces: Record<DueClock, Place> = {
  response: { ...ofHolder, due: 'responseDueAt', open: `state = 'unhandled'` },
  close: { ...ofHolder, due: 'closeDueAt', open: `closeDueAt IS NOT NULL AND ${isOpen}` },
  responsible_response: {
    ...ofResponsible,
    due: 'responsibleResponseDueAt',
    open: `responsibleResponseDueAt IS NOT NULL AND ${isOpen}`,
  },
  responsible_close: {
    ...ofResponsible,
    due: 'responsibleCloseDueAt',
    open: `responsibleCloseDueAt IS NOT NULL AND ${isOpen}`,
  },
  acknowledge: {
    table: 'warnings w JOIN tickets t ON t.ticketNo = w.ticketNo',
    due: 'w.ackDueAt',
    // in the words of the index, which SQLite does not conclude by itself
    open: `w.status <> 'resolved' AND w.status = 'open' AND t.${notOver}`,
    subject: 'w.warningId',
    ticketNo: 'w.ticketNo',
    startedAt: 'w.raisedAt',
    unit: 'w.unit',
    tier: 'w.tier',
    duesFrom: 't.duesFrom',
    id: 'w.id',
  },
  callback: {
    ...ofTicket,
    startedAt: 'closedAt',
    unit: 'NULL',
    tier: 'NULL',
    due: 'callbackDueAt',
    open: `callbackStage < 2 AND state = 'completed'`,
  },
  consumer_notice: {
    ...ofTicket,
    startedAt: 'receivedAt',
    unit: 'NULL',
    tier: 'NULL',
    due: 'consumerNoticeDueAt',
    open: `consumerInformedAt IS NULL AND ${notOver}`,
  },
  media_feedback: {
    ...ofTicket,
    startedAt: 'dispatchedAt',
    unit: `'SE_MEDIA'`,
    tier: `'se_media'`,
    due: 'mediaFeedbackDueAt',
    open: `mediaFeedbackDueAt IS NOT NULL AND ${notOver}`,
  },
  inquiry_answer: {
    ...ofInquiry,
    startedAt: 'forwardedAt',
    unit: `'SE'`,
    tier: `'se'`,
    due: 'answerDueAt',
    open: `state = 'forwarded'`,
  },
  inquiry_relay: {
    ...ofInquiry,
    startedAt: 'answeredAt',
    unit: 'NULL',
    tier: 'NULL',
    due: 'relayDueAt',
    open: `state = 'answered'`,
  },
  care_task: {
    ...ofCareTask,
    startedAt: 'c.opensAt',
    unit: 'c.dealer',
    tier: `'dealer'`,
    due: 'c.dueAt',
    open: 'c.ended IS NULL',
  },
  care_triage: {
    ...ofCareTask,
    startedAt: 'c.triageSince',
    unit: 'NULL',
    tier: 'NULL',
    due: 'c.triageDueAt',
    open: `c.triage = 'open'`,
  },
  voice_meeting: ofVoice('meeting', 'dealer'),
  voice_return: ofVoice('return', 'dealer'),
  voice_audit: ofVoice('audit', null),
  voice_report: ofVoice('report', 'dealer'),
}

/** What the other lists have no index for. */
export const openDueIndexes = {
  openResponses: `CREATE INDEX openResponses ON tickets (responseDueAt) WHERE ${duePlaces.response.open}`,
  openClosings: `CREATE INDEX openClosings ON tickets (closeDueAt) WHERE ${duePlaces.close.open}`,
  openResponsibleResponses: `CREATE INDEX openResponsibleResponses ON tickets (responsibleResponseDueAt) WHERE ${duePlaces.responsible_response.open}`,
  openResponsibleClosings: `CREATE INDEX openResponsibleClosings ON tickets (responsibleCloseDueAt) WHERE ${duePlaces.responsible_close.open}`,
  openCallbacks: `CREATE INDEX openCallbacks ON tickets (callbackDueAt) WHERE ${duePlaces.callback.open}`,
  openMediaFeedbacks: `CREATE INDEX openMediaFeedbacks ON tickets (mediaFeedbackDueAt) WHERE ${duePlaces.media_feedback.open}`,
}
