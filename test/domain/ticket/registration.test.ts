import { describe, expect, test } from '@jest/globals'
import { type Category, categorySchema, levelOf, tierFor } from '../../../domain/ticket/routing.ts'
import { given, givenWith, instant, masterWith, of, start } from '../../support/given.ts'
import { register } from './commands.ts'
import { clocks, clocksB, dispatched, registered, toMedia, toRbo, toSe, warned } from './events.ts'

/** The table of rulebook §3, copied from its text. */
const table = [
  ['A4a', 'A', 'dealer', 'rbo', 'se'],
  ['A4b', 'A', 'rbo', 'se', 'se'],
  ['A4c', 'A', 'rbo', 'se', 'se'],
  ['A4d', 'A', 'dealer', 'rbo', 'se'],
  ['A4e', 'A', 'dealer', 'rbo', 'se'],
  ['A4f', 'A', 'dealer', 'rbo', 'se'],
  ['A4g', 'A', 'dealer', 'rbo', 'se'],
  ['A4y', 'A', 'se', 'se', 'se'],
  ['A4z', 'A', 'rbo', 'se', 'se'],
  ['B4', 'B', 'se_media', 'se_media', 'se_media'],
] as const

const cells = table.flatMap(([category, level, ...tiers]) =>
  tiers.map((tier, index) => ({ category, level, tier, ordinal: index + 1 })),
)
const dispatches = { dealer: dispatched, rbo: toRbo, se: toSe, se_media: toMedia }

describe('which tier a complaint goes to', () => {
  test.each(cells)('complaint $ordinal of $category goes to $tier', ({ category, level, tier, ordinal }) => {
    given()
      .when(register(start, { category, ordinal }))
      .then(registered({ category, level, ordinal }), dispatches[tier]())
  })

  test.each(table)(
    'a 4th and later complaint of %s goes where the 3rd does',
    (category, _, __, ___, third) => {
      expect([4, 5, 17].map((ordinal) => tierFor(category, ordinal))).toEqual([third, third, third])
    },
  )

  test('the table has these categories and C4, which stays with its holder', () => {
    expect(categorySchema.options).toEqual([...table.map(([category]) => category), 'C4'])
    expect([levelOf('C4'), tierFor('C4', 1), tierFor('C4', 3)]).toEqual(['C', null, null])
  })
})

describe('a registration', () => {
  test('is registered and dispatched in one act', () => {
    given().when(register(start)).then(registered(), dispatched())
  })

  test('is unhandled, with the holder, its dealer and the RBO of that dealer', () => {
    const ticket = given()
      .when(register(start, { category: 'A4b', dealer: 'D003' }))
      .ticket()
    expect(ticket).toMatchObject({ state: 'unhandled', dealer: 'D003', rbo: 'NORTH', calls: 0, version: 2 })
    expect(ticket.assignments).toEqual([
      {
        tier: 'rbo',
        unit: 'NORTH',
        dealer: 'D003',
        rbo: 'NORTH',
        startedAt: instant(start),
        respondedAt: null,
        clocks: clocks(),
        clocksSetAt: instant(start),
        endedAt: null,
        kept: false,
      },
    ])
  })

  test('keeps channel, flags, numbers, customer and text as they were given', () => {
    const said = {
      channel: 'letter',
      externalNo: 'X-1',
      escalatedFrom: 'T0',
      ordinal: 2,
      dealer: 'D003',
    } as const
    given()
      .when(register(start, said))
      .then(registered(said), toRbo({ unit: 'NORTH', dealer: 'D003', rbo: 'NORTH' }))
  })

  test('state, clocks and period run from registration, the consumer’s notice from receipt', () => {
    const receivedAt = instant('2026-02-27 17:30')
    given()
      .when(register(start, { receivedAt }))
      .then(
        // seven working days: the make-up day 28 February, then 2 to 6 and 9 March
        registered({ receivedAt, consumerNoticeDueAt: instant('2026-03-10 00:00') }),
        dispatched(),
      )
  })

  test('needs no dealer where §3 names no dealer and no RBO', () => {
    given()
      .when(register(start, { category: 'A4y', dealer: null }))
      .then(registered({ category: 'A4y', dealer: null }), toSe({ dealer: null, rbo: null }))
    given()
      .when(register(start, { category: 'B4', source: 'media', dealer: null }, of('csr_media')))
      .then(
        registered({ category: 'B4', level: 'B', source: 'media', dealer: null }),
        toMedia({ dealer: null, rbo: null }),
      )
  })

  test('a flag raises its warning at once, the call itself none', () => {
    given()
      .when(register(start, { flags: ['agitated'] }))
      .then(registered({ flags: ['agitated'] }), dispatched(), warned({ code: 'W4' }))
  })

  test('of a ticket that is there already does nothing', () => {
    given(registered(), dispatched()).when(register(start)).thenNothing()
  })
})

