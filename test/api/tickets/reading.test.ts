import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import {
  at,
  csr,
  dealer,
  problemOf,
  refused,
  type Scenario,
  sa,
  start,
  startScenario,
} from '../../support/scenario.ts'
import type { Json } from '../../support/service.ts'

let s: Scenario
beforeAll(async () => {
  s = await startScenario()
})
beforeEach(() => s.go(start))
afterAll(() => s.service.close())

const asOf = (ticketNo: string, wallClock: string) =>
  s.get(`tickets/${ticketNo}?asOf=${encodeURIComponent(at(wallClock))}`)

describe('a ticket', () => {
  it('has every field of the contract', async () => {
    const customer = {
      customerId: 'C-9',
      name: '欧阳晓',
      phone: '13900001111',
      email: 'o@example.com',
      address: '上海市浦东新区',
      postcode: '200120',
      fax: '021-1',
      contactPerson: '欧阳父',
    }
    const vehicle = {
      vin: 'LSV9',
      plateNo: '沪A12345',
      engineNo: 'E1',
      model: '明锐',
      mileageKm: 12,
      purchasedOn: '2026-02-01',
      salesConsultant: '小李',
    }
    const ticketNo = await s.register({
      customer,
      vehicle,
      content: '内容',
      initialCause: '初因',
      externalNo: 'R-1',
    })
    const ticket = await s.ticket(ticketNo)
    expect(ticket).toEqual({
      ticketNo,
      externalNo: 'R-1',
      version: 2,
      level: 'A',
      category: 'A4a',
      state: 'unhandled',
      ordinal: 1,
      channel: 'phone',
      source: null,
      receivedAt: at(start),
      registeredAt: at(start),
      updatedAt: at(start),
      dispatchedAt: at(start),
      respondedAt: null,
      closedAt: null,
      convertedAt: null,
      consumerInformedAt: null,
      dueAt: at('2026-03-02 12:00'),
      holder: { tier: 'dealer', unit: 'D001' },
      dealer: 'D001',
      rbo: 'EAST',
      responsibleDealer: null,
      assignee: null,
      severity: null,
      safety: false,
      remedy: null,
      remedyText: null,
      responseDueAt: at('2026-03-02 12:00'),
      closeDueAt: at('2026-03-06 00:00'),
      consumerNoticeDueAt: at('2026-03-12 00:00'),
      consumerNoticeProvisional: false,
      provisional: false,
      calls: 0,
      customer: { ...customer, subjectId: expect.any(String) },
      vehicle,
      content: '内容',
      initialCause: '初因',
      closing: null,
      escalatedFrom: null,
      escalatedTo: null,
      relatedTo: null,
      duplicateOf: null,
      warnings: [],
      measures: { response: 'pending', close: 'pending', firstTime: 'pending' },
    })
  })

  it('whose deadline needs a year that is not known yet is provisional', async () => {
    s.go('2031-12-30 10:00')
    expect((await s.take()).provisional).toBe(true)
  })

  it('nobody has is not found', async () => {
    for (const path of ['', '/timeline', '/sla'])
      expect(problemOf(await s.get(`tickets/T000000-NONE${path}`))).toEqual(refused(404, 'ticket_not_found'))
  })
})

