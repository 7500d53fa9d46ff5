import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { createSortedIds, end, first, type SortedPlace } from '../../projections/columns/sortedIds.ts'

const taken = (next: () => Uint32Array | null): number[][] => {
  const runs: number[][] = []
  for (let run = next(); run !== null; run = next()) runs.push([...run])
  return runs
}

const anyPlace = fc.oneof(
  fc.constantFrom(first, end),
  fc.record({ key: fc.integer({ min: -1, max: 41 }), id: fc.integer({ min: 0, max: 6_001 }) }),
)

describe('sorted ids', () => {
  test('are what a sorted list is, after any adding and removing', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 40 }),
        fc.array(
          fc.record({
            from: fc.integer({ min: 1, max: 6_000 }),
            count: fc.integer({ min: 1, max: 3_000 }),
            step: fc.constantFrom(1, 2, 7, 1_999),
            adds: fc.boolean(),
          }),
          { maxLength: 12 },
        ),
        fc.array(fc.tuple(anyPlace, anyPlace), { minLength: 1, maxLength: 5 }),
        fc.boolean(),
        (keys, changes, places, isLoaded) => {
          const keyOf = (id: number): number => (id * 7919) % keys
          const compare = (a: SortedPlace, b: SortedPlace): number => a.key - b.key || a.id - b.id
          const placeOf = (id: number): SortedPlace => ({ key: keyOf(id), id })
          const sorted = (ids: Iterable<number>): number[] =>
            [...ids].sort((a, b) => compare(placeOf(a), placeOf(b)))
          const model = new Set(isLoaded ? Array.from({ length: 2_500 }, (_, index) => index * 2 + 1) : [])
          const list = createSortedIds(keyOf, Uint32Array.from(sorted(model)))
          for (const { from, count, step, adds } of changes)
            for (let each = 0; each < count; each += 1) {
              const id = ((from + each * step) % 6_000) + 1
              if (adds && !model.has(id)) list.add(id)
              if (!adds) list.remove(id)
              if (adds) model.add(id)
              else model.delete(id)
            }
          const ids = sorted(model)
          expect(list.length).toBe(ids.length)
          for (const [a, b] of places) {
            const within = ids.filter((id) => compare(placeOf(id), a) >= 0 && compare(placeOf(id), b) < 0)
            expect(list.between(a, b)).toBe(within.length)
            expect(taken(list.ascending(a, b)).flat()).toEqual(within)
            expect(taken(list.descending(a, b)).reverse().flat()).toEqual(within)
          }
        },
      ),
      { numRuns: 150 },
    )
  })
})
