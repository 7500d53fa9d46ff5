import { expect, test } from '@jest/globals'
import { createTurns } from '../../src/webhooks/turns.ts'

test('eight deliveries are made in a row, in their order, then commands go first', async () => {
  const made: number[] = []
  let pauses = 0
  let isIdle = (): void => undefined
  const turn = createTurns(() => {
    pauses += 1
    return new Promise((resolve) => {
      isIdle = resolve
    })
  })
  const waiting = Array.from({ length: 10 }, async (_, index) => {
    await turn()
    made.push(index)
  })
  expect([made, pauses]).toEqual([[], 1])
  isIdle()
  await Promise.all(waiting.slice(0, 8))
  expect([made, pauses]).toEqual([[0, 1, 2, 3, 4, 5, 6, 7], 2])
  isIdle()
  await Promise.all(waiting)
  expect(made.slice(8)).toEqual([8, 9])
  const later = turn()
  expect(pauses).toBe(3)
  isIdle()
  await later
})
