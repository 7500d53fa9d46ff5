import { describe, expect, test } from '@jest/globals'
import { dealerUnits } from '../../../domain/ticket/dealerUnits.ts'
import { instant, on, start } from '../../support/given.ts'
import * as happened from './events.ts'

const { registered, dispatched, redispatched, responded, closed, toRbo } = happened
const begun = on(start, registered(), dispatched())
const toOther = (time: string) => on(time, dispatched({ unit: 'D002', dealer: 'D002' }))
const asOf = '2026-03-20 10:00'
const unitsOf = (events: ReturnType<typeof on>, given: Record<string, string> = {}) =>
  dealerUnits(events, {
    dealer: given.dealer ?? 'D001',
    from: instant(given.from ?? '2026-03-01 00:00'),
    to: instant(given.to ?? '2026-04-01 00:00'),
    asOf: instant(given.asOf ?? asOf),
  })
const reasons = (events: ReturnType<typeof on>) => unitsOf(events).notCounted.map(({ reason }) => reason)

describe('the units of a dealer', () => {
  test('have due, time done and verdict of each measure', () => {
    const events = [...begun, ...on('2026-03-02 11:00', responded()), ...on('2026-03-03 10:00', closed())]
    expect(unitsOf(events)).toEqual({
      units: [
        {
          ticketNo: 'T1',
          dispatchedAt: instant(start),
          response: {
            verdict: 'met',
            dueAt: instant('2026-03-02 12:00'),
            doneAt: instant('2026-03-02 11:00'),
          },
          close: { verdict: 'met', dueAt: instant('2026-03-06 00:00'), doneAt: instant('2026-03-03 10:00') },
          firstTime: {
            verdict: 'met',
            dueAt: instant('2026-03-11 00:00'),
            doneAt: instant('2026-03-03 10:00'),
          },
        },
      ],
      notCounted: [],
      objections: [],
    })
  })

  test('kept after a late response are failed on response and nowhere else', () => {
    const late = '2026-03-02 13:00'
    const [unit] = unitsOf([
      ...begun,
      ...on(late, redispatched({ formerUnitKept: true })),
      ...toOther(late),
    ]).units
    const none = { verdict: null, dueAt: null, doneAt: null }
    expect([unit?.response.verdict, unit?.close, unit?.firstTime]).toEqual(['failed', none, none])
  })

  test('are those whose term began in the period, half-open, and of no other dealer', () => {
    expect(unitsOf(begun, { from: start }).units).toHaveLength(1)
    expect(unitsOf(begun, { to: start }).units).toHaveLength(0)
    expect(unitsOf(begun, { dealer: 'D002' })).toEqual({ units: [], notCounted: [], objections: [] })
    expect(unitsOf([])).toEqual({ units: [], notCounted: [], objections: [] })
  })
})

describe('a term that does not count says why', () => {
  const early = '2026-03-02 11:00'
  test.each<[string, ReturnType<typeof on>]>([
    ['redispatched', [...on(early, redispatched()), ...toOther(early)]],
    ['misrouted', [...on(early, redispatched({ misrouted: true })), ...toOther(early)]],
    ['reclassified', on(early, happened.reclassified(), toRbo())],
    ['became_repeat', on(early, happened.becameRepeat(), toRbo())],
    ['rescinded', on(early, happened.rescinded())],
    ['duplicate', on(early, happened.markedDuplicate())],
  ])('%s', (reason, events) => {
    expect(unitsOf([...begun, ...events]).units).toEqual([])
    expect(reasons([...begun, ...events])).toEqual([reason])
  })

  test('of several terms each has the cause of its own end', () => {
    const back = on('2026-03-02 11:30', redispatched({ misrouted: true }), dispatched())
    const events = [...begun, ...on(early, redispatched()), ...toOther(early), ...back]
    expect(reasons(events)).toEqual(['redispatched'])
    expect(unitsOf(events, { dealer: 'D002' }).notCounted.map(({ reason }) => reason)).toEqual(['misrouted'])
  })

  test('a kept term of a dealer that has the ticket again gives way to the later one', () => {
    const late = '2026-03-02 13:00'
    const back = on('2026-03-02 14:00', redispatched(), dispatched())
    const events = [...begun, ...on(late, redispatched({ formerUnitKept: true })), ...toOther(late), ...back]
    expect(unitsOf(events).units).toHaveLength(1)
    expect(reasons(events)).toEqual(['later_unit'])
  })

  test('another dealer was named responsible', () => {
    const B = on(start, registered({ category: 'B4', level: 'B' }), happened.toMedia())
    const named = on(early, happened.responsibleNamed())
    const other = on('2026-03-02 11:30', happened.responsibleNamed({ dealer: 'D002' }))
    expect(reasons([...B, ...named, ...other])).toEqual(['other_dealer_named'])
  })
})
