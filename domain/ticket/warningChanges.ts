/** How events change the warnings of a ticket (rulebook §7). */
import type { RecordMetadata } from '../aggregate.ts'
import type { DataOf } from './events.ts'
import type { Ticket, Warning } from './state.ts'

const changeWarning = (ticket: Ticket, id: string, change: (warning: Warning) => Warning): Ticket => ({
  ...ticket,
  warnings: ticket.warnings.map((each) => (each.warningId === id ? change(each) : each)),
})

export const warningRaised = (
  ticket: Ticket,
  data: DataOf<'WarningRaised'>,
  who: RecordMetadata,
): Ticket => ({
  ...ticket,
  warnings: [
    ...ticket.warnings,
    {
      warningId: data.warningId,
      code: data.code,
      assignment: ticket.assignments.length,
      byHand: data.byHand,
      from: data.from,
      sentTo: data.sentTo,
      raisedAt: who.recordedAt,
      raisedBy: who.actor.id,
      ackDueAt: data.ackDueAt,
      ackDueSetAt: who.recordedAt,
      provisional: data.provisional ?? false,
      reason: data.text,
      acknowledgedAt: null,
      acknowledgedBy: null,
      resolvedAt: null,
      resolvedBy: null,
      result: null,
    },
  ],
})

/** Whoever resolves a warning has acknowledged it. */
const acknowledged = (warning: Warning, who: RecordMetadata): Warning =>
  warning.acknowledgedAt !== null
    ? warning
    : { ...warning, acknowledgedAt: who.recordedAt, acknowledgedBy: who.actor.id }

export const warningAcknowledged = (
  ticket: Ticket,
  { warningId }: DataOf<'WarningAcknowledged'>,
  who: RecordMetadata,
): Ticket => changeWarning(ticket, warningId, (warning) => acknowledged(warning, who))

export const warningResolved = (
  ticket: Ticket,
  { warningId, text }: DataOf<'WarningResolved'>,
  who: RecordMetadata,
): Ticket =>
  changeWarning(ticket, warningId, (warning) => ({
    ...acknowledged(warning, who),
    resolvedAt: who.recordedAt,
    resolvedBy: who.actor.id,
    result: text,
  }))
