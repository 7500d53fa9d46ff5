import { describe, expect, test } from '@jest/globals'
import { given, instant, of, on, start } from '../../support/given.ts'
import { reclassify } from './commands.ts'
import {
  clocks,
  clocksB,
  closed,
  convertedToC,
  dispatched,
  markedDuplicate,
  reclassified,
  registered,
  rescinded,
  responded,
  toMedia,
  toRbo,
  toSe,
} from './events.ts'

const unhandled = [registered(), dispatched()]
const nextDay = '2026-03-03 10:00'
const next = clocks({ responseDueAt: instant('2026-03-03 12:00'), closeDueAt: instant('2026-03-07 00:00') })
const nextB = clocksB({ responseDueAt: next.responseDueAt, closeDueAt: instant('2026-03-13 00:00') })

describe('a reclassification', () => {
  test('stays where §3 names the tier that holds the ticket: holder, state and clocks too', () => {
    const inProgress = [...unhandled, on('2026-03-02 11:00', responded())]
    const staying = given(...inProgress).when(reclassify(nextDay))
    staying.then(reclassified())
    const { state, category, assignments } = staying.ticket()
    expect([state, category]).toEqual(['in_progress', 'A4d'])
    expect(assignments).toMatchObject([{ unit: 'D001', clocks: clocks(), endedAt: null }])
  })

  test.each([
    ['A4b', toRbo({ clocks: next })],
    ['A4c', toRbo({ clocks: next })],
    ['A4z', toRbo({ clocks: next })],
    ['A4y', toSe({ clocks: next })],
  ] as const)('of a 1st complaint from a dealer’s category to %s moves', (category, moved) => {
    const moving = given(...unhandled, responded()).when(reclassify(nextDay, { category }))
    moving.then(reclassified({ category }), moved)
    expect(moving.ticket()).toMatchObject({ state: 'unhandled', category, ordinal: 1 })
  })

  test('goes by the ticket’s ordinal', () => {
    const second = [registered({ ordinal: 2 }), toRbo()]
    given(...second)
      .when(reclassify(nextDay))
      .then(reclassified())
    given(...second)
      .when(reclassify(nextDay, { category: 'A4b' }))
      .then(reclassified({ category: 'A4b' }), toSe({ clocks: next }))
  })

  test('goes by the tier that holds it now, wherever it was dispatched first', () => {
    given(...unhandled, toRbo())
      .when(reclassify(nextDay, { category: 'A4b' }))
      .then(reclassified({ category: 'A4b' }))
    given(...unhandled, toRbo())
      .when(reclassify(nextDay))
      .then(reclassified(), dispatched({ clocks: next }))
  })

  test('from A to B4 makes it level B at the media SE, with or without a source', () => {
    for (const source of ['media', null] as const) {
      const moving = given(...unhandled).when(reclassify(nextDay, { category: 'B4', source }))
      moving.then(reclassified({ category: 'B4', level: 'B', source }), toMedia({ clocks: nextB }))
      expect(moving.ticket()).toMatchObject({ level: 'B', source, dealer: 'D001', state: 'unhandled' })
    }
  })

  test('leaves the tier before it no unit, though its response was failed', () => {
    const { assignments } = given(...unhandled)
      .when(reclassify(nextDay, { category: 'A4b' }))
      .ticket()
    expect(assignments).toMatchObject([{ endedAt: instant(nextDay), kept: false }, { endedAt: null }])
  })
})

