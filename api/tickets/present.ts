/** Domain state to the JSON of the contract. */
import { type WarningCode, warningCodeSchema } from '../../domain/codes.ts'
import type { Instant } from '../../domain/instant.ts'
import { measuresOf } from '../../domain/ticket/measures.ts'
import {
  currentAssignment,
  currentResponsibility,
  currentWarnings,
  type Ticket,
  type Warning,
} from '../../domain/ticket/state.ts'
import type { TicketView, WholeTicket } from '../../projections/tickets/ticketView.ts'
import type { IntakeResult } from '../commands/tickets/intake.ts'
import type { Reader } from '../commands/tickets/personal.ts'
import type { TicketAnswer, TicketRowAnswer } from './responseSchemas.ts'

/** A warning as its ticket lists it. */
export const presentWarning = ({
  warningId,
  code,
  sentTo,
  raisedAt,
  acknowledgedAt,
  resolvedAt,
}: Warning) => ({
  warningId,
  code,
  sentTo,
  raisedAt,
  acknowledgedAt,
  resolvedAt,
})

/** By code, then as they were raised. */
const inOrder = <W extends { code: string }>(warnings: W[]): W[] =>
  warnings.toSorted((a, b) => (a.code < b.code ? -1 : a.code > b.code ? 1 : 0))

const presentClosing = (closing: WholeTicket['closing'], reader: Reader) => {
  if (closing === null) return null
  const text = reader.text(closing.text)
  return {
    result: text.result ?? null,
    measures: text.measures ?? null,
    measuresDoneAt: closing.measuresDoneAt,
    rootCauseCode: closing.rootCauseCode,
    rootCause: text.rootCause ?? null,
    customerFeedback: text.customerFeedback ?? null,
    improvement: text.improvement ?? null,
    improvementDepartment: text.improvementDepartment ?? null,
    decision: closing.decision,
    goodwill: closing.goodwill,
  }
}

/** The free text of a ticket. */
const presentTexts = (
  { text: sealed, closing, remedyText }: Pick<WholeTicket, 'text' | 'closing' | 'remedyText'>,
  reader: Reader,
) => {
  const text = reader.text(sealed)
  return {
    content: text.content ?? null,
    initialCause: text.initialCause ?? null,
    remedyText: reader.text(remedyText).remedyText ?? null,
    closing: presentClosing(closing, reader),
  }
}

/** The due that matters now: of the response while unhandled, of closing while in progress. */
const dueAtOf = (ticket: Ticket): Instant | null => {
  const { clocks } = currentAssignment(ticket)
  if (ticket.state === 'unhandled') return clocks.responseDueAt
  return ticket.state === 'in_progress' ? clocks.closeDueAt : null
}

/** A ticket as callers read it, at `now`. */
export const presentTicket = (ticket: Ticket, reader: Reader, now: Instant): TicketAnswer => {
  const holder = currentAssignment(ticket)
  const person = reader.person(ticket.customer)
  return {
    ticketNo: ticket.ticketNo,
    externalNo: ticket.externalNo,
    version: ticket.version,
    level: ticket.level,
    category: ticket.category,
    state: ticket.state,
    ordinal: ticket.ordinal,
    channel: ticket.channel,
    source: ticket.source,
    severity: ticket.severity,
    safety: ticket.safety,
    remedy: ticket.remedy,
    receivedAt: ticket.receivedAt,
    registeredAt: ticket.registeredAt,
    updatedAt: ticket.lastAt,
    dispatchedAt: holder.startedAt,
    respondedAt: holder.respondedAt,
    closedAt: ticket.closedAt,
    convertedAt: ticket.convertedAt,
    consumerInformedAt: ticket.consumerInformedAt,
    dueAt: dueAtOf(ticket),
    holder: { tier: holder.tier, unit: holder.unit },
    dealer: ticket.dealer,
    rbo: ticket.rbo,
    responsibleDealer: currentResponsibility(ticket)?.unit ?? null,
    assignee: ticket.assignee,
    responseDueAt: holder.clocks.responseDueAt,
    closeDueAt: holder.clocks.closeDueAt,
    consumerNoticeDueAt: ticket.consumerNoticeDueAt,
    consumerNoticeProvisional: ticket.consumerNoticeProvisional,
    provisional: holder.clocks.provisional,
    calls: ticket.calls,
    customer: { ...person.customer, subjectId: ticket.subjectId },
    vehicle: person.vehicle,
    ...presentTexts(ticket, reader),
    escalatedFrom: ticket.escalatedFrom,
    escalatedTo: ticket.escalatedTo,
    relatedTo: ticket.relatedTo,
    duplicateOf: ticket.duplicateOf,
    warnings: inOrder(ticket.warnings.map(presentWarning)),
    measures: measuresOf(
      {
        state: ticket.state,
        ...holder.clocks,
        respondedAt: holder.respondedAt,
        closedAt: ticket.closedAt,
        repeatWindowEndsAt: ticket.closing?.repeatWindowEndsAt ?? null,
        repeatLinkedAt: ticket.repeatLinkedAt,
      },
      now,
    ),
  }
}

