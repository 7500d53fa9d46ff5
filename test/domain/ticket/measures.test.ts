import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { never, toEpoch, toInstant } from '../../../domain/instant.ts'
import {
  closeTimes,
  firstTimeTimes,
  measuresChangeAt,
  measuresOf,
  rateOf,
  responseTimes,
  verdictAt,
} from '../../../domain/ticket/measures.ts'
import { currentAssignment } from '../../../domain/ticket/state.ts'
import { instant, on, ticketAfter } from '../../support/given.ts'
import {
  closed,
  convertedToC,
  dispatched,
  markedDuplicate,
  redispatched,
  registered,
  repeatLinked,
  repeatUnlinked,
  rescinded,
  responded,
  responsibleNamed,
  toMedia,
  toSe,
} from './events.ts'

const epoch = (time: string): number => toEpoch(instant(time))
const epochOf = (time: string | null): number | null => (time === null ? null : epoch(time))

const due = '2026-03-02 12:00'
const late = '2026-03-02 12:00:00.001'
const response = (respondedAt: string | null, asOf: string) =>
  verdictAt(responseTimes(epoch(due), epochOf(respondedAt)), epoch(asOf))

describe('response', () => {
  test('is met when responded exactly at the due', () => {
    expect([response(due, due), response(due, '2026-04-01 10:00')]).toEqual(['met', 'met'])
  })

  test('is failed when responded one millisecond later', () => {
    expect(response(late, late)).toBe('failed')
  })

  test('not yet is pending until the due has come, failed when it is past', () => {
    expect(response(null, '2026-03-02 11:59')).toBe('pending')
    expect(response(null, due)).toBe('pending')
    expect(response(null, late)).toBe('failed')
  })

  test('goes by what was known: before it was met it was pending', () => {
    expect(response('2026-03-02 11:00', '2026-03-02 10:59:59.999')).toBe('pending')
    expect(response('2026-03-02 11:00', '2026-03-02 11:00')).toBe('met')
  })
})

const closeDue = '2026-03-06 00:00'
const inTime = '2026-03-05 23:59:59.999'
const close = (closedAt: string | null, asOf: string) =>
  verdictAt(closeTimes(epoch(closeDue), epochOf(closedAt)), epoch(asOf))

describe('close', () => {
  test('is met when closed one millisecond before the due', () => {
    expect([close(inTime, inTime), close(inTime, '2026-04-01 10:00')]).toEqual(['met', 'met'])
  })

  test('is failed when closed exactly at the due', () => {
    expect(close(closeDue, closeDue)).toBe('failed')
  })

  test('still open it is pending until `asOf` reaches the due, then failed', () => {
    expect([close(null, inTime), close(null, closeDue)]).toEqual(['pending', 'failed'])
  })

  test('goes by what was known', () => {
    expect(close('2026-03-04 10:00', '2026-03-04 09:59:59.999')).toBe('pending')
  })
})

const windowEnd = '2026-03-11 00:00'
const firstTime = (linkedAt: string | null, asOf: string, ends: string | null = windowEnd) =>
  verdictAt(firstTimeTimes(epochOf(ends), epochOf(linkedAt)), epoch(asOf))

describe('first time', () => {
  test('is met when the seven days are over without a repeat, to the millisecond', () => {
    expect(firstTime(null, '2026-03-10 23:59:59.999')).toBe('pending')
    expect(firstTime(null, windowEnd)).toBe('met')
  })

  test('is failed from the moment a repeat is linked', () => {
    expect(firstTime('2026-03-05 10:00', '2026-03-05 09:59:59.999')).toBe('pending')
    expect(firstTime('2026-03-05 10:00', '2026-03-05 10:00')).toBe('failed')
    expect(firstTime('2026-03-05 10:00', '2026-04-01 10:00')).toBe('failed')
  })

  test('is failed by a link made after the seven days, and was met before it', () => {
    expect(firstTime('2026-03-20 10:00', '2026-03-19 10:00')).toBe('met')
    expect(firstTime('2026-03-20 10:00', '2026-03-20 10:00')).toBe('failed')
  })

  test('is pending while the ticket is open, however long', () => {
    expect(firstTime(null, '2031-01-01 10:00', null)).toBe('pending')
  })
})

