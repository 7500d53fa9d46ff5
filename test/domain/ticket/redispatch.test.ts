import { describe, expect, test } from '@jest/globals'
import { dealer, given, givenWith, instant, master, of, on, start } from '../../support/given.ts'
import { redispatch, respond } from './commands.ts'
import {
  clocks,
  closed,
  convertedToC,
  dispatched,
  markedDuplicate,
  redispatched,
  registered,
  rescinded,
  responded,
  toMedia,
  toRbo,
  toSe,
} from './events.ts'

type GivenEvents = Parameters<typeof given>
const unhandled = [registered(), dispatched()]
const next = clocks({ responseDueAt: instant('2026-03-03 12:00'), closeDueAt: instant('2026-03-07 00:00') })
const toD002 = dispatched({ unit: 'D002', dealer: 'D002', clocks: next })
const nextDay = '2026-03-03 10:00'

describe('a redispatch', () => {
  test('is a new assignment with its own clocks; the dealer named becomes the ticket’s', () => {
    const moving = given(...unhandled).when(redispatch(nextDay, { misrouted: true }))
    moving.then(redispatched({ misrouted: true }), toD002)
    const { state, dealer, assignments } = moving.ticket()
    expect([state, dealer]).toEqual(['unhandled', 'D002'])
    expect(assignments).toMatchObject([
      { unit: 'D001', endedAt: instant(nextDay), kept: false },
      { unit: 'D002', startedAt: instant(nextDay), endedAt: null, respondedAt: null, clocks: next },
    ])
  })

  test('makes a ticket in progress unhandled', () => {
    const moving = given(...unhandled, responded()).when(redispatch(nextDay))
    moving.then(redispatched(), toD002)
    expect(moving.ticket().state).toBe('unhandled')
  })

  test('may leave the RBO: the unit’s calendar and RBO follow the dealer', () => {
    given(...unhandled)
      .when(redispatch(start, { to: { dealerCode: 'D004' } }))
      .then(
        redispatched(),
        dispatched({
          unit: 'D004',
          dealer: 'D004',
          rbo: 'WEST-XJ',
          clocks: clocks({ calendar: 'CN-XJ', calendarVersion: 5 }),
        }),
      )
  })

  test('to tier rbo goes to the RBO of the ticket’s dealer, to tier se to the SE', () => {
    given(...unhandled)
      .when(redispatch(start, { to: { tier: 'rbo' } }))
      .then(redispatched(), toRbo())
    given(...unhandled)
      .when(redispatch(start, { to: { tier: 'se' } }))
      .then(redispatched(), toSe())
  })

  test('to `tier: dealer` means the ticket’s own dealer', () => {
    given(registered(), toRbo())
      .when(redispatch(start, { to: { tier: 'dealer' } }))
      .then(redispatched(), dispatched())
  })

  test('gives a dealer to a ticket that had none', () => {
    given(registered({ category: 'A4y', dealer: null }), toSe({ dealer: null, rbo: null }))
      .when(redispatch(start, { to: { dealerCode: 'D001' } }))
      .then(redispatched(), dispatched())
  })

  test('goes to a dealer that is called as the holding desk is', () => {
    const called = { code: 'SE', name: '某店', rbo: 'EAST', calendar: 'CN', active: true }
    const known = { ...master, dealer: (code: string) => (code === 'SE' ? called : master.dealer(code)) }
    givenWith(known, registered(), toSe())
      .when(redispatch(start, { to: { dealerCode: 'SE' } }))
      .then(redispatched(), dispatched({ unit: 'SE', dealer: 'SE' }))
  })

  test('back to a former holder is a unit of its own', () => {
    const back = given(...unhandled, on('2026-03-02 11:00', redispatched(), toD002)).when(
      redispatch(nextDay, { to: { dealerCode: 'D001' }, misrouted: true }),
    )
    back.then(redispatched({ misrouted: true }), dispatched({ clocks: next }))
    expect(back.ticket().assignments.map(({ unit, kept }) => [unit, kept])).toEqual([
      ['D001', false],
      ['D002', false],
      ['D001', false],
    ])
  })
})

