import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { assess, type DealerQuarter, scoreOf, settled, unresolvedTie } from '../../domain/assessment.ts'
import { defaultPolicy } from '../../domain/policy.ts'
import type { Counts } from '../../domain/ticket/measures.ts'

const all = (met: number, of: number): Counts => ({ met, failed: of - met, pending: 0 })

/** A dealer whose three measures are `met` of `of` each, so that its score is their share. */
const dealer = (code: string, met: number, of: number, deliveries: number | null = 100): DealerQuarter => ({
  dealer: code,
  total: of,
  counts: { response: all(met, of), close: all(met, of), firstTime: all(met, of) },
  deliveries,
})

const standings = (dealers: DealerQuarter[]) =>
  assess(dealers, defaultPolicy).map(({ dealer, score, rank, outcome, amount }) => [
    dealer,
    score,
    rank,
    outcome,
    amount,
  ])

describe('the score (rulebook §9)', () => {
  test('weighs response, closing and first time with 30, 30 and 40 percent', () => {
    const counts = { response: all(1, 2), close: all(1, 4), firstTime: all(1, 1) }
    expect(scoreOf({ total: 4, counts }, defaultPolicy.weights)).toBe(62.5)
  })

  test('is rounded half up from exact fractions', () => {
    const weights = { response: 100, close: 0, firstTime: 0 }
    const ofResponse = (met: number, of: number) =>
      scoreOf(
        { total: of, counts: { response: all(met, of), close: all(0, of), firstTime: all(0, of) } },
        weights,
      )
    expect(ofResponse(1, 800)).toBe(0.13) // 0.125
    expect(ofResponse(1, 3)).toBe(33.33)
    expect(ofResponse(2, 3)).toBe(66.67)
  })

  test('counts pending units against the rate', () => {
    const half = { met: 1, failed: 0, pending: 1 }
    expect(
      scoreOf({ total: 2, counts: { response: half, close: half, firstTime: half } }, defaultPolicy.weights),
    ).toBe(50)
  })

  test('counts a rate that is null as 0 where there are units', () => {
    const none = all(0, 0)
    const counts = { response: { met: 0, failed: 1, pending: 0 }, close: none, firstTime: none }
    expect(scoreOf({ total: 1, counts }, defaultPolicy.weights)).toBe(0)
  })

  test('is null without units', () => {
    expect(scoreOf(dealer('D1', 0, 0), defaultPolicy.weights)).toBeNull()
  })

  test('agrees with a recount in hundredths', () => {
    const measure = fc
      .integer({ min: 1, max: 400 })
      .chain((of) => fc.tuple(fc.integer({ min: 0, max: of }), fc.constant(of)))
    fc.assert(
      fc.property(measure, measure, measure, ([a, n], [b, m], [c, o]) => {
        const counts = { response: all(a, n), close: all(b, m), firstTime: all(c, o) }
        // 3000 hundredths for the first, 3000 for the second, 4000 for the third, over one denominator
        const numerator = 3000 * a * m * o + 3000 * b * n * o + 4000 * c * n * m
        const expected = Math.floor((2 * numerator + n * m * o) / (2 * n * m * o)) / 100
        expect(scoreOf({ total: 1, counts }, defaultPolicy.weights)).toBe(expected)
      }),
    )
  })
})

