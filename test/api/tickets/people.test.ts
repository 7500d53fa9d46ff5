import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { csr, dealer, rbo, sa, se, supervisor } from '../../support/scenario.ts'
import { call, close, type RefusalCase, reason, respond, startRefusing } from './refusing.ts'

let refusing: Awaited<ReturnType<typeof startRefusing>>
beforeAll(async () => {
  refusing = await startRefusing()
})
afterAll(() => refusing.s.service.close())
const isRefused = (...refusal: RefusalCase) => refusing.isRefused(...refusal)

describe('who may not is refused', () => {
  it.each<RefusalCase>([
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
    const { s, tickets, numbered } = refusing
    const path = 'warnings/<unhandled>-1'
    await s.does(tickets.unhandled as string, numbered(`${path}/acknowledge`), {}, rbo())
    await isRefused('unhandled', `${path}/acknowledge`, {}, rbo(), 409, 'warning_already_acknowledged')
    await s.does(tickets.unhandled as string, numbered(`${path}/resolve`), { result: '好' }, rbo())
    await isRefused('unhandled', `${path}/resolve`, { result: '好' }, rbo(), 409, 'warning_already_resolved')
    await isRefused('unhandled', `${path}/acknowledge`, {}, sa, 409, 'warning_already_resolved')
  })

  it('the refusal speaks the caller’s language', async () => {
    const { s, tickets } = refusing
    const zh = { 'accept-language': 'zh-CN' }
    const answer = await s.act(tickets.completed as string, 'contacts', call, csr, zh)
    expect([answer.headers['content-language'], answer.body]).toEqual([
      'zh-CN',
      {
        type: '/problems/contact_on_completed',
        title: '工单已处理完成，不能再记录来电',
        status: 409,
        detail: '工单已处理完成，请登记新的投诉。',
        code: 'contact_on_completed',
        errors: [],
      },
    ])
  })
})
