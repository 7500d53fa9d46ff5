import { describe, expect, test } from '@jest/globals'
import type { TicketEvent } from '../../../domain/ticket/events.ts'
import { given, instant, of, ticketAfter } from '../../support/given.ts'
import { absorb, becomeDuplicate } from './commands.ts'
import {
  ceasedToBeRepeat,
  closed,
  contacted,
  dispatched,
  duplicateAbsorbed,
  markedDuplicate,
  registered,
  repeatLinked,
  repeatUnlinked,
  rescinded,
  responded,
  toRbo,
  warned,
} from './events.ts'

const at = '2026-03-05 10:00'
const unhandled = [registered(), dispatched()]
const inProgress = [...unhandled, responded()]
const completed = [...inProgress, closed()]
/** The second ticket of a chain: repeat of T0, itself repeated by T2. */
const middle = [
  registered({ ordinal: 2, escalatedFrom: 'T0' }),
  toRbo(),
  responded(),
  closed(),
  repeatLinked(),
]
const overs = [rescinded(), markedDuplicate()]

describe('a duplicate', () => {
  const duplicate = (...more: TicketEvent[]) =>
    ticketAfter(registered({ ticketNo: 'T2' }), dispatched(), ...more)

  test('brings its calls to the survivor, its registration as one more', () => {
    const absorbing = given(...inProgress).when(absorb(at, duplicate(contacted({ channel: 'email' }))))
    absorbing.then(duplicateAbsorbed())
    expect(absorbing.ticket().calls).toBe(1)
    given(...completed)
      .when(absorb(at, duplicate(contacted(), contacted())))
      .then(duplicateAbsorbed({ calls: 3 }))
  })

  test('brings no call by registration where it came by another channel', () => {
    const letter = (...more: TicketEvent[]) =>
      ticketAfter(registered({ ticketNo: 'T2', channel: 'letter' }), dispatched(), ...more)
    given(...inProgress)
      .when(absorb(at, letter()))
      .then(duplicateAbsorbed({ calls: 0 }))
    given(...inProgress)
      .when(absorb(at, letter(contacted())))
      .then(duplicateAbsorbed({ calls: 1 }))
  })

  test('brings the calls of its own duplicates', () => {
    given(...completed)
      .when(absorb(at, duplicate(duplicateAbsorbed({ duplicate: 'T3', calls: 2 }))))
      .then(duplicateAbsorbed({ calls: 3 }))
  })

  test('an unhandled survivor is then judged for W1', () => {
    given(...unhandled, contacted())
      .when(absorb(at, duplicate()))
      .then(duplicateAbsorbed(), warned({ ackDueAt: instant('2026-03-05 12:00') }))
  })

  test('a survivor in progress is then judged for W2', () => {
    given(...inProgress)
      .when(absorb(at, duplicate(contacted(), contacted())))
      .then(duplicateAbsorbed({ calls: 3 }), warned({ code: 'W2', ackDueAt: instant('2026-03-05 12:00') }))
  })

  test('its flags raise nothing', () => {
    const flagged = ticketAfter(
      registered({ ticketNo: 'T2', flags: ['media'] }),
      dispatched(),
      contacted({ channel: 'web', flags: ['agitated'] }),
    )
    given(...unhandled)
      .when(absorb(at, flagged))
      .then(duplicateAbsorbed())
  })

  test('a completed survivor is judged for nothing', () => {
    given(...completed)
      .when(absorb(at, duplicate(contacted(), contacted(), contacted())))
      .then(duplicateAbsorbed({ calls: 4 }))
  })

  test('may be open or completed; customer, vehicle and category need not agree', () => {
    const stranger = { ticketNo: 'T2', subjectId: 's9', category: 'A4z', dealer: 'D003' } as const
    given(...inProgress)
      .when(absorb(at, ticketAfter(registered(stranger), toRbo(), responded(), closed())))
      .then(duplicateAbsorbed())
  })

  test('leaves the KPI and its links', () => {
    const leaving = given(...middle).when(becomeDuplicate(at))
    leaving.then(markedDuplicate(), ceasedToBeRepeat(), repeatUnlinked({ text: null }))
    expect(leaving.ticket()).toMatchObject({ state: 'duplicate', duplicateOf: 'T9', escalatedFrom: null })
  })

  test('keeps its own count for the record', () => {
    const ticket = given(...unhandled, contacted())
      .when(becomeDuplicate(at))
      .ticket()
    expect(ticket.calls).toBe(1)
  })

  test('that is over already has nothing to do', () => {
    for (const over of overs)
      given(...unhandled, over)
        .when(becomeDuplicate(at))
        .thenNothing()
  })

  test('of itself is refused', () => {
    given(...unhandled)
      .when(absorb(at, ticketAfter(...unhandled)))
      .thenRefused('same_ticket', '#/ticketNo')
  })

  test('of a ticket that is over is refused', () => {
    for (const over of overs)
      given(...unhandled, over)
        .when(absorb(at, duplicate()))
        .thenRefused('ticket_not_usable', '#/ticketNo')
  })

  test('that is over itself is refused', () => {
    for (const over of overs)
      given(...unhandled)
        .when(absorb(at, duplicate(over)))
        .thenRefused('ticket_is_over')
  })

  test('that is completed is the SA’s to mark, whatever the survivor is', () => {
    for (const role of ['csc_supervisor', 'se'] as const) {
      given(...unhandled)
        .when(absorb(at, duplicate(responded(), closed()), of(role)))
        .thenRefused('role_not_allowed')
      given(...completed)
        .when(absorb(at, duplicate(), of(role)))
        .then(duplicateAbsorbed())
    }
  })
})
