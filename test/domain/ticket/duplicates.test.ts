import { describe, expect, test } from '@jest/globals'
import type { TicketEvent } from '../../../domain/ticket/events.ts'
import { given, instant, of, ticketAfter } from '../../support/given.ts'
import {
  absorb,
  becomeDuplicate,
  markDuplicate,
  releaseDuplicate,
  rescind,
  undoDuplicate,
} from './commands.ts'
import {
  ceasedToBeRepeat,
  closed,
  contacted,
  dispatched,
  duplicateAbsorbed,
  duplicateReleased,
  duplicateUndone,
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

const T9 = (...more: TicketEvent[]) => ticketAfter(registered({ ticketNo: 'T9' }), dispatched(), ...more)
const echoed = (calls: number) => duplicateAbsorbed({ calls, echo: true })

describe('a duplicate', () => {
  test('names its calls, its registration as one more', () => {
    given(...inProgress, contacted({ channel: 'email' }))
      .when(markDuplicate(at, T9()))
      .then(markedDuplicate({ calls: 1 }))
    given(...unhandled, contacted(), contacted())
      .when(markDuplicate(at, T9()))
      .then(markedDuplicate({ calls: 3 }))
  })

  test('names no call for its registration where it came by another channel', () => {
    const letter = [registered({ channel: 'letter' }), dispatched()]
    given(...letter)
      .when(markDuplicate(at, T9()))
      .then(markedDuplicate({ calls: 0 }))
    given(...letter, contacted())
      .when(markDuplicate(at, T9()))
      .then(markedDuplicate({ calls: 1 }))
  })

  test('may be open or completed; customer, vehicle and category need not agree', () => {
    const stranger = { ticketNo: 'T9', subjectId: 's9', category: 'A4z', dealer: 'D003' } as const
    const survivor = ticketAfter(registered(stranger), toRbo(), responded(), closed())
    given(...inProgress)
      .when(markDuplicate(at, survivor))
      .then(markedDuplicate({ calls: 1 }))
  })

  test('leaves the KPI and its links', () => {
    const leaving = given(...middle).when(markDuplicate(at, T9()))
    leaving.then(markedDuplicate({ calls: 1 }), ceasedToBeRepeat(), repeatUnlinked({ text: null }))
    expect(leaving.ticket()).toMatchObject({ state: 'duplicate', duplicateOf: 'T9', escalatedFrom: null })
  })

  test('keeps its own count for the record', () => {
    const ticket = given(...unhandled, contacted())
      .when(markDuplicate(at, T9()))
      .ticket()
    expect(ticket.calls).toBe(1)
  })

  test('of itself is refused', () => {
    given(...unhandled)
      .when(markDuplicate(at, ticketAfter(...unhandled)))
      .thenRefused('same_ticket', '#/ticketNo')
  })

  test('of a ticket that is over is refused', () => {
    for (const over of overs)
      given(...unhandled)
        .when(markDuplicate(at, T9(over)))
        .thenRefused('ticket_not_usable', '#/ticketNo')
  })

  test('that is over itself is refused', () => {
    for (const over of overs)
      given(...unhandled, over)
        .when(markDuplicate(at, T9()))
        .thenRefused('ticket_is_over')
  })

  test('that is completed is the SA’s to mark, whatever the survivor is', () => {
    for (const role of ['csc_supervisor', 'se'] as const) {
      given(...completed)
        .when(markDuplicate(at, T9(), of(role)))
        .thenRefused('role_not_allowed')
      given(...unhandled)
        .when(markDuplicate(at, T9(responded(), closed()), of(role)))
        .then(markedDuplicate({ calls: 1 }))
    }
  })

  test('of logs in which the survivor came first is marked, once', () => {
    given(...middle)
      .when(becomeDuplicate(at))
      .then(markedDuplicate(), ceasedToBeRepeat(), repeatUnlinked({ text: null }))
    given(...unhandled, markedDuplicate())
      .when(becomeDuplicate(at))
      .thenNothing()
    for (const over of [rescinded(), markedDuplicate({ of: 'T8' })])
      given(...unhandled, over)
        .when(becomeDuplicate(at))
        .thenRefused('ticket_is_over')
  })
})

describe('the survivor', () => {
  test('takes over the calls, once', () => {
    const absorbing = given(...inProgress).when(absorb(at))
    absorbing.then(echoed(1))
    expect(absorbing.ticket()).toMatchObject({ calls: 1, absorbed: [{ duplicate: 'T2', calls: 1 }] })
    given(...inProgress, duplicateAbsorbed())
      .when(absorb(at))
      .thenNothing()
  })

  test('unhandled, is then judged for W1', () => {
    given(...unhandled, contacted())
      .when(absorb(at))
      .then(echoed(1), warned({ ackDueAt: instant('2026-03-05 12:00') }))
  })

  test('in progress, is then judged for W2', () => {
    given(...inProgress, contacted(), contacted())
      .when(absorb(at))
      .then(echoed(1), warned({ code: 'W2', ackDueAt: instant('2026-03-05 12:00') }))
  })

  test('completed, is judged for nothing', () => {
    given(...completed, contacted(), contacted(), contacted())
      .when(absorb(at))
      .then(echoed(1))
  })

  test('that is over by now refuses', () => {
    for (const over of overs)
      given(...unhandled, over)
        .when(absorb(at))
        .thenRefused('ticket_not_usable', '#/ticketNo')
  })

  test('is neither rescinded nor marked a duplicate while it has duplicates', () => {
    given(...unhandled, duplicateAbsorbed())
      .when(rescind(at))
      .thenRefused('has_duplicates')
    given(...unhandled, duplicateAbsorbed())
      .when(markDuplicate(at, T9()))
      .thenRefused('has_duplicates')
    given(...unhandled, duplicateAbsorbed(), duplicateReleased())
      .when(rescind(at))
      .then(rescinded())
  })
})

describe('undoing a duplicate', () => {
  test.each([
    ['unhandled', unhandled],
    ['in_progress', inProgress],
    ['completed', completed],
  ] as const)('makes it %s as before', (state, before) => {
    const undoing = given(...before, markedDuplicate({ calls: 1 })).when(undoDuplicate(at))
    undoing.then(duplicateUndone())
    const { version, lastAt, ...after } = undoing.ticket()
    expect(after).toMatchObject({ state, duplicateOf: null })
    const { version: _, lastAt: __, ...was } = ticketAfter(...before)
    expect(after).toEqual(was)
  })

  test('leaves its links withdrawn: the other tickets have gone on', () => {
    const marked = [
      ...middle,
      markedDuplicate({ calls: 1 }),
      ceasedToBeRepeat(),
      repeatUnlinked({ text: null }),
    ]
    expect(
      given(...marked)
        .when(undoDuplicate(at))
        .ticket(),
    ).toMatchObject({ state: 'completed', escalatedFrom: null, escalatedTo: null, relatedTo: 'T0' })
  })

  test('takes its calls from the survivor again, all that were taken over, once', () => {
    const releasing = given(...unhandled, contacted(), echoed(3)).when(releaseDuplicate(at))
    releasing.then(duplicateReleased({ calls: 3 }))
    expect(releasing.ticket()).toMatchObject({ calls: 1, absorbed: [] })
    given(...unhandled)
      .when(releaseDuplicate(at))
      .thenNothing()
    given(...unhandled, duplicateAbsorbed({ calls: 2 }), rescinded())
      .when(releaseDuplicate(at))
      .then(duplicateReleased({ calls: 2 }))
  })

  test('is the SA’s, and only of a duplicate', () => {
    given(...unhandled, markedDuplicate())
      .when(undoDuplicate(at, { actor: of('csc_supervisor') }))
      .thenRefused('role_not_allowed')
    for (const events of [unhandled, [...unhandled, rescinded()]])
      given(...events)
        .when(undoDuplicate(at))
        .thenRefused('not_a_duplicate')
  })

  test('lets it be marked again', () => {
    given(...unhandled, markedDuplicate({ calls: 1 }), duplicateUndone())
      .when(markDuplicate(at, T9()))
      .then(markedDuplicate({ calls: 1 }))
  })
})
