import { describe, expect, test } from '@jest/globals'
import { ticketEventData } from '../../../domain/ticket/events.ts'
import { given, of, sealed, ticketAfter } from '../../support/given.ts'
import { callBack, close, contact, register, weigh } from './commands.ts'
import {
  calledBack,
  closed,
  contacted,
  dispatched,
  markedDuplicate,
  registered,
  rescinded,
  responded,
  weighed,
} from './events.ts'

const at = '2026-03-02 11:00'
const open = [registered(), dispatched()]
const raisedCodes = (events: { type: string; data: unknown }[]): string[] =>
  events.flatMap(({ type, data }) => (type === 'WarningRaised' ? [(data as { code: string }).code] : []))

describe('weight at registration', () => {
  test('is kept, and safety flags the ticket for HQ', () => {
    const events = given()
      .when(register(at, { severity: 'critical', safety: true, remedy: 'refund' }))
      .events()
    expect(events[0]).toMatchObject({
      type: 'TicketRegistered',
      data: { severity: 'critical', safety: true, remedy: 'refund', flags: ['hq_special'] },
    })
    expect(raisedCodes(events)).toEqual(['W6'])
  })

  test('with the flag said too raises one warning', () => {
    const events = given()
      .when(register(at, { safety: true, flags: ['hq_special', 'agitated'] }))
      .events()
    expect(raisedCodes(events)).toEqual(['W4', 'W6'])
  })

  test('changes no clock and no tier', () => {
    const heavy = given()
      .when(register(at, { severity: 'critical', safety: true, remedy: 'refund' }))
      .ticket()
    const light = given().when(register(at)).ticket()
    expect(heavy.assignments).toEqual(light.assignments)
    expect(heavy.consumerNoticeDueAt).toBe(light.consumerNoticeDueAt)
  })
})

describe('weight later', () => {
  test('says only what differs', () => {
    given(registered({ severity: 'low', remedy: 'repair' }), dispatched())
      .when(weigh(at, { severity: 'high', remedy: 'repair', safety: false }))
      .then(weighed({ severity: 'high' }))
  })

  test('that differs in nothing is none; words always count', () => {
    given(...open)
      .when(weigh(at, { severity: null, safety: false, remedy: null }))
      .thenNothing()
    given(...open)
      .when(weigh(at, { hasRemedyText: true }))
      .then(weighed({ hasRemedyText: true }))
  })

  test('empties what is null', () => {
    const ticket = ticketAfter(
      registered({ severity: 'low', remedy: 'repair' }),
      dispatched(),
      weighed({ severity: null, remedy: null }),
    )
    expect(ticket).toMatchObject({ severity: null, remedy: null, safety: false })
  })

  test('its words take the place of those of the registration', () => {
    expect(ticketAfter(...open).remedyText).toBe(sealed('complaint'))
    const worded = ticketAfter(...open, weighed({ hasRemedyText: true, text: sealed('words') }))
    expect(worded.remedyText).toBe(sealed('words'))
    const after = ticketAfter(
      ...open,
      weighed({ hasRemedyText: true, text: sealed('words') }),
      weighed({ severity: 'low', text: sealed('other') }),
    )
    expect(after.remedyText).toBe(sealed('words'))
  })

  test('safety raises W6 once, however often it is taken back and claimed again', () => {
    const first = given(...open)
      .when(weigh(at, { safety: true }))
      .events()
    expect(first[0]).toEqual(weighed({ safety: true, flags: ['hq_special'] }))
    expect(raisedCodes(first)).toEqual(['W6'])
    given(...open, weighed({ safety: true, flags: ['hq_special'] }), weighed({ safety: false }))
      .when(weigh(at, { safety: true }))
      .then(weighed({ safety: true }))
    given(registered({ safety: true, flags: ['hq_special'] }), dispatched(), weighed({ safety: false }))
      .when(weigh(at, { safety: true }))
      .then(weighed({ safety: true }))
  })

  test('of a completed ticket raises nothing', () => {
    given(...open, responded(), closed())
      .when(weigh(at, { safety: true }))
      .then(weighed({ safety: true, flags: ['hq_special'] }))
  })

  test.each([rescinded(), markedDuplicate()])('of a ticket that is over is refused', (event) => {
    given(...open, event)
      .when(weigh(at, { severity: 'low' }))
      .thenRefused('ticket_is_over')
  })

  test('is not the handler’s', () => {
    given(...open)
      .when(weigh(at, { actor: of('dealer'), severity: 'low' }))
      .thenRefused('role_not_allowed')
  })
})

test('a call that claims a danger raises W6 once; the ticket’s own weight stays', () => {
  const done = given(...open).when(contact(at, { safety: true, severity: 'high' }))
  expect(done.events()[0]).toEqual(contacted({ safety: true, severity: 'high', flags: ['hq_special'] }))
  expect(raisedCodes(done.events())).toEqual(['W6'])
  expect(done.ticket()).toMatchObject({ safety: false, severity: null, safetyFlagged: true })
  given(...open, contacted({ safety: true, flags: ['hq_special'] }))
    .when(contact(at, { safety: true, channel: 'email' }))
    .then(contacted({ safety: true, channel: 'email' }))
})

describe('what is said at closing and at the callback', () => {
  test('decision and goodwill', () => {
    const goodwill = { kind: 'voucher', amount: 500 } as const
    const done = given(...open, responded()).when(close(at, { decision: 'partly', goodwill }))
    expect(done.ticket().closing).toMatchObject({ decision: 'partly', goodwill })
  })

  test('a score of a customer who answered, and of no other', () => {
    const completed = [...open, responded(), closed()]
    given(...completed)
      .when(callBack(at, { score: 5 }))
      .then(calledBack({ score: 5 }))
    for (const outcome of ['unreachable', 'declined'] as const)
      given(...completed)
        .when(callBack(at, { outcome, score: 5 }))
        .thenRefused('score_not_wanted', '#/score')
  })
})

test('events that were stored before weights are read as they are', () => {
  const old = {
    TicketClosed: `{"rootCauseCode":null,"measuresDoneAt":null,"repeatWindowEndsAt":"2026-03-10T16:00:00.000Z","callbackDueAt":"2026-03-10T16:00:00.000Z","text":"v1.s1.closing"}`,
    CallbackRecorded: `{"outcome":"satisfied","sameProblem":false,"registersRepeat":false,"repeatExternalNo":null,"occurredAt":null,"text":"v1.s1.callback"}`,
    ContactLogged: `{"subjectId":"s1","channel":"phone","flags":[],"externalNo":null,"source":null,"dealer":null,"receivedAt":null,"occurredAt":null,"customer":null,"text":"v1.s1.contact"}`,
    TicketRegistered: `{"ticketNo":"T1","externalNo":null,"subjectId":"s1","channel":"phone","source":null,"category":"A4a","ordinal":1,"receivedAt":"2026-03-02T02:00:00.000Z","flags":[],"dealer":"D001","escalatedFrom":null,"relatedTo":null,"customer":"v1.s1.customer","text":"v1.s1.complaint","level":"A","consumerNoticeDueAt":"2026-03-11T16:00:00.000Z"}`,
  } as const
  for (const [type, json] of Object.entries(old)) {
    const data = JSON.parse(json)
    expect(ticketEventData[type as keyof typeof old].parse(data)).toStrictEqual(data)
  }
  expect(ticketAfter(...open, responded(), closed(), calledBack())).toMatchObject({
    severity: null,
    safety: false,
    remedy: null,
    closing: { decision: null, goodwill: null },
    callbacks: [{ score: null }],
  })
})
