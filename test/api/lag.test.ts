import { afterEach, describe, expect, test } from '@jest/globals'
import { type HeadWatch, watchHead } from '../../api/http/lag.ts'

const comparePositions = (a: string, b: string): number => Number(a) - Number(b)

let watch: HeadWatch
afterEach(() => watch.stop())

describe('how far a view is behind', () => {
  test('is the time since the log was first seen to go on after its position', async () => {
    let now = 0
    let newest = '10'
    watch = watchHead({ head: async () => newest, comparePositions }, () => now)
    await watch.look()
    expect(watch.secondsBehind('10')).toBe(0)
    expect(watch.secondsBehind('9')).toBe(0)
    now = 4_000
    newest = '20'
    await watch.look()
    now = 9_000
    expect([watch.secondsBehind('9'), watch.secondsBehind('10'), watch.secondsBehind('20')]).toEqual([
      9, 5, 0,
    ])
    expect(watch.secondsBehind(null)).toBe(9)
  })

  test('is unknown and not remembered where the store does not answer', async () => {
    let fails = true
    watch = watchHead({
      head: async () => {
        if (fails) throw new Error('restarting')
        return '1'
      },
      comparePositions,
    })
    expect(await watch.look()).toBeUndefined()
    fails = false
    expect(await watch.look()).toBe('1')
  })

  test('costs two calls of the store at most, however many ask at once', async () => {
    let calls = 0
    watch = watchHead({
      head: async () => {
        calls += 1
        await new Promise((resolve) => setImmediate(resolve))
        return '1'
      },
      comparePositions,
    })
    await Promise.all(Array.from({ length: 50 }, () => watch.look()))
    expect(calls).toBe(2)
  })

  test('needs little memory for a view that stands still for days', async () => {
    let position = 0
    watch = watchHead({ head: async () => String(position), comparePositions }, () => position * 2_000)
    for (position = 1; position <= 3_000; position += 1) await watch.look()
    expect(watch.secondsBehind('0')).toBe((3_001 - 1) * 2)
  })
})
