/** Objections (rulebook §14): every act, when it is refused, and what an upheld one changes. */
import { describe, expect, test } from '@jest/globals'
import { dealerUnits } from '../../../domain/ticket/dealerUnits.ts'
import type { DataOf } from '../../../domain/ticket/events.ts'
import type { MeasureName } from '../../../domain/ticket/measures.ts'
import { unitsOf } from '../../../domain/ticket/units.ts'
import { dealer, given, instant, of, on, sealed, start, ticketAfter } from '../../support/given.ts'
import { decideObjection, raiseObjection, withdrawObjection } from './commands.ts'
import * as happened from './events.ts'

const { registered, dispatched, redispatched, rescinded, markedDuplicate, closed, objected } = happened
const { objectionWithdrawn, objectionDecided, attached, detached } = happened
const attachmentId = (last: string): string => `00000000-0000-4000-8000-00000000000${last}`
const at = '2026-03-02 15:00'
const begun = [registered(), dispatched()]

describe('raising', () => {
  test('is about measures of the dealer’s unit, open or completed', () => {
    given(...begun)
      .when(raiseObjection(at))
      .then(objected())
    given(...begun, ...on('2026-03-02 11:00', happened.responded(), closed()))
      .when(raiseObjection(at, { measures: ['response', 'firstTime', 'response'] }))
      .then(objected({ measures: ['response', 'firstTime'] }))
  })

  test('is done once a unit, whatever became of it', () => {
    const once = [...begun, objected()]
    for (const end of [
      [],
      [objectionWithdrawn()],
      [objectionDecided()],
      [objectionDecided({ decision: 'rejected' })],
    ])
      given(...once, ...end)
        .when(raiseObjection(at))
        .thenRefused('already_objected')
    const all: MeasureName[] = ['response', 'close', 'firstTime']
    given(...begun, objected({ measures: all }), objectionDecided({ measures: all }))
      .when(raiseObjection(at))
      .thenRefused('already_objected')
  })

  test('is refused once the quarter is frozen', () =>
    given(...begun)
      .when(raiseObjection(at, { frozenRevision: 2 }))
      .thenRefused('quarter_is_frozen'))

  test('takes a unit of the dealer’s own', () => {
    given(...begun)
      .when(raiseObjection(at, { actor: dealer('D002'), dealer: 'D002' }))
      .thenRefused('no_unit_of_dealer')
    given(...begun)
      .when(raiseObjection(at, { dealer: 'D002' }))
      .thenRefused('not_this_dealer')
    given(...begun, redispatched({ misrouted: true }), dispatched({ unit: 'D002', dealer: 'D002' }))
      .when(raiseObjection(at))
      .thenRefused('no_unit_of_dealer')
  })

  test('names attachments that the ticket has, each once', () => {
    const [ids, removedId] = [['1', '2'].map(attachmentId), attachmentId('3')]
    const with3 = [
      ...begun,
      ...[...ids, removedId].map((id) => attached({ attachmentId: id })),
      detached({ attachmentId: removedId }),
    ]
    given(...with3)
      .when(raiseObjection(at, { attachmentIds: [...ids, ids[0]!] }))
      .then(objected({ attachmentIds: ids }))
    given(...with3)
      .when(raiseObjection(at, { attachmentIds: [ids[0]!, removedId] }))
      .thenRefused('unknown_attachment', '#/attachmentIds/1')
  })

  test('keeps the ids of its attachments when one is removed', () => {
    const ids = [attachmentId('1')]
    const events = [
      ...begun,
      attached({ attachmentId: ids[0]! }),
      objected({ attachmentIds: ids }),
      detached({ attachmentId: ids[0]! }),
    ]
    expect(ticketAfter(...events).objections[0]?.attachmentIds).toEqual(ids)
  })

  test('about a unit that was kept is about its response', () => {
    const kept = [
      ...begun,
      ...on(
        '2026-03-02 14:00',
        redispatched({ formerUnitKept: true }),
        dispatched({ unit: 'D002', dealer: 'D002' }),
      ),
    ]
    given(...kept)
      .when(raiseObjection(at, { measures: ['response', 'close'] }))
      .thenRefused('measure_not_counted', '#/measures/1')
    given(...kept)
      .when(raiseObjection(at, { measures: ['response'] }))
      .then(objected({ measures: ['response'] }))
  })

  test('is refused of a ticket that is over', () => {
    given(...begun, rescinded())
      .when(raiseObjection(at))
      .thenRefused('ticket_is_over')
    given(...begun, markedDuplicate())
      .when(raiseObjection(at))
      .thenRefused('ticket_is_over')
  })

  test('of a second term of the dealer is another unit’s', () => {
    const back = [
      ...begun,
      objected(),
      objectionDecided({ decision: 'rejected' }),
      ...on('2026-03-02 11:00', redispatched(), dispatched({ unit: 'D002', dealer: 'D002' })),
      ...on('2026-03-02 11:30', redispatched(), dispatched()),
    ]
    given(...back)
      .when(raiseObjection(at))
      .then(objected({ objectionId: 'T1-O2', dispatchedAt: instant('2026-03-02 11:30') }))
  })
})