/** A ticket in a list: all but free text. */
export const presentRow = (row: TicketView, reader: Reader, now: Instant): TicketRowAnswer => {
  const person = reader.person(row.customer)
  return {
    ticketNo: row.ticketNo,
    externalNo: row.externalNo,
    version: row.version,
    level: row.level,
    category: row.category,
    state: row.state,
    ordinal: row.ordinal,
    channel: row.channel,
    source: row.source,
    severity: row.severity,
    safety: row.safety,
    remedy: row.remedy,
    receivedAt: row.receivedAt,
    registeredAt: row.registeredAt,
    updatedAt: row.lastAt,
    dispatchedAt: row.dispatchedAt,
    respondedAt: row.respondedAt,
    closedAt: row.closedAt,
    convertedAt: row.convertedAt,
    consumerInformedAt: row.consumerInformedAt,
    dueAt: row.dueAt,
    holder: row.holder,
    dealer: row.dealer,
    rbo: row.rbo,
    responsibleDealer: row.responsibleDealer,
    assignee: row.assignee,
    responseDueAt: row.responseDueAt,
    closeDueAt: row.closeDueAt,
    consumerNoticeDueAt: row.consumerNoticeDueAt,
    consumerNoticeProvisional: row.consumerNoticeProvisional,
    provisional: row.provisional,
    calls: row.calls,
    customer: { ...person.customer, subjectId: row.subjectId },
    vehicle: person.vehicle,
    escalatedFrom: row.escalatedFrom,
    escalatedTo: row.escalatedTo,
    relatedTo: row.relatedTo,
    duplicateOf: row.duplicateOf,
    warnings: inOrder(row.warnings),
    measures: measuresOf(row, now),
  }
}

/** A ticket of the view as callers read it, with its texts. */
export const presentWhole = (ticket: WholeTicket, reader: Reader, now: Instant): TicketAnswer => ({
  ...presentRow(ticket, reader, now),
  ...presentTexts(ticket, reader),
})

/** The codes open on the current assignment. */
const openCodes = (ticket: Ticket): WarningCode[] => {
  const open = new Set(
    currentWarnings(ticket).flatMap((each) => (each.resolvedAt === null ? [each.code] : [])),
  )
  return warningCodeSchema.options.filter((code) => open.has(code))
}

/** What the front door says of a complaint. */
export const presentIntake = ({ outcome, ticket }: Pick<IntakeResult, 'outcome' | 'ticket'>) => {
  const { ticketNo } = ticket
  const warnings = openCodes(ticket)
  if (outcome === 'contact_logged')
    return { outcome, ticketNo, version: ticket.version, calls: ticket.calls, warnings } as const
  const { tier, unit, clocks } = currentAssignment(ticket)
  return {
    outcome,
    ticketNo,
    version: ticket.version,
    ordinal: ticket.ordinal,
    holder: { tier, unit },
    responseDueAt: clocks.responseDueAt,
    closeDueAt: clocks.closeDueAt,
    provisional: clocks.provisional,
    escalatedFrom: ticket.escalatedFrom,
    relatedTo: ticket.relatedTo,
    warnings,
  }
}
