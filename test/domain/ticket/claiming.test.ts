import { describe, expect, test } from '@jest/globals'
import { dealer, given, on, rbo, ticketAfter } from '../../support/given.ts'
import { claim, redispatch, release, respond } from './commands.ts'
import {
  claimed,
  closed,
  dispatched,
  markedDuplicate,
  redispatched,
  registered,
  released,
  rescinded,
  responded,
  responsibleNamed,
  toMedia,
  toRbo,
} from './events.ts'

const at = '2026-03-02 11:00'
const open = [registered(), dispatched()]
const another = { ...dealer(), id: 'another' }

describe('a claim', () => {
  test('is taken by a person of the holding unit', () => {
    given(...open)
      .when(claim(at))
      .then(claimed())
  })

  test('of a ticket in progress too', () => {
    given(...open, responded())
      .when(claim(at))
      .then(claimed())
  })

  test('again by the same person changes nothing', () => {
    given(...open, claimed())
      .when(claim(at))
      .thenNothing()
  })

  test('by somebody else of the unit is refused', () => {
    given(...open, claimed())
      .when(claim(at, { actor: another, assignee: 'another' }))
      .thenRefused('already_claimed')
  })

  test('is handed to a colleague by whoever has it', () => {
    given(...open, claimed())
      .when(claim(at, { assignee: 'another' }))
      .then(claimed({ assignee: 'another' }))
  })

  test('is handed on by the colleague, and no more by whoever had it first', () => {
    const handed = [...open, claimed(), claimed({ assignee: 'another' })]
    given(...handed)
      .when(claim(at, { actor: another, assignee: 'a third' }))
      .then(claimed({ assignee: 'a third' }))
    given(...handed)
      .when(claim(at, { assignee: 'a third' }))
      .thenRefused('already_claimed')
  })

  test('of a ticket that nobody has is assigned to a colleague by anybody of the unit', () => {
    given(...open)
      .when(claim(at, { assignee: 'another' }))
      .then(claimed({ assignee: 'another' }))
  })

  test('is refused to people of another unit, of an RBO above, and to the responsible dealer', () => {
    given(...open)
      .when(claim(at, { actor: dealer('D002') }))
      .thenRefused('not_the_holder')
    given(...open)
      .when(claim(at, { actor: rbo() }))
      .thenRefused('not_the_holder')
    given(registered({ category: 'B4', level: 'B' }), toMedia(), responsibleNamed())
      .when(claim(at))
      .thenRefused('not_the_holder')
  })

  test.each([
    ['completed', [responded(), closed()], 'wrong_state'],
    ['rescinded', [rescinded()], 'ticket_is_over'],
    ['a duplicate', [markedDuplicate()], 'ticket_is_over'],
  ] as const)('of a ticket that is %s is refused, and so is its release', (_, events, code) => {
    given(...open, ...events)
      .when(claim(at))
      .thenRefused(code)
    given(...open, ...events)
      .when(release(at))
      .thenRefused(code)
  })

  test('changes no clock, no state and no right', () => {
    const [before, after] = [ticketAfter(...open), ticketAfter(...open, claimed())]
    expect(after).toEqual({ ...before, assignee: 'a dealer', version: 3 })
    given(...open, claimed())
      .when(respond(at, { actor: another }))
      .then(responded())
  })
})

describe('a release', () => {
  test('is done by anybody of the holding unit', () => {
    given(...open, claimed())
      .when(release(at, { actor: another }))
      .then(released())
  })

  test('of a ticket that nobody has changes nothing', () => {
    given(...open)
      .when(release(at))
      .thenNothing()
  })

  test('is refused to others', () => {
    given(...open, claimed())
      .when(release(at, { actor: rbo() }))
      .thenRefused('not_the_holder')
  })
})

test('a new assignment clears the claim, also one to the unit that had it', () => {
  expect(ticketAfter(...open, claimed(), redispatched(), toRbo()).assignee).toBeNull()
  expect(ticketAfter(...open, claimed(), redispatched(), dispatched()).assignee).toBeNull()
  const moved = given(...open, on(at, claimed())).when(redispatch('2026-03-02 11:30'))
  expect(moved.ticket().assignee).toBeNull()
})

test('naming a responsible dealer is no new assignment: the claim stays', () => {
  const media = [registered({ category: 'B4', level: 'B' }), toMedia(), claimed({ assignee: 'an SE' })]
  expect(ticketAfter(...media, responsibleNamed()).assignee).toBe('an SE')
})
