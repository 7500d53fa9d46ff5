import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import {
  csr,
  dealer,
  media,
  problemOf,
  rbo,
  refused,
  type Scenario,
  sa,
  se,
  seMedia,
  startScenario,
  supervisor,
  system,
} from '../../support/scenario.ts'
import type { Json, Who } from '../../support/service.ts'

let s: Scenario
/** Tickets by what is to be known of them. */
const tickets: Record<string, string> = {}

beforeAll(async () => {
  s = await startScenario({ now: '2026-03-01 10:00' })
  tickets.media = await s.registerB()
  tickets.repeated = await s.register()
  await s.respond(tickets.repeated)
  await s.close(tickets.repeated)
  s.go('2026-03-02 09:00')
  tickets.repeat = await s.register({ sameProblemAs: tickets.repeated })
  tickets.unhandled = await s.register({ flags: ['agitated'], externalNo: 'X-1' })
  tickets.inProgress = await s.register()
  tickets.completed = await s.register()
  for (const name of ['inProgress', 'completed']) await s.respond(tickets[name] as string)
  await s.close(tickets.completed)
  tickets.rescinded = await s.register({ flags: ['agitated'] })
  await s.does(tickets.rescinded, 'rescind', { reason: '误登记' }, se)
  tickets.duplicate = await s.register()
  await s.does(tickets.duplicate, 'duplicate-of', { ticketNo: tickets.inProgress, reason: '重复' }, se)
  tickets.withoutDealer = await s.register({ category: 'A4y', dealerCode: null })
  s.go('2026-03-10 00:00')
})
afterAll(() => s.service.close())

const respond = { method: 'phone', reached: true, note: '已联系' }
const close = { result: '属实', measures: '道歉' }
const call = { channel: 'phone', content: '催办' }
const reason = { reason: '理由' }

type Refusal = [
  ticket: string,
  path: string,
  body: Json,
  who: Who,
  status: number,
  code: string,
  pointer?: string,
]

/** Names of tickets in a body or a path stand for their numbers. */
const numbered = <T>(value: T): T =>
  JSON.parse(JSON.stringify(value).replace(/<(\w+)>/g, (_, name) => tickets[name] as string))

/** Refused with that code at that pointer, and nothing written. */
const isRefused = async (...[ticket, path, body, who, status, code, pointer]: Refusal): Promise<void> => {
  const head = await s.head()
  const answer = await s.act(tickets[ticket] ?? ticket, numbered(path), numbered(body), who)
  const fields: [string, string][] = pointer === undefined ? [] : [['body', pointer]]
  expect(problemOf(answer)).toEqual(refused(status, code, ...fields))
  expect(await s.head()).toBe(head)
}

