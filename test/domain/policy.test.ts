import { describe, expect, test } from '@jest/globals'
import { defaultPolicy, type Policy, policySchema } from '../../domain/policy.ts'
import {
  decidePolicy,
  evolvePolicy,
  type PolicyState,
  policyAt,
  policyEventData,
  policyStream,
} from '../../domain/policyVersions.ts'
import { Refusal } from '../../domain/refusal.ts'

const now = '2026-03-02T04:00:00.000Z'

const set = (state: PolicyState, policy: Partial<Policy> = {}, effectiveFrom = now) =>
  decidePolicy(state, { type: 'SetPolicy', now, effectiveFrom, policy: { ...defaultPolicy, ...policy } })

const refused = (act: () => unknown) => {
  try {
    act()
  } catch (error) {
    if (error instanceof Refusal) return [error.code, error.params, error.pointer]
    throw error
  }
  return 'not refused'
}

describe('setting the policy', () => {
  test('records all its values from an instant on', () => {
    expect(set(null)).toEqual([{ type: 'PolicySet', data: { effectiveFrom: now, ...defaultPolicy } }])
  })

  test('changes nothing where this version was set last, also once it is in force', () => {
    const data = { effectiveFrom: '2026-03-01T00:00:00.000Z', ...defaultPolicy }
    const state = evolvePolicy(null, { type: 'PolicySet', data })
    expect(set(state, {}, data.effectiveFrom)).toEqual([])
  })

  test('the same values from another instant on are another version', () => {
    const state = evolvePolicy(null, { type: 'PolicySet', data: { effectiveFrom: now, ...defaultPolicy } })
    expect(set(state, {}, '2026-03-02T04:00:00.001Z')).toHaveLength(1)
    expect(set(state, { rootCauses: defaultPolicy.rootCauses.slice(1) })).toHaveLength(1)
  })

  test('refuses to take effect in the past', () => {
    expect(refused(() => set(null, {}, '2026-03-02T03:59:59.999Z'))).toEqual([
      'effective_in_past',
      {},
      '#/effectiveFrom',
    ])
  })

  test('refuses weights that do not sum to 100', () => {
    const weights = { response: 30, close: 30, firstTime: 41 }
    expect(refused(() => set(null, { weights }))).toEqual(['weights_not_100', { sum: 101 }, '#/weights'])
  })

  test('refuses a root cause listed twice', () => {
    const rootCauses = [...defaultPolicy.rootCauses, { code: 'price', zh: '价格', en: 'Price' }]
    expect(refused(() => set(null, { rootCauses }))).toEqual([
      'duplicate_root_cause',
      { code: 'price' },
      `#/rootCauses/${rootCauses.length - 1}/code`,
    ])
  })

  test('refuses a topic listed twice', () => {
    const topics = [...defaultPolicy.inquiry.topics, { code: 'price', zh: '价格', en: 'Price' }]
    expect(refused(() => set(null, { inquiry: { ...defaultPolicy.inquiry, topics } }))).toEqual([
      'duplicate_topic',
      { code: 'price' },
      '#/inquiry/topics/7/code',
    ])
  })
})

describe('the default policy', () => {
  test('holds the numbers of the rulebook', () => {
    const { rootCauses: _, placeholders: __, inquiry, voice, care, ...numbers } = defaultPolicy
    // its numbers: `test/domain/voice/ledger.test.ts`
    expect(voice.enabled).toBe(true)
    // its numbers are those of the table of the rulebook, see `test/docs/rulebook.test.ts`
    expect([care.enabled, new Set(Object.values(care.kinds))]).toEqual([true, new Set([true])])
    expect(inquiry).toMatchObject({ answerWorkingDays: 1, relayMinutes: 120 })
    expect(inquiry.topics.map(({ code }) => code).join(' ')).toBe(
      'product price promotion order dealer service other',
    )
    expect(numbers).toEqual({
      retentionYears: 10,
      responseMinutes: { dealer: 120, rbo: 120, se: 120, se_media: 120 },
      closeWorkingDays: { A: 3, B: 7 },
      repeatWindowDays: 7,
      warnCalls: { W1: 2, W2: 3 },
      ackMinutes: 120,
      callback: { days: 7, attempts: 3, hoursApart: 2 },
      weights: { response: 30, close: 30, firstTime: 40 },
      rewardTop: 5,
      rewardAmount: 10_000,
      penaltyBelow: 40,
      penaltyAmount: 10_000,
      freezeWorkingDays: 15,
      headsUp: { responseMinutes: 30, closeLastDay: true },
    })
  })

  test('takes any part of the care desk’s numbers; what is left out is the rulebook’s', () => {
    const body = { ...defaultPolicy, care: { enabled: false, attempts: { perDay: 3 } } }
    expect(policySchema.parse(body).care).toEqual({
      ...defaultPolicy.care,
      enabled: false,
      attempts: { ...defaultPolicy.care.attempts, perDay: 3 },
    })
  })

  test('is a policy that can be set', () => {
    expect(policySchema.parse(defaultPolicy)).toEqual(defaultPolicy)
    expect(policyEventData.PolicySet.parse(set(null)[0]?.data)).toEqual({
      effectiveFrom: now,
      ...defaultPolicy,
    })
    expect(policyStream).toBe('policy')
  })

  test('a penalty limit has at most two decimals, as scores have', () => {
    const takes = (penaltyBelow: number) => policySchema.safeParse({ ...defaultPolicy, penaltyBelow }).success
    expect([takes(40.15), takes(0.29), takes(40.155), takes(100.01)]).toEqual([true, true, false, false])
  })
})

describe('the policy in force at an instant', () => {
  const entry = (version: number, recordedAt: string, effectiveFrom: string) => ({
    event: { type: 'PolicySet' as const, data: { effectiveFrom, ...defaultPolicy, rewardTop: version } },
    version,
    recordedAt,
  })
  const day = (number: number) => `2026-03-0${number}T00:00:00.000Z`
  const inForce = (at: string, ...history: ReturnType<typeof entry>[]) => policyAt(history, at).version

  test('is the one that took effect last', () => {
    const history = [entry(1, day(1), day(1)), entry(2, day(2), day(4)), entry(3, day(3), day(3))]
    expect(inForce(day(2), ...history)).toBe(1)
    expect(inForce(day(3), ...history)).toBe(3)
    expect(inForce('2026-03-03T23:59:59.999Z', ...history)).toBe(3)
    expect(inForce(day(4), ...history)).toBe(2)
    expect(inForce(day(9), ...history)).toBe(2)
  })

  test('of two that took effect together it is the one recorded later', () => {
    const history = [entry(1, day(1), day(5)), entry(2, day(2), day(5))]
    expect(inForce(day(5), ...history)).toBe(2)
  })

  test('is one recorded by then', () => {
    const history = [entry(1, day(1), day(1)), entry(2, day(4), day(2))]
    expect(inForce(day(3), ...history)).toBe(1)
    expect(inForce(day(4), ...history)).toBe(2)
  })

  test('before the first took effect it is the first', () => {
    const history = [entry(1, day(2), day(5)), entry(2, day(3), day(6))]
    expect(inForce(day(1), ...history)).toBe(1)
    expect(inForce(day(4), ...history)).toBe(1)
  })

  test('where none was set it is the default', () => {
    expect(policyAt([], day(1))).toEqual({ version: 0, policy: defaultPolicy })
  })

  test('comes as the values alone', () => {
    expect(policyAt([entry(5, day(1), day(1))], day(1))).toEqual({
      version: 5,
      policy: { ...defaultPolicy, rewardTop: 5 },
    })
  })
})
