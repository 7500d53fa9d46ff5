/** Inquiries over the API (rulebook §12): their way, who sees what of them, and the complaint one turns out to be. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { completePendingActs } from '../../../api/commands/tickets/followUp.ts'
import { readCsv } from '../../support/readCsv.ts'
import {
  at,
  csr,
  dealer,
  one,
  problemOf,
  rbo,
  refused,
  type Scenario,
  sa,
  se,
  startScenario,
  supervisor,
  system,
} from '../../support/scenario.ts'
import type { Json, Who } from '../../support/service.ts'

let s: Scenario
beforeAll(async () => {
  s = await startScenario()
})
afterAll(() => s.service.close())
beforeEach(() => s.service.setClock(at('2026-03-02 10:00')))

let customers = 0
const body = (more: Json = {}): Json => {
  customers += 1
  const customer = { name: '李小红', phone: `1370000${String(customers).padStart(4, '0')}` }
  return { channel: 'phone', topic: 'price', question: '有优惠吗', dealerCode: 'D001', customer, ...more }
}
const post = (path: string, sent: Json, who: Who = csr, headers: Record<string, string> = {}) =>
  s.service.call(who, 'POST', `/v1/inquiries${path}`, { body: sent, headers })
const get = (path: string, who: Who = sa) => s.service.call(who, 'GET', `/v1/inquiries${path}`)
const ask = async (more: Json = {}): Promise<string> => {
  const answer = await post('', body(more))
  expect([answer.status, answer.text]).toEqual([201, answer.text])
  return answer.body.inquiryNo
}
const one404 = refused(404, 'inquiry_not_found')

describe('what is told of an inquiry', () => {
  it('is its forwarding and its answer, within the scope, with the row as the list has it', async () => {
    const before = await s.head()
    const inquiryNo = await ask()
    await post(`/${inquiryNo}/forward`, {})
    await post(`/${inquiryNo}/answer`, { answer: '有' }, se)
    await post(`/${inquiryNo}/relay`, { method: 'phone', reached: true })
    const feed = async (who: Who, topics = 'desk') =>
      (await s.get(`feed?topics=${topics}&after=${before}`, who)).body.items
    const [row] = (await s.get('inquiries?limit=1', se)).body.items
    expect(await feed(se)).toEqual(
      [
        ['inquiry.forwarded', 2],
        ['inquiry.answered', 3],
      ].map(([type, version]) => ({
        ...{ position: expect.any(String), at: at('2026-03-02 10:00'), type, version },
        ...{ ticketNo: null, ticket: null, inquiryNo, inquiry: row },
      })),
    )
    expect(await feed(dealer('D001'))).toHaveLength(2)
    for (const who of [dealer('D003'), rbo('NORTH')]) expect(await feed(who)).toEqual([])
    expect(await feed(se, 'tickets')).toEqual([])
    const [masked] = await feed(one('auditor'))
    expect(masked.inquiry.customer.name).toBe('李')
  })
})

describe('the way of an inquiry', () => {
  it('goes from the CSC to the SE, back, and on to the customer', async () => {
    const registered = await post('', body({ externalNo: 'X-1' }))
    expect(registered.status).toBe(201)
    const { inquiryNo } = registered.body
    expect(inquiryNo).toMatch(/^Q260302-/)
    expect(registered.headers.location).toBe(`/v1/inquiries/${inquiryNo}`)
    expect(registered.headers.etag).toBe('"1"')
    expect(registered.body).toMatchObject({ state: 'open', rbo: 'EAST', question: '有优惠吗' })

    const forwarded = await post(`/${inquiryNo}/forward`, { note: '请答复' })
    expect(forwarded.body).toMatchObject({
      state: 'forwarded',
      answerDueAt: at('2026-03-04 00:00'),
      forwardNote: '请答复',
    })
    expect(problemOf(await post(`/${inquiryNo}/answer`, { answer: '有' }))).toEqual(
      refused(403, 'role_not_allowed'),
    )
    s.service.setClock(at('2026-03-03 16:30'))
    const answered = await post(`/${inquiryNo}/answer`, { answer: '三月有活动' }, se)
    expect(answered.body).toMatchObject({
      state: 'answered',
      answeredBy: 'se',
      answer: '三月有活动',
      relayDueAt: at('2026-03-04 09:30'),
    })
    await post(`/${inquiryNo}/relay`, { method: 'phone', reached: false, note: '无人接听' })
    const closed = await post(`/${inquiryNo}/relay`, { method: 'message', reached: true })
    expect(closed.body).toMatchObject({ state: 'closed', relayedAt: at('2026-03-03 16:30'), ticketNo: null })
    expect(closed.body.relays).toHaveLength(2)
    expect((await get(`/${inquiryNo}`)).body).toEqual(closed.body)
    const { items } = (await get(`/${inquiryNo}/timeline`)).body
    expect(items.map(({ type }: Json) => type)).toEqual([
      'InquiryRegistered',
      'InquiryForwarded',
      'InquiryAnswered',
      'InquiryRelayed',
      'InquiryRelayed',
    ])
    expect(items[0].data).toMatchObject({ text: { question: '有优惠吗' }, customer: { name: '李小红' } })
    expect(problemOf(await post(`/${inquiryNo}/relay`, { method: 'phone', reached: true }))).toEqual(
      refused(409, 'inquiry_wrong_state'),
    )
  })

  it('ends at once with an answer and its relay, or is withdrawn', async () => {
    const answered = await post('', body({ answer: '有' }))
    expect(answered.body).toMatchObject({ state: 'answered', answeredBy: 'csc', answer: '有' })
    const inquiryNo = await ask({ customer: null })
    const ended = await post(`/${inquiryNo}/withdraw`, { reason: '客户不再需要' }, supervisor)
    expect(ended.body).toMatchObject({ state: 'withdrawn', withdrawReason: '客户不再需要' })
  })

  it('refuses a topic, a dealer and an external number with their place', async () => {
    expect(problemOf(await post('', body({ topic: 'weather' })))).toEqual(
      refused(422, 'unknown_topic', ['body', '#/topic']),
    )
    expect(problemOf(await post('', body({ dealerCode: 'D999' })))).toEqual(
      refused(422, 'unknown_dealer', ['body', '#/dealerCode']),
    )
    await ask({ externalNo: 'X-2' })
    expect(problemOf(await post('', body({ externalNo: ' X-2 ' })))).toEqual(
      refused(409, 'inquiry_external_no_taken', ['body', '#/externalNo']),
    )
  })

  it('takes If-Match, and one key twice is one act', async () => {
    const key = { 'idempotency-key': 'inquiry-1' }
    const sent = body()
    const first = await post('', sent, csr, key)
    const again = await post('', sent, csr, key)
    expect(again.headers['idempotent-replayed']).toBe('true')
    expect(again.body).toEqual(first.body)
    expect(problemOf(await post('', body(), csr, key)).code).toBe('idempotency_key_reused')
    const { inquiryNo } = first.body
    expect(problemOf(await post(`/${inquiryNo}/forward`, {}, csr, { 'if-match': '"7"' })).code).toBe(
      'version_conflict',
    )
    const forward = () => post(`/${inquiryNo}/forward`, { note: '急' }, csr, key)
    const forwarded = await forward()
    await post(`/${inquiryNo}/answer`, { answer: '有' }, se)
    const replayed = await forward()
    expect(replayed.headers['idempotent-replayed']).toBe('true')
    expect(replayed.body).toEqual(forwarded.body)
  })

  it('is one where two calls with one key come at once', async () => {
    const sent = body()
    const key = { 'idempotency-key': 'inquiry-2' }
    const answers = await Promise.all([post('', sent, csr, key), post('', sent, csr, key)])
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409])
  })
})

describe('scope and personal data', () => {
  it('an inquiry of another unit is as good as absent, on every route', async () => {
    const inquiryNo = await ask()
    for (const who of [dealer('D002'), rbo('NORTH')]) {
      expect(problemOf(await get(`/${inquiryNo}`, who))).toEqual(one404)
      expect(problemOf(await get(`/${inquiryNo}/timeline`, who))).toEqual(one404)
      expect((await get('', who)).text).not.toContain(inquiryNo)
      expect((await get('?dealer=D001', who)).body.items).toEqual([])
    }
    for (const who of [dealer('D001'), rbo('EAST'), one('auditor')])
      expect((await get(`/${inquiryNo}`, who)).status).toBe(200)
  })

  it('is masked for those who see no personal data', async () => {
    const inquiryNo = await ask({ answer: '有' })
    const masked = await get(`/${inquiryNo}`, one('auditor'))
    expect(masked.body).toMatchObject({ question: null, answer: null })
    expect(masked.body.customer).toMatchObject({ name: '李', email: null })
    expect((await get('', one('hq_sales'))).text).not.toContain('李小红')
    expect((await get(`/${inquiryNo}/timeline`, one('admin'))).text).not.toMatch(/李小红|有优惠吗/)
  })

  it('has the data subject of the same customer’s other inquiries and tickets, and is erased with it', async () => {
    const customer = { name: '赵六', phone: '13600001234' }
    const first = (await post('', body({ customer }))).body
    const second = (await post('', body({ customer }))).body
    const ticketNo = await s.register({ customer })
    const { subjectId } = first.customer
    expect(second.customer.subjectId).toBe(subjectId)
    expect((await s.ticket(ticketNo)).customer.subjectId).toBe(subjectId)
    const ofSubject = s.service.deps.views.inquiries.ofSubject(subjectId)
    expect(ofSubject.map(({ inquiryNo }) => inquiryNo)).toEqual([first.inquiryNo, second.inquiryNo])
  })
})

describe('the list', () => {
  it('filters, pages and is a file', async () => {
    const late = await ask({ topic: 'order', channel: 'web' })
    await post(`/${late}/forward`, {})
    const answered = await ask({ topic: 'order', dealerCode: 'D003', answer: '有' })
    const nos = async (query: string) => (await get(query)).body.items.map(({ inquiryNo }: Json) => inquiryNo)
    expect(await nos('?topic=order')).toEqual([answered, late])
    expect(await nos('?topic=order&state=forwarded')).toEqual([late])
    expect(await nos('?topic=order&channel=phone')).toEqual([answered])
    expect(await nos('?topic=order&rbo=EAST')).toEqual([late])
    expect(await nos('?topic=order&overdue=answer,relay')).toEqual([])
    s.service.setClock(at('2026-03-02 12:00'))
    expect(await nos('?topic=order&overdue=relay')).toEqual([])
    s.service.setClock(at('2026-03-04 00:00'))
    expect(await nos('?topic=order&overdue=answer')).toEqual([late])
    expect(await nos('?topic=order&overdue=answer,relay')).toEqual([answered, late])
    expect(await nos('?topic=order&from=2026-03-03')).toEqual([])
    const page = (await get('?topic=order&limit=1')).body
    expect(page.items.map(({ inquiryNo }: Json) => inquiryNo)).toEqual([answered])
    expect(await nos(`?topic=order&limit=1&cursor=${page.nextCursor}`)).toEqual([late])
    const file = await s.service.call(sa, 'GET', '/v1/inquiries?topic=order', {
      headers: { accept: 'text/csv' },
    })
    expect(readCsv(file.bytes).rows.map(([no]) => no)).toEqual([answered, late])
  })
})

describe('the list by due', () => {
  it('has on top what was due first, an open inquiry by its registration, and last what awaits nothing', async () => {
    const topic = 'service'
    const over = await ask({ topic })
    await post(`/${over}/withdraw`, { reason: '客户不再需要' }, supervisor)
    const late = await ask({ topic })
    await post(`/${late}/forward`, {})
    s.service.setClock(at('2026-03-04 10:00'))
    const open = await ask({ topic })
    const later = await ask({ topic })
    await post(`/${later}/forward`, {})
    const answered = await ask({ topic, answer: '有' })
    const pages = async (query: string): Promise<string[]> => {
      const nos: string[] = []
      for (let cursor: string | null = ''; cursor !== null; ) {
        const more: string = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`
        const page: Json = (await get(`?topic=${topic}&limit=1&sort=${query}${more}`)).body
        nos.push(...page.items.map(({ inquiryNo }: Json) => inquiryNo))
        cursor = page.nextCursor
      }
      return nos
    }
    expect(await pages('dueAt')).toEqual([late, open, answered, later, over])
    expect(await pages('dueAt&state=forwarded')).toEqual([late, later])
    expect(await pages('dueAt&state=forwarded,withdrawn')).toEqual([late, later, over])
    expect(await pages('-registeredAt')).toEqual([answered, later, open, late, over])
    const byDue = (await get(`?topic=${topic}&limit=1&sort=dueAt`)).body.nextCursor
    expect(problemOf(await get(`?topic=${topic}&limit=1&cursor=${encodeURIComponent(byDue)}`))).toEqual(
      refused(400, 'cursor_mismatch', ['query', 'cursor']),
    )
  })
})

describe('an inquiry that turns out to be a complaint', () => {
  const customer = { name: '孙七', phone: '13500009999' }
  const complaint = { category: 'A4a' }

  it('is registered for the same customer, once, and names the ticket', async () => {
    const inquiryNo = await ask({ customer })
    const key = { 'idempotency-key': 'complaint-1' }
    const first = await post(`/${inquiryNo}/complaint`, complaint, csr, key)
    expect([first.status, first.body.outcome]).toEqual([201, 'registered'])
    const { ticketNo } = first.body
    expect(first.headers.location).toBe(`/v1/tickets/${ticketNo}`)
    expect((await get(`/${inquiryNo}`)).body).toMatchObject({ state: 'closed', ticketNo })
    expect(await s.ticket(ticketNo)).toMatchObject({
      dealer: 'D001',
      content: '有优惠吗',
      channel: 'phone',
      customer: { ...customer, subjectId: (await get(`/${inquiryNo}`)).body.customer.subjectId },
    })
    const again = await post(`/${inquiryNo}/complaint`, complaint, csr, key)
    expect(again.headers['idempotent-replayed']).toBe('true')
    expect([again.status, again.body]).toEqual([201, first.body])
    expect(problemOf(await post(`/${inquiryNo}/complaint`, complaint))).toEqual(
      refused(409, 'inquiry_wrong_state'),
    )

    // the same customer again: a call on the open ticket, then a repeat of the closed one
    const second = await ask({ customer })
    const logged = await post(`/${second}/complaint`, complaint, system)
    expect([logged.status, logged.body.outcome, logged.body.ticketNo]).toEqual([
      200,
      'contact_logged',
      ticketNo,
    ])
    expect((await get(`/${second}`)).body).toMatchObject({ state: 'closed', ticketNo })
    await s.does(ticketNo, 'responses', { method: 'phone', reached: true, note: '已联系' }, dealer())
    await s.does(ticketNo, 'close', { result: '属实', measures: '道歉' }, dealer())
    s.service.setClock(at('2026-03-03 10:00'))
    const third = await ask({ customer })
    const repeat = await post(`/${third}/complaint`, complaint)
    expect(repeat.body).toMatchObject({ outcome: 'escalated', escalatedFrom: ticketNo })
    expect((await get(`/${third}`)).body.ticketNo).toBe(repeat.body.ticketNo)
  })

  it('refused, leaves the inquiry as it was', async () => {
    const inquiryNo = await ask({ dealerCode: null })
    const before = (await get(`/${inquiryNo}`)).body
    const refusals: [Json, string][] = [
      [{ category: 'A4a' }, 'dealer_required'],
      [{ category: 'A4a', dealerCode: 'D999' }, 'unknown_dealer'],
      [{ category: 'C4' }, 'category_not_for_intake'],
      [{ category: 'B4' }, 'role_not_allowed'],
      [{ category: 'A4y', sameProblemAs: 'T0' }, 'unknown_ticket'],
    ]
    for (const [sent, code] of refusals)
      expect((await post(`/${inquiryNo}/complaint`, sent)).body.code).toBe(code)
    expect((await get(`/${inquiryNo}`)).body).toEqual(before)
    const nobody = await ask({ customer: null })
    expect(problemOf(await post(`/${nobody}/complaint`, complaint))).toEqual(
      refused(409, 'inquiry_without_customer'),
    )
  })

  it('is one complaint where two agents ask at once', async () => {
    const inquiryNo = await ask()
    const answers = await Promise.all([1, 2, 3].map(() => post(`/${inquiryNo}/complaint`, complaint)))
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409])
  })

  it.each([
    ['after the first append', 1],
    ['after the ticket', 2],
  ])('is completed where a crash came %s', async (_, appends) => {
    const inquiryNo = await ask()
    const { deps } = s.service
    const { append } = deps.store
    const store = deps.store as { append: typeof append }
    let left = appends
    store.append = async (...args) => {
      left -= 1
      if (left < 0) throw new Error('gone')
      return append(...args)
    }
    const cut = await post(`/${inquiryNo}/complaint`, complaint)
    store.append = append
    expect(cut.status).toBe(500)
    expect((await get(`/${inquiryNo}`)).body).toMatchObject({ state: 'closed', ticketNo: null })
    expect(await completePendingActs(deps)).toEqual({ completed: 1, withdrawn: 0, pending: 0 })
    const { ticketNo } = (await get(`/${inquiryNo}`)).body
    expect((await s.ticket(ticketNo)).content).toBe('有优惠吗')
    const { items } = (await s.service.call(sa, 'GET', `/v1/tickets/${ticketNo}/timeline`)).body
    expect(items.filter(({ type }: Json) => type === 'TicketRegistered')).toHaveLength(1)
    expect(await completePendingActs(deps)).toEqual({ completed: 0, withdrawn: 0, pending: 0 })
  })
})

describe('the monthly report', () => {
  it('counts inquiries by topic, channel, RBO and dealer, and times both clocks, as known at an instant', async () => {
    s.service.setClock(at('2026-04-01 10:00'))
    const none = (await s.get('reports/monthly?month=2026-04', sa)).body.inquiries
    expect([none.rows, none.totals.month.timeToAnswer]).toEqual([
      expect.not.arrayContaining([expect.objectContaining({ key: 'April' })]),
      { count: 0, medianMinutes: null, p90Minutes: null },
    ])
    await ask({ answer: '有', topic: 'product', dealerCode: null })
    const forwarded = await ask({ topic: 'product' })
    await post(`/${forwarded}/forward`, {})
    s.service.setClock(at('2026-04-01 11:30'))
    await post(`/${forwarded}/answer`, { answer: '有' }, se)
    s.service.setClock(at('2026-04-01 11:50'))
    await post(`/${forwarded}/relay`, { method: 'phone', reached: true })
    const became = await ask({ topic: 'product' })
    await post(`/${became}/complaint`, { category: 'A4a' })
    const report = async (who: Who = sa, more = '') =>
      (await s.get(`reports/monthly?month=2026-04${more}`, who)).body.inquiries
    const { totals, rows } = await report()
    expect(totals.month).toEqual({
      inquiries: 3,
      answeredAtOnce: 1,
      becameComplaints: 1,
      timeToAnswer: { count: 1, medianMinutes: 90, p90Minutes: 90 },
      timeToRelay: { count: 1, medianMinutes: 20, p90Minutes: 20 },
    })
    const counts = rows
      .filter(({ figures }: Json) => figures.month.inquiries > 0)
      .map(({ dimension, key, name, figures }: Json) => [dimension, key, name, figures.month.inquiries])
    expect(counts).toEqual([
      ['topic', 'product', 'Product', 3],
      ['channel', 'phone', 'phone', 3],
      ['rbo', 'EAST', '华东大区', 2],
      ['rbo', null, 'none', 1],
      ['dealer', 'D001', '上海一店', 2],
      ['dealer', null, 'none', 1],
    ])
    expect((await report(dealer('D001'))).totals.month.inquiries).toBe(2)
    expect((await report(dealer('D002'))).totals.month.inquiries).toBe(0)
    const earlier = `&asOf=${at('2026-04-01 11:40')}`
    expect((await report(sa, earlier)).totals.month).toMatchObject({
      inquiries: 2,
      becameComplaints: 0,
      timeToRelay: { count: 0 },
    })
  })
})

describe('due facts', () => {
  it('are recorded of both clocks, once', async () => {
    await s.service.lookForDues()
    const forwarded = await ask({ topic: 'service' })
    await post(`/${forwarded}/forward`, {})
    const answered = await ask({ topic: 'service', answer: '有' })
    s.service.setClock(at('2026-03-05 10:00'))
    await s.service.lookForDues()
    await s.service.lookForDues()
    const { dues } = s.service.deps.views
    expect(dues.factsOf(forwarded)).toHaveLength(1)
    expect(dues.factsOf(answered)).toHaveLength(1)
    const { items } = (await get(`/${forwarded}/timeline`)).body
    expect(items.at(-1)).toMatchObject({
      type: 'DuePassed',
      version: null,
      data: { clock: 'inquiry_answer', subject: forwarded, unit: 'SE' },
    })
  })
})