describe('the state of the ticket refuses', () => {
  it.each<Refusal>([
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
    ['rescinded', 'duplicate'].flatMap((ticket): Refusal[] => [
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

describe('what is well-formed but not valid here is refused', () => {
  it.each<Refusal>([
    ['unhandled', 'redispatch', { dealerCode: 'D001', ...reason }, csr, 422, 'same_unit'],
    ['unhandled', 'redispatch', { tier: 'dealer', ...reason }, csr, 422, 'same_unit'],
    [
      'unhandled',
      'redispatch',
      { dealerCode: 'D009', ...reason },
      csr,
      422,
      'inactive_dealer',
      '#/dealerCode',
    ],
    [
      'unhandled',
      'redispatch',
      { dealerCode: 'D999', ...reason },
      csr,
      422,
      'unknown_dealer',
      '#/dealerCode',
    ],
    ['withoutDealer', 'redispatch', { tier: 'rbo', ...reason }, csr, 422, 'dealer_required', '#/dealerCode'],
    ['unhandled', 'reclassify', { category: 'A4a', ...reason }, se, 422, 'same_category', '#/category'],
    [
      'unhandled',
      'reclassify',
      { category: 'C4', ...reason },
      se,
      422,
      'category_not_for_intake',
      '#/category',
    ],
    [
      'unhandled',
      'reclassify',
      { category: 'A4d', source: 'media', ...reason },
      se,
      422,
      'source_not_wanted',
      '#/source',
    ],
    [
      'unhandled',
      'reclassify',
      { category: 'A4c', dealerCode: 'D002', ...reason },
      se,
      422,
      'dealer_not_wanted',
      '#/dealerCode',
    ],
    [
      'withoutDealer',
      'reclassify',
      { category: 'A4a', ...reason },
      se,
      422,
      'dealer_required',
      '#/dealerCode',
    ],
    [
      'inProgress',
      'close',
      { ...close, rootCauseCode: 'weather' },
      dealer(),
      422,
      'unknown_root_cause',
      '#/rootCauseCode',
    ],
    [
      'inProgress',
      'close',
      { ...close, measuresDoneAt: '2026-03-10T00:00:00.001+08:00' },
      dealer(),
      422,
      'future_instant',
      '#/measuresDoneAt',
    ],
    ['media', 'responsible-dealer', { dealerCode: 'D009' }, seMedia, 422, 'inactive_dealer', '#/dealerCode'],
    ['media', 'responsible-dealer', { dealerCode: 'D999' }, seMedia, 422, 'unknown_dealer', '#/dealerCode'],
    [
      'completed',
      'repeat-link',
      { ticketNo: 'T000000-NONE', ...reason },
      csr,
      422,
      'unknown_ticket',
      '#/ticketNo',
    ],
    [
      'completed',
      'repeat-link',
      { ticketNo: '<completed>', ...reason },
      csr,
      422,
      'same_ticket',
      '#/ticketNo',
    ],
    [
      'unhandled',
      'duplicate-of',
      { ticketNo: 'T000000-NONE', ...reason },
      se,
      422,
      'unknown_ticket',
      '#/ticketNo',
    ],
    [
      'unhandled',
      'duplicate-of',
      { ticketNo: '<unhandled>', ...reason },
      se,
      422,
      'same_ticket',
      '#/ticketNo',
    ],
    [
      'unhandled',
      'duplicate-of',
      { ticketNo: '<rescinded>', ...reason },
      se,
      422,
      'ticket_not_usable',
      '#/ticketNo',
    ],
    [
      'unhandled',
      'duplicate-of',
      { ticketNo: '<duplicate>', ...reason },
      se,
      422,
      'ticket_not_usable',
      '#/ticketNo',
    ],
    [
      'completed',
      'callbacks',
      { outcome: 'satisfied', repeatExternalNo: 'X-7' },
      csr,
      422,
      'repeat_external_no_not_wanted',
      '#/repeatExternalNo',
    ],
    [
      'unhandled',
      'contacts',
      { ...call, occurredAt: '2026-03-09' },
      csr,
      422,
      'instant_not_allowed',
      '#/occurredAt',
    ],
    [
      'unhandled',
      'contacts',
      { ...call, occurredAt: '2026-03-10T00:00:00.001+08:00' },
      system,
      422,
      'future_instant',
      '#/occurredAt',
    ],
    [
      'unhandled',
      'contacts',
      { ...call, occurredAt: '2026-03-02T08:59:59.999+08:00' },
      system,
      422,
      'before_registration',
      '#/occurredAt',
    ],
    [
      'completed',
      'callbacks',
      { outcome: 'satisfied', occurredAt: '2026-03-09' },
      media,
      422,
      'instant_not_allowed',
      '#/occurredAt',
    ],
  ])('%s: %s %j', isRefused)
})

describe('who may not is refused', () => {
  it.each<Refusal>([
    ['unhandled', 'responses', respond, dealer('D003'), 404, 'ticket_not_found'],
    ['unhandled', 'responses', respond, rbo('NORTH'), 404, 'ticket_not_found'],
    ['unhandled', 'responses', respond, rbo(), 403, 'not_the_holder'],
    ['unhandled', 'responses', respond, se, 403, 'not_the_holder'],
    ['unhandled', 'responses', respond, csr, 403, 'role_not_allowed'],
    ['repeat', 'responses', respond, dealer(), 403, 'not_the_holder'],
    ['inProgress', 'close', close, rbo(), 403, 'not_the_holder'],
    ['inProgress', 'close', close, csr, 403, 'role_not_allowed'],
    ['inProgress', 'records', { kind: 'investigation', note: '查' }, csr, 403, 'role_not_allowed'],
    ['inProgress', 'records', { kind: 'investigation', note: '查' }, rbo(), 403, 'not_the_holder'],
    ['inProgress', 'records', { kind: 'consumer_informed', note: '告知' }, rbo(), 403, 'not_the_holder'],
    ['inProgress', 'records', { kind: 'hq_feedback', note: '反馈' }, dealer(), 403, 'role_not_allowed'],
    ['repeat', 'records', { kind: 'rbo_support_requested', note: '支持' }, rbo(), 403, 'role_not_allowed'],
    ['repeat', 'records', { kind: 'major_issue_reported', note: '群体' }, dealer(), 403, 'not_the_holder'],
    ['media', 'responses', respond, se, 403, 'not_the_holder'],
    ['media', 'responses', respond, dealer(), 404, 'ticket_not_found'],
    ['completed', 'rescind', reason, se, 403, 'role_not_allowed'],
    ['completed', 'rescind', reason, supervisor, 403, 'role_not_allowed'],
    ['completed', 'duplicate-of', { ticketNo: '<unhandled>', ...reason }, se, 403, 'role_not_allowed'],
    ['unhandled', 'redispatch', { tier: 'se', ...reason }, se, 403, 'role_not_allowed'],
    ['unhandled', 'warnings/<unhandled>-1/acknowledge', {}, rbo('NORTH'), 404, 'ticket_not_found'],
    ['unhandled', 'warnings/<unhandled>-1/resolve', { result: '好' }, se, 403, 'not_the_recipient'],
    ['unhandled', 'warnings/<unhandled>-1/resolve', { result: '好' }, dealer(), 403, 'role_not_allowed'],
    ['unhandled', 'warnings/<unhandled>-9/resolve', { result: '好' }, rbo(), 404, 'warning_not_found'],
    ['T000000-NONE', 'contacts', call, csr, 404, 'ticket_not_found'],
    ['T000000-NONE', 'duplicate-of', { ticketNo: 'T000000-NIL', ...reason }, se, 404, 'ticket_not_found'],
  ])('%s: %s %j %#', isRefused)

  it('a warning is acknowledged once and resolved once', async () => {
    const path = 'warnings/<unhandled>-1'
    await s.does(tickets.unhandled as string, numbered(`${path}/acknowledge`), {}, rbo())
    await isRefused('unhandled', `${path}/acknowledge`, {}, rbo(), 409, 'warning_already_acknowledged')
    await s.does(tickets.unhandled as string, numbered(`${path}/resolve`), { result: '好' }, rbo())
    await isRefused('unhandled', `${path}/resolve`, { result: '好' }, rbo(), 409, 'warning_already_resolved')
    await isRefused('unhandled', `${path}/acknowledge`, {}, sa, 409, 'warning_already_resolved')
  })

  it('the refusal speaks the caller’s language', async () => {
    const zh = { 'accept-language': 'zh-CN' }
    const answer = await s.act(tickets.completed as string, 'contacts', call, csr, zh)
    expect([answer.headers['content-language'], answer.body]).toEqual([
      'zh-CN',
      {
        type: '/problems/contact_on_completed',
        title: 'Contact on completed',
        status: 409,
        detail: '工单已处理完成，请登记新的投诉。',
        code: 'contact_on_completed',
        errors: [],
      },
    ])
  })
})
