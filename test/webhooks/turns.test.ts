import { expect, test } from '@jest/globals'
import { createTurns } from '../../src/webhooks/turns.ts'

test('a few deliveries are made in a row, in their order, then commands go first; fewer while these never cease', async () => {
  const made: number[] = []
  let [pauses, elapsed] = [0, 0]
  let endPause = (): void => undefined
  const turn = createTurns(
    () => {
      pauses += 1
      return new Promise((resolve) => {
        endPause = resolve
      })
    },
    () => elapsed,
  )
  const waiting = Array.from({ length: 12 }, async (_, index) => {
    await turn()
    made.push(index)
  })
  expect([made, pauses]).toEqual([[], 1])
  endPause()
  await Promise.all(waiting.slice(0, 8))
  expect([made, pauses]).toEqual([[0, 1, 2, 3, 4, 5, 6, 7], 2])
  elapsed += 4
  endPause()
  await Promise.all(waiting.slice(0, 10))
  expect([made.slice(8), pauses]).toEqual([[8, 9], 3])
  elapsed += 1
  endPause()
  await Promise.all(waiting)
  expect(made.slice(10)).toEqual([10, 11])
  const later = turn()
  expect(pauses).toBe(4)
  endPause()
  await later
})
