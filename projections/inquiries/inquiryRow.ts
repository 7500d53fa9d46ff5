import type { Channel, InquiryState } from '../../domain/codes.ts'
import type { InquiryDataOf } from '../../domain/inquiry/events.ts'
import { type Instant, toInstant } from '../../domain/instant.ts'
import type { SealedText } from '../../domain/sealed.ts'
import { instantOrNull } from '../epoch.ts'
import { int, type RowOf, type Table, text } from '../rows.ts'

export const inquiryTable = {
  name: 'inquiries',
  key: 'inquiryNo',
  columns: {
    id: 'INTEGER PRIMARY KEY',
    inquiryNo: `${text} UNIQUE`,
    externalNo: 'TEXT',
    subjectId: text,
    version: int,
    state: text,
    /** That before it became a complaint, which may still be refused. */
    stateBefore: 'TEXT',
    channel: text,
    topic: text,
    dealer: 'TEXT',
    rbo: 'TEXT',
    registeredAt: int,
    forwardedAt: 'INTEGER',
    answerDueAt: 'INTEGER',
    answerProvisional: int,
    answeredAt: 'INTEGER',
    answeredBy: 'TEXT',
    relayDueAt: 'INTEGER',
    relayProvisional: int,
    relayedAt: 'INTEGER',
    withdrawnAt: 'INTEGER',
    closedAt: 'INTEGER',
    ticketNo: 'TEXT',
    outcome: 'TEXT',
    /** When the ticket was named. */
    complaintAt: 'INTEGER',
    customer: 'TEXT',
  },
} as const satisfies Table

/** An inquiry; instants are epoch ms, `customer` the sealed box of customer and vehicle. */
export type InquiryRow = RowOf<typeof inquiryTable>

/** An inquiry in a list: all but its texts. */
export type InquiryView = {
  /** In order of registration. */
  id: number
  inquiryNo: string
  externalNo: string | null
  subjectId: string
  version: number
  state: InquiryState
  channel: Channel
  topic: string
  dealer: string | null
  rbo: string | null
  registeredAt: Instant
  forwardedAt: Instant | null
  answerDueAt: Instant | null
  answeredAt: Instant | null
  answeredBy: 'csc' | 'se' | null
  relayDueAt: Instant | null
  relayedAt: Instant | null
  withdrawnAt: Instant | null
  closedAt: Instant | null
  provisional: boolean
  ticketNo: string | null
  outcome: InquiryDataOf<'InquiryTicketNamed'>['outcome'] | null
  customer: SealedText | null
}

export const toInquiryView = (row: InquiryRow): InquiryView => ({
  id: row.id,
  inquiryNo: row.inquiryNo,
  externalNo: row.externalNo,
  subjectId: row.subjectId,
  version: row.version,
  state: row.state as InquiryState,
  channel: row.channel as Channel,
  topic: row.topic,
  dealer: row.dealer,
  rbo: row.rbo,
  registeredAt: toInstant(row.registeredAt),
  forwardedAt: instantOrNull(row.forwardedAt),
  answerDueAt: instantOrNull(row.answerDueAt),
  answeredAt: instantOrNull(row.answeredAt),
  answeredBy: row.answeredBy as InquiryView['answeredBy'],
  relayDueAt: instantOrNull(row.relayDueAt),
  relayedAt: instantOrNull(row.relayedAt),
  withdrawnAt: instantOrNull(row.withdrawnAt),
  closedAt: instantOrNull(row.closedAt),
  provisional: row.answerProvisional === 1 || row.relayProvisional === 1,
  ticketNo: row.ticketNo,
  outcome: row.outcome as InquiryView['outcome'],
  customer: row.customer as SealedText | null,
})
