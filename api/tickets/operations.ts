/** What the OpenAPI document says of each act on a ticket; `writes.ts` has the routes. */
import type { FastifyContextConfig } from 'fastify'
import type { ActName } from '../commands/tickets/ticketCommands.ts'
import { exampleReason, exampleTickets } from '../http/examples.ts'
import { byHolder, inState, ofIntake, onTicket, toDealer } from '../http/operationCodes.ts'

type Operation = { summary: string } & Pick<FastifyContextConfig, 'operationId' | 'example'> &
  Required<Pick<FastifyContextConfig, 'refusals'>>

export const operations: Record<ActName, Operation> = {
  contacts: {
    summary: 'Log a further contact of the customer',
    operationId: 'logContact',
    refusals: [
      ...onTicket,
      ...inState,
      'contact_on_completed',
      'instant_not_allowed',
      'future_instant',
      'before_registration',
    ],
    example: { body: { channel: 'phone', content: '客户再次来电催促。' } },
  },
  redispatch: {
    summary: 'Dispatch to another unit',
    operationId: 'redispatchTicket',
    refusals: [...onTicket, ...inState, ...toDealer, 'b_or_c_ticket', 'same_unit'],
    example: { body: { tier: 'rbo', reason: exampleReason } },
  },
  'repeat-link': {
    summary: 'Link a repeat by hand: the path names the earlier ticket, the body the repeat',
    operationId: 'linkRepeat',
    refusals: [
      ...onTicket,
      ...inState,
      ...toDealer,
      'unknown_ticket',
      'ticket_not_usable',
      'same_ticket',
      'already_a_repeat',
      'already_has_repeat',
      'outside_repeat_window',
    ],
  },
  'repeat-unlink': {
    summary: 'Withdraw a link made in error',
    operationId: 'unlinkRepeat',
    refusals: [...onTicket, ...inState, 'unknown_ticket', 'not_linked'],
  },
  callbacks: {
    summary:
      'Record an attempt to call back; dissatisfied on the same problem registers the repeat complaint',
    operationId: 'recordCallback',
    refusals: [
      ...onTicket,
      ...ofIntake,
      'before_closing',
      'note_required',
      'score_not_wanted',
      'same_problem_not_wanted',
      'repeat_external_no_not_wanted',
    ],
    example: { ticket: 'completed', body: { outcome: 'satisfied', score: 5 } },
  },
  reclassify: {
    summary: 'Change the category',
    operationId: 'reclassifyTicket',
    refusals: [
      ...onTicket,
      ...inState,
      ...toDealer,
      'b_or_c_ticket',
      'category_not_for_intake',
      'dealer_not_wanted',
      'same_category',
      'source_not_wanted',
      'source_required',
    ],
    example: { body: { category: 'A4d', reason: exampleReason } },
  },
  rescind: {
    summary: 'Rescind the ticket',
    operationId: 'rescindTicket',
    refusals: [...onTicket, ...inState, 'has_duplicates'],
    example: { body: { reason: exampleReason } },
  },
  'duplicate-of': {
    summary: 'Mark the ticket a duplicate of another, which survives',
    operationId: 'markDuplicate',
    refusals: [
      ...onTicket,
      ...inState,
      'unknown_ticket',
      'has_duplicates',
      'same_ticket',
      'ticket_not_usable',
    ],
    example: { body: { ticketNo: exampleTickets.inProgress, reason: exampleReason } },
  },
  'duplicate-undo': {
    summary: 'Undo the mark: the ticket is open or completed as before, its calls leave the survivor',
    operationId: 'undoDuplicate',
    refusals: [
      ...onTicket,
      ...inState,
      'unknown_ticket',
      'ticket_not_usable',
      'has_duplicates',
      'not_a_duplicate',
    ],
  },
  recalculate: {
    summary: "Recalculate the current assignment's deadlines by today's calendar and policy",
    operationId: 'recalculateDeadlines',
    refusals: [...onTicket, ...inState],
    example: { body: { reason: exampleReason } },
  },
  responses: {
    summary: 'Record the response to the customer',
    operationId: 'recordResponse',
    refusals: byHolder,
    example: { body: { method: 'phone', reached: true, note: '已联系客户，周六上午安排试驾。' } },
  },
  records: {
    summary: 'Record work on the ticket',
    operationId: 'recordWork',
    refusals: [...byHolder, 'not_a_b_ticket'],
    example: { ticket: 'inProgress', body: { kind: 'investigation', note: '已向销售顾问了解情况。' } },
  },
  close: {
    summary: 'Close: the complaint is handled',
    operationId: 'closeTicket',
    refusals: [...byHolder, 'future_instant', 'unknown_root_cause'],
    example: {
      ticket: 'inProgress',
      body: { result: '客户已完成试驾，表示满意。', measures: '销售顾问每日核对预约。' },
    },
  },
  'responsible-dealer': {
    summary: 'Name the dealer a B ticket counts for',
    operationId: 'nameResponsibleDealer',
    refusals: [...byHolder, ...toDealer, 'not_a_b_ticket'],
  },
  'convert-to-c': {
    summary: 'Convert a B ticket past its deadline to C',
    operationId: 'convertToC',
    refusals: [...byHolder, 'not_a_b_ticket', 'not_yet_due'],
  },
  weight: {
    summary: 'Change severity, safety and the remedy the customer asks for',
    refusals: [...onTicket, ...inState],
    example: { body: { severity: 'high', reason: exampleReason } },
  },
  correct: {
    summary: 'Correct customer or vehicle data; matching uses the corrected values from then on',
    refusals: [...onTicket, ...inState, 'customer_unreadable'],
    example: { body: { customer: { contactPerson: '王芳' }, reason: exampleReason } },
  },
  claim: {
    summary: 'Claim the ticket: a person of the holding unit takes it, or hands it to a colleague',
    operationId: 'claimTicket',
    refusals: [...byHolder, 'already_claimed'],
    example: { body: {} },
  },
  release: {
    summary: 'Release a claimed ticket',
    operationId: 'releaseTicket',
    refusals: byHolder,
    example: { body: {} },
  },
  warnings: {
    summary: 'Raise an early warning by hand',
    operationId: 'raiseWarning',
    refusals: [...onTicket, ...inState, 'warning_already_open'],
    example: { body: { code: 'W4', reason: exampleReason } },
  },
}
