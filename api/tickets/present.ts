/** Domain state to the JSON of the contract. */
import { warningCodes } from '../../domain/codes.ts'
import type { Instant } from '../../domain/instant.ts'
import { measuresOf } from '../../domain/ticket/measures.ts'
import {
  currentAssignment,
  currentResponsibility,
  currentWarnings,
  type Ticket,
  type Warning,
} from '../../domain/ticket/state.ts'
import type { Taken } from './intake.ts'
import type { Reader } from './personal.ts'

const presentWarning = ({ warningId, code, sentTo, raisedAt, acknowledgedAt, resolvedAt }: Warning) => ({
  warningId,
  code,
  sentTo,
  raisedAt,
  acknowledgedAt,
  resolvedAt,
})

const presentClosing = (ticket: Ticket, reader: Reader) => {
  if (ticket.closing === null) return null
  const text = reader.text(ticket.closing.text)
  return {
    result: text.result ?? null,
    measures: text.measures ?? null,
    measuresDoneAt: ticket.closing.measuresDoneAt,
    rootCauseCode: ticket.closing.rootCauseCode,
    rootCause: text.rootCause ?? null,
    customerFeedback: text.customerFeedback ?? null,
    improvement: text.improvement ?? null,
    improvementDepartment: text.improvementDepartment ?? null,
  }
}

/** The due that matters now: of the response while unhandled, of closing while in progress. */
const dueAtOf = (ticket: Ticket): Instant | null => {
  const { clocks } = currentAssignment(ticket)
  if (ticket.state === 'unhandled') return clocks.responseDueAt
  return ticket.state === 'in_progress' ? clocks.closeDueAt : null
}

/** A ticket as callers read it, at `now`. */
export const presentTicket = (ticket: Ticket, reader: Reader, now: Instant) => {
  const holder = currentAssignment(ticket)
  const person = reader.person(ticket.customer)
  const text = reader.text(ticket.text)
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
    receivedAt: ticket.receivedAt,
    registeredAt: ticket.registeredAt,
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
    responseDueAt: holder.clocks.responseDueAt,
    closeDueAt: holder.clocks.closeDueAt,
    consumerNoticeDueAt: ticket.consumerNoticeDueAt,
    provisional: holder.clocks.provisional,
    calls: ticket.calls,
    customer: { ...person.customer, subjectId: ticket.subjectId },
    vehicle: person.vehicle,
    content: text.content ?? null,
    initialCause: text.initialCause ?? null,
    closing: presentClosing(ticket, reader),
    escalatedFrom: ticket.escalatedFrom,
    escalatedTo: ticket.escalatedTo,
    relatedTo: ticket.relatedTo,
    duplicateOf: ticket.duplicateOf,
    warnings: ticket.warnings.map(presentWarning),
    measures: measuresOf(ticket, now),
  }
}

/** The codes open on the current assignment. */
const openCodes = (ticket: Ticket): string[] => {
  const open = new Set(
    currentWarnings(ticket).flatMap((warning) => (warning.resolvedAt === null ? [warning.code] : [])),
  )
  return Object.keys(warningCodes).filter((code) => open.has(code as Warning['code']))
}

/** What the front door says of a complaint. */
export const presentTaken = ({ outcome, ticket }: Pick<Taken, 'outcome' | 'ticket'>) => {
  const { ticketNo } = ticket
  const warnings = openCodes(ticket)
  if (outcome === 'contact_logged') return { outcome, ticketNo, calls: ticket.calls, warnings }
  const { tier, unit, clocks } = currentAssignment(ticket)
  return {
    outcome,
    ticketNo,
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
