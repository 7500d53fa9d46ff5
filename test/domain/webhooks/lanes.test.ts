import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { createLanes, type OpenDelivery } from '../../../domain/webhooks/lanes.ts'

const delivery = (sequence: number, lane: string): OpenDelivery => ({
  ...{ sequence, lane, attempts: 0, firstAt: null, nextAt: 0 },
})

describe('lanes', () => {
  test('let the next delivery of a ticket wait for the one before, and other tickets go on', () => {
    const lanes = createLanes()
    for (const [n, lane] of ['T1', 'T1', 'T2'].entries()) lanes.add(delivery(n + 1, lane))
    const first = lanes.take(0)
    expect(first?.sequence).toBe(1)
    const other = lanes.take(0)
    expect(other?.sequence).toBe(3)
    expect(lanes.take(0)).toBeNull()
    lanes.finish(first as OpenDelivery)
    expect(lanes.take(0)?.sequence).toBe(2)
  })

  test('give a delivery that failed again only when it is due', () => {
    const lanes = createLanes()
    for (const n of [1, 2]) lanes.add(delivery(n, 'T1'))
    const failed = lanes.take(0) as OpenDelivery
    failed.nextAt = 5_000
    lanes.putBack(failed)
    expect(lanes.take(4_999)).toBeNull()
    expect(lanes.take(5_000)).toBe(failed)
  })

  test('give it again at once where the clock was set back behind its first attempt', () => {
    const lanes = createLanes()
    lanes.add(delivery(1, 'T1'))
    const failed = lanes.take(9_000) as OpenDelivery
    Object.assign(failed, { attempts: 1, firstAt: 9_000, nextAt: 14_000 })
    lanes.putBack(failed)
    expect(lanes.take(9_000)).toBeNull()
    expect(lanes.take(8_999)).toBe(failed)
  })

  test('put a delivery that is asked for again before those that wait, and behind the one in flight', () => {
    const lanes = createLanes()
    for (const n of [2, 3]) lanes.add(delivery(n, 'T1'))
    lanes.addFirst(delivery(1, 'T1'))
    const first = lanes.take(0) as OpenDelivery
    lanes.addFirst(delivery(4, 'T1'))
    const order = [first.sequence]
    lanes.finish(first)
    for (let next = lanes.take(0); next !== null; next = lanes.take(0)) {
      order.push(next.sequence)
      lanes.finish(next)
    }
    expect(order).toEqual([1, 4, 2, 3])
  })

  test('let all be tried at once where they are hurried', () => {
    const lanes = createLanes()
    for (const n of [1, 2, 3]) {
      lanes.add(delivery(n, `T${n}`))
      const failed = lanes.take(0) as OpenDelivery
      failed.nextAt = 9_000
      lanes.putBack(failed)
    }
    lanes.hurry(10)
    expect([lanes.take(10), lanes.take(10), lanes.take(10)].map((each) => each?.sequence)).toEqual([1, 2, 3])
  })

  test('forget what was in flight when they are cleared', () => {
    const lanes = createLanes()
    lanes.add(delivery(1, 'T1'))
    const inFlight = lanes.take(0) as OpenDelivery
    lanes.clear()
    lanes.add(delivery(2, 'T1'))
    lanes.finish(inFlight)
    lanes.putBack(inFlight)
    expect(lanes.take(0)?.sequence).toBe(2)
    expect(lanes.take(0)).toBeNull()
  })

  test('never send two of a ticket at once nor out of order, whatever fails', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 60 }),
        fc.array(fc.tuple(fc.boolean(), fc.integer({ min: 0, max: 7 })), { maxLength: 300 }),
        (lanesOf, steps) => {
          const lanes = createLanes()
          for (const [n, lane] of lanesOf.entries()) lanes.add(delivery(n + 1, `T${lane}`))
          const inFlight: OpenDelivery[] = []
          const done = new Map<string, number>()
          let now = 0
          for (const [isDelivered, which] of steps) {
            const taken = lanes.take(++now)
            if (taken !== null) inFlight.push(taken)
            expect(new Set(inFlight.map(({ lane }) => lane)).size).toBe(inFlight.length)
            const [ended] = inFlight.splice(which % Math.max(1, inFlight.length), 1)
            if (ended === undefined) continue
            if (isDelivered) {
              expect(done.get(ended.lane) ?? 0).toBeLessThan(ended.sequence)
              done.set(ended.lane, ended.sequence)
              lanes.finish(ended)
            } else {
              ended.nextAt = now + which
              lanes.putBack(ended)
            }
          }
          const left = lanes.all().map(({ sequence }) => sequence)
          expect(left).toEqual([...left].sort((a, b) => a - b))
        },
      ),
      { numRuns: 200 },
    )
  })
})
