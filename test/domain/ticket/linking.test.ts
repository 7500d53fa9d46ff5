import { describe, expect, test } from '@jest/globals'
import { dealer, given, instant, of, on, ticketAfter } from '../../support/given.ts'
import { becomeRepeat, linkRepeat } from './commands.ts'
import {
  becameRepeat,
  ceasedToBeRepeat,
  clocks,
  closed,
  convertedToC,
  dispatched,
  markedDuplicate,
  registered,
  repeatLinked,
  rescinded,
  responded,
  toMedia,
  toRbo,
  toSe,
} from './events.ts'

const inProgress = [registered(), dispatched(), responded()]
const closing = on('2026-03-03 15:00', closed())
const completed = [...inProgress, closing]
const at = '2026-03-05 10:00'

/** T2, received and registered that moment. */
const second = (received = '2026-03-05 09:30', over = {}) =>
  on(received, registered({ ticketNo: 'T2', receivedAt: instant(received), ...over }), dispatched())
const T2 = ticketAfter(second())

describe('linking a repeat by hand', () => {
  test('makes the later ticket the earlier one’s repeat, with the next ordinal; the earlier fails its first time', () => {
    const linking = given(...completed).when(linkRepeat(at, T2))
    linking.then(repeatLinked())
    expect(linking.ticket()).toMatchObject({
      state: 'completed',
      escalatedTo: 'T2',
      repeatLinkedAt: instant(at),
    })
  })

  test('counts from the ordinal of the earlier ticket, whatever the later one had', () => {
    given(registered({ ordinal: 3 }), toSe(), responded(), closing)
      .when(linkRepeat(at, ticketAfter(second('2026-03-05 09:30', { ordinal: 2 }))))
      .then(repeatLinked({ ordinal: 4 }))
  })

  test('customers and categories need not agree', () => {
    const stranger = ticketAfter(second('2026-03-05 09:30', { subjectId: 's9', category: 'A4g' }))
    given(...completed)
      .when(linkRepeat(at, stranger))
      .then(repeatLinked())
  })

  test('the later ticket may be in progress', () => {
    given(...completed)
      .when(linkRepeat(at, ticketAfter(second(), responded())))
      .then(repeatLinked())
  })

  test.each([
    ['one millisecond after the closing', '2026-03-03 15:00:00.001'],
    ['in the last millisecond of the seventh day', '2026-03-10 23:59:59.999'],
  ])('takes a later ticket received %s', (_, received) => {
    given(...completed)
      .when(linkRepeat('2026-03-20 10:00', ticketAfter(second(received))))
      .then(repeatLinked())
  })

  test.each([
    ['at the closing', '2026-03-03 15:00'],
    ['at 00:00 of the closing date + 8', '2026-03-11 00:00'],
  ])('refuses a later ticket received %s', (_, received) => {
    given(...completed)
      .when(linkRepeat('2026-03-20 10:00', ticketAfter(second(received))))
      .thenRefused('outside_repeat_window', '#/ticketNo')
  })

  test('goes by when the later complaint was received, not registered', () => {
    const papers = ticketAfter(
      on(
        '2026-03-20 10:00',
        registered({ ticketNo: 'T2', receivedAt: instant('2026-03-09 10:00') }),
        dispatched(),
      ),
    )
    given(...completed)
      .when(linkRepeat('2026-03-20 11:00', papers))
      .then(repeatLinked())
  })

  test('may be done again after an unlink', () => {
    const unlinked = ticketAfter(second(), becameRepeat({ of: 'T1' }), ceasedToBeRepeat({ of: 'T1' }))
    given(...completed)
      .when(linkRepeat(at, unlinked))
      .then(repeatLinked())
  })
})