describe('asOf on a ticket', () => {
  it('answers by the facts recorded by then, and the clock at it', async () => {
    const ticketNo = await s.register()
    s.go('2026-03-02 11:00')
    await s.respond(ticketNo)
    s.go('2026-03-02 13:00')
    await s.close(ticketNo)
    s.go('2026-03-20 10:00')
    const at11 = await asOf(ticketNo, '2026-03-02 11:00')
    expect(at11.headers.etag).toBe('"3"')
    expect(at11.body).toMatchObject({
      state: 'in_progress',
      version: 3,
      closedAt: null,
      closing: null,
      measures: { response: 'met', close: 'pending', firstTime: 'pending' },
    })
    expect((await asOf(ticketNo, '2026-03-02 10:59:59.999')).body).toMatchObject({
      state: 'unhandled',
      respondedAt: null,
      measures: { response: 'pending' },
    })
    expect((await asOf(ticketNo, '2026-03-09 23:59:59.999')).body.measures.firstTime).toBe('pending')
    expect((await asOf(ticketNo, '2026-03-10 00:00')).body.measures.firstTime).toBe('met')
    expect((await asOf(ticketNo, '2026-03-20 10:00')).body).toEqual(await s.ticket(ticketNo))
  })

  it('a deadline that passes turns at its own instant', async () => {
    const ticketNo = await s.register()
    s.go('2026-03-20 10:00')
    const measures = async (time: string) => (await asOf(ticketNo, time)).body.measures
    expect((await measures('2026-03-02 12:00')).response).toBe('pending')
    expect((await measures('2026-03-02 12:00:00.001')).response).toBe('failed')
    expect((await measures('2026-03-05 23:59:59.999')).close).toBe('pending')
    expect((await measures('2026-03-06 00:00')).close).toBe('failed')
  })

  it('before its registration there is none, and of the future nobody knows', async () => {
    const ticketNo = await s.register()
    expect(problemOf(await asOf(ticketNo, '2026-03-02 09:59:59.999'))).toEqual(
      refused(404, 'ticket_not_found'),
    )
    expect(problemOf(await asOf(ticketNo, '2026-03-02 10:00:00.001'))).toEqual(
      refused(400, 'as_of_in_future', ['query', 'asOf']),
    )
    const answer = await s.get(`tickets/${ticketNo}?asOf=now`)
    expect(problemOf(answer)).toEqual(refused(400, 'invalid_request', ['query', 'asOf']))
  })

  it('shows a former holder nothing it may not see today', async () => {
    const ticketNo = await s.register()
    s.go('2026-03-02 11:00')
    await s.does(ticketNo, 'redispatch', { dealerCode: 'D003', reason: '误派', misrouted: true }, csr)
    const path = `/v1/tickets/${ticketNo}?asOf=${encodeURIComponent(at(start))}`
    expect((await s.service.call(dealer('D001'), 'GET', path)).status).toBe(404)
    expect((await s.service.call(dealer('D003'), 'GET', path)).body.dealer).toBe('D001')
  })
})

describe('the timeline', () => {
  it('has every event, in words and data', async () => {
    const ticketNo = await s.register({ content: '内容', customer: { name: '王' } })
    s.go('2026-03-02 11:00')
    await s.respond(ticketNo)
    const timeline = async (language: string) =>
      (await s.get(`tickets/${ticketNo}/timeline`, sa, { 'accept-language': language })).body.items
    const items = await timeline('en')
    expect(items.map(({ type, version, at: when, text }: Json) => [type, version, when, text])).toEqual([
      [
        'TicketRegistered',
        1,
        at(start),
        "Complaint no. 1 on this problem registered (A4a dealer's sales service, by phone)",
      ],
      [
        'TicketDispatched',
        2,
        at(start),
        'Dispatched to dealer D001: respond by 2026-03-02 12:00, close before 2026-03-06 00:00',
      ],
      ['ResponseRecorded', 3, at('2026-03-02 11:00'), 'D001 responded by phone, customer reached'],
    ])
    expect((await timeline('zh-CN')).map(({ text }: Json) => text)).toEqual([
      '登记第1次投诉（A4a 经销商销售服务，电话）',
      '分配给经销商 D001：响应期限 2026-03-02 12:00，封闭期限 2026-03-06 00:00',
      'D001 已响应（电话，已联系到客户）',
    ])
    expect(items[0]).toMatchObject({
      eventId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      actor: { id: 'csr', role: 'csr' },
      data: { customer: { name: '王' }, text: { content: '内容' }, category: 'A4a' },
    })
    expect(items[2]).toMatchObject({
      actor: { id: 'people of D001', role: 'dealer' },
      data: { countsFor: 'holder', text: { note: '已联系客户' } },
    })
  })

  it('of the earlier ticket names the repeat, and tells nothing else of it', async () => {
    const first = await s.register()
    await s.respond(first)
    await s.close(first)
    s.go('2026-03-02 11:00')
    const more = {
      customer: { name: '另一客户', phone: '13011112222' },
      content: '另一内容',
      dealerCode: 'D003',
    }
    const repeat = await s.register({ ...more, sameProblemAs: first })
    expect((await s.get(`tickets/${repeat}`, dealer('D001'))).status).toBe(404)
    const { text, body } = await s.get(`tickets/${first}/timeline`, dealer('D001'))
    expect(body.items.at(-1)).toMatchObject({ type: 'RepeatLinked', data: { repeat, ordinal: 2 } })
    for (const secret of ['另一客户', '13011112222', '另一内容', 'D003']) expect(text).not.toContain(secret)
  })
})
