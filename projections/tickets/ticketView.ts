/** A ticket as queries give it out. */
import type {
  Channel,
  Decision,
  GoodwillKind,
  HolderTier,
  Level,
  Remedy,
  Severity,
  Source,
  State,
  Tier,
  WarningCode,
} from '../../domain/codes.ts'
import { type Instant, toInstant } from '../../domain/instant.ts'
import type { SealedText } from '../../domain/sealed.ts'
import type { Category } from '../../domain/ticket/routing.ts'
import { instantOrNull } from '../epoch.ts'
import type { RowWarning, TicketRow } from './ticketRow.ts'

export type TicketWarning = {
  warningId: string
  code: WarningCode
  sentTo: { tier: Tier; unit: string }
  raisedAt: Instant
  acknowledgedAt: Instant | null
  resolvedAt: Instant | null
}

export type CallbackAttempt = { at: Instant; outcome: string; score: number | null }

/** The ticket of the REST contract without its texts; `customer` is the sealed text of customer and vehicle. */
export type TicketView = {
  /** In order of registration; the last part of a keyset. */
  id: number
  ticketNo: string
  externalNo: string | null
  version: number
  level: Level
  category: Category
  state: State
  ordinal: number
  channel: Channel
  source: Source | null
  severity: Severity | null
  safety: boolean
  remedy: Remedy | null
  receivedAt: Instant
  registeredAt: Instant
  dispatchedAt: Instant
  respondedAt: Instant | null
  closedAt: Instant | null
  convertedAt: Instant | null
  consumerInformedAt: Instant | null
  dueAt: Instant | null
  holder: { tier: HolderTier; unit: string }
  dealer: string | null
  rbo: string | null
  responsibleDealer: string | null
  /** Who of the holding unit claimed it. */
  assignee: string | null
  responseDueAt: Instant
  closeDueAt: Instant | null
  consumerNoticeDueAt: Instant
  consumerNoticeProvisional: boolean
  provisional: boolean
  calls: number
  escalatedFrom: string | null
  escalatedTo: string | null
  relatedTo: string | null
  duplicateOf: string | null
  warnings: TicketWarning[]
  repeatWindowEndsAt: Instant | null
  /** When the repeat in `escalatedTo` was linked. */
  repeatLinkedAt: Instant | null
  rootCauseCode: string | null
  callbackDueAt: Instant | null
  callbacks: CallbackAttempt[]
  lastAt: Instant
  subjectId: string
  customer: SealedText
}

/** With its texts: the sealed texts of registration and closing. */
export type WholeTicket = TicketView & {
  text: SealedText
  /** The text that has the remedy in words. */
  remedyText: SealedText
  closing: {
    text: SealedText
    measuresDoneAt: Instant | null
    rootCauseCode: string | null
    decision: Decision | null
    goodwill: { kind: GoodwillKind; amount: number } | null
  } | null
}

/** A row joined with its sealed texts. */
export type FoundRow = TicketRow & { subjectId: string; customer: string }
export type FoundWhole = FoundRow & {
  text: string
  remedyText: string | null
  closingText: string | null
  measuresDoneAt: number | null
}

const warningsOf = (json: string | null): TicketWarning[] =>
  json === null
    ? []
    : (JSON.parse(json) as RowWarning[]).map(({ tier, unit, ...warning }) => ({
        warningId: warning.warningId,
        code: warning.code as WarningCode,
        sentTo: { tier: tier as Tier, unit },
        raisedAt: toInstant(warning.raisedAt),
        acknowledgedAt: instantOrNull(warning.acknowledgedAt),
        resolvedAt: instantOrNull(warning.resolvedAt),
      }))

const callbacksOf = (json: string | null): CallbackAttempt[] =>
  json === null
    ? []
    : (JSON.parse(json) as [number, string, number | null][]).map(([at, outcome, score]) => ({
        at: toInstant(at),
        outcome,
        score,
      }))

export const toTicketView = (row: FoundRow): TicketView => ({
  id: row.id,
  ticketNo: row.ticketNo,
  externalNo: row.externalNo,
  version: row.version,
  level: row.level as Level,
  category: row.category as Category,
  state: row.state as State,
  ordinal: row.ordinal,
  channel: row.channel as Channel,
  source: row.source as Source | null,
  severity: row.severity as Severity | null,
  safety: row.safety === 1,
  remedy: row.remedy as Remedy | null,
  receivedAt: toInstant(row.receivedAt),
  registeredAt: toInstant(row.registeredAt),
  dispatchedAt: toInstant(row.dispatchedAt),
  respondedAt: instantOrNull(row.respondedAt),
  closedAt: instantOrNull(row.closedAt),
  convertedAt: instantOrNull(row.convertedAt),
  consumerInformedAt: instantOrNull(row.consumerInformedAt),
  dueAt: instantOrNull(row.sortDue),
  holder: { tier: row.tier as HolderTier, unit: row.unit },
  dealer: row.dealer,
  rbo: row.rbo,
  responsibleDealer: row.responsibleDealer,
  assignee: row.assignee,
  responseDueAt: toInstant(row.responseDueAt),
  closeDueAt: instantOrNull(row.closeDueAt),
  consumerNoticeDueAt: toInstant(row.consumerNoticeDueAt),
  consumerNoticeProvisional: row.consumerNoticeProvisional === 1,
  provisional: row.provisional !== 0,
  calls: row.calls,
  escalatedFrom: row.escalatedFrom,
  escalatedTo: row.escalatedTo,
  relatedTo: row.relatedTo,
  duplicateOf: row.duplicateOf,
  warnings: warningsOf(row.warnings),
  repeatWindowEndsAt: instantOrNull(row.repeatWindowEndsAt),
  repeatLinkedAt: instantOrNull(row.repeatLinkedAt),
  rootCauseCode: row.rootCauseCode,
  callbackDueAt: instantOrNull(row.callbackDueAt),
  callbacks: callbacksOf(row.callbacks),
  lastAt: toInstant(row.lastAt),
  subjectId: row.subjectId,
  customer: row.customer as SealedText,
})

export const toWholeTicket = (row: FoundWhole): WholeTicket => ({
  ...toTicketView(row),
  text: row.text as SealedText,
  remedyText: (row.remedyText ?? row.text) as SealedText,
  closing:
    row.closingText === null
      ? null
      : {
          text: row.closingText as SealedText,
          measuresDoneAt: instantOrNull(row.measuresDoneAt),
          rootCauseCode: row.rootCauseCode,
          decision: row.decision as Decision | null,
          goodwill:
            row.goodwillKind === null
              ? null
              : { kind: row.goodwillKind as GoodwillKind, amount: row.goodwillAmount ?? 0 },
        },
})
