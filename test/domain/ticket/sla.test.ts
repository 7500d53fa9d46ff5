import { describe, expect, test } from '@jest/globals'
import type { Master } from '../../../domain/master.ts'
import { type SlaClock, slaOf } from '../../../domain/ticket/sla.ts'
import { instant, master, on, start, ticketAfter } from '../../support/given.ts'

import {
  clocks,
  closed,
  dispatched,
  redispatched,
  registered,
  responded,
  toMedia,
  toRbo,
  warned,
  worked,
} from './events.ts'

type Events = Parameters<typeof ticketAfter>
const explained = (now: string, events: Events, masterAt: (at: string) => Master = () => master) =>
  slaOf(ticketAfter(...events), { masterAt, now: instant(now) })

/** The clocks of that name, as far as these fields say. */
const only = (all: SlaClock[], clock: SlaClock['clock'], ...fields: (keyof SlaClock)[]) =>
  all.filter((each) => each.clock === clock).map((each) => fields.map((field) => each[field]))

const unhandled: Events = [registered(), dispatched()]
const _B: Events = [registered({ category: 'B4', level: 'B' }), toMedia()]

describe('the clocks of a ticket', () => {
  const open = (to: string) => [{ from: instant(start), to: instant(to), counted: true, reason: 'open' }]
  const common = {
    startedAt: instant(start),
    doneAt: null,
    endedAt: null,
    verdict: 'pending',
    provisional: false,
    calendar: 'CN',
    calendarVersion: 3,
    daysOfVersion: null,
    policyVersion: 4,
    targetMinutes: null,
    targetWorkingDays: null,
    elapsedMinutes: 90,
    intervals: open('2026-03-02 11:30'),
  }

  test('say what ran, what counted and what is left', () => {
    expect(explained('2026-03-02 11:30', unhandled)).toEqual([
      {
        ...common,
        clock: 'consumer_notice',
        unit: null,
        dueAt: instant('2026-03-12 00:00'),
        calendarVersion: null,
        daysOfVersion: null,
        policyVersion: null,
        remainingMinutes: 390 + 7 * 540,
      },
      {
        ...common,
        clock: 'response',
        unit: 'D001',
        dueAt: instant('2026-03-02 12:00'),
        targetMinutes: 120,
        remainingMinutes: 30,
      },
      {
        ...common,
        clock: 'close',
        unit: 'D001',
        dueAt: instant('2026-03-06 00:00'),
        targetWorkingDays: 3,
        remainingMinutes: 390 + 3 * 540,
      },
    ])
  })

  test('stop when they are done', () => {
    const history: Events = [
      ...unhandled,
      on('2026-03-02 11:00', responded(), worked('consumer_informed')),
      on('2026-03-03 10:00', closed()),
    ]
    const all = explained('2026-04-01 10:00', history)
    const fields = ['doneAt', 'verdict', 'elapsedMinutes', 'remainingMinutes'] as const
    expect(only(all, 'response', ...fields)).toEqual([[instant('2026-03-02 11:00'), 'met', 60, 60]])
    expect(only(all, 'close', ...fields)).toEqual([[instant('2026-03-03 10:00'), 'met', 540, 480 + 2 * 540]])
    expect(only(all, 'consumer_notice', ...fields)).toEqual([
      [instant('2026-03-02 11:00'), 'met', 60, 420 + 7 * 540],
    ])
  })

  test('have nothing left when they are past, and count whole minutes', () => {
    const all = explained('2026-03-02 12:30:59.999', unhandled)
    expect(only(all, 'response', 'verdict', 'elapsedMinutes', 'remainingMinutes')).toEqual([
      ['failed', 150, 0],
    ])
  })

  test('turn as the measures do: response past its due, close and notice at theirs', () => {
    const at = (now: string, clock: SlaClock['clock']) =>
      only(explained(now, unhandled), clock, 'verdict').flat()
    expect([at('2026-03-02 12:00', 'response'), at('2026-03-02 12:00:00.001', 'response')]).toEqual([
      ['pending'],
      ['failed'],
    ])
    expect([at('2026-03-05 23:59:59.999', 'close'), at('2026-03-06 00:00', 'close')]).toEqual([
      ['pending'],
      ['failed'],
    ])
    const notice = [
      at('2026-03-11 23:59:59.999', 'consumer_notice'),
      at('2026-03-12 00:00', 'consumer_notice'),
    ]
    expect(notice).toEqual([['pending'], ['failed']])
  })

  test('explain what did not count', () => {
    const night = explained('2026-03-03 09:30', unhandled)
    expect(only(night, 'response', 'intervals', 'elapsedMinutes')).toEqual([
      [
        [
          ...open('2026-03-02 18:00'),
          {
            from: instant('2026-03-02 18:00'),
            to: instant('2026-03-03 09:00'),
            counted: false,
            reason: 'closed_hours',
          },
          {
            from: instant('2026-03-03 09:00'),
            to: instant('2026-03-03 09:30'),
            counted: true,
            reason: 'open',
          },
        ],
        510,
      ],
    ])
  })

  test('are explained for 62 days at most, the time counted on', () => {
    const [response] = explained('2026-12-01 10:00', unhandled).filter((each) => each.clock === 'response')
    expect(response?.intervals.at(-1)?.to).toBe(instant('2026-05-03 10:00'))
    expect(response?.elapsedMinutes).toBeGreaterThan(62 * 540)
  })

  test('say that a due is provisional', () => {
    const all = explained(start, [
      registered(),
      dispatched({ clocks: clocks({ provisional: true, provisionalDues: ['response', 'close'] }) }),
    ])
    expect(all.map(({ clock, provisional }) => [clock, provisional])).toEqual([
      ['consumer_notice', false],
      ['response', true],
      ['close', true],
    ])
  })

  test('come in the order in which they started', () => {
    const history: Events = [
      registered({ receivedAt: instant('2026-02-27 10:00') }),
      dispatched(),
      on('2026-03-02 11:00', warned()),
      on('2026-03-02 11:30', toRbo()),
    ]
    expect(explained('2026-03-02 12:00', history).map(({ clock, unit }) => [clock, unit])).toEqual([
      ['consumer_notice', null],
      ['response', 'D001'],
      ['close', 'D001'],
      ['acknowledge', 'EAST'],
      ['response', 'EAST'],
      ['close', 'EAST'],
    ])
  })
})

