import { describe, expect, test } from '@jest/globals'
import { countedTurns, unitsOf } from '../../../domain/ticket/units.ts'
import { fakeSealing } from '../../support/fakeSealing.ts'
import { randomHistory } from '../../support/history.ts'

type Fate = 'running' | 'kept' | 'gone'

const turn = (unit: string, fate: Fate, tier: 'dealer' | 'rbo' = 'dealer') => ({
  tier,
  unit,
  ended: fate !== 'running',
  kept: fate === 'kept',
})

describe('the units that count', () => {
  test('are those that run and those that were kept', () => {
    const [kept, gone, running] = [turn('D1', 'kept'), turn('D2', 'gone'), turn('D3', 'running')]
    expect(countedTurns([kept, gone, running], false)).toEqual([kept, running])
  })

  test('are none of a ticket that is rescinded or a duplicate', () => {
    expect(countedTurns([turn('D1', 'running')], true)).toEqual([])
  })

  test('are the last of several of one dealer', () => {
    const [kept, other, back] = [turn('D1', 'kept'), turn('D2', 'kept'), turn('D1', 'running')]
    expect(countedTurns([kept, other, back], false)).toEqual([other, back])
  })

  test('count again where the later turn of the same dealer left no unit', () => {
    const [kept, back, next] = [turn('D1', 'kept'), turn('D1', 'gone'), turn('D2', 'running')]
    expect(countedTurns([kept, back, next], false)).toEqual([kept, next])
  })

  test('are told apart by tier, should an RBO and a dealer share a code', () => {
    const turns = [turn('X', 'kept'), turn('X', 'running', 'rbo')]
    expect(countedTurns(turns, false)).toEqual(turns)
  })

  test('of a ticket are its dealer and RBO holders and its responsible dealers', () => {
    const { tickets } = randomHistory({ seed: 3, acts: 900, sealing: fakeSealing().sealing })
    const list = [...tickets.values()]
    const units = list.flatMap((ticket) => unitsOf(ticket).map((unit) => ({ ...unit, ticket })))
    expect(units.some(({ tier }) => tier === 'rbo')).toBe(true)
    expect(units.some(({ onlyResponse }) => onlyResponse)).toBe(true)
    expect(units.some(({ ticket }) => ticket.level === 'B')).toBe(true)
    for (const { tier, turn: counted, onlyResponse, ticket } of units) {
      expect(onlyResponse).toBe(counted.kept)
      expect(counted.endedAt === null || counted.kept).toBe(true)
      const held = ticket.assignments.find((each) => each === counted)
      expect(held?.tier ?? 'dealer').toBe(tier)
    }
    for (const ticket of list)
      if (ticket.state === 'rescinded' || ticket.state === 'duplicate') expect(unitsOf(ticket)).toEqual([])
  })
})