describe('withdrawing', () => {
  test('is for the dealer, while nobody decided', () => {
    given(...begun, objected())
      .when(withdrawObjection(at))
      .then(objectionWithdrawn())
    given(...begun, objected())
      .when(withdrawObjection(at, { actor: dealer('D002') }))
      .thenRefused('not_this_dealer')
    for (const end of [objectionWithdrawn(), objectionDecided()])
      given(...begun, objected(), end)
        .when(withdrawObjection(at))
        .thenRefused('objection_not_open')
    given(...begun)
      .when(withdrawObjection(at))
      .thenRefused('objection_not_found')
    given(...begun, objected(), rescinded())
      .when(withdrawObjection(at))
      .thenRefused('ticket_is_over')
  })
})

describe('deciding', () => {
  test('upholds or rejects an open one, once', () => {
    given(...begun, objected())
      .when(decideObjection(at))
      .then(objectionDecided())
    given(...begun, objected())
      .when(decideObjection(at, { decision: 'rejected' }))
      .then(objectionDecided({ decision: 'rejected' }))
    for (const end of [objectionWithdrawn(), objectionDecided()])
      given(...begun, objected(), end)
        .when(decideObjection(at))
        .thenRefused('objection_not_open')
    given(...begun)
      .when(decideObjection(at))
      .thenRefused('objection_not_found')
    given(...begun, objected(), rescinded())
      .when(decideObjection(at))
      .thenRefused('ticket_is_over')
  })

  test('is for HQ sales', () => {
    for (const role of ['admin', 'sa', 'se', 'rbo', 'dealer', 'auditor'] as const)
      given(...begun, objected())
        .when(decideObjection(at, { actor: of(role) }))
        .thenRefused('role_not_allowed')
  })
})

describe('an upheld objection', () => {
  const upheld = (measures: MeasureName[], more: Partial<DataOf<'ObjectionDecided'>> = {}) => [
    ...begun,
    objected({ measures }),
    objectionDecided({ measures, ...more }),
  ]
  const countedOf = (events: ReturnType<typeof upheld>) =>
    unitsOf(ticketAfter(...events)).map(({ term, excluded }) => [term.unit, excluded])

  test('takes the unit out of the measures named, and in all three out of the units', () => {
    expect(countedOf(upheld(['close']))).toEqual([['D001', ['close']]])
    expect(countedOf(upheld(['response', 'close', 'firstTime']))).toEqual([])
    expect(countedOf(upheld(['close'], { decision: 'rejected' }))).toEqual([['D001', []]])
    expect(countedOf([...begun, objected()])).toEqual([['D001', []]])
  })

  test('is listed with what it changed', () => {
    const asOf = instant('2026-04-01 10:00')
    const period = {
      dealer: 'D001',
      from: instant('2026-01-01 00:00'),
      to: instant('2026-04-01 00:00'),
      asOf,
    }
    const of1 = (events: ReturnType<typeof upheld>) => dealerUnits(on(start, ...events), period)
    const one = of1(upheld(['close']))
    expect(one.units[0]).toMatchObject({ response: { verdict: 'failed' }, close: { verdict: null } })
    expect(one.objections).toEqual([
      {
        ticketNo: 'T1',
        objectionId: 'T1-O1',
        dispatchedAt: instant(start),
        measures: ['close'],
        status: 'upheld',
        raisedAt: instant(start),
        decidedAt: instant(start),
        changed: [{ measure: 'close', verdict: 'failed' }],
      },
    ])
    const all = of1(upheld(['response', 'close', 'firstTime']))
    expect(all.units).toEqual([])
    expect(all.notCounted).toMatchObject([{ reason: 'objection_upheld' }])
    expect(all.objections[0]?.changed.map(({ measure }) => measure)).toEqual([
      'response',
      'close',
      'firstTime',
    ])
    expect(of1([...begun, objected()]).objections).toMatchObject([{ status: 'open', changed: [] }])
  })
})

test('the reasons are kept sealed', () => {
  const [objection] = ticketAfter(...begun, objected(), objectionDecided()).objections
  expect(objection).toMatchObject({
    text: sealed('objection'),
    decisionText: sealed('decision'),
    status: 'upheld',
  })
})
