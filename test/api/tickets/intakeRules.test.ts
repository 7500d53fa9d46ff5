import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import {
  at,
  csr,
  media,
  problemOf,
  refused,
  type Scenario,
  start,
  startScenario,
  system,
} from '../../support/scenario.ts'
import type { Json, Who } from '../../support/service.ts'

let s: Scenario
beforeAll(async () => {
  s = await startScenario()
})
beforeEach(() => s.go(start))
afterAll(() => s.service.close())

/** What comes of a complaint that must leave nothing in the log. */
const refusal = async (more: Json, who: Who = csr) => {
  const head = await s.head()
  const answer = await s.post(who, 'complaints', { ...s.complaint(), ...more })
  expect(await s.head()).toBe(head)
  return problemOf(answer)
}

describe('a B4 complaint', () => {
  it('is registered by csr_media with its source, to the media SE with seven working days', async () => {
    const answer = await s.take({ category: 'B4', source: 'media', dealerCode: null }, media)
    expect(answer).toMatchObject({
      outcome: 'registered',
      holder: { tier: 'se_media', unit: 'SE_MEDIA' },
      closeDueAt: at('2026-03-12 00:00'),
    })
    expect(await s.ticket(answer.ticketNo)).toMatchObject({
      level: 'B',
      category: 'B4',
      source: 'media',
      dealer: null,
      rbo: null,
      responsibleDealer: null,
    })
  })

  it.each<[string, Json, Who, number, string, ...[string, string][]]>([
    ['of another agent', { category: 'B4', source: 'media' }, csr, 403, 'role_not_allowed'],
    ['of the software alone', { category: 'B4', source: 'media' }, system, 403, 'role_not_allowed'],
    ['without a source', { category: 'B4' }, media, 422, 'source_required', ['body', '#/source']],
  ])('%s is refused', async (_, more, who, status, code, ...fields) => {
    expect(await refusal(more, who)).toEqual(refused(status, code, ...fields))
  })

  it('of the software that carries both roles is taken', async () => {
    const both: Who = { roles: ['csc_system', 'csr_media'], sub: 'software' }
    expect(await s.take({ category: 'B4', source: 'authority' }, both)).toMatchObject({
      outcome: 'registered',
    })
  })

  it('alone has a source', async () => {
    expect(await refusal({ source: 'media' }, media)).toEqual(
      refused(422, 'source_not_wanted', ['body', '#/source']),
    )
  })
})

describe('a complaint is not taken', () => {
  it.each<[string, Json, number, string, ...[string, string][]]>([
    ['in C4', { category: 'C4' }, 422, 'category_not_for_intake', ['body', '#/category']],
    ['with an unknown dealer', { dealerCode: 'D999' }, 422, 'unknown_dealer', ['body', '#/dealerCode']],
    ['for an inactive dealer', { dealerCode: 'D009' }, 422, 'inactive_dealer', ['body', '#/dealerCode']],
    ['without the dealer it goes to', { dealerCode: null }, 422, 'dealer_required', ['body', '#/dealerCode']],
    [
      'without the dealer whose RBO it goes to',
      { category: 'A4c', dealerCode: null },
      422,
      'dealer_required',
      ['body', '#/dealerCode'],
    ],
  ])('%s', async (_, more, status, code, ...fields) => {
    expect(await refusal(more)).toEqual(refused(status, code, ...fields))
  })

  it('but an inactive dealer’s RBO may have one, and the SE one without any dealer', async () => {
    expect(await s.take({ category: 'A4c', dealerCode: 'D009' })).toMatchObject({
      holder: { tier: 'rbo', unit: 'EAST' },
    })
    expect(await s.take({ category: 'A4y', dealerCode: null })).toMatchObject({
      holder: { tier: 'se', unit: 'SE' },
    })
  })
})

describe('receivedAt', () => {
  it.each([
    ['csc_system', system, {}],
    ['csr_media', media, { category: 'B4', source: 'media', dealerCode: null }],
  ])('may be said by %s', async (_, who, more) => {
    const { ticketNo } = await s.take({ receivedAt: '2026-02-27T15:30:00.125+08:00', ...more }, who)
    expect(await s.ticket(ticketNo)).toMatchObject({
      receivedAt: '2026-02-27T07:30:00.125Z',
      registeredAt: at(start),
      dispatchedAt: at(start),
      responseDueAt: at('2026-03-02 12:00'),
      // Saturday the 28th is a make-up day
      consumerNoticeDueAt: at('2026-03-10 00:00'),
    })
  })

  it('of a bare date is 00:00 in Shanghai, and left out it is now', async () => {
    const dated = await s.register({ receivedAt: '2026-03-01' }, system)
    expect((await s.ticket(dated)).receivedAt).toBe(at('2026-03-01 00:00'))
    expect((await s.ticket(await s.register())).receivedAt).toBe(at(start))
  })

  it('may be said by nobody else, and not in the future', async () => {
    expect(await refusal({ receivedAt: '2026-03-01T10:00:00+08:00' })).toEqual(
      refused(422, 'instant_not_allowed', ['body', '#/receivedAt']),
    )
    expect(await refusal({ receivedAt: '2026-03-02T10:00:00.001+08:00' }, system)).toEqual(
      refused(422, 'future_instant', ['body', '#/receivedAt']),
    )
  })

  it('decides about the seven days, not the registration', async () => {
    const customer = { phone: '13700000001' }
    const first = await s.register({ customer })
    await s.respond(first)
    await s.close(first)
    s.go('2026-03-20 10:00')
    const late = { customer, receivedAt: '2026-03-09T23:59:59.999+08:00' }
    expect(await s.take(late, system)).toMatchObject({ outcome: 'escalated', escalatedFrom: first })
  })

  it('at or before the closing of a ticket that is completed by now is no repeat', async () => {
    const customer = { phone: '13700000002' }
    const first = await s.register({ customer })
    await s.respond(first)
    s.go('2026-03-02 11:00')
    await s.close(first)
    s.go('2026-03-03 10:00')
    const early = { customer, receivedAt: at('2026-03-02 11:00') }
    expect(await s.take(early, system)).toMatchObject({
      outcome: 'registered',
      ordinal: 1,
      escalatedFrom: null,
      relatedTo: first,
    })
  })
})

