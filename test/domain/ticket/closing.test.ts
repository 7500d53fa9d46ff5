import { describe, expect, test } from '@jest/globals'
import { toEpoch, toInstant } from '../../../domain/instant.ts'
import { dealer, given, givenWith, instant, masterWith, of, on, rbo } from '../../support/given.ts'
import { becomeDuplicate, callBack, close } from './commands.ts'
import {
  calledBack,
  closed,
  convertedToC,
  dispatched,
  markedDuplicate,
  registered,
  rescinded,
  responded,
  responsibleNamed,
  toMedia,
  toRbo,
} from './events.ts'

const at = '2026-03-03 15:00'
const inProgress = [registered(), dispatched(), responded()]
const completed = [...inProgress, on(at, closed())]

describe('closing', () => {
  test('completes the ticket at one instant and opens the seven days', () => {
    const closing = given(...inProgress).when(close(at))
    closing.then(closed())
    expect(closing.ticket()).toMatchObject({ state: 'completed', closedAt: instant(at) })
  })

  test('the days after it end at midnight of the closing date + 8, also from the last millisecond', () => {
    const windowOf = (time: string) => {
      const { closing } = given(...inProgress)
        .when(close(time))
        .ticket()
      return [closing?.repeatWindowEndsAt, closing?.callbackDueAt]
    }
    const end = instant('2026-03-11 00:00')
    expect(windowOf('2026-03-03 00:00')).toEqual([end, end])
    expect(windowOf('2026-03-03 23:59:59.999')).toEqual([end, end])
    expect(windowOf('2026-03-02 23:59:59.999')).toEqual([
      instant('2026-03-10 00:00'),
      instant('2026-03-10 00:00'),
    ])
  })

  test('the days of the policy are kept with it', () => {
    const policy = { repeatWindowDays: 10, callback: { days: 3, attempts: 3, hoursApart: 2 } }
    givenWith(masterWith(policy), ...inProgress)
      .when(close(at))
      .then(
        closed({
          repeatWindowEndsAt: instant('2026-03-14 00:00'),
          callbackDueAt: instant('2026-03-07 00:00'),
        }),
      )
  })

  test('names a root cause of the policy and when the measures were done, now at the latest', () => {
    const said = { rootCauseCode: 'price', measuresDoneAt: instant(at) }
    given(...inProgress)
      .when(close(at, said))
      .then(closed(said))
  })

  test('late is still closing', () => {
    given(...inProgress)
      .when(close('2026-04-01 10:00'))
      .then(
        closed({
          repeatWindowEndsAt: instant('2026-04-09 00:00'),
          callbackDueAt: instant('2026-04-09 00:00'),
        }),
      )
  })

  test('is the holder’s on a C ticket too', () => {
    const C = [registered({ category: 'B4', level: 'B' }), toMedia(), responded(), convertedToC()]
    given(...C)
      .when(close(at, { actor: of('se_media') }))
      .then(closed())
  })
})

describe('closing is refused', () => {
  test('from unhandled', () => {
    const refused = given(registered(), dispatched()).when(close(at))
    refused.thenRefused('wrong_state')
    expect(refused.refusal().params).toEqual({ state: 'unhandled', allowed: 'in_progress' })
  })

  test('twice', () => {
    given(...completed)
      .when(close(at))
      .thenRefused('wrong_state')
  })

  test.each([rescinded(), markedDuplicate()])('of a ticket that is over: $type', (over) => {
    given(...inProgress, over)
      .when(close(at))
      .thenRefused('ticket_is_over')
  })

  test('with a root cause the policy does not have', () => {
    given(...inProgress)
      .when(close(at, { rootCauseCode: 'weather' }))
      .thenRefused('unknown_root_cause', '#/rootCauseCode')
  })

  test('with measures done one millisecond from now', () => {
    given(...inProgress)
      .when(close(at, { measuresDoneAt: instant('2026-03-03 15:00:00.001') }))
      .thenRefused('future_instant', '#/measuresDoneAt')
  })

  test('of people of another unit, a former holder and the responsible dealer among them', () => {
    const moved = given(registered(), dispatched(), toRbo(), responded())
    moved.when(close(at)).thenRefused('not_the_holder')
    moved.when(close(at, { actor: rbo('NORTH') })).thenRefused('not_the_holder')
    given(registered(), toMedia(), responsibleNamed(), responded())
      .when(close(at, { actor: dealer() }))
      .thenRefused('not_the_holder')
  })
})

