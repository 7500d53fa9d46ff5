import { describe, expect, test } from '@jest/globals'
import { countedTerms, unitsOf } from '../../../domain/ticket/units.ts'
import { fakeSealing } from '../../support/fakeSealing.ts'
import { randomHistory } from '../../support/history/randomHistory.ts'

type Fate = 'running' | 'kept' | 'gone'

const term = (unit: string, fate: Fate, tier: 'dealer' | 'rbo' = 'dealer') => ({
  tier,
  unit,
  ended: fate !== 'running',
  kept: fate === 'kept',
})

describe('the units that count', () => {
  test('are those that run and those that were kept', () => {
    const [kept, gone, running] = [term('D1', 'kept'), term('D2', 'gone'), term('D3', 'running')]
    expect(countedTerms([kept, gone, running], false)).toEqual([kept, running])
  })

  test('are none of a ticket that is rescinded or a duplicate', () => {
    expect(countedTerms([term('D1', 'running')], true)).toEqual([])
  })

  test('are the last of several of one dealer', () => {
    const [kept, other, back] = [term('D1', 'kept'), term('D2', 'kept'), term('D1', 'running')]
    expect(countedTerms([kept, other, back], false)).toEqual([other, back])
  })

  test('count again where the later term of the same dealer left no unit', () => {
    const [kept, back, next] = [term('D1', 'kept'), term('D1', 'gone'), term('D2', 'running')]
    expect(countedTerms([kept, back, next], false)).toEqual([kept, next])
  })

  test('are told apart by tier, should an RBO and a dealer share a code', () => {
    const terms = [term('X', 'kept'), term('X', 'running', 'rbo')]
    expect(countedTerms(terms, false)).toEqual(terms)
  })

  test('of a ticket are its dealer and RBO holders and its responsible dealers', () => {
    const { tickets } = randomHistory({ seed: 3, acts: 900, sealing: fakeSealing().sealing })
    const list = [...tickets.values()]
    const units = list.flatMap((ticket) => unitsOf(ticket).map((unit) => ({ ...unit, ticket })))
    expect(units.some(({ tier }) => tier === 'rbo')).toBe(true)
    expect(units.some(({ onlyResponse }) => onlyResponse)).toBe(true)
    expect(units.some(({ ticket }) => ticket.level === 'B')).toBe(true)
    for (const { tier, term: counted, onlyResponse, ticket } of units) {
      expect(onlyResponse).toBe(counted.kept)
      expect(counted.endedAt === null || counted.kept).toBe(true)
      const held = ticket.assignments.find((each) => each === counted)
      expect(held?.tier ?? 'dealer').toBe(tier)
    }
    for (const ticket of list)
      if (ticket.state === 'rescinded' || ticket.state === 'duplicate') expect(unitsOf(ticket)).toEqual([])
  })
})