describe('externalNo', () => {
  it('finds the ticket it registered or joined', async () => {
    const customer = { phone: '13700000003' }
    const ticketNo = await s.register({ customer, externalNo: 'X-1' })
    await s.take({ customer, externalNo: 'X-2' })
    for (const externalNo of ['X-1', 'X-2', ' x-2'.toUpperCase()])
      expect(await s.numbers(`tickets?externalNo=${externalNo}`)).toEqual([ticketNo])
    expect((await s.ticket(ticketNo)).externalNo).toBe('X-1')
    expect(await s.numbers('tickets?externalNo=X-3')).toEqual([])
  })

  it('used again is refused with the ticket it belongs to, also where it joined one', async () => {
    for (const externalNo of ['X-1', 'X-2'])
      expect(await refusal({ externalNo })).toEqual(
        refused(409, 'external_no_taken', ['body', '#/externalNo']),
      )
  })

  it.each([
    ['around it', '  E-1\u3000'],
    ['invisible', 'E\u200b-\u20601\u200e'],
    ['full-width', 'Ｅ－１'],
    ['control characters', '\u0001E-1\n'],
  ])('is one number however it is written: %s', async (_, written) => {
    const [ticketNo] = await s.numbers('tickets?externalNo=E-1')
    const known = ticketNo ?? (await s.register({ externalNo: ' E-1\u200b ' }))
    expect((await s.ticket(known)).externalNo).toBe('E-1')
    expect(await s.numbers(`tickets?externalNo=${encodeURIComponent(written)}`)).toEqual([known])
    const { body } = await s.post(csr, 'tickets/search', { externalNo: written })
    expect(body.items.map((each: Json) => each.ticketNo)).toEqual([known])
    expect(await refusal({ externalNo: written })).toEqual(
      refused(409, 'external_no_taken', ['body', '#/externalNo']),
    )
  })

  it('may have commas, and is never split at them', async () => {
    const ticketNo = await s.register({ externalNo: '消协,2026,7' })
    await s.register({ externalNo: '2026' })
    expect(await s.numbers(`tickets?externalNo=${encodeURIComponent('消协,2026,7')}`)).toEqual([ticketNo])
    const { body } = await s.post(csr, 'tickets/search', { externalNo: '消协，2026，7' })
    expect(body.items.map((each: Json) => each.ticketNo)).toEqual([ticketNo])
  })

  it('is cleaned where a callback gives it to the repeat', async () => {
    const ticketNo = await s.register()
    await s.respond(ticketNo)
    await s.close(ticketNo)
    s.go('2026-03-03 10:00')
    const body = { outcome: 'dissatisfied', sameProblem: true, note: '仍未解决' }
    const { escalatedTo } = await s.writes(
      ticketNo,
      'callbacks',
      { ...body, repeatExternalNo: ' Ｒ-1\u200b' },
      csr,
    )
    expect((await s.ticket(escalatedTo)).externalNo).toBe('R-1')
    expect(await s.numbers('tickets?externalNo=R-1')).toEqual([escalatedTo])
  })

  it('is not blank: what cannot be seen is nothing', async () => {
    expect(await refusal({ externalNo: '\u200b \u2060' })).toEqual(
      refused(400, 'invalid_request', ['body', '#/externalNo']),
    )
  })

  it('used twice at the same moment registers once', async () => {
    const answers = await Promise.all(
      [1, 2, 3].map(() => s.post(csr, 'complaints', s.complaint({ externalNo: 'X-4' }))),
    )
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409])
  })
})

describe('flags', () => {
  it('raise their warnings at once, W3 and W4 to the next tier, W5 and W6 to the SE', async () => {
    const answer = await s.take({ flags: ['hq_special', 'media', 'agitated', 'no_contact'] })
    expect(answer.warnings).toEqual(['W3', 'W4', 'W5', 'W6'])
    const { warnings } = await s.ticket(answer.ticketNo)
    expect(warnings.map(({ code, sentTo }: Json) => [code, sentTo.unit])).toEqual([
      ['W3', 'EAST'],
      ['W4', 'EAST'],
      ['W5', 'SE'],
      ['W6', 'SE'],
    ])
  })
})

describe('X-On-Behalf-Of', () => {
  it('names the agent the software writes for, in the timeline', async () => {
    const answer = await s.post(system, 'complaints', s.complaint(), { 'x-on-behalf-of': 'CSR-17' })
    const { items } = (await s.get(`tickets/${answer.body.ticketNo}/timeline`)).body
    expect(items[0].actor).toEqual({ id: 'CSR-17', role: 'csc_system', sub: 'csc_system' })
  })
})
