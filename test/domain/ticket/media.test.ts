import { describe, expect, test } from '@jest/globals'
import { currentResponsibility } from '../../../domain/ticket/state.ts'
import { given, instant, of, on, start } from '../../support/given.ts'
import { close, convert, nameResponsible } from './commands.ts'
import {
  clocksB,
  closed,
  convertedToC,
  dispatched,
  markedDuplicate,
  registered,
  rescinded,
  responded,
  responsibleNamed,
  toMedia,
} from './events.ts'

const B = [
  registered({ category: 'B4', level: 'B', source: 'media', dealer: null }),
  toMedia({ dealer: null, rbo: null }),
]
const A = [registered(), dispatched()]
const nextDay = '2026-03-03 10:00'
const named = (over = {}) =>
  responsibleNamed({
    clocks: clocksB({ responseDueAt: instant('2026-03-03 12:00'), closeDueAt: instant('2026-03-13 00:00') }),
    ...over,
  })

describe('naming the responsible dealer', () => {
  test('starts its clocks when it is named: 120 minutes, 7 working days', () => {
    const naming = given(...B).when(nameResponsible(nextDay))
    naming.then(named())
    expect(currentResponsibility(naming.ticket())).toEqual({
      unit: 'D001',
      dealer: 'D001',
      rbo: 'EAST',
      startedAt: instant(nextDay),
      respondedAt: null,
      clocks: named().data.clocks,
      clocksSetAt: instant(nextDay),
      endedAt: null,
      kept: false,
    })
  })

  test('goes by the calendar of that dealer', () => {
    given(...B)
      .when(nameResponsible('2026-03-02 09:00', { dealerCode: 'D004' }))
      .then(
        responsibleNamed({
          dealer: 'D004',
          rbo: 'WEST-XJ',
          clocks: clocksB({ calendar: 'CN-XJ', calendarVersion: 5 }),
        }),
      )
  })

  test('leaves holder, state, dealer and clocks of the ticket; its RBO is the dealer’s where it had none', () => {
    const ticket = given(...B, responded())
      .when(nameResponsible(nextDay))
      .ticket()
    expect(ticket).toMatchObject({ state: 'in_progress', dealer: null, rbo: 'EAST' })
    expect(ticket.assignments).toMatchObject([{ unit: 'SE_MEDIA', clocks: clocksB(), endedAt: null }])
  })

  test('the same again changes nothing', () => {
    given(...B, named())
      .when(nameResponsible('2026-03-04 10:00'))
      .thenNothing()
  })

  test('another ends the unit before it, which is kept only where its response was failed by then', () => {
    const first = on(start, responsibleNamed())
    const replacing = (time: string) => given(...B, first).when(nameResponsible(time, { dealerCode: 'D002' }))
    const over = { dealer: 'D002', clocks: clocksB({ responseDueAt: instant('2026-03-02 15:00') }) }
    const atDue = replacing('2026-03-02 12:00')
    atDue.then(responsibleNamed({ ...over, clocks: clocksB({ responseDueAt: instant('2026-03-02 14:00') }) }))
    const late = replacing('2026-03-02 12:00:00.001')
    late.then(
      responsibleNamed({
        ...over,
        formerUnitKept: true,
        clocks: clocksB({ responseDueAt: instant('2026-03-02 14:00:00.001') }),
      }),
    )
    expect(late.ticket().responsibilities).toMatchObject([
      { unit: 'D001', endedAt: instant('2026-03-02 12:00:00.001'), kept: true },
      { unit: 'D002', endedAt: null, kept: false },
    ])
    expect(atDue.ticket().responsibilities).toMatchObject([{ kept: false }, { kept: false }])
  })

  test('back to a dealer named before is a term of its own', () => {
    const back = given(...B, on(start, responsibleNamed(), responsibleNamed({ dealer: 'D002' }))).when(
      nameResponsible(nextDay),
    )
    back.then(named({ formerUnitKept: true }))
    expect(back.ticket().responsibilities.map(({ unit, kept }) => [unit, kept])).toEqual([
      ['D001', false],
      ['D002', true],
      ['D001', false],
    ])
  })

  test('is refused on an A and on a C ticket', () => {
    given(...A)
      .when(nameResponsible(nextDay))
      .thenRefused('not_a_b_ticket')
    given(...B, convertedToC())
      .when(nameResponsible(nextDay))
      .thenRefused('not_a_b_ticket')
  })

  test('is refused after closing', () => {
    given(...B, responded(), closed())
      .when(nameResponsible(nextDay))
      .thenRefused('wrong_state')
  })

  test('is refused on a ticket that is over', () => {
    for (const over of [rescinded(), markedDuplicate()])
      given(...B, over)
        .when(nameResponsible(nextDay))
        .thenRefused('ticket_is_over')
  })

  test('is refused for a dealer nobody knows and for an inactive one', () => {
    given(...B)
      .when(nameResponsible(nextDay, { dealerCode: 'D404' }))
      .thenRefused('unknown_dealer', '#/dealerCode')
    given(...B)
      .when(nameResponsible(nextDay, { dealerCode: 'D009' }))
      .thenRefused('inactive_dealer', '#/dealerCode')
  })
})

