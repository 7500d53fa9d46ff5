/** What a ticket is after its events, see `evolve.ts`. */
import type { Attachment } from '../attachments/attachments.ts'
import {
  type Channel,
  type Decision,
  type Flag,
  type HolderTier,
  isOpenState,
  isOverState,
  type Level,
  type ObjectionStatus,
  type Remedy,
  type Severity,
  type Source,
  type State,
  type WarningCode,
} from '../codes.ts'
import type { Instant, Quarter } from '../instant.ts'
import type { SealedText } from '../sealed.ts'
import type { Clocks, Goodwill, TicketNo, Unit } from './events.ts'
import type { MeasureName } from './measures.ts'
import type { Category } from './routing.ts'

/** One unit's term at the ticket: a holder's, or on a B ticket the responsible dealer's (rulebook §8). */
export type Term = {
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

export type Assignment = Term & { tier: HolderTier }

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
  /** When that due was computed: at the start, or by the last recalculation that moved it. */
  ackDueSetAt: Instant
  provisional: boolean
  reason: SealedText | null
  acknowledgedAt: Instant | null
  acknowledgedBy: string | null
  resolvedAt: Instant | null
  resolvedBy: string | null
  result: SealedText | null
}

/** Rulebook §14; `text` and `decisionText` are the reasons. */
export type Objection = {
  objectionId: string
  dealer: string
  rbo: string | null
  /** When its unit began: tells several terms of the dealer apart. */
  dispatchedAt: Instant
  quarter: Quarter
  measures: readonly MeasureName[]
  /** Attachments of the ticket that the reason refers to; one may have been removed since. */
  attachmentIds: readonly string[]
  status: ObjectionStatus
  raisedAt: Instant
  raisedBy: string
  text: SealedText
  decidedAt: Instant | null
  decidedBy: string | null
  decisionText: SealedText | null
}

export type ClosingDetails = {
  rootCauseCode: string | null
  measuresDoneAt: Instant | null
  repeatWindowEndsAt: Instant
  callbackDueAt: Instant
  decision: Decision | null
  goodwill: Goodwill | null
  text: SealedText
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
  severity: Severity | null
  /** A danger to people is claimed. */
  safety: boolean
  /** It was claimed at some time, and the ticket flagged for it. */
  safetyFlagged: boolean
  remedy: Remedy | null
  /** The text that has the remedy in words. */
  remedyText: SealedText
  receivedAt: Instant
  registeredAt: Instant
  /** An import registered it, so imports may go on with it. */
  imported: boolean
  closedAt: Instant | null
  convertedAt: Instant | null
  consumerInformedAt: Instant | null
  consumerNoticeDueAt: Instant
  /** When that due was computed: at the start, or by the last recalculation that moved it. */
  consumerNoticeSetAt: Instant
  consumerNoticeProvisional: boolean
  /** When something last happened to it. */
  lastAt: Instant
  dealer: string | null
  rbo: string | null
  /** The person of the holding unit who took the ticket (rulebook §14); a new assignment starts without. */
  assignee: string | null
  /** In order; the last is the current one. */
  assignments: [Assignment, ...Assignment[]]
  /** Of responsible dealers, in order; the last one is the current, if it has not ended. */
  responsibilities: Term[]
  /** Follow-up phone calls, the originating one excluded (rulebook §7). */
  calls: number
  customer: SealedText
  text: SealedText
  closing: ClosingDetails | null
  escalatedFrom: TicketNo | null
  escalatedTo: TicketNo | null
  repeatLinkedAt: Instant | null
  relatedTo: TicketNo | null
  duplicateOf: TicketNo | null
  warnings: Warning[]
  /** Those that were not removed, oldest first. */
  attachments: Attachment[]
  /** How many letters were written; the newest has this number. */
  letters: number
  /** Of dealers to their units, in the order they were raised. */
  objections: Objection[]
  callbacks: { at: Instant; outcome: string; score: number | null }[]
  /** What it took over from its duplicates; part of `calls`. */
  absorbed: { duplicate: TicketNo; calls: number }[]
}

/** The unit that holds the ticket now. */
export const currentAssignment = (ticket: Ticket): Assignment => ticket.assignments.at(-1) as Assignment

/** The responsible dealer's running term on a B or C ticket. */
export const currentResponsibility = (ticket: Ticket): Term | null => {
  const last = ticket.responsibilities.at(-1)
  return last === undefined || last.endedAt !== null ? null : last
}

export const isOpen = (ticket: Ticket): boolean => isOpenState(ticket.state)
export const isOver = (ticket: Pick<Ticket, 'state'>): boolean => isOverState(ticket.state)

/** The state of a ticket that is neither rescinded nor a duplicate, from what was done to it (rulebook §4). */
export const stateByActs = (closedAt: unknown, respondedAt: unknown): State =>
  closedAt !== null ? 'completed' : respondedAt !== null ? 'in_progress' : 'unhandled'

/** What the survivor of this ticket takes over: its phone calls, its registration as one more. */
export const callsOfDuplicate = ({ calls, channel }: Pick<Ticket, 'calls' | 'channel'>): number =>
  calls + (channel === 'phone' ? 1 : 0)

/** Warnings of the current assignment, the resolved ones too. */
export const currentWarnings = (ticket: Ticket): Warning[] =>
  ticket.warnings.filter((warning) => warning.assignment === ticket.assignments.length)
