import { describe, expect, test } from '@jest/globals'
import {
  calendarOfDealer,
  type DealerCommand,
  type DealerEvent,
  type DealerState,
  dealerAsKnown,
  dealerEventData,
  dealerStream,
  decideDealer,
  deliveriesAsKnown,
  evolveDealer,
  rboOfDealer,
} from '../../domain/dealer.ts'
import {
  calendarOfRbo,
  decideRbo,
  evolveRbo,
  type RboState,
  rboAsKnown,
  rboEventData,
  rboStream,
  type SetRbo,
} from '../../domain/rbo.ts'
import { Refusal } from '../../domain/refusal.ts'
import { sameData } from '../../domain/sameData.ts'
import { unitCodeSchema } from '../../domain/unitCode.ts'

const details = { name: '上海一店', rbo: 'EAST', calendar: null, active: true }
const dealerSet = (data: Partial<DealerState['details']> = {}): DealerEvent => ({
  type: 'DealerSet',
  data: { ...details, ...data },
})
const deliveriesSet = (quarter: string, count: number): DealerEvent => ({
  type: 'DeliveriesSet',
  data: { quarter, count },
})
const rboSet = (data: Partial<RboState> = {}) => ({
  type: 'RboSet' as const,
  data: { name: '华东', calendar: null, ...data },
})

const given = (...events: DealerEvent[]) => events.reduce(evolveDealer, null)

const setDealer = (
  state: DealerState | null,
  command: Partial<Extract<DealerCommand, { type: 'SetDealer' }>> = {},
) =>
  decideDealer(state, { type: 'SetDealer', ...details, rboExists: true, calendarExists: false, ...command })

const setDeliveries = (state: DealerState | null, quarter: string, count: number) =>
  decideDealer(state, { type: 'SetDeliveries', dealer: 'D001', quarter, count })

const setRbo = (state: RboState | null, command: Partial<SetRbo> = {}) =>
  decideRbo(state, { type: 'SetRbo', name: '华东', calendar: null, calendarExists: false, ...command })

const refused = (act: () => unknown) => {
  try {
    act()
  } catch (error) {
    if (error instanceof Refusal) return [error.code, error.params, error.pointer]
    throw error
  }
  return 'not refused'
}

describe('entering a dealer', () => {
  test('records it', () => {
    expect(setDealer(null)).toEqual([dealerSet()])
    expect(setDealer(given(dealerSet()), { active: false })).toEqual([dealerSet({ active: false })])
    expect(setDealer(null, { calendar: 'CN-XJ', calendarExists: true })).toEqual([
      dealerSet({ calendar: 'CN-XJ' }),
    ])
  })

  test('changes nothing where it is so already', () => {
    expect(setDealer(given(dealerSet(), deliveriesSet('2026Q1', 10)))).toEqual([])
  })

  test('refuses an unknown RBO', () => {
    expect(refused(() => setDealer(null, { rboExists: false }))).toEqual([
      'unknown_rbo',
      { code: 'EAST' },
      '#/rbo',
    ])
  })

  test('refuses an unknown calendar', () => {
    expect(refused(() => setDealer(null, { calendar: 'XX' }))).toEqual([
      'unknown_calendar',
      { code: 'XX' },
      '#/calendar',
    ])
  })
})

describe('entering deliveries', () => {
  const dealer = given(dealerSet(), deliveriesSet('2026Q1', 10))

  test('records the count of a quarter', () => {
    expect(setDeliveries(dealer, '2026Q2', 10)).toEqual([deliveriesSet('2026Q2', 10)])
    expect(setDeliveries(dealer, '2026Q1', 0)).toEqual([deliveriesSet('2026Q1', 0)])
  })

  test('changes nothing where it is so already', () => {
    expect(setDeliveries(dealer, '2026Q1', 10)).toEqual([])
  })

  test('refuses a dealer that is not there', () => {
    expect(refused(() => setDeliveries(null, '2026Q1', 10))).toEqual([
      'dealer_not_found',
      { code: 'D001' },
      undefined,
    ])
  })
})

describe('a dealer folded from its stream', () => {
  test('keeps its deliveries when its details change', () => {
    expect(given(dealerSet(), deliveriesSet('2026Q1', 10), dealerSet({ rbo: 'WEST' }))).toEqual({
      details: { ...details, rbo: 'WEST' },
      deliveries: new Map([['2026Q1', 10]]),
    })
  })

  test('deliveries without a dealer are nothing', () => {
    expect(given(deliveriesSet('2026Q1', 10))).toBeNull()
  })
})

