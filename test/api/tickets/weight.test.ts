import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { csr, dealer, one, type Scenario, sa, se, startScenario } from '../../support/scenario.ts'
import type { Json } from '../../support/service.ts'

let s: Scenario
beforeAll(async () => {
  s = await startScenario()
})
afterAll(() => s.service.close())
const reason = '客户补充'
const given = { severity: 'high', safety: true, remedy: 'refund', remedyText: '全额退还定金' }

describe('weight and remedy', () => {
  it('of a registration are on the ticket, in lists and in the form; safety raises W6', async () => {
    const { ticketNo, warnings } = await s.take(given)
    expect(warnings).toEqual(['W6'])
    expect(await s.ticket(ticketNo)).toMatchObject(given)
    const [row] = (await s.get('tickets?severity=high')).body.items
    expect(row).toMatchObject({ ticketNo, severity: 'high', safety: true, remedy: 'refund' })
    expect(row.remedyText).toBeUndefined()
    expect((await s.get(`tickets/${ticketNo}/forms/handling`)).text).toContain('全额退还定金')
    expect((await s.get(`tickets/${await s.register()}/forms/handling`)).text).not.toContain('客户诉求')
    const masked = await s.get(`tickets/${ticketNo}`, one('auditor'))
    expect(masked.body).toMatchObject({ severity: 'high', safety: true, remedyText: null })
  })

  it('change later, field by field, with a reason; asOf before shows what was known', async () => {
    const ticketNo = await s.register()
    s.go('2026-03-02 11:00')
    const changed = await s.writes(ticketNo, 'weight', { severity: 'low', remedyText: '道歉信', reason }, se)
    expect(changed).toMatchObject({ severity: 'low', safety: false, remedy: null, remedyText: '道歉信' })
    const again = await s.writes(ticketNo, 'weight', { severity: null, remedy: 'apology', reason }, csr)
    expect(again).toMatchObject({ severity: null, remedy: 'apology', remedyText: '道歉信' })
    expect(await s.writes(ticketNo, 'weight', { remedyText: null, reason }, csr)).toMatchObject({
      remedyText: null,
    })
    const before = await s.get(`tickets/${ticketNo}?asOf=2026-03-02T10:30:00%2B08:00`)
    expect(before.body).toMatchObject({ severity: null, remedy: null, remedyText: null })
    const { items } = (await s.get(`tickets/${ticketNo}/timeline`, sa, { 'accept-language': 'zh-CN' })).body
    expect(items[2]).toMatchObject({
      type: 'WeightChanged',
      text: '调整严重程度及诉求：严重程度 低，诉求说明',
      data: { severity: 'low', text: { remedyText: '道歉信', reason } },
    })
  })

  it('at closing: decision and goodwill; at the callback: a score', async () => {
    const ticketNo = await s.register()
    await s.respond(ticketNo)
    const goodwill = { kind: 'voucher', amount: 500 }
    const closed = await s.close(ticketNo, dealer(), { decision: 'partly', goodwill })
    expect(closed.closing).toMatchObject({ decision: 'partly', goodwill })
    expect((await s.ticket(ticketNo)).closing).toMatchObject({ decision: 'partly', goodwill })
    s.go('2026-03-02 12:00')
    await s.does(ticketNo, 'callbacks', { outcome: 'satisfied', score: 4 }, csr)
    const { items } = (await s.get('callbacks?status=done')).body
    const found = items.find((item: Json) => item.ticketNo === ticketNo)
    expect(found.callback.attempts).toEqual([{ at: expect.any(String), outcome: 'satisfied', score: 4 }])
    const refused = await s.act(ticketNo, 'callbacks', { outcome: 'declined', score: 4 }, csr)
    expect([refused.status, refused.body.code]).toEqual([422, 'score_not_wanted'])
  })

  it('are counted by statistics and the monthly report, goodwill by dealer and cause', async () => {
    const ticketNo = await s.register({ dealerCode: 'D003', severity: 'low', remedy: 'repair' })
    await s.respond(ticketNo, dealer('D003'))
    const more = { decision: 'accepted', goodwill: { kind: 'cash', amount: 800 }, rootCauseCode: 'price' }
    await s.close(ticketNo, dealer('D003'), more)
    await s.does(ticketNo, 'callbacks', { outcome: 'dissatisfied', score: 2 }, csr)
    await s.does(ticketNo, 'callbacks', { outcome: 'satisfied', score: 5 }, csr)
    const counted = {
      severities: { low: 1, medium: 0, high: 0, critical: 0 },
      safety: 0,
      remedies: { repair: 1, refund: 0 },
      decisions: { accepted: 1, partly: 0, rejected: 0 },
      goodwill: 800,
      scores: { count: 2, mean: 3.5 },
    }
    const period = 'from=2026-03-01&to=2026-04-01'
    const { rows, causes } = (await s.get(`reports/statistics?${period}&groupBy=dealer`)).body
    expect(rows.find((row: Json) => row.keys.dealer === 'D003')).toMatchObject(counted)
    expect(causes.find((each: Json) => each.code === 'price')).toMatchObject({ complaints: 1, goodwill: 800 })
    const monthly = (await s.get('reports/monthly?month=2026-03')).body
    const ofDealer = monthly.rows.find((row: Json) => row.dimension === 'dealer' && row.key === 'D003')
    expect(ofDealer.figures.month).toMatchObject(counted)
    expect(monthly.causes.find((each: Json) => each.code === 'price').goodwill).toEqual({
      month: 800,
      monthBefore: 0,
      yearBefore: 0,
    })
  })

  it('filter the lists', async () => {
    const safe = await s.register({ severity: 'critical', dealerCode: 'D002' })
    const grave = await s.register({ severity: 'critical', safety: true, dealerCode: 'D002' })
    const plain = await s.register({ dealerCode: 'D002' })
    const asks = async (query: string) => (await s.numbers(`tickets?dealer=D002&${query}`)).toSorted()
    expect(await asks('severity=critical')).toEqual([safe, grave].toSorted())
    expect(await asks('safety=true')).toEqual([grave])
    expect(await asks('safety=false&severity=critical')).toEqual([safe])
    expect(await asks('safety=false')).toEqual([safe, plain].toSorted())
    expect(await asks('severity=low,medium')).toEqual([])
    const csv = await s.get('tickets?dealer=D002&severity=critical&format=csv')
    expect(csv.text.split('\r\n')[0]?.split(',')).toEqual(
      expect.arrayContaining(['severity', 'safety', 'remedy']),
    )
  })

  it('of a call on an open ticket stay with the call, which raises W6', async () => {
    const customer = { phone: '13512345678' }
    const ticketNo = await s.register({ customer })
    expect(await s.take({ customer, ...given })).toMatchObject({
      outcome: 'contact_logged',
      ticketNo,
      warnings: ['W6'],
    })
    expect(await s.ticket(ticketNo)).toMatchObject({ severity: null, safety: false, remedy: null })
    const { items } = (await s.get(`tickets/${ticketNo}/timeline`)).body
    expect(items[2]).toMatchObject({
      type: 'ContactLogged',
      data: { severity: 'high', safety: true, remedy: 'refund', text: { remedyText: '全额退还定金' } },
    })
  })

  it.each<[string, Json, string]>([
    ['nothing', {}, 'invalid_request'],
    ['an unknown severity', { severity: 'grave' }, 'invalid_request'],
    ['an unknown remedy', { remedy: 'money' }, 'invalid_request'],
    ['safety in words', { safety: 'yes' }, 'invalid_request'],
  ])('with %s is refused', async (_, body, code) => {
    const answer = await s.act(await s.register(), 'weight', { reason, ...body }, csr)
    expect([answer.status, answer.body.code]).toEqual([400, code])
  })

  it.each<Json>([
    { goodwill: { kind: 'cash', amount: 1.5 } },
    { goodwill: { kind: 'cash', amount: -1 } },
    { goodwill: { kind: 'cash' } },
    { decision: 'maybe' },
  ])('closing with %j is refused', async (more) => {
    const ticketNo = await s.register()
    await s.respond(ticketNo)
    const body = { result: '属实', measures: '已道歉', ...more }
    expect((await s.act(ticketNo, 'close', body, dealer())).status).toBe(400)
  })
})
