import { describe, expect, test } from '@jest/globals'
import { currentAssignment, currentResponsibility } from '../../../domain/ticket/state.ts'
import { dealer, given, instant, of, on, rbo, start } from '../../support/given.ts'
import { close, respond } from './commands.ts'
import {
  closed,
  convertedToC,
  dispatched,
  markedDuplicate,
  registered,
  rescinded,
  responded,
  responsibleNamed,
  toMedia,
  toRbo,
  toSe,
} from './events.ts'

const unhandled = [registered(), dispatched()]
const media = [registered({ category: 'B4', level: 'B', source: 'media' }), toMedia()]

describe('a response', () => {
  test('by the holder makes the ticket in progress', () => {
    const responding = given(...unhandled).when(respond('2026-03-02 11:00'))
    responding.then(responded())
    expect(responding.ticket()).toMatchObject({
      state: 'in_progress',
      assignments: [{ respondedAt: instant('2026-03-02 11:00') }],
    })
  })

  test('a logged unanswered call attempt counts', () => {
    const attempt = given(...unhandled).when(respond('2026-03-02 11:00', { reached: false }))
    attempt.then(responded({ reached: false }))
    expect(attempt.ticket().state).toBe('in_progress')
  })

  test('keeps how the customer was met and what was promised', () => {
    const said = { method: 'visit', promisedReplyAt: instant('2026-03-05 10:00') } as const
    given(...unhandled)
      .when(respond('2026-03-02 11:00', said))
      .then(responded(said))
  })

  test('a second one is logged and changes nothing', () => {
    const again = given(...unhandled, on('2026-03-02 11:00', responded())).when(respond('2026-03-02 12:00'))
    again.then(responded({ countsFor: null }))
    expect(again.ticket()).toMatchObject({
      state: 'in_progress',
      assignments: [{ respondedAt: instant('2026-03-02 11:00') }],
    })
  })

  test.each([
    ['the RBO', toRbo(), rbo(), 'EAST'],
    ['the SE', toSe(), of('se'), 'SE'],
    ['the media SE', toMedia(), of('se_media'), 'SE_MEDIA'],
  ])('of %s counts where it holds the ticket', (_, held, actor, unit) => {
    given(registered(), held).when(respond('2026-03-02 11:00', { actor })).then(responded({ unit }))
  })

  test('of the next holder is its own', () => {
    const moved = given(...unhandled, on('2026-03-02 11:00', responded()), on('2026-03-02 11:30', toRbo()))
    const responding = moved.when(respond('2026-03-02 12:00', { actor: rbo() }))
    responding.then(responded({ unit: 'EAST' }))
    expect(responding.ticket().assignments.map((each) => each.respondedAt)).toEqual([
      instant('2026-03-02 11:00'),
      instant('2026-03-02 12:00'),
    ])
  })
})

describe('on a B or C ticket the responsible dealer’s response', () => {
  const named = [...media, responsibleNamed({ dealer: 'D003', rbo: 'NORTH' })]
  const byDealer = respond('2026-03-02 11:00', { actor: dealer('D003') })
  const counted = responded({ countsFor: 'responsible_dealer', unit: 'D003' })

  test('counts for its unit only: state and respondedAt are the holder’s', () => {
    const responding = given(...named).when(byDealer)
    responding.then(counted)
    const ticket = responding.ticket()
    expect([ticket.state, currentAssignment(ticket).respondedAt]).toEqual(['unhandled', null])
    expect(currentResponsibility(ticket)?.respondedAt).toBe(instant('2026-03-02 11:00'))
  })

  test('counts on a C ticket too', () => {
    given(...named, convertedToC())
      .when(byDealer)
      .then(counted)
  })

  test('a second one is logged and changes nothing', () => {
    const again = given(...named, counted).when(byDealer)
    again.then(responded({ countsFor: null, unit: 'D003' }))
    expect(currentResponsibility(again.ticket())?.respondedAt).toBe(instant(start))
  })

  test('leaves the holder’s own response to come', () => {
    given(...named, counted)
      .when(respond('2026-03-02 11:30', { actor: of('se_media') }))
      .then(responded({ unit: 'SE_MEDIA' }))
  })

  test('does not let the ticket be closed', () => {
    given(...named, counted)
      .when(close('2026-03-02 12:00', { actor: of('se_media') }))
      .thenRefused('wrong_state')
  })

  test('is no longer taken from a dealer that was named before another', () => {
    given(...named, responsibleNamed({ dealer: 'D001' }))
      .when(byDealer)
      .thenRefused('not_the_holder')
  })
})

describe('a response is refused', () => {
  test('of people of another unit', () => {
    for (const actor of [dealer('D002'), rbo(), of('se')])
      given(...unhandled)
        .when(respond('2026-03-02 11:00', { actor }))
        .thenRefused('not_the_holder')
  })

  test('on a completed ticket', () => {
    given(...unhandled, responded(), closed())
      .when(respond('2026-03-02 11:00'))
      .thenRefused('wrong_state')
  })

  test.each([rescinded(), markedDuplicate()])('on a ticket that is over: $type', (over) => {
    given(...unhandled, over)
      .when(respond('2026-03-02 11:00'))
      .thenRefused('ticket_is_over')
  })
})
