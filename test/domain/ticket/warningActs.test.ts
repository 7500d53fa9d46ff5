import { describe, expect, test } from '@jest/globals'
import type { Actor } from '../../../domain/authority.ts'
import { deskOf } from '../../../domain/ticket/warnings.ts'
import { dealer, given, instant, of, on, rbo, sealed } from '../../support/given.ts'
import { acknowledge, resolve, warnByHand } from './commands.ts'
import {
  acknowledged,
  closed,
  dispatched,
  markedDuplicate,
  registered,
  rescinded,
  resolved,
  responded,
  toRbo,
  warned,
} from './events.ts'

const at = '2026-03-02 11:00'
const unhandled = [registered(), dispatched()]
const open = [...unhandled, on('2026-03-02 10:30', warned())]
const overs = [rescinded(), markedDuplicate()]

describe('a warning by hand', () => {
  test('says who raised it, when and why', () => {
    const raising = given(...unhandled).when(warnByHand(at, { code: 'W6', text: sealed('reason') }))
    raising.then(
      warned({
        code: 'W6',
        byHand: true,
        sentTo: { tier: 'se', unit: 'SE' },
        ackDueAt: instant('2026-03-02 13:00'),
        text: sealed('reason'),
      }),
    )
    expect(raising.ticket().warnings).toEqual([
      {
        warningId: 'T1-1',
        code: 'W6',
        assignment: 1,
        byHand: true,
        from: { tier: 'dealer', unit: 'D001' },
        sentTo: { tier: 'se', unit: 'SE' },
        raisedAt: instant(at),
        raisedBy: 'a csr',
        ackDueAt: instant('2026-03-02 13:00'),
        ackDueSetAt: instant('2026-03-02 11:00'),
        provisional: false,
        reason: sealed('reason'),
        acknowledgedAt: null,
        acknowledgedBy: null,
        resolvedAt: null,
        resolvedBy: null,
        result: null,
      },
    ])
  })

  test('needs no calls', () => {
    given(...unhandled, responded())
      .when(warnByHand(at, { code: 'W2' }))
      .then(warned({ code: 'W2', byHand: true, ackDueAt: instant('2026-03-02 13:00') }))
  })

  test('of a code that is open already is refused', () => {
    given(...open)
      .when(warnByHand(at))
      .thenRefused('warning_already_open', '#/code')
    given(...open, acknowledged())
      .when(warnByHand(at))
      .thenRefused('warning_already_open', '#/code')
  })

  test('may be raised again once resolved, and on a new assignment', () => {
    const again = { warningId: 'T1-2', byHand: true, ackDueAt: instant('2026-03-02 13:00') }
    given(...open, resolved())
      .when(warnByHand(at))
      .then(warned(again))
    given(...open, toRbo())
      .when(warnByHand(at))
      .then(warned({ ...again, from: { tier: 'rbo', unit: 'EAST' }, sentTo: { tier: 'se', unit: 'SE' } }))
  })

  test('is refused on a completed ticket and on one that is over', () => {
    given(...unhandled, responded(), closed())
      .when(warnByHand(at))
      .thenRefused('wrong_state')
    for (const over of overs)
      given(...unhandled, over)
        .when(warnByHand(at))
        .thenRefused('ticket_is_over')
  })

  test('is for csr and se', () => {
    given(...unhandled)
      .when(warnByHand(at, { actor: of('se') }))
      .then(warned({ byHand: true, ackDueAt: instant('2026-03-02 13:00') }))
    for (const actor of [of('csr_media'), of('csc_system'), of('sa'), of('se_media'), dealer(), rbo()])
      given(...unhandled)
        .when(warnByHand(at, { actor }))
        .thenRefused('role_not_allowed')
  })
})