describe('a dealer as it counted at an instant', () => {
  const history = [
    { event: dealerSet(), version: 1, recordedAt: '2026-02-01T00:00:00.000Z' },
    { event: deliveriesSet('2026Q1', 10), version: 2, recordedAt: '2026-04-02T00:00:00.000Z' },
    { event: dealerSet({ rbo: 'WEST' }), version: 3, recordedAt: '2026-04-03T00:00:00.000Z' },
    { event: deliveriesSet('2026Q1', 12), version: 4, recordedAt: '2026-04-04T00:00:00.000Z' },
  ]

  test('first entry counts backwards, later ones from when they are recorded', () => {
    expect(dealerAsKnown(history, '2014-10-01T00:00:00.000Z')).toEqual({ ...details, version: 1 })
    expect(dealerAsKnown(history, '2026-04-03T00:00:00.000Z')).toEqual({
      ...details,
      rbo: 'WEST',
      version: 3,
    })
    expect(dealerAsKnown([], '2026-04-03T00:00:00.000Z')).toBeNull()
  })

  test('belongs to the RBO it had then', () => {
    expect(rboOfDealer(history, '2014-10-01T00:00:00.000Z')).toBe('EAST')
    expect(rboOfDealer(history, '2026-04-02T23:59:59.999Z')).toBe('EAST')
    expect(rboOfDealer(history, '2026-04-03T00:00:00.000Z')).toBe('WEST')
    expect(rboOfDealer([], '2026-04-03T00:00:00.000Z')).toBeNull()
  })

  test('has the deliveries known then, the quarter’s first entry counting backwards', () => {
    expect(deliveriesAsKnown(history, '2026Q1', '2026-03-31T00:00:00.000Z')).toEqual({
      version: 2,
      count: 10,
    })
    expect(deliveriesAsKnown(history, '2026Q1', '2026-04-04T00:00:00.000Z')).toEqual({
      version: 4,
      count: 12,
    })
  })

  test('deliveries never entered are not zero', () => {
    expect(deliveriesAsKnown(history, '2026Q2', '2026-07-04T00:00:00.000Z')).toBeNull()
  })
})

describe('an RBO', () => {
  const state = evolveRbo(null, rboSet())

  test('is entered and changed', () => {
    expect(setRbo(null)).toEqual([rboSet()])
    expect(setRbo(state, { calendar: 'CN-XJ', calendarExists: true })).toEqual([
      rboSet({ calendar: 'CN-XJ' }),
    ])
  })

  test('changes nothing where it is so already', () => {
    expect(setRbo(state)).toEqual([])
  })

  test('refuses an unknown calendar', () => {
    expect(refused(() => setRbo(state, { calendar: 'XX' }))).toEqual([
      'unknown_calendar',
      { code: 'XX' },
      '#/calendar',
    ])
  })

  test('counts from its first entry backwards, later changes from when they are recorded', () => {
    const history = [
      { event: rboSet(), version: 1, recordedAt: '2026-02-01T00:00:00.000Z' },
      { event: rboSet({ calendar: 'CN-XJ' }), version: 2, recordedAt: '2026-03-01T00:00:00.000Z' },
    ]
    expect(rboAsKnown(history, '2014-10-01T00:00:00.000Z')).toEqual({
      name: '华东',
      calendar: null,
      version: 1,
    })
    expect(rboAsKnown(history, '2026-03-01T00:00:00.000Z')?.calendar).toBe('CN-XJ')
    expect(rboAsKnown([], '2026-03-01T00:00:00.000Z')).toBeNull()
  })
})

describe('the calendar a unit works by', () => {
  test('a dealer’s own, else its RBO’s, else the national one', () => {
    expect(calendarOfDealer({ calendar: 'KS' }, { calendar: 'CN-XJ' })).toBe('KS')
    expect(calendarOfDealer({ calendar: null }, { calendar: 'CN-XJ' })).toBe('CN-XJ')
    expect(calendarOfDealer({ calendar: null }, { calendar: null })).toBe('CN')
    expect(calendarOfRbo({ calendar: null })).toBe('CN')
  })
})

describe('names and shapes', () => {
  test('a code is 1 to 20 letters, digits, underscores and hyphens', () => {
    const takes = (code: string) => unitCodeSchema.safeParse(code).success
    expect(['D', 'D001', 'CN-XJ', 'a_b', 'x'.repeat(20)].map(takes)).toEqual([true, true, true, true, true])
    expect(['', 'x'.repeat(21), 'a b', 'a/b', 'D001\n', '经销商'].map(takes)).toEqual(Array(6).fill(false))
  })

  test('each unit has a stream of its own', () => {
    expect([dealerStream('D001'), rboStream('EAST')]).toEqual(['dealer-D001', 'rbo-EAST'])
  })

  test('stored events keep their shape', () => {
    expect(dealerEventData.DealerSet.parse(details)).toEqual(details)
    expect(dealerEventData.DeliveriesSet.safeParse({ quarter: '2026Q5', count: 1 }).success).toBe(false)
    expect(dealerEventData.DeliveriesSet.safeParse({ quarter: '2026Q1', count: -1 }).success).toBe(false)
    expect(rboEventData.RboSet.safeParse({ name: ' ', calendar: null }).success).toBe(false)
  })
})

describe('the same data', () => {
  test('is so whatever the order of fields', () => {
    expect(sameData({ a: 1, b: [1, { c: null }] }, { b: [1, { c: null }], a: 1 })).toBe(true)
  })

  test('is not where a value, a field or an order of a list differs', () => {
    expect(sameData({ a: 1 }, { a: 2 })).toBe(false)
    expect(sameData({ a: 1 }, { a: 1, b: 2 })).toBe(false)
    expect(sameData({ a: 1 }, { b: 1 })).toBe(false)
    expect(sameData([1, 2], [2, 1])).toBe(false)
    expect(sameData([], {})).toBe(false)
    expect(sameData({}, null)).toBe(false)
    expect(sameData(null, {})).toBe(false)
    expect(sameData({}, undefined)).toBe(false)
    expect(sameData('a', {})).toBe(false)
  })
})
