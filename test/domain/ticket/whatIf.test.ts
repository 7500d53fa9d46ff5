import { describe, expect, test } from '@jest/globals'
import { HOUR, toEpoch } from '../../../domain/instant.ts'
import { judgedUnits, type Later, neverUnlinked, ticketUnder } from '../../../domain/ticket/whatIf.ts'
import type { DraftRules } from '../../../domain/whatIf.ts'
import { instant, on, start } from '../../support/given.ts'
import * as happened from './events.ts'

const { registered, dispatched, redispatched, responded, closed } = happened

/** A draft with other dues by so many hours, and windows that end so many hours later. */
const draft = ({ dueHours = 0, windowHours = 0 } = {}): DraftRules => ({
  dues: ({ responseDueAt, closeDueAt }) => ({
    responseDueAt: responseDueAt + dueHours * HOUR,
    closeDueAt: closeDueAt === null ? null : closeDueAt + dueHours * HOUR,
  }),
  windowEnd: (_, recorded) => recorded + windowHours * HOUR,
  movesWindows: windowHours !== 0,
  policy: (present) => present,
})
const under = (
  events: ReturnType<typeof on>,
  rules: DraftRules,
  { later = [], received = start }: { later?: Later[]; received?: string } = {},
) => ticketUnder(events, { rules, later, receivedAt: () => instant(received) })

const begun = on(start, registered(), dispatched())
const answered = on('2026-03-02 12:30', responded())
const ended = on('2026-03-03 10:00', closed())
const verdictsOf = (events: ReturnType<typeof on>, rules: DraftRules, asOf = '2026-03-20 10:00') =>
  judgedUnits(under(events, rules)!, instant(asOf)).map(({ dealer, response, close, firstTime }) => [
    dealer,
    response,
    close,
    firstTime,
  ])

describe('a ticket under a draft', () => {
  test('is judged by the draft’s dues, its acts at their own times', () => {
    const events = [...begun, ...answered, ...ended]
    expect(verdictsOf(events, draft())).toEqual([['D001', 'failed', 'met', 'met']])
    expect(verdictsOf(events, draft({ dueHours: 1 }))).toEqual([['D001', 'met', 'met', 'met']])
    expect(verdictsOf(events, draft({ dueHours: -72 }))).toEqual([['D001', 'failed', 'failed', 'met']])
  })

  test('is as it was known at the instant, inclusive', () => {
    const rules = draft({ dueHours: 1 })
    expect(verdictsOf(begun, rules, '2026-03-02 13:00')).toEqual([['D001', 'pending', 'pending', 'pending']])
    expect(verdictsOf(begun, rules, '2026-03-02 13:00:00.001')[0]?.[1]).toBe('failed')
  })

  test('keeps the unit of a former holder only where it would have been late', () => {
    const moved = on('2026-03-02 13:00', redispatched({ formerUnitKept: true }), dispatched({ unit: 'D002' }))
    const dealers = (rules: DraftRules) => verdictsOf([...begun, ...moved], rules).map(([dealer]) => dealer)
    expect(dealers(draft())).toEqual(['D001', 'D002'])
    expect(dealers(draft({ dueHours: 5 }))).toEqual(['D002'])
  })

  test('takes recalculated dues from the draft too', () => {
    const events = [...begun, ...on('2026-03-02 10:30', happened.recalculated()), ...answered]
    expect(verdictsOf(events, draft())[0]?.[1]).toBe('failed')
    expect(verdictsOf(events, draft({ dueHours: 1 }))[0]?.[1]).toBe('met')
  })
})

describe('repeats under a draft', () => {
  const events = [...begun, ...answered, ...ended]
  const later: Later = {
    ticketNo: 'T2',
    receivedAt: instant('2026-03-11 00:00'),
    registeredAt: instant('2026-03-11 01:00'),
  }

  test('a shorter window takes no repeat that was received after it', () => {
    const linked = [...events, ...on('2026-03-10 10:00', happened.repeatLinked())]
    const short = draft({ windowHours: -48 })
    expect(under(linked, short, { received: '2026-03-10 10:00' })?.repeatLinkedAt).toBeNull()
    expect(under(linked, short, { received: '2026-03-08 10:00' })?.repeatLinkedAt).toBe(
      instant('2026-03-10 10:00'),
    )
  })

  test('a window that stays leaves every link as it was recorded', () => {
    const linked = [...events, ...on('2026-03-10 10:00', happened.repeatLinked())]
    expect(under(linked, draft(), { received: '2026-04-10 10:00' })?.repeatLinkedAt).toBe(
      instant('2026-03-10 10:00'),
    )
  })

  test('a longer window takes the complaint that came after the recorded one', () => {
    expect(under(events, draft(), { later: [later] })?.repeatLinkedAt).toBeNull()
    const found = under(events, draft({ windowHours: 1 }), { later: [later] })
    expect(toEpoch(found?.repeatLinkedAt as string)).toBe(toEpoch(later.registeredAt))
  })

  test('but none that somebody unlinked by hand', () => {
    const other = { ...later, ticketNo: 'T3' }
    const unlinked = on('2026-03-12 10:00', happened.repeatUnlinked())
    expect(neverUnlinked([later, other], unlinked)).toEqual([other])
  })
})
