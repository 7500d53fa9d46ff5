import { describe, expect, test } from '@jest/globals'
import { buildTimetable } from '../../domain/calendar/workingTime.ts'
import { toEpoch } from '../../domain/instant.ts'
import type { Master } from '../../domain/master.ts'
import { defaultPolicy } from '../../domain/policy.ts'
import { Refusal, refusingUnder } from '../../domain/refusal.ts'
import { type Draft, type DraftedTerm, rulesOf } from '../../domain/whatIf.ts'

const days = { opens: '09:00', closes: '18:00', years: new Map([[2026, { off: ['2026-03-04'], work: [] }]]) }
const known = {
  ...days,
  daysOf: null,
  version: 1,
  restsOn: [1],
  years: new Map([[2026, { year: 2026, source: '', off: ['2026-03-04'], work: [] }]]),
}
const master: Master = {
  policy: { version: 0, values: defaultPolicy },
  dealer: () => null,
  rbo: () => null,
  calendar: (id) => ({ id, version: 1, timetable: buildTimetable(days) }),
}
const rules = (policy: Draft['policy'], calendars: Draft['calendars'] = []) =>
  rulesOf({ policy, calendars }, { masterAt: () => master, calendarAt: () => known })

const at = (wallClock: string): number => toEpoch(`${wallClock.replace(' ', 'T')}+08:00`)
/** Given on Tuesday 3 March at 17:00; the dues as recorded are no calendar's, so that a new count would show. */
const term: DraftedTerm = {
  tier: 'dealer',
  level: 'A',
  startedAt: at('2026-03-03 17:00'),
  setAt: '2026-03-03T09:00:00.000Z',
  calendar: 'CN',
  responseMinutes: 120,
  closeWorkingDays: 3,
  responseDueAt: 1,
  closeDueAt: 2,
}
const sides = { dealer: 120, rbo: 60, se: 120, se_media: 120 }

describe('a deadline under a draft', () => {
  test.each<[string, Draft['policy'], Draft['calendars'], [number, number]]>([
    ['of nothing stays as it was recorded', {}, [], [1, 2]],
    [
      'of the same numbers stays as it was recorded',
      { responseMinutes: sides, closeWorkingDays: { A: 3, B: 9 } },
      [],
      [1, 2],
    ],
    [
      'of the same calendar stays as it was recorded',
      {},
      [{ id: 'CN', opens: '09:00', years: [{ year: 2026, off: ['2026-03-04'], work: [] }] }],
      [1, 2],
    ],
    ['of another calendar stays as it was recorded', {}, [{ id: 'CN-XJ', opens: '10:00' }], [1, 2]],
    [
      'of other minutes is counted again',
      { responseMinutes: { ...sides, dealer: 90 } },
      [],
      [at('2026-03-05 09:30'), 2],
    ],
    ['of other days is counted again', { closeWorkingDays: { A: 1, B: 7 } }, [], [1, at('2026-03-06 00:00')]],
    [
      'of another holiday is counted again',
      {},
      [{ id: 'CN', years: [{ year: 2026, off: [], work: [] }] }],
      [at('2026-03-04 10:00'), at('2026-03-07 00:00')],
    ],
    [
      'of longer hours is counted again',
      {},
      [{ id: 'CN', closes: '19:00' }],
      [at('2026-03-03 19:00'), at('2026-03-10 00:00')],
    ],
  ])('%s', (_, policy, calendars, [responseDueAt, closeDueAt]) => {
    expect(rules(policy, calendars).dues(term)).toEqual({ responseDueAt, closeDueAt })
  })

  test('of a C ticket, which has none to close, is none', () => {
    const ofC: DraftedTerm = {
      ...term,
      tier: 'se_media',
      level: 'C',
      closeWorkingDays: null,
      closeDueAt: null,
    }
    expect(rules({ closeWorkingDays: { A: 1, B: 1 } }).dues(ofC)).toEqual({
      responseDueAt: 1,
      closeDueAt: null,
    })
  })
})

describe('the days in which a repeat counts, under a draft', () => {
  test('end as recorded unless it says how many they are', () => {
    expect(rules({}).windowEnd(at('2026-03-03 17:00'), 5)).toBe(5)
    expect(rules({ repeatWindowDays: 2 }).windowEnd(at('2026-03-03 17:00'), 5)).toBe(at('2026-03-06 00:00'))
  })
})

describe('a refusal under another place', () => {
  const pointerOf = (pointer: string | undefined) => {
    try {
      refusingUnder('#/policy', () => {
        throw new Refusal('weights_not_100', { sum: 1 }, pointer)
      })
    } catch (error) {
      return error instanceof Refusal ? [error.code, error.params, error.pointer] : error
    }
  }

  test('keeps its code and sentence, and points there', () => {
    expect(pointerOf('#/weights')).toEqual(['weights_not_100', { sum: 1 }, '#/policy/weights'])
    expect(pointerOf(undefined)).toEqual(['weights_not_100', { sum: 1 }, '#/policy'])
  })

  test('is none where something else went wrong, and nothing where all went well', () => {
    expect(() =>
      refusingUnder('#/policy', () => {
        throw new TypeError('x')
      }),
    ).toThrow(TypeError)
    expect(refusingUnder('#/policy', () => 7)).toBe(7)
  })
})
