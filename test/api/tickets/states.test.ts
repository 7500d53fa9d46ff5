import { afterAll, beforeAll, describe, it } from '@jest/globals'
import { csr, dealer, sa, se, seMedia } from '../../support/scenario.ts'
import { call, close, type RefusalCase, reason, respond, startRefusing } from './refusing.ts'

let refusing: Awaited<ReturnType<typeof startRefusing>>
beforeAll(async () => {
  refusing = await startRefusing()
})
afterAll(() => refusing.s.service.close())
const isRefused = (...refusal: RefusalCase) => refusing.isRefused(...refusal)

describe('the state of the ticket refuses', () => {
  it.each<RefusalCase>([
    ['completed', 'contacts', call, csr, 409, 'contact_on_completed'],
    ['completed', 'responses', respond, dealer(), 409, 'wrong_state'],
    ['completed', 'redispatch', { tier: 'se', ...reason }, csr, 409, 'wrong_state'],
    ['completed', 'reclassify', { category: 'A4d', ...reason }, se, 409, 'wrong_state'],
    ['completed', 'records', { kind: 'investigation', note: '查' }, dealer(), 409, 'wrong_state'],
    ['completed', 'warnings', { code: 'W3' }, csr, 409, 'wrong_state'],
    ['completed', 'close', close, dealer(), 409, 'wrong_state'],
    ['unhandled', 'close', close, dealer(), 409, 'wrong_state'],
    ['unhandled', 'records', { kind: 'investigation', note: '查' }, dealer(), 409, 'wrong_state'],
    ['unhandled', 'callbacks', { outcome: 'satisfied' }, csr, 409, 'wrong_state'],
    ['inProgress', 'callbacks', { outcome: 'satisfied' }, csr, 409, 'wrong_state'],
    ['inProgress', 'repeat-link', { ticketNo: '<unhandled>', ...reason }, csr, 409, 'wrong_state'],
    ['media', 'records', { kind: 'hq_feedback', note: '反馈' }, seMedia, 409, 'wrong_state'],
    ['completed', 'records', { kind: 'hq_feedback', note: '反馈' }, seMedia, 409, 'not_a_b_ticket', '#/kind'],
    ['unhandled', 'convert-to-c', reason, sa, 409, 'not_a_b_ticket'],
    ['unhandled', 'responsible-dealer', { dealerCode: 'D001' }, seMedia, 409, 'not_a_b_ticket'],
    ['media', 'convert-to-c', reason, sa, 409, 'not_yet_due'],
    ['media', 'redispatch', { tier: 'se', ...reason }, csr, 409, 'b_or_c_ticket'],
    ['media', 'reclassify', { category: 'A4a', ...reason }, sa, 409, 'b_or_c_ticket'],
    ['unhandled', 'warnings', { code: 'W4' }, csr, 409, 'warning_already_open', '#/code'],
    ['repeated', 'repeat-link', { ticketNo: '<unhandled>', ...reason }, csr, 409, 'already_has_repeat'],
    [
      'completed',
      'repeat-link',
      { ticketNo: '<repeat>', ...reason },
      csr,
      409,
      'already_a_repeat',
      '#/ticketNo',
    ],
    [
      'completed',
      'repeat-link',
      { ticketNo: '<media>', ...reason },
      csr,
      409,
      'outside_repeat_window',
      '#/ticketNo',
    ],
    ['completed', 'repeat-link', { ticketNo: '<repeated>', ...reason }, csr, 409, 'wrong_state'],
    [
      'repeated',
      'repeat-unlink',
      { ticketNo: '<unhandled>', ...reason },
      csr,
      409,
      'not_linked',
      '#/ticketNo',
    ],
    [
      'repeated',
      'callbacks',
      { outcome: 'dissatisfied', sameProblem: true, repeatExternalNo: 'X-1', note: '不满' },
      csr,
      409,
      'external_no_taken',
      '#/repeatExternalNo',
    ],
  ])('%s: %s %j', isRefused)

  it.each(
    ['rescinded', 'duplicate'].flatMap((ticket): RefusalCase[] => [
      [ticket, 'contacts', call, csr, 409, 'ticket_is_over'],
      [ticket, 'responses', respond, dealer(), 409, 'ticket_is_over'],
      [ticket, 'records', { kind: 'measure', note: '措施' }, dealer(), 409, 'ticket_is_over'],
      [ticket, 'close', close, dealer(), 409, 'ticket_is_over'],
      [ticket, 'redispatch', { tier: 'se', ...reason }, csr, 409, 'ticket_is_over'],
      [ticket, 'reclassify', { category: 'A4d', ...reason }, se, 409, 'ticket_is_over'],
      [ticket, 'callbacks', { outcome: 'satisfied' }, csr, 409, 'ticket_is_over'],
      [ticket, 'warnings', { code: 'W3' }, csr, 409, 'ticket_is_over'],
      [ticket, 'recalculate', reason, sa, 409, 'ticket_is_over'],
      [ticket, 'rescind', reason, sa, 409, 'ticket_is_over'],
      [ticket, 'duplicate-of', { ticketNo: '<unhandled>', ...reason }, sa, 409, 'ticket_is_over'],
      [ticket, 'repeat-link', { ticketNo: '<unhandled>', ...reason }, csr, 409, 'ticket_is_over'],
    ]),
  )('%s is over: %s %j', isRefused)
})