describe('a former holder’s clocks', () => {
  test('end when the ticket was taken away, and are judged as they stood then', () => {
    const history: Events = [...unhandled, on('2026-03-02 11:00', redispatched(), toRbo())]
    const all = explained('2026-03-20 10:00', history)
    const fields = ['unit', 'endedAt', 'verdict', 'elapsedMinutes', 'remainingMinutes'] as const
    const taken = instant('2026-03-02 11:00')
    expect(only(all, 'response', ...fields)[0]).toEqual(['D001', taken, 'pending', 60, 60])
    expect(only(all, 'close', ...fields)[0]).toEqual(['D001', taken, 'pending', 60, 420 + 3 * 540])
    expect(only(all, 'response', ...fields)[1]?.slice(0, 3)).toEqual(['EAST', null, 'failed'])
  })

  test('do not share the next holder’s close', () => {
    const history: Events = [
      ...unhandled,
      on('2026-03-02 11:00', redispatched(), toRbo()),
      on('2026-03-03 10:00', responded(), closed()),
    ]
    const all = explained('2026-03-20 10:00', history)
    expect(only(all, 'close', 'doneAt')).toEqual([[null], [instant('2026-03-03 10:00')]])
  })

  test('as it was known before that, still ran', () => {
    const [response] = only(
      explained('2026-03-02 10:30', [...unhandled, on('2026-03-02 11:00', toRbo())]),
      'response',
      'elapsedMinutes',
    )
    expect(response).toEqual([30])
  })
})