describe('acknowledging', () => {
  test('says that the warning was seen, by whom and when', () => {
    const seeing = given(...open).when(acknowledge(at, { text: sealed('seen') }))
    seeing.then(acknowledged({ text: sealed('seen') }))
    expect(seeing.ticket().warnings).toMatchObject([
      { acknowledgedAt: instant(at), acknowledgedBy: 'a rbo', resolvedAt: null, result: null },
    ])
  })

  test('a second time is refused', () => {
    given(...open, acknowledged())
      .when(acknowledge(at))
      .thenRefused('warning_already_acknowledged')
  })

  test('once resolved is refused', () => {
    given(...open, resolved())
      .when(acknowledge(at))
      .thenRefused('warning_already_resolved')
  })
})

describe('resolving', () => {
  test('acknowledges where nobody had', () => {
    const resolving = given(...open).when(resolve(at))
    resolving.then(resolved())
    expect(resolving.ticket().warnings).toMatchObject([
      {
        acknowledgedAt: instant(at),
        acknowledgedBy: 'a rbo',
        resolvedAt: instant(at),
        resolvedBy: 'a rbo',
        result: sealed('result'),
      },
    ])
  })

  test('leaves an acknowledgement as it was', () => {
    const ticket = given(...open, on('2026-03-02 10:45', acknowledged()))
      .when(resolve(at))
      .ticket()
    expect(ticket.warnings).toMatchObject([
      { acknowledgedAt: instant('2026-03-02 10:45'), acknowledgedBy: 'somebody', resolvedAt: instant(at) },
    ])
  })

  test('concerns that warning only', () => {
    const two = [...open, warned({ warningId: 'T1-2', code: 'W4' })]
    const ticket = given(...two)
      .when(resolve(at, { warningId: 'T1-2' }))
      .ticket()
    expect(ticket.warnings.map(({ code, resolvedAt }) => [code, resolvedAt])).toEqual([
      ['W1', null],
      ['W4', instant(at)],
    ])
  })

  test('a second time is refused', () => {
    given(...open, resolved())
      .when(resolve(at))
      .thenRefused('warning_already_resolved')
  })
})

describe.each([
  { act: 'acknowledge', command: acknowledge, done: acknowledged() },
  { act: 'resolve', command: resolve, done: resolved() },
])('to $act a warning', ({ command, done }) => {
  test('of a former assignment is still possible', () => {
    given(...open, toRbo())
      .when(command(at))
      .then(done)
  })

  test('of a completed ticket is still possible', () => {
    given(...open, responded(), closed())
      .when(command(at))
      .then(done)
  })

  test('is for the unit it was sent to, and always for the SA', () => {
    given(...open)
      .when(command(at, { actor: of('sa') }))
      .then(done)
    const others: [Actor, 'not_the_recipient' | 'role_not_allowed'][] = [
      [rbo('NORTH'), 'not_the_recipient'],
      [of('se'), 'not_the_recipient'],
      [dealer(), 'role_not_allowed'],
      [of('se_media'), 'role_not_allowed'],
      [of('csr'), 'role_not_allowed'],
    ]
    for (const [actor, refused] of others)
      given(...open)
        .when(command(at, { actor }))
        .thenRefused(refused)
  })

  test('sent to the SE is the SE’s', () => {
    const toSe = [...unhandled, warned({ sentTo: { tier: 'se', unit: 'SE' } })]
    given(...toSe)
      .when(command(at, { actor: of('se') }))
      .then(done)
    given(...toSe)
      .when(command(at))
      .thenRefused('not_the_recipient')
  })

  test('sent to the SA is not the SE’s', () => {
    given(...unhandled, warned({ sentTo: { tier: 'sa', unit: 'SA' } }))
      .when(command(at, { actor: of('se') }))
      .thenRefused('not_the_recipient')
  })

  test('is refused where the ticket has no such warning', () => {
    given(...open)
      .when(command(at, { warningId: 'T1-7' }))
      .thenRefused('warning_not_found')
  })

  test('is refused on a ticket that is over', () => {
    for (const over of overs)
      given(...open, over)
        .when(command(at))
        .thenRefused('ticket_is_over')
  })
})

test('the brand’s desks have these names', () => {
  expect([deskOf('se'), deskOf('se_media'), deskOf('sa')]).toEqual(['SE', 'SE_MEDIA', 'SA'])
})
