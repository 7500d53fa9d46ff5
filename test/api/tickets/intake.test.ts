import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import {
  at,
  csr,
  dealer,
  media,
  problemOf,
  rbo,
  refused,
  type Scenario,
  startScenario,
} from '../../support/scenario.ts'

let s: Scenario
beforeAll(async () => {
  s = await startScenario()
})
afterAll(() => s.service.close())

const none = { escalatedFrom: null, relatedTo: null, warnings: [] }
let phones = 0
const phone = (): string => `139${String(++phones).padStart(8, '0')}`

/** A ticket of that customer, closed on Monday at 11:00 by the dealer; now it is noon. */
const closed = async (customer: object, more: object = {}): Promise<string> => {
  s.go('2026-03-02 10:00')
  const ticketNo = await s.register({ customer, ...more })
  await s.respond(ticketNo)
  s.go('2026-03-02 11:00')
  await s.close(ticketNo)
  s.go('2026-03-02 12:00')
  return ticketNo
}

describe('a complaint', () => {
  it('of a customer nobody knows is a new ticket, dispatched and with its clocks', async () => {
    const answer = await s.post(csr, 'complaints', s.complaint())
    const { ticketNo } = answer.body
    expect(answer.body).toEqual({
      outcome: 'registered',
      ticketNo: expect.stringMatching(/^T260302-[0-9A-Z]{8}$/),
      version: 2,
      ordinal: 1,
      holder: { tier: 'dealer', unit: 'D001' },
      responseDueAt: at('2026-03-02 12:00'),
      closeDueAt: at('2026-03-06 00:00'),
      provisional: false,
      ...none,
    })
    expect(answer.status).toBe(201)
    expect(answer.headers.location).toBe(`/v1/tickets/${ticketNo}`)
    expect(answer.headers['x-position']).toBe(await s.head())
    expect(answer.headers['cache-control']).toBe('no-store')
  })

  it('runs by the hours of the holder’s calendar', async () => {
    s.go('2026-03-02 18:30')
    const west = await s.take({ dealerCode: 'D004' })
    expect(west.responseDueAt).toBe(at('2026-03-03 11:30'))
    const east = await s.take({ dealerCode: 'D001' })
    expect(east.responseDueAt).toBe(at('2026-03-03 11:00'))
    s.go('2026-03-02 10:00')
  })

  it('on an open ticket of the same problem is a call on it', async () => {
    const customer = { phone: phone() }
    const ticketNo = await s.register({ customer })
    const answer = await s.post(csr, 'complaints', s.complaint({ customer }))
    expect(answer.status).toBe(200)
    expect(answer.body).toEqual({
      outcome: 'contact_logged',
      ticketNo,
      version: 3,
      calls: 1,
      warnings: [],
    })
    expect([answer.headers.etag, answer.headers.location]).toEqual(['"3"', `/v1/tickets/${ticketNo}`])
    const second = await s.take({ customer, flags: ['agitated'] })
    expect(second).toMatchObject({ outcome: 'contact_logged', ticketNo, calls: 2, warnings: ['W1', 'W4'] })
  })

  it('by another channel than the phone is a contact, but no call', async () => {
    const customer = { phone: phone() }
    const ticketNo = await s.register({ customer })
    expect(await s.take({ customer, channel: 'email' })).toEqual({
      outcome: 'contact_logged',
      ticketNo,
      version: 3,
      calls: 0,
      warnings: [],
    })
  })

  it('inside the seven days after closing escalates: next ordinal, next tier, own clocks', async () => {
    const customer = { phone: phone() }
    const first = await closed(customer)
    s.go('2026-03-09 23:59')
    const answer = await s.post(csr, 'complaints', s.complaint({ customer, dealerCode: null }))
    expect(answer.status).toBe(201)
    expect(answer.body).toEqual({
      outcome: 'escalated',
      ticketNo: expect.stringMatching(/^T260309-/),
      version: 2,
      ordinal: 2,
      holder: { tier: 'rbo', unit: 'EAST' },
      responseDueAt: at('2026-03-10 11:00'),
      closeDueAt: at('2026-03-13 00:00'),
      provisional: false,
      escalatedFrom: first,
      relatedTo: null,
      warnings: [],
    })
    expect(answer.headers['x-position']).toBe(await s.head())
    expect(await s.ticket(first)).toMatchObject({
      state: 'completed',
      escalatedTo: answer.body.ticketNo,
      measures: { response: 'met', close: 'met', firstTime: 'failed' },
    })
  })

  it('of a third time goes to the SE, measured from the second closing', async () => {
    const customer = { phone: phone() }
    await closed(customer)
    s.go('2026-03-09 10:00')
    const second = await s.register({ customer })
    await s.respond(second, rbo())
    await s.close(second, rbo())
    s.go('2026-03-16 10:00')
    expect(await s.take({ customer })).toMatchObject({
      outcome: 'escalated',
      ordinal: 3,
      holder: { tier: 'se', unit: 'SE' },
      escalatedFrom: second,
    })
  })

  it.each([
    ['at the last instant of the seventh day', '2026-03-09 23:59:59.999', 'escalated'],
    ['at the first instant of the eighth', '2026-03-10 00:00', 'registered'],
  ])('%s after closing is %3$s', async (_, time, outcome) => {
    const customer = { phone: phone() }
    const first = await closed(customer)
    s.go(time)
    const answer = await s.take({ customer })
    const links =
      outcome === 'escalated'
        ? { escalatedFrom: first, relatedTo: null, ordinal: 2 }
        : { escalatedFrom: null, relatedTo: first, ordinal: 1 }
    expect(answer).toMatchObject({ outcome, ...links })
  })

  it('about another category is another problem', async () => {
    const customer = { phone: phone() }
    await closed(customer)
    expect(await s.take({ customer, category: 'A4d' })).toMatchObject({
      outcome: 'registered',
      ordinal: 1,
      ...none,
    })
  })

  it.each([
    ['phone, however it is written', { phone: '13911110001' }, { phone: '+86 139-1111-0001' }],
    ['phone in full-width digits', { phone: '13911110002' }, { phone: '００８６１３９１１１１０００２' }],
    ['customer number', { phone: null, customerId: 'C-77' }, { phone: phone(), customerId: ' C-77 ' }],
  ])('finds the customer by %s', async (_, first, again) => {
    const ticketNo = await s.register({ customer: first })
    expect(await s.take({ customer: again })).toMatchObject({ outcome: 'contact_logged', ticketNo })
  })

  it('finds the customer by the VIN, whatever its case', async () => {
    const ticketNo = await s.register({ vehicle: { vin: 'LSVAA1234567890AB' } })
    const again = await s.take({ vehicle: { vin: 'lsvaa1234567890ab' } })
    expect(again).toMatchObject({ outcome: 'contact_logged', ticketNo })
  })

  it('finds nobody by blank keys', async () => {
    const blank = { customer: { phone: ' ', customerId: '' }, vehicle: { vin: '  ' } }
    expect(await s.take(blank)).toMatchObject({ outcome: 'registered', ...none })
    expect(await s.take(blank)).toMatchObject({ outcome: 'registered', ...none })
  })

  it('twice at the same moment is one ticket and one contact', async () => {
    const body = s.complaint()
    const answers = await Promise.all([s.post(csr, 'complaints', body), s.post(csr, 'complaints', body)])
    expect(answers.map(({ body: { outcome } }) => outcome).sort()).toEqual(['contact_logged', 'registered'])
    expect(new Set(answers.map(({ body: { ticketNo } }) => ticketNo)).size).toBe(1)
  })

  it('repeated five times at once after one close is one escalation, the others are contacts on it', async () => {
    const customer = { phone: phone() }
    await closed(customer)
    const answers = await Promise.all(Array.from({ length: 5 }, () => s.take({ customer })))
    expect(answers.map(({ outcome }) => outcome).sort()).toEqual([
      'contact_logged',
      'contact_logged',
      'contact_logged',
      'contact_logged',
      'escalated',
    ])
    expect(new Set(answers.map(({ ticketNo }) => ticketNo)).size).toBe(1)
  })
})

