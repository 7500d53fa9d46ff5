import { describe, expect, test } from '@jest/globals'
import type { Master } from '../../../domain/master.ts'
import { type SlaClock, slaOf } from '../../../domain/ticket/sla.ts'
import { instant, master, masterWith, on, start, ticketAfter } from '../../support/given.ts'
import { openFrom, xinjiang } from '../calendar/fixtures.ts'
import {
  acknowledged,
  clocksB,
  convertedToC,
  dispatched,
  recalculated,
  registered,
  responded,
  responsibleNamed,
  toMedia,
  warned,
} from './events.ts'

type Events = Parameters<typeof ticketAfter>
const explained = (now: string, events: Events, masterAt: (at: string) => Master = () => master) =>
  slaOf(ticketAfter(...events), { masterAt, now: instant(now) })

/** The clocks of that name, as far as these fields say. */
const only = (all: SlaClock[], clock: SlaClock['clock'], ...fields: (keyof SlaClock)[]) =>
  all.filter((each) => each.clock === clock).map((each) => fields.map((field) => each[field]))

const unhandled: Events = [registered(), dispatched()]
const B: Events = [registered({ category: 'B4', level: 'B' }), toMedia()]

describe('a B ticket', () => {
  const arrived = (receivedAt: string): Events => [
    registered({ category: 'B4', level: 'B', source: 'media', receivedAt: instant(receivedAt) }),
    toMedia(),
  ]
  const fields = [
    'dueAt',
    'doneAt',
    'verdict',
    'elapsedMinutes',
    'remainingMinutes',
    'targetMinutes',
  ] as const

  test('must exist 60 natural minutes after the papers reached CSC, to the millisecond', () => {
    expect(only(explained(start, arrived('2026-03-02 09:00')), 'registration', ...fields)).toEqual([
      [instant(start), instant(start), 'met', 60, 0, 60],
    ])
    expect(only(explained(start, arrived('2026-03-02 08:59:59.999')), 'registration', 'verdict')).toEqual([
      ['failed'],
    ])
    expect(only(explained(start, arrived('2026-03-02 09:30')), 'registration', ...fields)).toEqual([
      [instant('2026-03-02 10:30'), instant(start), 'met', 30, 30, 60],
    ])
  })

  test('counts those by no calendar', () => {
    const [clock] = explained(start, arrived('2026-03-01 10:00')).filter(
      (each) => each.clock === 'registration',
    )
    expect(clock).toEqual({
      clock: 'registration',
      unit: null,
      startedAt: instant('2026-03-01 10:00'),
      dueAt: instant('2026-03-01 11:00'),
      doneAt: instant(start),
      endedAt: null,
      verdict: 'failed',
      provisional: false,
      calendar: null,
      calendarVersion: null,
      daysOfVersion: null,
      policyVersion: null,
      targetMinutes: 60,
      targetWorkingDays: null,
      elapsedMinutes: 1440,
      remainingMinutes: 0,
      intervals: [],
    })
  })

  test('has none where it came through no B source', () => {
    expect(only(explained(start, unhandled), 'registration', 'verdict')).toEqual([])
  })

  test('has the responsible dealer’s clocks beside the holder’s', () => {
    const byDealer = on('2026-03-02 11:30', responded({ countsFor: 'responsible_dealer' }))
    const all = explained('2026-03-02 12:30', [...B, on('2026-03-02 11:00', responsibleNamed()), byDealer])
    expect(only(all, 'response', 'unit', 'doneAt', 'verdict', 'elapsedMinutes')).toEqual([
      ['SE_MEDIA', null, 'failed', 150],
      ['D001', instant('2026-03-02 11:30'), 'met', 30],
    ])
  })

  test('converted to C has failed its close and has no due; the dealer’s unit keeps its own', () => {
    const all = explained('2026-03-12 00:00', [
      ...B,
      responsibleNamed(),
      on('2026-03-12 00:00', convertedToC()),
    ])
    expect(only(all, 'close', 'unit', 'dueAt', 'verdict', 'remainingMinutes')).toEqual([
      ['SE_MEDIA', null, 'failed', null],
      ['D001', instant('2026-03-12 00:00'), 'failed', 0],
    ])
  })
})

describe('a warning’s clock', () => {
  const history: Events = [
    ...unhandled,
    on('2026-03-02 17:00', warned({ ackDueAt: instant('2026-03-03 10:00') })),
  ]
  const fields = [
    'unit',
    'dueAt',
    'doneAt',
    'verdict',
    'elapsedMinutes',
    'remainingMinutes',
    'targetMinutes',
  ] as const

  test('runs until it is acknowledged', () => {
    const due = instant('2026-03-03 10:00')
    expect(only(explained('2026-03-03 09:30', history), 'acknowledge', ...fields)).toEqual([
      ['EAST', due, null, 'pending', 90, 30, 120],
    ])
    const seen = [...history, on('2026-03-03 10:00', acknowledged())] as Events
    expect(only(explained('2026-03-05 10:00', seen), 'acknowledge', ...fields)).toEqual([
      ['EAST', due, due, 'met', 120, 0, 120],
    ])
    expect(only(explained('2026-03-03 10:00:00.001', history), 'acknowledge', 'verdict')).toEqual([
      ['failed'],
    ])
  })
})

describe('a clock is explained by the calendar it was computed from', () => {
  const short = masterWith({}, { CN: openFrom('10:00', '11:00'), 'CN-XJ': xinjiang })
  const amendedOn = (time: string) => (at: string) => (at < instant(time) ? master : short)
  const elapsed = (events: Events) =>
    only(
      explained('2026-03-02 15:00', events, amendedOn('2026-03-02 12:00')),
      'response',
      'elapsedMinutes',
    ).flat()

  test('not by one amended later', () => {
    expect(elapsed(unhandled)).toEqual([300])
  })

  test('by the amended one after a recalculation, the responsible dealer’s too', () => {
    const again = on('2026-03-02 13:00', recalculated({ holder: clocksB(), responsibleDealer: clocksB() }))
    expect(elapsed([...B, responsibleNamed()])).toEqual([300, 300])
    expect(elapsed([...B, responsibleNamed(), again])).toEqual([60, 60])
  })
})