describe('converting B to C', () => {
  test('is refused one millisecond before the due instant', () => {
    const early = given(...B).when(convert('2026-03-11 23:59:59.999'))
    early.thenRefused('not_yet_due')
    expect(early.refusal().params).toEqual({ dueAt: instant('2026-03-12 00:00') })
  })

  test('is done at the due instant and after it, by the SA', () => {
    for (const time of ['2026-03-12 00:00', '2026-05-01 10:00'])
      given(...B)
        .when(convert(time))
        .then(convertedToC())
  })

  test('makes it level C, category C4, without a due; holder and state stay', () => {
    const converting = given(...B, named(), responded()).when(convert('2026-03-12 00:00'))
    const ticket = converting.ticket()
    expect(ticket).toMatchObject({
      level: 'C',
      category: 'C4',
      state: 'in_progress',
      convertedAt: instant('2026-03-12 00:00'),
    })
    expect(ticket.assignments).toMatchObject([
      { unit: 'SE_MEDIA', clocks: clocksB({ closeWorkingDays: null, closeDueAt: null }) },
    ])
  })

  test('leaves the responsible dealer’s unit its own due', () => {
    const ticket = given(...B, named())
      .when(convert('2026-03-12 00:00'))
      .ticket()
    expect(currentResponsibility(ticket)?.clocks.closeDueAt).toBe(instant('2026-03-13 00:00'))
  })

  test('is irreversible: a second time is refused', () => {
    given(...B, convertedToC())
      .when(convert('2026-03-12 00:00'))
      .thenRefused('not_a_b_ticket')
  })

  test('never happens to A', () => {
    given(...A)
      .when(convert('2026-04-01 10:00'))
      .thenRefused('not_a_b_ticket')
  })

  test('is refused of a completed ticket, closed late though it was, and of one that is over', () => {
    given(...B, responded(), on('2026-03-12 10:00', closed()))
      .when(convert('2026-03-12 11:00'))
      .thenRefused('wrong_state')
    for (const over of [rescinded(), markedDuplicate()])
      given(...B, over)
        .when(convert('2026-03-12 00:00'))
        .thenRefused('ticket_is_over')
  })

  test('is the SA’s alone', () => {
    for (const role of ['se_media', 'se', 'csr_media', 'admin'] as const)
      given(...B)
        .when(convert('2026-03-12 00:00', { actor: of(role) }))
        .thenRefused('role_not_allowed')
  })
})

test('closing a B ticket is the media SE’s', () => {
  given(...B, responded())
    .when(close(nextDay, { actor: of('se_media') }))
    .then(closed())
})
