/** The page's pure functions. */
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { latestVersion, noteOwnVersion } from '../../api/console/page/acts/ownVersions.ts'
import { fill, pseudo } from '../../api/console/page/core/fill.ts'
import {
  areNoCodes,
  atPlace,
  kindOf,
  type PolicyValues,
  placeOfCareKind,
  policyFields,
  textOf,
  valueIn,
  withValue,
} from '../../api/console/page/hq/policyFields.ts'
import { freeRows, heldRows } from '../../api/console/page/lists/held.ts'
import { livenessOf, retryMs } from '../../api/console/page/live/connection.ts'
import { weeksUpTo } from '../../api/console/page/reports/quarters.ts'
import { claimsOf } from '../../api/console/page/session/claims.ts'
import { leftOf } from '../../api/console/page/time/left.ts'
import { isOpenAt, nextOpening, serviceMsBetween } from '../../api/console/page/time/serviceTime.ts'
import { buildTimetable, serviceMsBetween as domainMsBetween } from '../../domain/calendar/workingTime.ts'
import { careKinds } from '../../domain/care/policy.ts'
import { defaultPolicy } from '../../domain/policy.ts'

const off = ['2026-02-16', '2026-02-17', '2026-05-01']
const work = ['2026-02-14', '2026-05-09']
const schedule = { opens: '09:00', closes: '18:00', off: new Set(off), work: new Set(work) }
const timetable = buildTimetable({ opens: '09:00', closes: '18:00', years: new Map([[2026, { off, work }]]) })

const epoch = (wallClock: string): number => Date.parse(`${wallClock.replace(' ', 'T')}:00+08:00`)

describe('service time on the page', () => {
  it('is that of the domain between any two instants', () => {
    const from = epoch('2026-01-05 00:00')
    const instant = fc.integer({ min: from, max: from + 200 * 86_400_000 })
    fc.assert(
      fc.property(instant, instant, (a, b) => {
        expect(serviceMsBetween(schedule, a, b)).toBe(domainMsBetween(timetable, a, b))
      }),
      { numRuns: 500 },
    )
  })

  it('runs again at the next opening, over a holiday too', () => {
    const eve = epoch('2026-02-13 18:00')
    expect(isOpenAt(schedule, eve)).toBe(false)
    expect(nextOpening(schedule, eve)).toBe(epoch('2026-02-14 09:00'))
    expect(nextOpening(schedule, epoch('2026-02-14 18:00'))).toBe(epoch('2026-02-18 09:00'))
  })
})

describe('what is left of a due', () => {
  const due = { unit: 'minutes' as const, dueAt: epoch('2026-03-03 10:00') }

  it('stands still outside hours and says until when', () => {
    const evening = leftOf(schedule, due, epoch('2026-03-02 19:00'))
    expect(evening).toEqual({ kind: 'left', ms: 3_600_000, standsUntil: epoch('2026-03-03 09:00') })
    expect(leftOf(schedule, due, epoch('2026-03-02 23:00'))).toEqual(evening)
  })

  it('is on time in the last millisecond by minutes, and before the instant by days', () => {
    expect(leftOf(schedule, due, due.dueAt)).toMatchObject({ kind: 'left', ms: 0 })
    expect(leftOf(schedule, due, due.dueAt + 1)).toEqual({ kind: 'overdue', ms: 1, days: 0 })
    const byDays = { unit: 'days' as const, dueAt: epoch('2026-03-06 00:00') }
    expect(leftOf(schedule, byDays, epoch('2026-03-05 23:59'))).toEqual({ kind: 'days', days: 0 })
    expect(leftOf(schedule, byDays, epoch('2026-03-03 12:00'))).toEqual({ kind: 'days', days: 2 })
    expect(leftOf(schedule, byDays, byDays.dueAt)).toEqual({ kind: 'overdue', ms: 0, days: 0 })
  })
})

describe('the due of a callback', () => {
  const due = { unit: 'naturalDays' as const, dueAt: epoch('2026-02-18 00:00') }

  it('counts natural days, also over a holiday', () => {
    expect(leftOf(schedule, due, epoch('2026-02-13 12:00'))).toEqual({ kind: 'days', days: 4 })
    expect(leftOf(schedule, due, epoch('2026-02-17 23:59'))).toEqual({ kind: 'days', days: 0 })
    expect(leftOf(schedule, due, epoch('2026-02-18 00:00'))).toMatchObject({ kind: 'overdue', days: 1 })
    expect(leftOf(schedule, due, epoch('2026-02-20 09:00'))).toMatchObject({ kind: 'overdue', days: 3 })
  })
})