describe('sameProblemAs', () => {
  it('null is a different problem, whatever is open', async () => {
    const customer = { phone: phone() }
    await s.register({ customer })
    expect(await s.take({ customer, sameProblemAs: null })).toMatchObject({ outcome: 'registered', ...none })
  })

  it('an open ticket is called upon, also by another customer on another category', async () => {
    const ticketNo = await s.register()
    const answer = await s.take({ category: 'A4d', sameProblemAs: ticketNo })
    expect(answer).toEqual({ outcome: 'contact_logged', ticketNo, version: 3, calls: 1, warnings: [] })
  })

  it('a completed ticket is repeated in its own category, with the new call’s dealer', async () => {
    const first = await closed({ phone: phone() })
    const answer = await s.take({ category: 'A4d', dealerCode: 'D003', sameProblemAs: first })
    expect(answer).toMatchObject({
      outcome: 'escalated',
      escalatedFrom: first,
      holder: { tier: 'rbo', unit: 'NORTH' },
    })
    expect(await s.ticket(answer.ticketNo)).toMatchObject({ category: 'A4a', dealer: 'D003' })
  })

  it('a ticket with a repeat stands for the end of the chain', async () => {
    const customer = { phone: phone() }
    const first = await closed(customer)
    const repeat = await s.register({ customer })
    expect(await s.take({ sameProblemAs: first })).toMatchObject({
      outcome: 'contact_logged',
      ticketNo: repeat,
    })
  })

  it('a duplicate stands for its survivor', async () => {
    const [survivor, duplicate] = [await s.register(), await s.register()]
    await s.does(duplicate, 'duplicate-of', { ticketNo: survivor, reason: '重复' }, { roles: ['se'] })
    const answer = await s.take({ sameProblemAs: duplicate })
    expect(answer).toMatchObject({ outcome: 'contact_logged', ticketNo: survivor, calls: 2 })
  })

  it('an unknown or a rescinded ticket is refused', async () => {
    const rescinded = await s.register()
    await s.does(rescinded, 'rescind', { reason: '误登记' }, { roles: ['se'] })
    for (const sameProblemAs of ['T000000-NONE', rescinded]) {
      const answer = await s.post(csr, 'complaints', s.complaint({ sameProblemAs }))
      expect(problemOf(answer)).toEqual(refused(422, 'unknown_ticket', ['body', '#/sameProblemAs']))
    }
  })

  it('a B source never becomes a contact on an A ticket: a new B4 beside it', async () => {
    const ticketNo = await s.register()
    const b4 = { category: 'B4', source: 'media', sameProblemAs: ticketNo }
    expect(await s.take(b4, media)).toMatchObject({
      outcome: 'registered',
      ordinal: 1,
      holder: { tier: 'se_media', unit: 'SE_MEDIA' },
      escalatedFrom: null,
      relatedTo: ticketNo,
    })
  })

  it('a B source that repeats a completed A ticket is a B4 which fails that ticket’s first time', async () => {
    const first = await closed({ phone: phone() })
    const answer = await s.take({ category: 'B4', source: 'website', sameProblemAs: first }, media)
    expect(answer).toMatchObject({
      outcome: 'escalated',
      ordinal: 2,
      holder: { tier: 'se_media', unit: 'SE_MEDIA' },
    })
    expect(await s.ticket(answer.ticketNo)).toMatchObject({ category: 'B4', level: 'B', source: 'website' })
    expect((await s.ticket(first)).measures.firstTime).toBe('failed')
  })

  it('a contact keeps what the call said, the ticket’s own stays', async () => {
    const ticketNo = await s.register({ customer: { name: '李四' } })
    await s.take({ customer: { name: '张三' }, dealerCode: 'D002', content: '催办', sameProblemAs: ticketNo })
    expect(await s.ticket(ticketNo)).toMatchObject({ customer: { name: '李四' }, dealer: 'D001' })
    const { items } = (await s.get(`tickets/${ticketNo}/timeline`)).body
    expect(items.at(-1)).toMatchObject({
      type: 'ContactLogged',
      data: { channel: 'phone', dealer: 'D002', customer: { name: '张三' }, text: { content: '催办' } },
    })
  })
})

it('a dealer’s own people register nothing', async () => {
  const head = await s.head()
  const answer = await s.post(dealer(), 'complaints', s.complaint())
  expect(problemOf(answer)).toEqual(refused(403, 'role_not_allowed'))
  expect(await s.head()).toBe(head)
})
