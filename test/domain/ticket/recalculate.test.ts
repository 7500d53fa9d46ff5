import { describe, expect, test } from '@jest/globals'
import { currentAssignment, currentResponsibility } from '../../../domain/ticket/state.ts'
import { given, givenWith, instant, masterWith, of, on, start } from '../../support/given.ts'
import { openFrom, xinjiang } from '../calendar/fixtures.ts'
import { recalculate, respond } from './commands.ts'
import {
  clocks,
  clocksB,
  closed,
  convertedToC,
  dispatched,
  markedDuplicate,
  recalculated,
  registered,
  rescinded,
  responded,
  responsibleNamed,
  toMedia,
} from './events.ts'

const unhandled = [registered(), dispatched()]
const B = [registered({ category: 'B4', level: 'B' }), toMedia()]
const later = '2026-03-04 10:00'

/** Half the time to respond, a day less to close. */
const stricter = masterWith({
  version: 9,
  responseMinutes: { dealer: 60, rbo: 60, se: 60, se_media: 30 },
  closeWorkingDays: { A: 2, B: 6 },
})
const strictA = clocks({
  policyVersion: 9,
  responseMinutes: 60,
  closeWorkingDays: 2,
  responseDueAt: instant('2026-03-02 11:00'),
  closeDueAt: instant('2026-03-05 00:00'),
})
const strictB = {
  policyVersion: 9,
  closeWorkingDays: 6,
  closeDueAt: instant('2026-03-11 00:00'),
}

describe('a recalculation', () => {
  test('sets the dues by today’s policy, from when the clocks began', () => {
    const recalculating = givenWith(stricter, ...unhandled).when(recalculate(later))
    recalculating.then(recalculated({ holder: strictA }))
    expect(recalculating.ticket().assignments).toMatchObject([
      { startedAt: instant(start), clocks: strictA, clocksSetAt: instant(later), endedAt: null },
    ])
  })

  test('sets the dues by today’s calendar', () => {
    // Tuesday the 3rd has become a holiday, and opening is at noon
    const amended = openFrom('12:00', '18:00', { 2026: { off: ['2026-03-03'], work: [] } })
    givenWith(masterWith({}, { CN: amended, 'CN-XJ': xinjiang }), ...unhandled)
      .when(recalculate(later))
      .then(
        recalculated({
          holder: clocks({
            responseDueAt: instant('2026-03-02 14:00'),
            closeDueAt: instant('2026-03-07 00:00'),
          }),
          consumerNotice: { dueAt: instant('2026-03-13 00:00'), provisional: false },
        }),
      )
  })

  test('ends `provisional` once the year’s schedule is known', () => {
    const [from, provisional] = ['2026-12-30 10:00', true]
    const dues = { responseDueAt: instant('2026-12-30 12:00'), closeDueAt: instant('2027-01-05 00:00') }
    const notice = {
      consumerNoticeDueAt: instant('2027-01-09 00:00'),
      consumerNoticeProvisional: true as const,
    }
    const history = on(
      from,
      registered({ receivedAt: instant(from), ...notice }),
      dispatched({ clocks: clocks({ ...dues, provisional }) }),
    )
    const known = openFrom('09:00', '18:00', {
      2026: { off: [], work: [] },
      2027: { off: ['2027-01-01'], work: [] },
    })
    givenWith(masterWith({}, { CN: known, 'CN-XJ': xinjiang }), history)
      .when(recalculate('2026-12-31 10:00'))
      .then(
        recalculated({
          holder: clocks({ ...dues, closeDueAt: instant('2027-01-06 00:00') }),
          consumerNotice: { dueAt: instant('2027-01-12 00:00'), provisional: false },
        }),
      )
  })

  test('does nothing where nothing moved', () => {
    given(...unhandled)
      .when(recalculate(later))
      .thenNothing()
    given(...B, responsibleNamed())
      .when(recalculate(later))
      .thenNothing()
  })

  test('sets the responsible dealer’s dues too, which then count from that recalculation', () => {
    const recalculating = givenWith(stricter, ...B, responsibleNamed()).when(recalculate(later))
    const own = { ...strictB, responseMinutes: 60, responseDueAt: instant('2026-03-02 11:00') }
    recalculating.then(
      recalculated({
        holder: clocksB({ ...strictB, responseMinutes: 30, responseDueAt: instant('2026-03-02 10:30') }),
        responsibleDealer: clocksB(own),
      }),
    )
    expect(currentResponsibility(recalculating.ticket())).toMatchObject({
      startedAt: instant(start),
      clocks: clocksB(own),
      clocksSetAt: instant(later),
    })
  })

  test('of a C ticket gives it no closing due, but the responsible dealer its own', () => {
    const recalculating = givenWith(stricter, ...B, responsibleNamed(), convertedToC()).when(
      recalculate(later),
    )
    const { clocks: held } = currentAssignment(recalculating.ticket())
    expect([held.closeDueAt, held.closeWorkingDays, held.responseMinutes]).toEqual([null, null, 30])
    expect(currentResponsibility(recalculating.ticket())?.clocks.closeDueAt).toBe(instant('2026-03-11 00:00'))
  })

  test('concerns the current assignment only', () => {
    const history = [...unhandled, on('2026-03-02 11:00', dispatched({ unit: 'D002', dealer: 'D002' }))]
    const { assignments } = givenWith(stricter, ...history)
      .when(recalculate(later))
      .ticket()
    expect(assignments.map((each) => each.clocks.policyVersion)).toEqual([4, 9])
  })

  test('may still be asked for a completed ticket', () => {
    givenWith(stricter, ...unhandled, responded(), closed())
      .when(recalculate(later))
      .then(recalculated({ holder: strictA }))
  })

  test('is refused on a ticket that is over', () => {
    for (const over of [rescinded(), markedDuplicate()])
      givenWith(stricter, ...unhandled, over)
        .when(recalculate(later))
        .thenRefused('ticket_is_over')
  })

  test('is the SA’s alone', () => {
    for (const role of ['se', 'admin', 'hq_sales', 'csr'] as const)
      givenWith(stricter, ...unhandled)
        .when(recalculate(later, { actor: of(role) }))
        .thenRefused('role_not_allowed')
  })
})

test('amending the policy moves no existing deadline by itself: any other act leaves it', () => {
  const ticket = givenWith(stricter, ...unhandled)
    .when(respond('2026-03-02 11:30'))
    .ticket()
  expect(currentAssignment(ticket).clocks).toEqual(clocks())
})
