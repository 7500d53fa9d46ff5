import { describe, expect, test } from '@jest/globals'
import {
  categoryOfRepeat,
  endOfChain,
  type MatchableTicket,
  matchAgainst,
  namedTicket,
  proposedTicket,
} from '../../../domain/ticket/matching.ts'
import { instant, start } from '../../support/given.ts'

const known = (given: Partial<MatchableTicket> = {}): MatchableTicket => ({
  ticketNo: 'T1',
  category: 'A4a',
  state: 'unhandled',
  ordinal: 1,
  dealer: 'D001',
  registeredAt: instant(start),
  closedAt: null,
  repeatWindowEndsAt: null,
  escalatedTo: null,
  duplicateOf: null,
  ...given,
})
const completed = (given: Partial<MatchableTicket> = {}): MatchableTicket =>
  known({
    state: 'completed',
    closedAt: instant('2026-03-03 15:00'),
    repeatWindowEndsAt: instant('2026-03-11 00:00'),
    ...given,
  })
const among =
  (...tickets: MatchableTicket[]) =>
  (ticketNo: string) =>
    tickets.find((each) => each.ticketNo === ticketNo) ?? null

const proposed = (
  tickets: MatchableTicket[],
  category: MatchableTicket['category'] = 'A4a',
  others: MatchableTicket[] = [],
) => proposedTicket(tickets, category, among(...tickets, ...others))?.ticketNo ?? null

const match = (ticket: MatchableTicket | null, receivedAt = '2026-03-05 10:00', viaSource = false) =>
  matchAgainst(ticket, { receivedAt: instant(receivedAt), viaSource, now: instant('2035-01-01 00:00') })

describe('the system proposes', () => {
  test('nothing where the customer has no ticket of that category', () => {
    expect(proposed([])).toBeNull()
    expect(proposed([known({ category: 'A4d' }), completed({ category: 'B4' })])).toBeNull()
  })

  test('a ticket of the same category', () => {
    expect(proposed([known({ ticketNo: 'T2', category: 'A4d' }), known()])).toBe('T1')
  })

  test('C4 counts as B4', () => {
    expect(proposed([known({ category: 'C4' })], 'B4')).toBe('T1')
    expect(proposed([known({ category: 'B4' })], 'C4')).toBe('T1')
    expect(proposed([known({ category: 'C4' })], 'A4a')).toBeNull()
  })

  test.each(['unhandled', 'in_progress'] as const)('a ticket %s before one closed, however late', (state) => {
    const open = known({ ticketNo: 'T1', state, registeredAt: instant('2026-03-01 10:00') })
    const late = completed({ ticketNo: 'T2', closedAt: instant('2026-03-04 10:00') })
    expect([proposed([open, late]), proposed([late, open])]).toEqual(['T1', 'T1'])
  })

  test('of several open ones the one registered last', () => {
    const first = known({ ticketNo: 'T1', registeredAt: instant('2026-03-02 10:00') })
    const last = known({ ticketNo: 'T2', registeredAt: instant('2026-03-02 10:00:00.001') })
    expect([proposed([first, last]), proposed([last, first])]).toEqual(['T2', 'T2'])
  })

  test('of several completed ones the one closed last', () => {
    const first = completed({ ticketNo: 'T1', closedAt: instant('2026-03-03 15:00') })
    const last = completed({ ticketNo: 'T2', closedAt: instant('2026-03-03 15:00:00.001') })
    expect([proposed([first, last]), proposed([last, first])]).toEqual(['T2', 'T2'])
  })

  test('no rescinded and no duplicate ticket', () => {
    expect(
      proposed([known({ state: 'rescinded' }), known({ ticketNo: 'T2', state: 'duplicate' })]),
    ).toBeNull()
  })

  test('the end of the chain, where the match has a repeat', () => {
    const chain = [
      completed({ ticketNo: 'T1', escalatedTo: 'T2' }),
      completed({ ticketNo: 'T2', escalatedTo: 'T3', ordinal: 2, closedAt: instant('2026-03-09 10:00') }),
      known({ ticketNo: 'T3', ordinal: 3 }),
    ]
    expect(proposed(chain.slice(0, 1), 'A4a', chain.slice(1))).toBe('T3')
    expect(proposed(chain)).toBe('T3')
  })

  test('the end of the chain, though it has another category by now', () => {
    const repeat = known({ ticketNo: 'T2', category: 'A4d', ordinal: 2 })
    expect(proposed([completed({ escalatedTo: 'T2' })], 'A4a', [repeat])).toBe('T2')
  })
})

describe('the end of a chain', () => {
  test('is the ticket itself where it has no repeat', () => {
    expect(endOfChain(known(), among())).toEqual(known())
  })

  test('is the last that is known: at an earlier instant the repeat was not there', () => {
    const first = completed({ escalatedTo: 'T2' })
    expect(endOfChain(first, among(first))).toEqual(first)
  })
})