describe('a dealerCode on reclassifying', () => {
  const without = [registered({ category: 'A4y', dealer: null }), toSe({ dealer: null, rbo: null })]
  const from = { from: 'A4y' } as const

  test('is required where the ticket has none and its new tier is dealer or rbo', () => {
    for (const category of ['A4a', 'A4b'] as const)
      given(...without)
        .when(reclassify(nextDay, { category }))
        .thenRefused('dealer_required', '#/dealerCode')
  })

  test('becomes the ticket’s dealer there', () => {
    given(...without)
      .when(reclassify(nextDay, { category: 'A4a', dealerCode: 'D001' }))
      .then(reclassified({ ...from, category: 'A4a' }), dispatched({ clocks: next }))
    given(...without)
      .when(reclassify(nextDay, { category: 'A4b', dealerCode: 'D003' }))
      .then(
        reclassified({ ...from, category: 'A4b' }),
        toRbo({ unit: 'NORTH', dealer: 'D003', rbo: 'NORTH', clocks: next }),
      )
  })

  test('must be a known dealer, and an active one where it goes to the dealer', () => {
    given(...without)
      .when(reclassify(nextDay, { category: 'A4b', dealerCode: 'D404' }))
      .thenRefused('unknown_dealer', '#/dealerCode')
    given(...without)
      .when(reclassify(nextDay, { category: 'A4a', dealerCode: 'D009' }))
      .thenRefused('inactive_dealer', '#/dealerCode')
  })

  test('is not wanted where the ticket has one, whoever is named', () => {
    for (const dealerCode of ['D001', 'D002', 'D404'])
      given(...unhandled)
        .when(reclassify(nextDay, { category: 'A4b', dealerCode }))
        .thenRefused('dealer_not_wanted', '#/dealerCode')
  })

  test('is not wanted where the ticket stays', () => {
    const third = [
      registered({ category: 'A4y', ordinal: 3, dealer: null }),
      toSe({ dealer: null, rbo: null }),
    ]
    given(...third)
      .when(reclassify(nextDay, { category: 'A4a', dealerCode: 'D001' }))
      .thenRefused('dealer_not_wanted', '#/dealerCode')
    given(...third)
      .when(reclassify(nextDay, { category: 'A4a' }))
      .then(reclassified({ ...from, category: 'A4a' }))
  })

  test('is not wanted where the new tier is the media SE', () => {
    given(...without)
      .when(reclassify(nextDay, { category: 'B4', dealerCode: 'D001' }))
      .thenRefused('dealer_not_wanted', '#/dealerCode')
    given(...without)
      .when(reclassify(nextDay, { category: 'B4' }))
      .then(
        reclassified({ ...from, category: 'B4', level: 'B' }),
        toMedia({ dealer: null, rbo: null, clocks: nextB }),
      )
  })
})

describe('a reclassification is refused', () => {
  test('to the category it has', () => {
    given(...unhandled)
      .when(reclassify(nextDay, { category: 'A4a' }))
      .thenRefused('same_category', '#/category')
  })

  test('to C4, which comes only from converting', () => {
    given(...unhandled)
      .when(reclassify(nextDay, { category: 'C4' }))
      .thenRefused('category_not_for_intake', '#/category')
  })

  test('of B4 and of C4: they stay', () => {
    const B = [registered({ category: 'B4', level: 'B' }), toMedia()]
    for (const category of ['A4a', 'B4', 'C4'] as const) {
      given(...B)
        .when(reclassify(nextDay, { category }))
        .thenRefused('b_or_c_ticket')
      given(...B, convertedToC())
        .when(reclassify(nextDay, { category }))
        .thenRefused('b_or_c_ticket')
    }
  })

  test('with a source, where it is not to B4', () => {
    given(...unhandled)
      .when(reclassify(nextDay, { source: 'media' }))
      .thenRefused('source_not_wanted', '#/source')
  })

  test('to a tier that is the ticket’s own dealer, now inactive', () => {
    given(registered({ category: 'A4b', dealer: 'D009' }), toRbo({ dealer: 'D009' }))
      .when(reclassify(nextDay, { category: 'A4a' }))
      .thenRefused('inactive_dealer', '#/dealerCode')
  })

  test('of a completed ticket and of one that is over', () => {
    given(...unhandled, responded(), closed())
      .when(reclassify(nextDay))
      .thenRefused('wrong_state')
    for (const over of [rescinded(), markedDuplicate()])
      given(...unhandled, over)
        .when(reclassify(nextDay))
        .thenRefused('ticket_is_over')
  })
})

test('csr, se and sa may reclassify, whoever holds the ticket', () => {
  for (const role of ['csr', 'se', 'sa'] as const)
    given(...unhandled)
      .when(reclassify(start, { actor: of(role) }))
      .then(reclassified())
})
