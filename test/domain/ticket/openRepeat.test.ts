import { describe, expect, test } from '@jest/globals'
import { given, instant, on } from '../../support/given.ts'
import { close, openRepeat, register } from './commands.ts'
import {
  clocks,
  closed,
  dispatched,
  markedDuplicate,
  registered,
  registration,
  repeatLinked,
  rescinded,
  responded,
  toRbo,
} from './events.ts'

const inProgress = [registered(), dispatched(), responded()]
const closing = on('2026-03-03 15:00', closed())
const completed = [...inProgress, closing]
const at = '2026-03-05 10:00'

describe('opening a repeat at intake', () => {
  const repeat = { ticketNo: 'T2', ordinal: 2, escalatedFrom: 'T1', receivedAt: instant(at) } as const

  test('links first, the registration travelling with the link', () => {
    const opening = given(...completed).when(openRepeat(at, repeat))
    opening.then(repeatLinked({ registration: registration(repeat), text: null }))
    expect(opening.ticket()).toMatchObject({ escalatedTo: 'T2', repeatLinkedAt: instant(at) })
  })

  test('two repeats after one close: the second finds the ticket taken', () => {
    given(...completed, repeatLinked({ repeat: 'T3' }))
      .when(openRepeat(at, repeat))
      .thenRefused('already_has_repeat')
  })

  test('is refused on an open ticket and on one that is over', () => {
    given(...inProgress)
      .when(openRepeat(at, repeat))
      .thenRefused('wrong_state')
    for (const over of [rescinded(), markedDuplicate()])
      given(...completed, over)
        .when(openRepeat(at, repeat))
        .thenRefused('ticket_is_over')
  })

  test('the registration then goes to the handler of §3’s column, with its own clocks, counting from zero', () => {
    const dues = clocks({
      responseDueAt: instant('2026-03-05 12:00'),
      closeDueAt: instant('2026-03-11 00:00'),
    })
    const registering = given().when(register(at, repeat))
    registering.then(
      registered({ ...repeat, consumerNoticeDueAt: instant('2026-03-17 00:00') }),
      toRbo({ clocks: dues }),
    )
    expect(registering.ticket()).toMatchObject({ calls: 0, escalatedFrom: 'T1', state: 'unhandled' })
  })
})

test('a ticket with a repeat is completed and stays so', () => {
  given(...completed, repeatLinked())
    .when(close(at))
    .thenRefused('wrong_state')
})
