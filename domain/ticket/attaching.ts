/** Attachments of a ticket (rulebook §14). */
import { findAttachment, requireRoomFor } from '../attachments/attachments.ts'
import { Refusal } from '../refusal.ts'
import type { CommandOf } from './commands.ts'
import type { TicketEvent } from './events.ts'
import { isOver, type Ticket } from './state.ts'

/** The bytes are stored already. @throws Refusal `ticket_is_over`, `too_many_attachments` */
export const addAttachment = (
  ticket: Ticket,
  { attachmentId, mediaType, bytes, text }: CommandOf<'AddAttachment'>,
): TicketEvent[] => {
  if (isOver(ticket)) throw new Refusal('ticket_is_over')
  requireRoomFor(ticket.attachments)
  return [{ type: 'AttachmentAdded', data: { attachmentId, mediaType, bytes, text } }]
}

/** The bytes are removed next. @throws Refusal `ticket_is_over`, `attachment_not_found` */
export const removeAttachment = (
  ticket: Ticket,
  { attachmentId, text }: CommandOf<'RemoveAttachment'>,
): TicketEvent[] => {
  if (isOver(ticket)) throw new Refusal('ticket_is_over')
  findAttachment(ticket.attachments, attachmentId)
  return [{ type: 'AttachmentRemoved', data: { attachmentId, text } }]
}