describe('ranks, rewards and penalties (rulebook §9)', () => {
  test('the top five are rewarded, by score and then by deliveries, descending', () => {
    const dealers = [1, 2, 3, 4, 5, 6].map((nth) => dealer(`D${nth}`, 10, 10, nth))
    expect(standings(dealers)).toEqual([
      ['D6', 100, 1, 'reward', 10_000],
      ['D5', 100, 2, 'reward', 10_000],
      ['D4', 100, 3, 'reward', 10_000],
      ['D3', 100, 4, 'reward', 10_000],
      ['D2', 100, 5, 'reward', 10_000],
      ['D1', 100, 6, 'none', 0],
    ])
  })

  test('ranks are competition ranks: 1, 2, 2, 4', () => {
    const dealers = [dealer('D1', 10, 10), dealer('D2', 9, 10), dealer('D3', 9, 10), dealer('D4', 8, 10)]
    expect(standings(dealers).map(([code, , rank]) => [code, rank])).toEqual([
      ['D1', 1],
      ['D2', 2],
      ['D3', 2],
      ['D4', 4],
    ])
  })

  test('a score below 40, strictly, costs 10,000 CNY and bars the reward even in a small RBO', () => {
    expect(standings([dealer('D1', 40, 100), dealer('D2', 39, 100)])).toEqual([
      ['D1', 40, 1, 'reward', 10_000],
      ['D2', 39, 2, 'penalty', -10_000],
    ])
  })

  test('without units a dealer is unranked and listed last, by code', () => {
    expect(standings([dealer('D9', 0, 0), dealer('D2', 0, 0), dealer('D5', 5, 10)])).toEqual([
      ['D5', 50, 1, 'reward', 10_000],
      ['D2', null, null, 'unranked', 0],
      ['D9', null, null, 'unranked', 0],
    ])
  })

  test('dealers still tied across the cut after deliveries are unresolved, all of them', () => {
    const ahead = [1, 2, 3, 4].map((nth) => dealer(`A${nth}`, 10, 10, nth))
    const tied = [dealer('T1', 5, 10, 7), dealer('T2', 5, 10, 7)]
    expect(standings([...tied, ...ahead]).slice(4)).toEqual([
      ['T1', 50, 5, 'tie_unresolved', 0],
      ['T2', 50, 5, 'tie_unresolved', 0],
    ])
  })

  test('dealers tied with enough free seats are all rewarded', () => {
    expect(
      standings([dealer('T1', 5, 10, 7), dealer('T2', 5, 10, 7)]).map(([, , , outcome]) => outcome),
    ).toEqual(['reward', 'reward'])
  })

  test('missing deliveries leave those of equal score tied across the cut', () => {
    const ahead = [1, 2, 3, 4].map((nth) => dealer(`A${nth}`, 10, 10, nth))
    const tied = [dealer('T1', 5, 10, null), dealer('T2', 5, 10, 9)]
    expect(standings([...ahead, ...tied]).slice(4)).toEqual([
      ['T1', 50, 5, 'tie_unresolved', 0],
      ['T2', 50, 5, 'tie_unresolved', 0],
    ])
  })

  test('dealers tied below the cut get nothing', () => {
    const ahead = [1, 2, 3, 4, 5].map((nth) => dealer(`A${nth}`, 10, 10, nth))
    const tied = [dealer('T1', 5, 10, 7), dealer('T2', 5, 10, 7)]
    expect(standings([...ahead, ...tied]).slice(5)).toEqual([
      ['T1', 50, 6, 'none', 0],
      ['T2', 50, 6, 'none', 0],
    ])
  })
})

describe("HQ's decision on a tie (rulebook §9)", () => {
  const above = ['A', 'B', 'C', 'D'].map((code) => dealer(code, 9, 10))
  const tied = ['X', 'Y', 'Z'].map((code) => dealer(code, 8, 10))
  const dealers = [...above, ...tied]
  const outcomes = (decision?: { tied: string[]; rewarded: string[] }) =>
    assess(dealers, defaultPolicy, decision ? [{ rbo: 'EAST', ...decision }] : [])
      .slice(4)
      .map(({ dealer, outcome, amount }) => [dealer, outcome, amount])

  test('is asked for with the tied dealers and the seats that are left', () => {
    expect(unresolvedTie(assess(dealers, defaultPolicy), defaultPolicy)).toEqual({
      tied: ['X', 'Y', 'Z'],
      seats: 1,
    })
    expect(unresolvedTie(assess(above, defaultPolicy), defaultPolicy)).toBeNull()
  })

  test('rewards those it names and none of the others', () => {
    expect(outcomes({ tied: ['Z', 'Y', 'X'], rewarded: ['Y'] })).toEqual([
      ['X', 'none', 0],
      ['Y', 'reward', 10_000],
      ['Z', 'none', 0],
    ])
  })

  test('stands only while the tied set is the same', () => {
    const unresolved = ['X', 'Y', 'Z'].map((code) => [code, 'tie_unresolved', 0])
    expect(outcomes({ tied: ['X', 'Y'], rewarded: ['Y'] })).toEqual(unresolved)
    expect(outcomes({ tied: ['W', 'X', 'Y', 'Z'], rewarded: ['Y'] })).toEqual(unresolved)
  })
})

test('a quarter that is over has nothing pending', () => {
  expect(settled({ met: 1, failed: 2, pending: 3 })).toEqual({ met: 1, failed: 5, pending: 0 })
})
