/** Where the dues of each clock stand in the views while they are open, and which of them have become facts. */
import type { Tier } from '../../domain/codes.ts'
import type { DueClock, DueData } from '../../domain/dues.ts'
import { toInstant } from '../../domain/instant.ts'
import type { VoiceStep } from '../../domain/voice/codes.ts'
import { taskIdSql, tasksWithHandover } from '../care/careRows.ts'
import type { Bound, Statements } from '../statements.ts'

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

/** The last due that a look has seen: the next look goes on behind it. */
export type DueCursor = { dueAt: number; id: number }

export type DueQuery = {
  clock: DueClock
  /** Which fact it is to become. */
  type: 'DuePassed' | 'DueNear'
  /** Dues strictly after it. */
  after: DueCursor
  /** Epoch ms: dues up to and including it. */
  upTo: number
  /** How many rows are looked at, whether their dues are facts already or not. */
  limit: number
  /** The policy's numbers that make a customer unreachable, see `attemptsApart`. */
  callback: { attempts: number; hoursApart: number }
}

/** Before all dues after an instant, in epoch ms. */
export const dueCursorAt = (epochMs: number): DueCursor => ({
  dueAt: epochMs,
  id: Number.MAX_SAFE_INTEGER,
})

/** What makes a fact unnecessary: the same one, and of one that comes near also that it has passed. */
const madeBy = { DuePassed: `f.type = 'DuePassed'`, DueNear: `f.type IN ('DueNear', 'DuePassed')` } as const

/** Nobody calls back a customer who was given up as unreachable (rulebook §11). `CASE`: without attempts there is nothing to count. */
const isGivenUp = 'CASE WHEN callbackStage = 1 THEN attemptsApart(callbacks, ?) >= ? ELSE 0 END'

/** A due with the tier of its unit; both `null` where nobody's hours count. */
export type OpenDue = DueData & { tier: Tier | null }

export type OpenDues = {
  /** Those that are no facts yet, the earliest first. */
  dues: OpenDue[]
  /** From where to go on; `null`: there are no more. */
  next: DueCursor | null
}

type DueRow = {
  ticketNo: string
  subject: string
  startedAt: number
  dueAt: number
  unit: string | null
  tier: Tier | null
  id: number
  isWanted: 0 | 1
}

/** Looks at the next open dues of a clock. Its cost is bounded by `limit`, however many of them are facts already. */
export const openDues = (
  statements: Statements,
  { clock, type, after, upTo, limit, callback }: DueQuery,
): OpenDues => {
  const { table, due, open, subject, ticketNo, startedAt, unit, tier, duesFrom, id } = duePlaces[clock]
  const isCallback = clock === 'callback'
  const givenUp: Bound[] = isCallback ? [callback.hoursApart, callback.attempts] : []
  const rows = statements.all<DueRow>(
    `SELECT ${ticketNo} AS ticketNo, ${subject} AS subject, ${startedAt} AS startedAt, ${due} AS dueAt, ${unit} AS unit, ${tier} AS tier, ${id} AS id,
       ${due} > ${duesFrom} ${isCallback ? `AND NOT ${isGivenUp}` : ''} AND NOT EXISTS (
         SELECT 1 FROM dueFacts f
         WHERE f.subject = ${subject} AND ${madeBy[type]} AND f.clock = ? AND f.startedAt = ${startedAt} AND f.dueAt = ${due}) AS isWanted
     FROM ${table}
     WHERE ${open} AND (${due}, ${id}) > (?, ?) AND ${due} <= ?
     ORDER BY ${due}, ${id} LIMIT ?`,
    [...givenUp, clock, after.dueAt, after.id, upTo, limit],
  )
  const last = rows.at(-1)
  return {
    next: last === undefined || rows.length < limit ? null : { dueAt: last.dueAt, id: last.id },
    dues: rows
      .filter(({ isWanted }) => isWanted === 1)
      .map((row) => ({
        ticketNo: row.ticketNo,
        subject: row.subject,
        clock,
        startedAt: toInstant(row.startedAt),
        dueAt: toInstant(row.dueAt),
        unit: row.unit,
        tier: row.tier,
      })),
  }
}