describe('a former holder', () => {
  const keepsWhenTakenAwayAt = (
    time: string,
    { misrouted = false, history = unhandled as GivenEvents } = {},
  ) => {
    const ticket = given(...history)
      .when(redispatch(time, { misrouted, to: { tier: 'se' } }))
      .ticket()
    return ticket.assignments[0].kept
  }

  test('keeps its unit where its response was already failed when the ticket was taken away', () => {
    expect(keepsWhenTakenAwayAt('2026-03-02 12:00:00.001')).toBe(true)
  })

  test('keeps none at the due instant itself: the response is not failed yet', () => {
    expect(keepsWhenTakenAwayAt('2026-03-02 12:00')).toBe(false)
  })

  test('keeps none where the ticket was misrouted', () => {
    expect(keepsWhenTakenAwayAt('2026-03-02 12:00:00.001', { misrouted: true })).toBe(false)
  })

  test('keeps none where it had responded in time', () => {
    const history = [...unhandled, on('2026-03-02 12:00', responded())]
    expect(keepsWhenTakenAwayAt('2026-03-05 12:00', { history })).toBe(false)
  })

  test('keeps its unit where it responded one millisecond late', () => {
    const late = on('2026-03-02 12:00:00.001', responded())
    given(...unhandled, late)
      .when(redispatch(nextDay))
      .then(redispatched({ formerUnitKept: true }), toD002)
  })

  test('keeps it whatever happens later', () => {
    const kept = on('2026-03-02 12:30', redispatched({ formerUnitKept: true }), toSe())
    const later = given(...unhandled, kept).when(redispatch(nextDay, { misrouted: true }))
    expect(later.ticket().assignments.map((each) => each.kept)).toEqual([true, false, false])
    expect(later.ticket().assignments[0].endedAt).toBe(instant('2026-03-02 12:30'))
  })

  test('is no longer the holder', () => {
    given(...unhandled, redispatched(), toD002)
      .when(respond(nextDay, { actor: dealer('D001') }))
      .thenRefused('not_the_holder')
  })
})

describe('a redispatch is refused', () => {
  test('to the unit that holds the ticket', () => {
    given(...unhandled)
      .when(redispatch(start, { to: { dealerCode: 'D001' } }))
      .thenRefused('same_unit')
    given(...unhandled)
      .when(redispatch(start, { to: { tier: 'dealer' } }))
      .thenRefused('same_unit')
    given(registered(), toRbo())
      .when(redispatch(start, { to: { tier: 'rbo' } }))
      .thenRefused('same_unit')
    given(registered(), toSe())
      .when(redispatch(start, { to: { tier: 'se' } }))
      .thenRefused('same_unit')
  })

  test('of B or C', () => {
    const B = [registered({ category: 'B4', level: 'B' }), toMedia()]
    given(...B)
      .when(redispatch(start))
      .thenRefused('b_or_c_ticket')
    given(...B, convertedToC())
      .when(redispatch(start))
      .thenRefused('b_or_c_ticket')
  })

  test('to an inactive dealer, also as the ticket’s own', () => {
    given(...unhandled)
      .when(redispatch(start, { to: { dealerCode: 'D009' } }))
      .thenRefused('inactive_dealer', '#/dealerCode')
    given(registered({ dealer: 'D009' }), toRbo({ dealer: 'D009' }))
      .when(redispatch(start, { to: { tier: 'dealer' } }))
      .thenRefused('inactive_dealer', '#/dealerCode')
  })

  test('to a dealer nobody knows', () => {
    given(...unhandled)
      .when(redispatch(start, { to: { dealerCode: 'D404' } }))
      .thenRefused('unknown_dealer', '#/dealerCode')
  })

  test('to dealer or rbo where the ticket has no dealer', () => {
    for (const tier of ['dealer', 'rbo'] as const)
      given(registered({ category: 'A4y', dealer: null }), toSe({ dealer: null, rbo: null }))
        .when(redispatch(start, { to: { tier } }))
        .thenRefused('dealer_required', '#/dealerCode')
  })

  test('of a completed ticket and of one that is over', () => {
    given(...unhandled, responded(), closed())
      .when(redispatch(nextDay))
      .thenRefused('wrong_state')
    for (const over of [rescinded(), markedDuplicate()])
      given(...unhandled, over)
        .when(redispatch(nextDay))
        .thenRefused('ticket_is_over')
  })

  test('of whoever is not CSC, the supervisor included', () => {
    for (const role of ['csc_supervisor', 'se', 'sa', 'admin'] as const)
      given(...unhandled)
        .when(redispatch(start, { actor: of(role) }))
        .thenRefused('role_not_allowed')
  })
})