describe('linking is refused', () => {
  test('of a ticket to itself', () => {
    given(...completed)
      .when(linkRepeat(at, ticketAfter(...completed)))
      .thenRefused('same_ticket', '#/ticketNo')
  })

  test('where the earlier ticket is open', () => {
    for (const events of [[registered(), dispatched()], inProgress])
      given(...events)
        .when(linkRepeat(at, T2))
        .thenRefused('wrong_state')
  })

  test('where the earlier ticket is over', () => {
    for (const over of [rescinded(), markedDuplicate()])
      given(...completed, over)
        .when(linkRepeat(at, T2))
        .thenRefused('ticket_is_over')
  })

  test('where the earlier ticket has a repeat', () => {
    given(...completed, repeatLinked({ repeat: 'T3' }))
      .when(linkRepeat(at, T2))
      .thenRefused('already_has_repeat')
  })

  test('where the later ticket is completed or over', () => {
    given(...completed)
      .when(linkRepeat(at, ticketAfter(second(), responded(), closed())))
      .thenRefused('wrong_state')
    for (const over of [rescinded(), markedDuplicate()])
      given(...completed)
        .when(linkRepeat(at, ticketAfter(second(), over)))
        .thenRefused('ticket_is_over')
  })

  test('where the later ticket is a repeat already', () => {
    given(...completed)
      .when(linkRepeat(at, ticketAfter(second('2026-03-05 09:30', { escalatedFrom: 'T0', ordinal: 2 }))))
      .thenRefused('already_a_repeat', '#/ticketNo')
  })

  test('where the later ticket would go to an RBO and has no dealer', () => {
    const sameAsThird = { category: 'A4a', ordinal: 3, dealer: null } as const
    const without = on(
      '2026-03-05 09:30',
      registered({ ticketNo: 'T2', receivedAt: instant('2026-03-05 09:30'), ...sameAsThird }),
      toSe({ dealer: null, rbo: null }),
    )
    given(...completed)
      .when(linkRepeat(at, ticketAfter(without)))
      .thenRefused('dealer_required', '#/dealerCode')
  })

  test('of whoever is not CSC', () => {
    for (const actor of [of('csc_supervisor'), of('se'), of('sa'), dealer()])
      given(...completed)
        .when(linkRepeat(at, T2, actor))
        .thenRefused('role_not_allowed')
  })
})

describe('the later ticket of a link', () => {
  const moved = clocks({
    responseDueAt: instant('2026-03-05 12:00'),
    closeDueAt: instant('2026-03-11 00:00'),
  })
  const asSecond = becomeRepeat(at, { of: 'T0', ordinal: 2 })

  test('is dispatched where §3 names another tier for its ordinal; category and calls stay', () => {
    const becoming = given(registered(), dispatched(), responded()).when(asSecond)
    becoming.then(becameRepeat(), toRbo({ clocks: moved }))
    const ticket = becoming.ticket()
    expect(ticket).toMatchObject({ ordinal: 2, escalatedFrom: 'T0', category: 'A4a', state: 'unhandled' })
    expect(ticket.assignments).toMatchObject([{ unit: 'D001', kept: false }, { unit: 'EAST' }])
  })

  test('stays where that tier holds it, with state and clocks', () => {
    const staying = given(registered({ category: 'A4y' }), toSe(), responded()).when(asSecond)
    staying.then(becameRepeat())
    expect(staying.ticket()).toMatchObject({
      ordinal: 2,
      state: 'in_progress',
      assignments: [{ unit: 'SE' }],
    })
  })

  test('stays with its holder as B4 and as C4', () => {
    const B = [registered({ category: 'B4', level: 'B' }), toMedia()]
    given(...B)
      .when(asSecond)
      .then(becameRepeat())
    given(...B, convertedToC())
      .when(asSecond)
      .then(becameRepeat())
  })

  test('loses a `relatedTo`', () => {
    const ticket = given(registered({ relatedTo: 'T0' }), dispatched())
      .when(asSecond)
      .ticket()
    expect(ticket.relatedTo).toBeNull()
  })

  test('leaves the tier before it no unit, though its response was failed', () => {
    const { assignments } = given(registered(), dispatched()).when(asSecond).ticket()
    expect(assignments[0]).toMatchObject({ endedAt: instant(at), kept: false })
  })

  test('takes the link once, and none where it was closed, linked or ended in the meantime', () => {
    given(registered({ escalatedFrom: 'T0', ordinal: 2 }), toRbo())
      .when(asSecond)
      .thenNothing()
    given(registered({ escalatedFrom: 'T8', ordinal: 2 }), toRbo())
      .when(asSecond)
      .thenRefused('already_a_repeat', '#/ticketNo')
    given(...completed)
      .when(asSecond)
      .thenRefused('wrong_state')
    for (const over of [rescinded(), markedDuplicate()])
      given(registered(), dispatched(), over).when(asSecond).thenRefused('ticket_is_over')
  })
})