describe('a callback', () => {
  test.each(['satisfied', 'dissatisfied', 'unreachable', 'declined'] as const)(
    'records that %s',
    (outcome) => {
      const calling = given(...completed).when(callBack('2026-03-04 10:00', { outcome }))
      calling.then(calledBack({ outcome }))
      expect(calling.ticket()).toMatchObject({
        state: 'completed',
        callbacks: [{ at: instant('2026-03-04 10:00'), outcome }],
      })
    },
  )

  test('dissatisfied on the same problem, confirmed by the CSR, registers a complaint', () => {
    const said = { outcome: 'dissatisfied', sameProblem: true, repeatExternalNo: 'X-9' } as const
    given(...completed)
      .when(callBack('2026-03-04 10:00', said))
      .then(calledBack({ ...said, registersRepeat: true }))
  })

  test('each record is one attempt', () => {
    const first = on('2026-03-04 10:00', calledBack({ outcome: 'unreachable' }))
    const ticket = given(...completed, first)
      .when(callBack('2026-03-04 12:00'))
      .ticket()
    expect(ticket.callbacks).toEqual([
      { at: instant('2026-03-04 10:00'), outcome: 'unreachable', score: null },
      { at: instant('2026-03-04 12:00'), outcome: 'satisfied', score: null },
    ])
  })

  test('may have happened earlier than it is recorded', () => {
    const occurredAt = instant('2026-03-04 09:00')
    given(...completed)
      .when(callBack('2026-03-04 10:00', { actor: of('csc_system'), occurredAt }))
      .then(calledBack({ occurredAt }))
  })
})

describe('a callback is refused', () => {
  test.each([
    ['unhandled', [registered(), dispatched()]],
    ['in progress', inProgress],
  ])('while the ticket is %s', (_, events) => {
    given(...events)
      .when(callBack(at))
      .thenRefused('wrong_state')
  })

  test('on a rescinded ticket', () => {
    given(...completed, rescinded())
      .when(callBack(at))
      .thenRefused('ticket_is_over')
  })

  test('one millisecond in the future, or before registration', () => {
    given(...completed)
      .when(callBack('2026-03-04 10:00', { occurredAt: instant('2026-03-04 10:00:00.001') }))
      .thenRefused('future_instant', '#/occurredAt')
    given(...completed)
      .when(callBack('2026-03-04 10:00', { occurredAt: instant('2026-03-02 09:59:59.999') }))
      .thenRefused('before_registration', '#/occurredAt')
  })

  test('a millisecond before the closing, at which it may have happened', () => {
    const occurredAt = instant(at)
    const before = toInstant(toEpoch(occurredAt) - 1)
    given(...completed)
      .when(callBack('2026-03-04 10:00', { occurredAt }))
      .then(calledBack({ occurredAt }))
    given(...completed)
      .when(callBack('2026-03-04 10:00', { occurredAt: before }))
      .thenRefused('before_closing', '#/occurredAt')
  })

  test('on the same problem where the customer is not dissatisfied', () => {
    for (const outcome of ['satisfied', 'unreachable', 'declined'] as const)
      given(...completed)
        .when(callBack('2026-03-04 10:00', { outcome, sameProblem: true }))
        .thenRefused('same_problem_not_wanted', '#/sameProblem')
  })

  test('with a number for a complaint that it does not register', () => {
    for (const outcome of ['dissatisfied', 'satisfied'] as const)
      given(...completed)
        .when(callBack('2026-03-04 10:00', { outcome, repeatExternalNo: 'X-9' }))
        .thenRefused('repeat_external_no_not_wanted', '#/repeatExternalNo')
  })
})

test('a duplicate of another may still be told so after closing', () => {
  given(...completed)
    .when(becomeDuplicate('2026-03-04 10:00'))
    .then(markedDuplicate())
})
