import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { MINUTE, monthsAfter } from '../../domain/instant.ts'
import { type CountedComplaint, createTally, timesOf } from '../../domain/statistics.ts'

const noWeight = {
  severity: null,
  safety: false,
  remedy: null,
  decision: null,
  goodwill: 0,
  scores: 0,
  scoreSum: 0,
}

const complaint = (more: Partial<CountedComplaint> = {}): CountedComplaint => ({
  registeredAt: 0,
  level: 'A',
  category: 'A4a',
  tier: 'dealer',
  rbo: 'EAST',
  dealer: 'D001',
  channel: 'phone',
  source: null,
  respondMs: null,
  closeMs: null,
  rootCauseCode: null,
  weight: noWeight,
  notice: { dueAt: 0, informedAt: null },
  calls: null,
  ...more,
})

describe('times', () => {
  test.each<[string, number[], [number | null, number | null]]>([
    ['of nothing are not known', [], [null, null]],
    ['of one are that one', [7], [7, 7]],
    ['of two: the mean in the middle, and the longer', [10, 20], [15, 20]],
    ['of ten: the ninth is what nine in ten do not exceed', [1, 2, 3, 4, 5, 6, 7, 8, 9, 100], [5, 9]],
    ['of eleven: the tenth', [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 100], [6, 10]],
    ['of equals are theirs', [3, 3, 3, 3], [3, 3]],
  ])('%s', (_, minutes, [medianMinutes, p90Minutes]) => {
    const spans = minutes.map((each) => each * MINUTE).reverse()
    expect(timesOf(spans)).toEqual({ count: minutes.length, medianMinutes, p90Minutes })
  })

  test('are whole minutes, cut and not rounded', () => {
    expect(timesOf([2 * MINUTE - 1])).toEqual({ count: 1, medianMinutes: 1, p90Minutes: 1 })
  })

  test('are those of the sorted list, whatever the order', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(10_000_000), { minLength: 1, maxLength: 300 }), (spans) => {
        const sorted = spans.toSorted((a, b) => a - b)
        const middle =
          (sorted[Math.floor((sorted.length - 1) / 2)]! + sorted[Math.floor(sorted.length / 2)]!) / 2
        expect(timesOf(spans)).toEqual({
          count: spans.length,
          medianMinutes: Math.floor(middle / MINUTE),
          p90Minutes: Math.floor(sorted[Math.ceil((spans.length * 9) / 10) - 1]! / MINUTE),
        })
      }),
    )
  })
})

describe('a tally', () => {
  test('counts each complaint once in each grouping, what has no key last', () => {
    const tally = createTally([[], ['source'], ['dealer', 'level']])
    tally.add(complaint())
    tally.add(complaint({ level: 'B', source: 'media', dealer: null, respondMs: 5 * MINUTE }))
    tally.add(complaint({ dealer: 'D000', respondMs: 7 * MINUTE, closeMs: 9 * MINUTE }))
    const brief = (index: number) => tally.rows(index).map(({ keys, tickets }) => [keys, tickets])
    expect(brief(0)).toEqual([[[], 3]])
    expect(brief(1)).toEqual([
      [['media'], 1],
      [[null], 2],
    ])
    expect(brief(2)).toEqual([
      [['D000', 'A'], 1],
      [['D001', 'A'], 1],
      [[null, 'B'], 1],
    ])
    expect(tally.rows(0)[0]).toMatchObject({
      timeToRespond: { count: 2, medianMinutes: 6, p90Minutes: 7 },
      timeToClose: { count: 1, medianMinutes: 9, p90Minutes: 9 },
    })
  })

  test('counts causes of closed complaints only, the most frequent first, then by code', () => {
    const tally = createTally([])
    const closed = (rootCauseCode: string | null) => complaint({ closeMs: 1, rootCauseCode })
    for (const code of ['price', 'other', 'other', null, 'delay']) tally.add(closed(code))
    tally.add(complaint({ rootCauseCode: 'price' }))
    expect(tally.causes()).toEqual([
      { code: 'other', tickets: 2, goodwill: 0 },
      { code: 'delay', tickets: 1, goodwill: 0 },
      { code: 'price', tickets: 1, goodwill: 0 },
      { code: null, tickets: 1, goodwill: 0 },
    ])
  })

  test('counts weights, sums goodwill by key and cause, and gives the mean score, half up', () => {
    const tally = createTally([['dealer']])
    const weights = [
      { ...noWeight, severity: 'high', safety: true, goodwill: 300, scores: 2, scoreSum: 9 },
      { ...noWeight, severity: 'high', remedy: 'refund', decision: 'partly', goodwill: 200 },
      { ...noWeight, severity: 'low', scores: 1, scoreSum: 4 },
    ]
    for (const weight of weights) tally.add(complaint({ weight, closeMs: 1, rootCauseCode: 'price' }))
    tally.add(complaint({ dealer: 'D002' }))
    const [one, other] = tally.rows(0)
    expect(one?.weights).toEqual({
      severities: { low: 1, medium: 0, high: 2, critical: 0 },
      safety: 1,
      remedies: {
        apology: 0,
        explanation: 0,
        repair: 0,
        replacement: 0,
        refund: 1,
        compensation: 0,
        other: 0,
      },
      decisions: { accepted: 0, partly: 1, rejected: 0 },
      goodwill: 500,
      scores: { count: 3, mean: 4.33 },
    })
    expect(other?.weights).toMatchObject({ goodwill: 0, scores: { count: 0, mean: null } })
    expect(tally.causes()).toEqual([{ code: 'price', tickets: 3, goodwill: 500 }])
  })

  test.each([
    [8, 4.5, 36],
    [8, 4.13, 33],
    [3, 3.67, 11],
    [200, 4.01, 801],
  ])('the mean of %i scores is %d where they sum to %i', (scores, mean, scoreSum) => {
    const tally = createTally([[]])
    tally.add(complaint({ weight: { ...noWeight, scores, scoreSum } }))
    expect(tally.rows(0)[0]?.weights.scores).toEqual({ count: scores, mean })
  })
})

describe('months', () => {
  test.each([
    ['2026-03', -1, '2026-02'],
    ['2026-01', -1, '2025-12'],
    ['2026-03', -12, '2025-03'],
    ['2026-12', 1, '2027-01'],
    ['2026-12', 0, '2026-12'],
  ])('%s and %d is %s', (month, count, expected) => {
    expect(monthsAfter(month, count)).toBe(expected)
  })
})