describe('the measures of a ticket', () => {
  const unhandled = [registered(), dispatched()]
  const at = (asOf: string, ...events: Parameters<typeof ticketAfter>) => {
    const ticket = ticketAfter(...events)
    const { respondedAt, clocks } = currentAssignment(ticket)
    const { state, closedAt, closing, repeatLinkedAt } = ticket
    const { responseDueAt, closeDueAt } = clocks
    const repeatWindowEndsAt = closing?.repeatWindowEndsAt ?? null
    return Object.values(
      measuresOf(
        { state, responseDueAt, respondedAt, closeDueAt, closedAt, repeatWindowEndsAt, repeatLinkedAt },
        instant(asOf),
      ),
    )
  }

  test('are pending at the start', () => {
    expect(at(due, ...unhandled)).toEqual(['pending', 'pending', 'pending'])
  })

  test('a late close may still be first-time', () => {
    const history = [
      ...unhandled,
      on(late, responded()),
      on(closeDue, closed({ repeatWindowEndsAt: instant('2026-03-14 00:00') })),
    ]
    expect(at('2026-03-13 23:59:59.999', ...history)).toEqual(['failed', 'failed', 'pending'])
    expect(at('2026-03-14 00:00', ...history)).toEqual(['failed', 'failed', 'met'])
  })

  test('a repeat linked fails the first time, unlinked it is restored', () => {
    const history = [...unhandled, on(due, responded()), on('2026-03-03 15:00', closed())]
    const linked = on('2026-03-05 10:00', repeatLinked())
    expect(at(windowEnd, ...history, linked)).toEqual(['met', 'met', 'failed'])
    expect(at(windowEnd, ...history, linked, repeatUnlinked())).toEqual(['met', 'met', 'met'])
  })

  test('are its holder’s, after a redispatch and on a B ticket', () => {
    const moved = [on(due, redispatched({ formerUnitKept: true })), on(late, toSe())]
    expect(at(due, ...unhandled, ...moved)).toEqual(['pending', 'pending', 'pending'])
    const B = [registered({ category: 'B4', level: 'B' }), toMedia(), responsibleNamed()]
    const byDealer = on('2026-03-02 11:00', responded({ countsFor: 'responsible_dealer' }))
    expect(at(late, ...B, byDealer)).toEqual(['failed', 'pending', 'pending'])
  })

  test('after conversion to C the close is failed, though it be closed then', () => {
    const C = [
      registered({ category: 'B4', level: 'B' }),
      toMedia(),
      on(due, responded()),
      on('2026-03-12 00:00', convertedToC()),
    ]
    expect(at('2026-03-12 00:00', ...C)).toEqual(['met', 'failed', 'pending'])
    const end = on('2026-03-13 10:00', closed({ repeatWindowEndsAt: instant('2026-03-21 00:00') }))
    expect(at('2026-03-21 00:00', ...C, end)).toEqual(['met', 'failed', 'met'])
  })

  test('of a rescinded or duplicate ticket are none', () => {
    for (const over of [rescinded(), markedDuplicate()])
      expect(at(due, ...unhandled, over)).toEqual([null, null, null])
  })
})

describe('a rate', () => {
  test('is met ÷ (met + failed + pending) in percent', () => {
    expect(rateOf({ met: 1, failed: 2, pending: 1 })).toBe(25)
    expect(rateOf({ met: 0, failed: 1, pending: 0 })).toBe(0)
    expect(rateOf({ met: 4, failed: 0, pending: 0 })).toBe(100)
  })

  test('shows two decimals, half up', () => {
    expect(rateOf({ met: 1, failed: 2, pending: 0 })).toBe(33.33)
    expect(rateOf({ met: 2, failed: 1, pending: 0 })).toBe(66.67)
    expect(rateOf({ met: 1, failed: 799, pending: 0 })).toBe(0.13)
    expect(rateOf({ met: 1, failed: 31, pending: 0 })).toBe(3.13)
    expect(rateOf({ met: 1, failed: 20_000, pending: 0 })).toBe(0)
    expect(rateOf({ met: 1, failed: 19_999, pending: 0 })).toBe(0.01)
  })

  test('of no units is null, never 0 or 100', () => {
    expect(rateOf({ met: 0, failed: 0, pending: 0 })).toBeNull()
  })

  test('is what long division gives', () => {
    const count = fc.integer({ min: 0, max: 100_000 })
    fc.assert(
      fc.property(count, count, count, (met, failed, pending) => {
        fc.pre(met + failed + pending > 0)
        const [part, whole] = [BigInt(met) * 10_000n, BigInt(met + failed + pending)]
        const up = (part % whole) * 2n >= whole ? 1n : 0n
        expect(rateOf({ met, failed, pending })).toBe(Number(part / whole + up) / 100)
      }),
    )
  })
})

describe('measures over time', () => {
  const some = fc.integer({ min: 1, max: 40 })
  const maybe = fc.option(some)
  const anyTicket = fc.record({
    state: fc.constantFrom('unhandled', 'in_progress', 'completed', 'rescinded', 'duplicate'),
    responseDueAt: some,
    respondedAt: maybe,
    closeDueAt: maybe,
    closedAt: maybe,
    repeatWindowEndsAt: maybe,
    repeatLinkedAt: maybe,
  } as const)

  test('stay as they are until the instant that is named', () => {
    fc.assert(
      fc.property(anyTicket, some, (ms, asOf) => {
        const text = (each: number | null) => (each === null ? null : toInstant(each))
        const ticket = {
          state: ms.state,
          responseDueAt: toInstant(ms.responseDueAt),
          respondedAt: text(ms.respondedAt),
          closeDueAt: text(ms.closeDueAt),
          closedAt: text(ms.closedAt),
          repeatWindowEndsAt: text(ms.repeatWindowEndsAt),
          repeatLinkedAt: text(ms.repeatLinkedAt),
        }
        const changeAt = measuresChangeAt(ticket, asOf)
        const before = measuresOf(ticket, toInstant(asOf))
        expect(changeAt).toBeGreaterThan(asOf)
        for (let at = asOf; at < Math.min(changeAt, 50); at++)
          expect(measuresOf(ticket, toInstant(at))).toEqual(before)
        if (changeAt === never) return
        // earlier than needed does no harm, but never without a verdict time
        expect([ms.responseDueAt + 1, ...Object.values(ms)]).toContain(changeAt)
      }),
      { numRuns: 2_000 },
    )
  })
})