describe('the weeks of a trend', () => {
  it('are all of the last twelve, also those in which nothing was, over the turn of a year', () => {
    const weeks = weeksUpTo(epoch('2027-01-05 09:00'))
    expect(weeks).toHaveLength(12)
    expect([weeks[0], ...weeks.slice(-3)]).toEqual(['2026-W43', '2026-W52', '2026-W53', '2027-W01'])
  })
})

describe('rows that somebody points at', () => {
  const keyOf = (row: string): string => row.slice(0, 1)
  const before = freeRows(['a1', 'b1', 'c1'], keyOf).rows

  it('keep their places and take new content; what comes waits, what goes is marked', () => {
    expect(heldRows(before, ['x1', 'c1', 'a2'], keyOf)).toEqual({
      rows: [
        { key: 'a', row: 'a2', isGone: false },
        { key: 'b', row: 'b1', isGone: true },
        { key: 'c', row: 'c1', isGone: false },
      ],
      fresh: 1,
      isMoved: true,
    })
  })

  it('wait for nothing where only contents changed', () => {
    expect(heldRows(before, ['a2', 'b2', 'c2'], keyOf)).toMatchObject({ fresh: 0, isMoved: false })
  })
})

describe('how live the page is', () => {
  it('is said by the time since nothing comes', () => {
    expect(livenessOf({ state: 'live' }, 0)).toBe('live')
    expect(livenessOf({ state: 'lost', since: 0 }, 59_999)).toBe('reconnecting')
    expect(livenessOf({ state: 'lost', since: 0 }, 60_000)).toBe('stale')
  })

  it('is tried again within ten seconds, however often it failed', () => {
    for (const attempt of [0, 1, 5, 50]) expect(retryMs(attempt, 1)).toBeLessThanOrEqual(10_000)
  })
})

describe('a token', () => {
  const of = (claims: object): string =>
    `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.sig`

  it('tells its holder, in any script', () => {
    expect(claimsOf(of({ sub: '王', exp: 1, roles: ['rbo'], rbo: 'EAST' }))).toEqual({
      sub: '王',
      roles: ['rbo'],
      dealer: null,
      rbo: 'EAST',
      expiresAt: 1_000,
    })
  })

  it.each(['', 'abc', 'a.b.c', of({ sub: 'x' }), of({ sub: 'x', exp: 1, roles: 'se' })])(
    'is not %j',
    (text) => {
      expect(claimsOf(text)).toBeNull()
    },
  )
})

describe('the form of the policy', () => {
  /** Where there is a value, a dot for each step. */
  const placesOf = (value: object, before = ''): string[] =>
    Object.entries(value).flatMap(([key, part]) =>
      typeof part === 'object' && part !== null && !Array.isArray(part)
        ? placesOf(part, `${before}${key}.`)
        : [`${before}${key}`],
    )
  const fields = [...Object.keys(policyFields), ...Object.keys(careKinds).map(placeOfCareKind)]

  it('has a field for every key of the policy, and no other', () => {
    expect(fields.sort()).toEqual(placesOf(defaultPolicy).sort())
  })

  it('gives back what it shows', () => {
    const shown = fields.map((place) => {
      const value = atPlace(defaultPolicy, place)
      return [place, valueIn(kindOf(place, value), textOf(place, value))] as const
    })
    const again = shown.reduce<PolicyValues>(
      (policy, [place, value]) => withValue(policy, place, value),
      defaultPolicy,
    )
    expect(again).toEqual(defaultPolicy)
    expect(valueIn('number', ' ')).toBeNull()
    expect(areNoCodes('price | 价格')).toBe(true)
  })
})

describe('texts', () => {
  it('have their places filled', () => {
    expect(fill('{a} of {b}', { a: 1, b: 'x' })).toBe('1 of x')
  })

  it('stand out in the made-up language', () => {
    expect(pseudo('Open')).toBe('⟦Øpën~~⟧')
  })
})

describe('the version that a form is sent with', () => {
  it('goes on over the user’s own acts, and stops before a change of somebody else', () => {
    const path = '/v1/tickets/T1'
    noteOwnVersion(path, '"5"', 3)
    // a file, which is sent without a version
    noteOwnVersion(path, '"6"')
    expect([3, 5, 6].map((seen) => latestVersion(path, seen))).toEqual([6, 6, 6])
    // 7 is another user's
    noteOwnVersion(path, '"8"')
    expect([3, 6, 7].map((seen) => latestVersion(path, seen))).toEqual([6, 6, 8])
    noteOwnVersion(path, null, 8)
    noteOwnVersion(path, '"8"', 8)
    expect(latestVersion(path, 8)).toBe(8)
    expect(latestVersion('/v1/tickets/T2', 3)).toBe(3)
  })
})
