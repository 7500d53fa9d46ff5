import { describe, expect, test } from '@jest/globals'

import { given, instant, of, on, ticketAfter } from '../../support/given.ts'
import { ceaseToBeRepeat, close, loseRepeat, rescind, unlinkRepeat } from './commands.ts'
import {
  becameRepeat,
  calledBack,
  ceasedToBeRepeat,
  closed,
  dispatched,
  markedDuplicate,
  registered,
  repeatLinked,
  repeatUnlinked,
  rescinded,
  responded,
  toRbo,
} from './events.ts'

const at = '2026-03-05 10:00'
const unhandled = [registered(), dispatched()]
const inProgress = [...unhandled, responded()]
const completed = [...inProgress, closed()]
const linked = [...completed, repeatLinked()]
/** The second ticket of a chain: repeat of T0, itself repeated by T2. */
const middle = [
  registered({ ordinal: 2, escalatedFrom: 'T0' }),
  toRbo(),
  responded(),
  closed(),
  repeatLinked(),
]
const overs = [rescinded(), markedDuplicate()]

describe('unlinking a repeat', () => {
  test('restores the earlier ticket’s first time and clears `escalatedTo`', () => {
    const unlinking = given(...linked).when(unlinkRepeat(at))
    unlinking.then(repeatUnlinked())
    expect(unlinking.ticket()).toMatchObject({ escalatedTo: null, repeatLinkedAt: null, state: 'completed' })
  })

  test('is refused where that ticket is not its repeat', () => {
    given(...linked)
      .when(unlinkRepeat(at, { repeat: 'T3' }))
      .thenRefused('not_linked', '#/ticketNo')
    given(...completed)
      .when(unlinkRepeat(at))
      .thenRefused('not_linked', '#/ticketNo')
    given(...linked, repeatUnlinked())
      .when(unlinkRepeat(at))
      .thenRefused('not_linked', '#/ticketNo')
  })

  test('is refused on a ticket that is over', () => {
    for (const over of overs)
      given(...linked, over, repeatUnlinked())
        .when(unlinkRepeat(at))
        .thenRefused('ticket_is_over')
  })

  test('withdraws what a damaged log has: a ticket that is over and still has its repeat', () => {
    for (const over of overs)
      given(...linked, over)
        .when(unlinkRepeat(at))
        .then(repeatUnlinked())
  })

  test('is CSC’s', () => {
    for (const role of ['csc_supervisor', 'se', 'sa'] as const)
      given(...linked)
        .when(unlinkRepeat(at, { actor: of(role) }))
        .thenRefused('role_not_allowed')
  })

  test('the later ticket keeps holder, ordinal and clocks, loses `escalatedFrom` and carries `relatedTo`', () => {
    const history = [...unhandled, on('2026-03-03 10:00', becameRepeat(), toRbo())]
    const before = ticketAfter(...history)
    const ceasing = given(...history).when(ceaseToBeRepeat(at))
    ceasing.then(ceasedToBeRepeat({ echo: true }))
    expect(ceasing.ticket()).toEqual({
      ...before,
      escalatedFrom: null,
      relatedTo: 'T0',
      version: before.version + 1,
      lastAt: instant(at),
    })
  })

  test('the later ticket has nothing to do where it repeats another', () => {
    given(...unhandled)
      .when(ceaseToBeRepeat(at))
      .thenNothing()
    given(...unhandled, becameRepeat({ of: 'T7' }))
      .when(ceaseToBeRepeat(at))
      .thenNothing()
  })

  test('the earlier ticket loses a repeat that left, and no other', () => {
    given(...linked)
      .when(loseRepeat(at))
      .then(repeatUnlinked({ echo: true, text: null }))
    given(...linked)
      .when(loseRepeat(at, { repeat: 'T3' }))
      .thenNothing()
    given(...completed)
      .when(loseRepeat(at))
      .thenNothing()
  })
})

describe('rescinding', () => {
  test.each([
    ['unhandled', unhandled],
    ['in progress', inProgress],
    ['completed', completed],
  ])('ends a ticket that is %s', (_, events) => {
    const rescinding = given(...events).when(rescind(at))
    rescinding.then(rescinded())
    expect(rescinding.ticket().state).toBe('rescinded')
  })

  test('the repeat of another unlinks it', () => {
    const rescinding = given(...unhandled, becameRepeat()).when(rescind(at))
    rescinding.then(rescinded(), ceasedToBeRepeat())
    expect(rescinding.ticket()).toMatchObject({ escalatedFrom: null, relatedTo: 'T0' })
  })

  test('a ticket with a repeat unlinks it', () => {
    const rescinding = given(...linked).when(rescind(at))
    rescinding.then(rescinded(), repeatUnlinked({ text: null }))
    expect(rescinding.ticket()).toMatchObject({ escalatedTo: null, repeatLinkedAt: null })
  })

  test('the middle of a chain unlinks both ways; the chain does not close over the gap', () => {
    given(...middle)
      .when(rescind(at))
      .then(rescinded(), ceasedToBeRepeat(), repeatUnlinked({ text: null }))
  })

  test('of a completed ticket is the SA’s alone', () => {
    for (const role of ['csc_supervisor', 'se'] as const) {
      given(...completed)
        .when(rescind(at, { actor: of(role) }))
        .thenRefused('role_not_allowed')
      given(...inProgress)
        .when(rescind(at, { actor: of(role) }))
        .then(rescinded())
    }
  })
})

describe('rescinded and duplicate are terminal', () => {
  test.each(overs)('no act after $type', (over) => {
    for (const command of [rescind(at), close(at), unlinkRepeat(at)])
      given(...completed, over)
        .when(command)
        .thenRefused('ticket_is_over')
  })

  test.each(overs)('what a ticket had stays readable after $type', (over) => {
    const ticket = ticketAfter(...completed, calledBack(), over)
    expect([ticket.closedAt, ticket.callbacks.length, ticket.assignments.length]).toEqual([
      instant('2026-03-02 10:00'),
      1,
      1,
    ])
  })
})