describe('a registration is refused', () => {
  const needy = cells.filter(({ tier }) => tier === 'dealer' || tier === 'rbo')
  test.each(needy)('without a dealer: complaint $ordinal of $category', ({ category, ordinal }) => {
    given()
      .when(register(start, { category, ordinal, dealer: null }))
      .thenRefused('dealer_required', '#/dealerCode')
  })

  test('as C4', () => {
    given()
      .when(register(start, { category: 'C4' as Category }))
      .thenRefused('category_not_for_intake', '#/category')
  })

  test('for a dealer nobody knows, also where it goes to the SE', () => {
    for (const category of ['A4a', 'A4b', 'A4y'] as const)
      given()
        .when(register(start, { category, dealer: 'D404' }))
        .thenRefused('unknown_dealer', '#/dealerCode')
  })

  test('for an inactive dealer', () => {
    given()
      .when(register(start, { dealer: 'D009' }))
      .thenRefused('inactive_dealer', '#/dealerCode')
  })
})

test('a complaint about an inactive dealer still goes to its RBO', () => {
  given()
    .when(register(start, { category: 'A4b', dealer: 'D009' }))
    .then(registered({ category: 'A4b', dealer: 'D009' }), toRbo({ dealer: 'D009' }))
})

describe('the clocks of a dispatch', () => {
  const clocksOf = (time: string, over = {}, known = masterWith()) =>
    givenWith(known).when(register(time, over)).ticket().assignments[0].clocks

  test('are the holder’s calendar: Xinjiang opens at 10:00', () => {
    const xj = { calendar: 'CN-XJ', calendarVersion: 5 }
    expect(clocksOf('2026-03-02 09:00', { dealer: 'D004' })).toEqual(clocks(xj))
    expect(clocksOf('2026-03-02 09:00', { dealer: 'D004', category: 'A4b' })).toEqual(clocks(xj))
    expect(clocksOf('2026-03-02 09:00', { dealer: 'D004', category: 'A4y' })).toEqual(
      clocks({ responseDueAt: instant('2026-03-02 11:00') }),
    )
  })

  test('B closes within 7 working days', () => {
    const media = { category: 'B4', dealer: null } as const
    expect(clocksOf(start, media)).toEqual(clocksB())
  })

  test('are the numbers of the policy, with its version', () => {
    const policy = {
      version: 9,
      responseMinutes: { dealer: 60, rbo: 30, se: 15, se_media: 10 },
      closeWorkingDays: { A: 1, B: 2 },
    }
    const dues = (over = {}) => {
      const { responseDueAt, closeDueAt, ...from } = clocksOf(start, over, masterWith(policy))
      return [from.policyVersion, from.responseMinutes, from.closeWorkingDays, responseDueAt, closeDueAt]
    }
    const A = instant('2026-03-04 00:00')
    const B = instant('2026-03-05 00:00')
    expect(dues()).toEqual([9, 60, 1, instant('2026-03-02 11:00'), A])
    expect(dues({ category: 'A4b' })).toEqual([9, 30, 1, instant('2026-03-02 10:30'), A])
    expect(dues({ category: 'A4y' })).toEqual([9, 15, 1, instant('2026-03-02 10:15'), A])
    expect(dues({ category: 'B4' })).toEqual([9, 10, 2, instant('2026-03-02 10:10'), B])
  })

  test('are provisional where the close needs a year whose schedule is not known', () => {
    expect(clocksOf('2026-12-30 10:00')).toEqual(
      clocks({
        responseDueAt: instant('2026-12-30 12:00'),
        closeDueAt: instant('2027-01-05 00:00'),
        provisional: true,
        provisionalDues: ['close'],
      }),
    )
    expect(clocksOf('2026-12-28 10:00').provisional).toBe(false)
  })

  test('are provisional where the response needs such a year', () => {
    expect(clocksOf('2026-12-31 17:00').responseDueAt).toBe(instant('2027-01-01 10:00'))
    expect(clocksOf('2026-12-31 17:00').provisional).toBe(true)
    // four hours more than five days to respond, one day to close
    const slow = masterWith({
      responseMinutes: { dealer: 2940, rbo: 120, se: 120, se_media: 120 },
      closeWorkingDays: { A: 1, B: 7 },
    })
    expect(clocksOf('2026-12-28 10:00', {}, slow)).toMatchObject({
      responseDueAt: instant('2027-01-04 14:00'),
      closeDueAt: instant('2026-12-30 00:00'),
      provisional: true,
    })
  })
})
