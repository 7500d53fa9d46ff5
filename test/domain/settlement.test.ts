import { describe, expect, test } from '@jest/globals'
import { buildTimetable } from '../../domain/calendar/workingTime.ts'
import {
  decideSettlement,
  evolveSettlement,
  freezableFrom,
  quarterOfStream,
  type Settlement,
  type SettlementCommand,
  type SettlementEvent,
  settlementEventData,
  settlementStream,
  type Tie,
} from '../../domain/settlement.ts'

const policyVersion = 2
const from = '2026-04-24T16:00:00.000Z'
const freeze = (now: string, quarter = '2026Q1'): SettlementCommand => ({
  type: 'Freeze',
  now,
  quarter,
  freezableFrom: from,
  policyVersion,
})
const revise: SettlementCommand = { type: 'Revise', reason: 'Late import', policyVersion }
const tie: Tie = { rbo: 'EAST', tied: ['D2', 'D1', 'D3'], seats: 2 }
const decideTie = (rewarded: string[], of: Tie | null = tie): SettlementCommand => ({
  type: 'DecideTie',
  rbo: 'EAST',
  rewarded,
  reason: 'By customer survey',
  tie: of,
  policyVersion,
})

const frozen: SettlementEvent = { type: 'QuarterFrozen', data: { policyVersion } }
const given = (...events: SettlementEvent[]): Settlement | null =>
  events.reduce<Settlement | null>(evolveSettlement, null)
/** As versions wrote them that knew no digest of the log. */
const ofOldVersion = [
  '{"policyVersion":1}',
  '{"policyVersion":1,"reason":"Correction"}',
  '{"policyVersion":1,"rbo":"EAST","tied":["D2","D1","D3"],"rewarded":["D1","D2"],"reason":"By customer survey"}',
]

test('the events of an old version, which have no digest, are read as they are', () => {
  const types = ['QuarterFrozen', 'QuarterRevised', 'TieDecided'] as const
  const events = types.map((type, index) => ({
    type,
    data: settlementEventData[type].parse(JSON.parse(ofOldVersion[index] as string)),
  })) as SettlementEvent[]
  expect(events.map(({ data }) => JSON.stringify(data))).toEqual(ofOldVersion)
  expect(given(...events)).toMatchObject({ revision: 3 })
})

const refusal = (state: Settlement | null, command: SettlementCommand) => {
  try {
    decideSettlement(state, command)
  } catch (error) {
    const { code, pointer } = error as { code: string; pointer?: string }
    return pointer === undefined ? code : `${code} ${pointer}`
  }
  return 'none'
}

describe('freezing a quarter (rulebook §9)', () => {
  test('is possible from 00:00 after the 15th working day that follows it', () => {
    // 2026: Qingming on 6 April (Monday) is off, no make-up day before 24 April
    const table = buildTimetable({
      opens: '09:00',
      closes: '18:00',
      years: new Map([[2026, { off: ['2026-04-06'], work: [] }]]),
    })
    expect(freezableFrom('2026Q1', table, 15)).toBe('2026-04-22T16:00:00.000Z')
    expect(freezableFrom('2026Q1', table, 1)).toBe('2026-04-01T16:00:00.000Z')
  })

  test('records the policy it was computed by', () => {
    expect(decideSettlement(null, freeze(from))).toEqual([frozen])
  })

  test.each([
    ['a millisecond early', freeze('2026-04-24T15:59:59.999Z'), 'freeze_too_early'],
    ['of a quarter before 2014Q4', freeze(from, '2014Q3'), 'quarter_not_assessed'],
    ['of a quarter that has not begun', freeze(from, '2026Q3'), 'quarter_in_future'],
  ])('is refused %s', (_, command, code) => {
    expect(refusal(null, command)).toBe(code)
  })

  test('is refused twice', () => {
    expect(refusal(given(frozen), freeze(from))).toBe('already_frozen')
  })
})

describe('revising', () => {
  test('makes the next revision with its reason', () => {
    const events = decideSettlement(given(frozen), revise)
    expect(events).toEqual([{ type: 'QuarterRevised', data: { policyVersion, reason: 'Late import' } }])
    expect(given(frozen, ...events)?.revision).toBe(2)
  })

  test('is refused while the quarter is live', () => {
    expect(refusal(null, revise)).toBe('not_frozen')
  })
})

describe('deciding a tie', () => {
  test('names the free seats among the tied, and is remembered with them', () => {
    const events = decideSettlement(given(frozen), decideTie(['D3', 'D1']))
    const data = {
      policyVersion,
      rbo: 'EAST',
      tied: ['D1', 'D2', 'D3'],
      rewarded: ['D1', 'D3'],
      reason: 'By customer survey',
    }
    expect(events).toEqual([{ type: 'TieDecided', data }])
    expect(given(frozen, ...events)).toEqual({ revision: 2, decisions: [data] })
  })

  test.each([
    ['where there is none', decideTie(['D1', 'D2'], null), 'no_tie #/rbo'],
    ['that names a dealer outside it', decideTie(['D1', 'D9']), 'not_in_tie #/rewarded/1'],
    ['that leaves a seat', decideTie(['D1']), 'tie_seats #/rewarded'],
    ['that names one twice', decideTie(['D1', 'D1']), 'tie_seats #/rewarded'],
    ['that names too many', decideTie(['D1', 'D2', 'D3']), 'tie_seats #/rewarded'],
  ])('is refused %s', (_, command, code) => {
    expect(refusal(given(frozen), command)).toBe(code)
  })

  test('is refused while the quarter is live', () => {
    expect(refusal(null, decideTie(['D1', 'D2']))).toBe('not_frozen')
  })
})

test('a stream names its quarter', () => {
  expect(settlementStream('2026Q1')).toBe('assessment-2026Q1')
  expect(quarterOfStream('assessment-2026Q1')).toBe('2026Q1')
  expect(quarterOfStream('assessment-draft')).toBeNull()
})