describe('the CSR names a ticket', () => {
  test('which may be another customer’s or of another category: it is taken as it is', () => {
    const named = completed({ ticketNo: 'T7', category: 'A4y' })
    expect(namedTicket('T7', among(named))).toEqual(named)
  })

  test('a duplicate stands for its survivor, and that for its own', () => {
    const tickets = [
      known({ ticketNo: 'T1', state: 'duplicate', duplicateOf: 'T2' }),
      known({ ticketNo: 'T2', state: 'duplicate', duplicateOf: 'T3' }),
      known({ ticketNo: 'T3' }),
    ]
    expect(namedTicket('T1', among(...tickets))?.ticketNo).toBe('T3')
  })

  test('a survivor with a repeat stands for that repeat', () => {
    const tickets = [
      known({ ticketNo: 'T1', state: 'duplicate', duplicateOf: 'T2' }),
      completed({ ticketNo: 'T2', escalatedTo: 'T3' }),
      known({ ticketNo: 'T3', ordinal: 2 }),
    ]
    expect(namedTicket('T1', among(...tickets))?.ticketNo).toBe('T3')
    expect(namedTicket('T2', among(...tickets))?.ticketNo).toBe('T3')
  })

  test('an unknown one is refused', () => {
    expect(namedTicket('T404', among(known()))).toBeNull()
    expect(namedTicket('T1', among(known({ state: 'duplicate', duplicateOf: 'T404' })))).toBeNull()
  })

  test('a rescinded one is refused, also as a survivor', () => {
    const survivor = known({ ticketNo: 'T2', state: 'rescinded' })
    expect(namedTicket('T2', among(survivor))).toBeNull()
    expect(namedTicket('T1', among(survivor, known({ state: 'duplicate', duplicateOf: 'T2' })))).toBeNull()
  })
})

describe('a complaint against no ticket', () => {
  test('is new', () => {
    expect(match(null)).toEqual({ kind: 'new', relatedTo: null })
  })
})

describe('a complaint against an open ticket', () => {
  test.each(['unhandled', 'in_progress'] as const)('is a contact on it while %s', (state) => {
    expect(match(known({ state }))).toEqual({ kind: 'contact', ticket: known({ state }) })
  })

  test('through a B source never becomes a contact on an A ticket: it is new, related to it', () => {
    expect(match(known(), undefined, true)).toEqual({ kind: 'new', relatedTo: 'T1' })
  })

  test.each(['B4', 'C4'] as const)('through a B source is a contact on %s', (category) => {
    const ticket = known({ category })
    expect(match(ticket, undefined, true)).toEqual({ kind: 'contact', ticket })
  })
})

describe('a complaint against a completed ticket', () => {
  const escalates = { kind: 'escalate', ticket: completed() }
  const related = { kind: 'new', relatedTo: 'T1' }

  test.each([
    ['before the closing', '2026-03-03 14:59:59.999', related],
    ['at the closing', '2026-03-03 15:00', related],
    ['one millisecond after the closing', '2026-03-03 15:00:00.001', escalates],
    ['in the last millisecond of the seventh day', '2026-03-10 23:59:59.999', escalates],
    ['at 00:00 of the closing date + 8', '2026-03-11 00:00', related],
    ['however late', '2031-03-11 00:00', related],
  ])('received %s', (_, receivedAt, expected) => {
    expect(match(completed(), receivedAt)).toEqual(expected)
  })

  test('of which the closing was stamped by a clock far ahead', () => {
    const now = instant('2026-03-02 10:00')
    expect(matchAgainst(completed(), { receivedAt: now, viaSource: false, now })).toMatchObject({
      kind: 'escalate',
    })
  })

  test('through a B source still repeats it', () => {
    expect(match(completed(), undefined, true)).toEqual(escalates)
  })

  test('the third complaint is measured from the second ticket’s close', () => {
    const first = completed({ escalatedTo: 'T2' })
    const second = completed({
      ticketNo: 'T2',
      ordinal: 2,
      closedAt: instant('2026-03-10 09:00'),
      repeatWindowEndsAt: instant('2026-03-18 00:00'),
    })
    const end = endOfChain(first, among(first, second))
    expect(match(end, '2026-03-17 23:59:59.999')).toEqual({ kind: 'escalate', ticket: second })
    expect(match(end, '2026-03-18 00:00')).toEqual({ kind: 'new', relatedTo: 'T2' })
  })

  test('two repeats after one close: the second is a contact on the first', () => {
    const first = completed({ escalatedTo: 'T2' })
    const repeat = known({ ticketNo: 'T2', ordinal: 2 })
    expect(match(proposedTicket([first], 'A4a', among(first, repeat)))).toEqual({
      kind: 'contact',
      ticket: repeat,
    })
  })

  test('without the days that its closing opened, is related', () => {
    expect(match(completed({ repeatWindowEndsAt: null }))).toEqual(related)
    expect(match(completed({ closedAt: null }))).toEqual(related)
  })
})

describe('the category of a repeat', () => {
  test('is that of the ticket it repeats', () => {
    expect(categoryOfRepeat(completed({ category: 'A4g' }), false)).toBe('A4g')
    expect(categoryOfRepeat(completed({ category: 'B4' }), false)).toBe('B4')
  })

  test('is B4 of a C4', () => {
    expect(categoryOfRepeat(completed({ category: 'C4' }), false)).toBe('B4')
  })

  test('is B4 through a B source', () => {
    expect(categoryOfRepeat(completed({ category: 'A4g' }), true)).toBe('B4')
  })
})
