import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import {
  admin,
  at,
  csr,
  dealer,
  rbo,
  type Scenario,
  sa,
  se,
  seMedia,
  start,
  startScenario,
  supervisor,
} from '../../support/scenario.ts'

let s: Scenario
beforeAll(async () => {
  s = await startScenario()
})
beforeEach(() => s.go(start))
afterAll(() => s.service.close())

describe('what handlers and the brand do answers with the ticket', () => {
  it('responses: in progress, by the holder’s first; a second changes nothing', async () => {
    const ticketNo = await s.register()
    s.go('2026-03-02 11:00')
    const body = { method: 'visit', reached: false, note: '未接', promisedReplyAt: '2026-03-03' }
    expect(await s.writes(ticketNo, 'responses', body, dealer())).toMatchObject({
      state: 'in_progress',
      respondedAt: at('2026-03-02 11:00'),
      dueAt: at('2026-03-06 00:00'),
      measures: { response: 'met', close: 'pending', firstTime: 'pending' },
    })
    s.go('2026-03-02 11:30')
    expect((await s.writes(ticketNo, 'responses', body, dealer())).respondedAt).toBe(at('2026-03-02 11:00'))
  })

  it.each([
    'investigation plan_proposed plan_agreed plan_declined measure gm_informed'.split(' '),
    'rbo_support_requested major_issue_reported written_report consumer_informed'.split(' '),
  ])('records: %s and their like', async (...kinds) => {
    const ticketNo = await s.register()
    await s.respond(ticketNo)
    for (const kind of kinds) {
      const ticket = await s.writes(ticketNo, 'records', { kind, note: '经办' }, dealer())
      expect(ticket.state).toBe('in_progress')
      expect(ticket.consumerInformedAt).toBe(kind === 'consumer_informed' ? at(start) : null)
    }
  })

  it('close: completed, with all that was said', async () => {
    const ticketNo = await s.register()
    await s.respond(ticketNo)
    const closing = {
      result: '属实',
      measures: '道歉',
      measuresDoneAt: at(start),
      rootCauseCode: 'staff_attitude',
      rootCause: '培训不足',
      customerFeedback: '接受',
      improvement: '加强培训',
      improvementDepartment: '销售部',
    }
    expect(await s.writes(ticketNo, 'close', closing, dealer())).toMatchObject({
      state: 'completed',
      closedAt: at(start),
      dueAt: null,
      closing,
      measures: { response: 'met', close: 'met', firstTime: 'pending' },
    })
  })

  it('reclassify: in the same tier all stays, to another it is dispatched', async () => {
    const ticketNo = await s.register()
    await s.respond(ticketNo)
    s.go('2026-03-02 11:00')
    const same = await s.writes(ticketNo, 'reclassify', { category: 'A4d', reason: '价格' }, se)
    expect(same).toMatchObject({ category: 'A4d', state: 'in_progress', dispatchedAt: at(start) })
    const media = { category: 'B4', reason: '媒体介入', source: 'media' }
    expect(await s.writes(ticketNo, 'reclassify', media, sa)).toMatchObject({
      category: 'B4',
      level: 'B',
      source: 'media',
      state: 'unhandled',
      holder: { tier: 'se_media', unit: 'SE_MEDIA' },
      dispatchedAt: at('2026-03-02 11:00'),
    })
  })

  it('reclassify: a dealerCode where the ticket has none and the new tier needs one', async () => {
    const ticketNo = await s.register({ category: 'A4y', dealerCode: null })
    const ticket = await s.writes(
      ticketNo,
      'reclassify',
      { category: 'A4a', reason: '客户来电', dealerCode: 'D003' },
      csr,
    )
    expect(ticket).toMatchObject({ holder: { tier: 'dealer', unit: 'D003' }, dealer: 'D003', rbo: 'NORTH' })
  })

  it('rescind, duplicate-of: terminal, out of the measures', async () => {
    const [rescinded, duplicate, survivor] = [await s.register(), await s.register(), await s.register()]
    const left = { measures: { response: null, close: null, firstTime: null }, dueAt: null }
    expect(await s.writes(rescinded, 'rescind', { reason: '误登记' }, supervisor)).toMatchObject({
      state: 'rescinded',
      ...left,
    })
    const body = { ticketNo: survivor, reason: '重复' }
    expect(await s.writes(duplicate, 'duplicate-of', body, supervisor)).toMatchObject({
      state: 'duplicate',
      duplicateOf: survivor,
      ...left,
    })
    expect((await s.ticket(survivor)).calls).toBe(1)
  })

  it('responsible-dealer, convert-to-c, and feedback after closing', async () => {
    const ticketNo = await s.registerB()
    const named = await s.writes(ticketNo, 'responsible-dealer', { dealerCode: 'D003' }, seMedia)
    expect(named).toMatchObject({ responsibleDealer: 'D003', dealer: null, rbo: 'NORTH' })
    const head = await s.head()
    const same = await s.act(ticketNo, 'responsible-dealer', { dealerCode: 'D003' }, seMedia)
    expect([same.status, same.body, await s.head()]).toEqual([200, named, head])
    expect(same.headers['x-position']).toMatch(/^\d+$/)
    const respond = { method: 'phone', reached: true, note: '已联系' }
    expect(await s.writes(ticketNo, 'responses', respond, dealer('D003'))).toMatchObject({
      respondedAt: null,
    })
    await s.writes(ticketNo, 'responses', respond, seMedia)
    s.go('2026-03-12 00:00')
    expect(await s.writes(ticketNo, 'convert-to-c', { reason: '逾期' }, sa)).toMatchObject({
      level: 'C',
      category: 'C4',
      convertedAt: at('2026-03-12 00:00'),
      closeDueAt: null,
      dueAt: null,
      measures: { close: 'failed' },
    })
    await s.close(ticketNo, seMedia)
    for (const kind of ['hq_feedback', 'media_feedback'])
      expect((await s.writes(ticketNo, 'records', { kind, note: '已反馈' }, seMedia)).state).toBe('completed')
  })

  it('recalculate: the dues by today’s calendar, and where nothing moved nothing is written', async () => {
    s.go('2026-03-02 09:00')
    const ticketNo = await s.register({ dealerCode: 'D002' })
    const head = await s.head()
    const answer = await s.act(ticketNo, 'recalculate', { reason: '核对' }, sa)
    expect([answer.status, await s.head()]).toEqual([200, head])
    expect(answer.headers['x-position']).toMatch(/^\d+$/)
    const body = { name: '上海二店', rbo: 'EAST', calendar: 'CN-XJ' }
    await s.service.call(admin, 'PUT', '/v1/dealers/D002', { body })
    expect((await s.ticket(ticketNo)).responseDueAt).toBe(at('2026-03-02 11:00'))
    const moved = await s.writes(ticketNo, 'recalculate', { reason: '日历更正' }, sa)
    expect(moved).toMatchObject({
      responseDueAt: at('2026-03-02 12:00'),
      dispatchedAt: at('2026-03-02 09:00'),
    })
  })

  it('warnings: raised by hand, acknowledged, resolved by whom they were sent to', async () => {
    const ticketNo = await s.register()
    const raised = await s.writes(ticketNo, 'warnings', { code: 'W6', reason: '特殊' }, csr)
    const [{ warningId, sentTo }] = raised.warnings
    expect(sentTo).toEqual({ tier: 'se', unit: 'SE' })
    s.go('2026-03-02 11:00')
    const seen = await s.writes(ticketNo, `warnings/${warningId}/acknowledge`, { note: '已知' }, se)
    expect(seen.warnings).toMatchObject([{ acknowledgedAt: at('2026-03-02 11:00'), resolvedAt: null }])
    s.go('2026-03-02 12:00')
    const resolved = await s.writes(ticketNo, `warnings/${warningId}/resolve`, { result: '已处理' }, sa)
    expect(resolved.warnings).toMatchObject([
      { acknowledgedAt: at('2026-03-02 11:00'), resolvedAt: at('2026-03-02 12:00') },
    ])
    expect(resolved.state).toBe('unhandled')
  })

  it('warnings: resolving acknowledges', async () => {
    const ticketNo = await s.register({ flags: ['no_contact'] })
    const [{ warningId }] = (await s.ticket(ticketNo)).warnings
    const { warnings } = await s.writes(
      ticketNo,
      `warnings/${warningId}/resolve`,
      { result: '已联系' },
      rbo(),
    )
    expect(warnings).toMatchObject([{ acknowledgedAt: at(start), resolvedAt: at(start) }])
  })
})
