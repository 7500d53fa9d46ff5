import { expect, test } from '@jest/globals'
import { createTurns } from '../../src/webhooks/turns.ts'

test('eight deliveries are made in a row, in their order, then commands go first', async () => {
  const happened: string[] = []
  let isIdle = (): void => undefined
  const turn = createTurns(
    () =>
      new Promise((resolve) => {
        happened.push('commands')
        isIdle = resolve
      }),
  )
  const waiting = Array.from({ length: 10 }, async (_, index) => {
    await turn()
    happened.push(String(index))
  })
  isIdle()
  await Promise.all(waiting.slice(0, 8))
  expect(happened).toEqual(['commands', '0', '1', '2', '3', '4', '5', '6', '7', 'commands'])
  isIdle()
  await Promise.all(waiting)
  expect(happened.slice(10)).toEqual(['8', '9'])
  const later = turn()
  isIdle()
  await later
  expect(happened.slice(12)).toEqual(['commands'])
})
